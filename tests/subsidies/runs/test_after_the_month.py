"""What lies after the month leaves its report and its run as they are, and stands on none of its sheets."""

from collections.abc import Callable
from datetime import date

import pytest

from accounts.enums import Role
from staffing.enums import Check, Position
from staffing.models import Contract, EstablishmentGrant, Posting, Suspension
from subsidies.models import LedgerParameters, SubsidyRun
from subsidies.refusals import RunRefused
from subsidies.reports.statuses import Progress, statuses
from subsidies.runs.services import approve, calculate, send
from tests.builders import (
    a_contract,
    a_grant,
    a_household_count,
    a_person,
    a_posting,
    a_suspension,
    a_township,
    a_unit,
    a_wage,
)
from tests.subsidies.months import JUNE, an_accepted_report, explain
from tests.subsidies.policies import NOW, POLICY, a_minimum_wage, a_policy
from tests.subsidies.sheets.sheet_files import sheet_file
from tests.users import MakeUser
from townships.enums import TownshipKind, UnitKind
from townships.models import GrassrootsUnit, Township, TownshipStatus

pytestmark = pytest.mark.django_db
JULY = date(2009, 7, 1)


@pytest.fixture
def run() -> SubsidyRun:
    """June as its township reported it, calculated: 甲 with a contract that ends soon and on sick leave, 乙 without a
    contract, two more on a grant; a community and a village with their coordinators."""
    a_policy()
    town = a_township()
    LedgerParameters.objects.create(county=town.county, reports_required=True)
    a_grant(township=town)
    for name in ("甲", "乙", "丙", "丁"):
        a_wage(posting=a_posting(township=town, person=a_person(name=name)))
    a_contract(posting=of("甲"), started_on=date(2006, 9, 1), ended_on=date(2009, 8, 31))
    a_suspension(posting=of("甲"), started_on=date(2009, 6, 10))
    community, village = a_unit(township=town), a_unit(township=town, name="范家村", kind=UnitKind.VILLAGE)
    a_household_count(unit=village, households=150)
    a_posting(township=town, unit=community, position=Position.COMMUNITY_COORDINATOR, person=a_person(name="戊"))
    a_posting(township=town, unit=village, position=Position.VILLAGE_COORDINATOR, person=a_person(name="己"))
    an_accepted_report(town)
    return calculate(month=JUNE, actor=None).run


def of(name: str) -> Posting:
    return Posting.objects.get(person__name=name)


def village() -> GrassrootsUnit:
    return GrassrootsUnit.objects.get(name="范家村")


def leave(day: date) -> None:
    Posting.objects.update(ended_on=day)


def another_class() -> TownshipStatus:
    town = Township.objects.get()
    return TownshipStatus.objects.create(
        township=town, effective_from=JULY, code=town.code, name=town.name, kind=TownshipKind.TOWN.value
    )


LATER: dict[str, Callable[[], object]] = {
    "leave": lambda: leave(date(2009, 7, 4)),
    "leave on the last day": lambda: leave(JUNE.last),
    "somebody new": lambda: a_posting(township=Township.objects.get(), started_on=JULY),
    "suspension": lambda: a_suspension(posting=of("丙"), started_on=JULY),
    "end of a suspension": lambda: Suspension.objects.update(ended_on=date(2009, 7, 31)),
    "renewal": lambda: a_contract(posting=of("甲"), started_on=date(2009, 9, 1)),
    "first contract": lambda: a_contract(posting=of("乙"), started_on=JULY),
    "wage": lambda: a_wage(posting=of("丙"), effective_from=JULY),
    "household count": lambda: a_household_count(unit=village(), households=250, effective_from=JULY),
    "end of a grant": lambda: EstablishmentGrant.objects.update(ended_on=date(2009, 7, 31)),
    "another grant": lambda: a_grant(township=Township.objects.get(), effective_from=JULY),
    "unit closed": lambda: GrassrootsUnit.objects.update(closed_on=date(2009, 7, 31)),
    "class": another_class,
    "minimum wage": lambda: a_minimum_wage("2009-07-01", "960.00"),
    "standard": lambda: a_policy(POLICY.replace("2009-01-01", "2009-07-01").replace('"180"', '"200"')),
}


@pytest.mark.parametrize("what", LATER)
def test_what_lies_after_the_month_leaves_report_and_run_as_they_are(
    run: SubsidyRun, what: str, make_user: MakeUser
) -> None:
    run = send(run=run, actor=None, now=NOW)
    LATER[what]()
    [status] = statuses(JUNE, Township.objects.all(), today=JUNE.last)
    assert (status.progress, status.changes) == (Progress.ACCEPTED, [])
    assert approve(run=run, actor=make_user(Role.BUREAU_APPROVER), now=NOW).is_approved


def test_what_lies_after_the_month_makes_no_new_revision_and_stands_on_no_sheet(run: SubsidyRun) -> None:
    for act in LATER.values():
        act()
    leave(date(2009, 7, 4))
    calculated = calculate(month=JUNE, actor=None)
    assert not calculated.is_new
    for number in ("T2", "T3", "T4"):
        sheet = sheet_file(calculated.revision, number)
        assert {person[sheet.column("离岗")] for person in sheet.people()} == {None}
        assert "2009-07" not in sheet.text()


def test_a_leave_within_the_month_is_on_its_sheet(run: SubsidyRun) -> None:
    leave(date(2009, 6, 29))
    sheet = sheet_file(calculate(month=JUNE, actor=None).revision, "T2")
    assert {str(person[sheet.column("离岗")])[:10] for person in sheet.people()} == {"2009-06-29"}


def test_a_contract_that_turns_out_to_end_soon_is_answered_before_sending_and_takes_no_approval_away(
    run: SubsidyRun, make_user: MakeUser
) -> None:
    """Its renewal was entered by mistake."""
    approver = make_user(Role.BUREAU_APPROVER)
    contract = a_contract(posting=of("丙"), started_on=date(2006, 9, 1), ended_on=date(2009, 8, 31))
    renewal = a_contract(posting=of("丙"), started_on=date(2009, 9, 1))
    town = Township.objects.get()
    an_accepted_report(town)
    run = send(run=calculate(month=JUNE, actor=None).run, actor=None, now=NOW)
    Contract.objects.filter(pk=renewal.pk).delete()
    assert explain(town) == 1
    assert (
        town.acknowledgements.filter(posting=contract.posting, check_name=Check.CONTRACT_ENDING.value).delete()[0] == 1
    )
    assert approve(run=run, actor=approver, now=NOW).is_approved


def test_it_stands_against_sending(run: SubsidyRun) -> None:
    a_contract(posting=of("丙"), started_on=date(2006, 9, 1), ended_on=date(2009, 8, 31))
    town = Township.objects.get()
    an_accepted_report(town)
    town.acknowledgements.filter(posting=of("丙"), check_name=Check.CONTRACT_ENDING.value).delete()
    with pytest.raises(RunRefused, match="还有 1 条提示没有情况说明"):
        send(run=calculate(month=JUNE, actor=None).run, actor=None, now=NOW)
