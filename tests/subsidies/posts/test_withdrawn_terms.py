"""A contract or wage that was withdrawn counts nowhere: not in the months, the findings, the lists, the imports."""

from datetime import date
from decimal import Decimal

import pytest

from foundation.dates import Month
from foundation.lists.paging import Cursor
from pages.people import roster_page
from staffing.imports.roster_stored import contracts_of, wages_of
from staffing.models import Contract, Posting, Wage
from staffing.terms.contracts import withdraw_contract
from staffing.terms.wages import withdraw_wage
from subsidies.models import AllocationLine
from subsidies.runs.services import calculate
from tests.builders import a_contract, a_posting, a_township, a_wage
from tests.subsidies.months import an_approved_run
from tests.subsidies.policies import POLICY, a_policy

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)


@pytest.fixture
def posting() -> Posting:
    """An assistant with a contract, whose lack would block, and a wage from the first day and one from June on."""
    a_policy(POLICY + 'checks = { contract_missing = "block" }\n')
    posting = a_posting(township=a_township(), started_on=date(2009, 1, 1))
    a_contract(posting=posting, ended_on=date(2009, 8, 31))
    a_wage(posting=posting, monthly_wage=Decimal("1800.00"))
    a_wage(posting=posting, monthly_wage=Decimal("2000.00"), effective_from=date(2009, 6, 1))
    return posting


def withdrawn(posting: Posting) -> Posting:
    withdraw_contract(contract=Contract.objects.get(), reason="录错", actor=None)
    withdraw_wage(wage=Wage.objects.latest("effective_from"), reason="录错", actor=None)
    return posting


def test_the_months_are_settled_as_if_it_had_never_been(posting: Posting) -> None:
    an_approved_run(JUNE)
    withdrawn(posting)
    calculate(month=JUNE + 1, actor=None)
    lines = AllocationLine.objects.order_by("pk").values_list("for_month", "amount", "reason", "cause")
    assert [(f"{month:%m}", str(amount), reason, cause) for month, amount, reason, cause in lines] == [
        ("06", "1530.00", "", ""),
        ("06", "-1530.00", "contract_missing", "check"),
        ("07", "0.00", "contract_missing", ""),
    ]


def test_the_wage_before_it_goes_on(posting: Posting) -> None:
    withdraw_wage(wage=Wage.objects.latest("effective_from"), reason="录错", actor=None)
    calculate(month=JUNE, actor=None)
    # 1,800 and 400 less 1,530.
    assert [line.township_share for line in AllocationLine.objects.all()] == [Decimal("670.00")]


def test_no_list_and_no_import_knows_it(posting: Posting) -> None:
    day = date(2009, 7, 31)
    postings = Posting.objects.all()

    def ends() -> list[str]:
        rows = roster_page(postings, day, {}, cursor=Cursor(), anchors=postings).rows
        return [row.contract_ends or "" for row in rows]

    assert (ends(), postings.contract_ending_within(90, day).count()) == (["2009-08-31"], 1)
    withdrawn(posting)
    assert (ends(), postings.contract_ending_within(90, day).count()) == ([""], 0)
    assert not contracts_of([posting])
    assert [wage.monthly_wage for wage in wages_of([posting])[posting.pk]] == [Decimal("1800.00")]
