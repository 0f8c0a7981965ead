"""Since when a finding holds, by example: an end and a day, a posting's start, a count's day, a new minimum wage."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from foundation.dates import Month
from staffing.enums import Check, ContractKind, Education, Severity
from subsidies.rules.beginnings import Beginnings
from subsidies.rules.checks import ContractRecord, WageRecord
from subsidies.rules.dues import dues_of_month
from subsidies.rules.facts import CountyFacts
from subsidies.rules.parameters import MinimumWage, Standard
from subsidies.rules.rulebook import Rulebook
from tests.subsidies.rules.builders import STANDARD, county, on, posting, standard, township, unit

MARCH = Month(2010, 3)
WAGES = (MinimumWage(on("2008-09-01"), Decimal(850), ""), MinimumWage(on("2010-02-01"), Decimal(1500), ""))


def since(
    check: Check,
    facts: CountyFacts,
    *,
    number: int = 1,
    standards: Sequence[Standard] = (STANDARD,),
    raised: bool = False,
) -> str:
    """Since when the check holds of the posting in March 2010; empty when it finds nothing."""
    book = Rulebook(standards, WAGES if raised else WAGES[:1])
    due = dues_of_month(MARCH, facts, book.for_month(MARCH))[number]
    return str(Beginnings(MARCH, facts, book).of(check, due)) if check in due.findings else ""


def contract(start: str, end: str | None, kind: ContractKind | None = ContractKind.TOWNSHIP) -> ContractRecord:
    return ContractRecord(on(start), on(end) if end else None, kind)


FIRST_YEAR = contract("2009-01-01", "2009-12-31")


@pytest.mark.parametrize(
    ("check", "contracts", "expected"),
    [
        (Check.CONTRACT_MISSING, [], "2009-01-01"),
        (Check.CONTRACT_MISSING, [contract("2010-04-01", None)], "2009-01-01"),
        (Check.CONTRACT_EXPIRED, [contract("2006-01-01", "2010-02-28")], "2010-03-01"),
        (Check.CONTRACT_EXPIRED, [contract("2005-01-01", "2008-06-30")], "2009-01-01"),
        (Check.CONTRACT_SHORT, [contract("2009-06-01", "2010-12-31")], "2009-06-01"),
        (
            Check.CONTRACT_SHORT,
            [contract("2009-01-01", "2009-12-31"), contract("2010-01-01", "2010-12-31")],
            "2009-01-01",
        ),
        (
            Check.CONTRACT_SHORT,
            [contract("2009-01-01", "2009-12-31"), contract("2010-02-01", "2010-12-31")],
            "2010-02-01",
        ),
        (Check.CONTRACT_THIRD_PARTY, [contract("2009-06-01", None, ContractKind.DISPATCH)], "2009-06-01"),
        (Check.CONTRACT_ENDING, [contract("2007-01-01", "2010-05-31")], "2010-03-02"),
    ],
)
def test_contracts(check: Check, contracts: list[ContractRecord], expected: str) -> None:
    assert since(check, county(posting(1, contracts=tuple(contracts)))) == expected


@pytest.mark.parametrize(
    ("check", "flaw"),
    [
        (Check.EDUCATION, {"education": Education.PRIMARY}),
        (Check.RECRUITMENT, {"recruitment_recorded": False}),
        (Check.COMPUTER_SKILL, {"has_computer_skill": False}),
        (Check.ASSISTANT_PART_TIME, {"is_full_time": False}),
    ],
)
def test_what_has_no_date_holds_from_the_start_of_the_posting(check: Check, flaw: dict[str, Any]) -> None:
    assert since(check, county(posting(1, started="2009-05-06", **flaw))) == "2009-05-06"


def test_a_check_that_was_off_before_held_all_the_same() -> None:
    off = standard(checks={Check.EDUCATION: Severity.OFF})
    now = standard(effective_from=on("2010-01-01"))
    assert since(Check.EDUCATION, county(posting(1, education=None)), standards=(off, now)) == "2009-01-01"


def test_a_wage_is_too_low_from_the_day_it_was_set_or_the_floor_rose() -> None:
    def paid(*rows: tuple[str, int]) -> CountyFacts:
        return county(posting(1, wages=tuple(WageRecord(on(start), Decimal(wage)) for start, wage in rows)))

    assert since(Check.WAGE_BELOW_FLOOR, paid(("2009-01-01", 1400), ("2009-08-01", 1200))) == "2009-08-01"
    assert since(Check.WAGE_BELOW_FLOOR, paid(("2009-01-01", 1400)), raised=True) == "2010-02-01"


def test_over_quota_from_the_start_or_since_a_place_was_lost() -> None:
    rivals = [posting(number, started="2008-01-01") for number in (1, 2)]
    third = posting(3, started="2009-06-15")
    assert since(Check.OVER_QUOTA, county(*rivals, third), number=3) == "2009-06-15"
    granted = township(grants=[(1, "2009-01-01", "2010-01-31")])
    assert since(Check.OVER_QUOTA, county(*rivals, third, townships=[granted]), number=3) == "2010-02-01"
    back = rivals[0]._replace(suspensions=posting(9, suspended=[("2009-01-01", "2009-12-31")]).suspensions)
    assert since(Check.OVER_QUOTA, county(back, rivals[1], third), number=3) == "2010-01-01"


def test_one_person_on_two_posts_from_the_day_of_the_second() -> None:
    facts = county(
        posting(1, person=7, unit=11), posting(2, person=7, unit=12, started="2009-07-08"), units=[unit(11), unit(12)]
    )
    assert since(Check.DUPLICATE_PERSON, facts, number=2) == "2009-07-08"
    assert [since(Check.SEVERAL_UNITS, facts, number=number) for number in (1, 2)] == ["2009-07-08", "2009-07-08"]


def test_households_from_the_first_count_of_zero_in_a_row() -> None:
    def village(*counts: tuple[str, int]) -> CountyFacts:
        return county(posting(1, unit=11, started="2009-02-01"), units=[unit(11, counts=counts)])

    assert since(Check.HOUSEHOLDS_MISSING, village()) == "2009-02-01"
    assert since(Check.HOUSEHOLDS_MISSING, village(("2010-03-02", 5))) == "2009-02-01"
    assert since(Check.HOUSEHOLDS_ZERO, village(("2009-01-01", 0))) == "2009-02-01"
    assert (
        since(Check.HOUSEHOLDS_ZERO, village(("2009-03-05", 9), ("2009-09-01", 0), ("2010-01-15", 0))) == "2009-09-01"
    )


def test_above_its_cost_since_cost_rate_or_band_changed() -> None:
    def village(*counts: tuple[str, int]) -> CountyFacts:
        return county(posting(1, unit=11, costs=[("2009-01-01", "250")]), units=[unit(11, counts=counts)])

    assert since(Check.SUBSIDY_ABOVE_COST, village(("2009-01-01", 301))) == "2009-01-01"
    assert since(Check.SUBSIDY_ABOVE_COST, village(("2009-01-01", 50), ("2009-09-10", 301))) == "2009-10-01"
    cheaper = county(posting(1, costs=[("2009-01-01", "2000"), ("2009-11-05", "1500")]))
    assert since(Check.SUBSIDY_ABOVE_COST, cheaper) == "2009-11-05"
    assert (
        since(Check.SUBSIDY_ABOVE_COST, county(posting(1, costs=[("2009-01-01", "2000")])), raised=True)
        == "2010-02-01"
    )


def test_nothing_is_older_than_its_posting() -> None:
    facts = county(posting(1, unit=11, started="2010-03-10", costs=[("2009-01-01", "1")]))
    assert since(Check.SUBSIDY_ABOVE_COST, facts) == str(date(2010, 3, 10))
