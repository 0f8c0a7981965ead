"""情况说明: a reason holds for every reader and in every month until the fact changes, and no longer."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.enums import Role
from foundation.dates import Month
from staffing.enums import Check, ContractKind, Position
from staffing.models import Person, Posting
from staffing.postings.services import correct_dates
from subsidies.enums import RunState
from subsidies.models import Acknowledgement, LedgerParameters
from subsidies.posts.known_county import known_of_month
from subsidies.posts.month_facts import month_facts
from subsidies.reports.acknowledgements import answers_by_reason
from subsidies.reports.services import acknowledge
from tests.builders import a_contract, a_household_count, a_person, a_posting, a_township, a_unit, a_wage
from tests.subsidies.months import an_accepted_report, an_approved_run, findings_left
from tests.subsidies.policies import a_policy
from tests.users import MakeUser
from townships.enums import UnitKind
from townships.models import Township

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)


@pytest.fixture
def townships() -> tuple[Township, Township]:
    """Two townships; reports are required."""
    a_policy()
    near, far = a_township(), a_township(name="长街镇", code="330226101")
    LedgerParameters.objects.create(county=near.county, reports_required=True)
    return near, far


def answered(township: Township, month: Month = JUNE) -> int:
    return len(acknowledge(township=township, month=month, chosen=lambda row: True, reason="属实", actor=None))


def a_coordinator(township: Township, person: Person, started_on: date = date(2009, 1, 1)) -> Posting:
    unit = a_unit(township=township)
    return a_posting(
        township=township,
        person=person,
        unit=unit,
        position=Position.COMMUNITY_COORDINATOR,
        started_on=started_on,
    )


def open_checks(*townships: Township, month: Month = JUNE) -> set[Check]:
    read = Township.objects.filter(pk__in=[township.pk for township in townships])
    return {finding.check for finding in findings_left(month, read)}


def test_a_reason_for_a_third_party_is_void_with_another_one(townships: tuple[Township, Township]) -> None:
    near, _ = townships
    contract = a_contract(posting=a_posting(township=near))
    contract.kind, contract.employer = ContractKind.DISPATCH.value, "甲公司"
    contract.save()
    answered(near)
    assert open_checks(near) == set()
    contract.employer = "乙公司"
    contract.save()
    assert open_checks(near) == {Check.CONTRACT_THIRD_PARTY}


def test_what_each_township_answered_for_is_answered_for_the_run(
    townships: tuple[Township, Township], make_user: MakeUser
) -> None:
    """Each reads of the other place as one elsewhere, the bureau by its name: it is the same fact."""
    near, far = townships
    person = a_person()
    a_coordinator(near, person)
    a_coordinator(far, person, date(2009, 2, 1))
    for township in townships:
        an_accepted_report(township)

    run = an_approved_run(JUNE, approver=make_user(Role.BUREAU_APPROVER))

    assert run.state == RunState.APPROVED
    assert run.current_revision is not None
    (answer,) = answers_by_reason(month_facts(JUNE, known_of_month(JUNE)), [near.pk, far.pk])
    assert answer.reason == "情况属实,正在办理"
    assert (Check.SEVERAL_UNITS, 2) in answer.checks


def test_a_reason_is_void_once_the_other_post_is_another_one(townships: tuple[Township, Township]) -> None:
    near, far = townships
    person = a_person()
    a_coordinator(near, person)
    elsewhere = a_coordinator(far, person, date(2009, 2, 1))
    for township in townships:
        answered(township)
    assert open_checks(near, far) == set()
    correct_dates(posting=elsewhere, started_on=date(2009, 2, 2), ended_on=None, reason="更正", actor=None)
    assert open_checks(near, far) == {Check.SEVERAL_UNITS, Check.DUPLICATE_PERSON}


def test_reasons_hold_from_month_to_month(townships: tuple[Township, Township]) -> None:
    """Whatever is found of a posting; the first month is one of which the cost is a part only."""
    near, _ = townships
    village = a_unit(township=near, name="岭口村", kind=UnitKind.VILLAGE)
    a_posting(township=near, unit=village, position=Position.VILLAGE_COORDINATOR)
    for number in range(4):
        a_posting(township=near, person=a_person(education=None), started_on=date(2009, 1, 1 + number))
    cheap = a_posting(township=near, started_on=date(2008, 1, 1))
    a_wage(posting=cheap, monthly_wage=Decimal("900.00"))
    begun = a_coordinator(near, a_person(), date(2009, 6, 16))
    a_wage(posting=begun, monthly_wage=Decimal("900.00"))
    assert {Check.HOUSEHOLDS_MISSING, Check.OVER_QUOTA, Check.SUBSIDY_ABOVE_COST} < open_checks(near)
    answered(near)
    assert [open_checks(near, month=JUNE + number) for number in range(3)] == [set()] * 3
    a_household_count(unit=village, households=0, effective_from=date(2009, 7, 1))
    assert open_checks(near, month=JUNE + 1) == {Check.HOUSEHOLDS_ZERO}


def test_a_long_fact_changes_wherever_it_changes(townships: tuple[Township, Township]) -> None:
    near, _ = townships
    person = a_person()
    *_, last = [a_coordinator(near, person, date(2009, 1, 1 + number)) for number in range(12)]
    answered(near)
    facts = Acknowledgement.objects.filter(check_name=Check.SEVERAL_UNITS.value).values_list("fact", flat=True)
    assert {len(fact) for fact in facts} == {200}
    assert open_checks(near) == set()
    correct_dates(posting=last, started_on=date(2009, 2, 1), ended_on=None, reason="更正", actor=None)
    found = [row.check for row in findings_left(JUNE, Township.objects.filter(pk=near.pk))]
    assert found.count(Check.SEVERAL_UNITS) == 12
