"""Section 2: the checks as they meet the calculation, on the last day of the month that the person was on post."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from foundation.dates import Month
from staffing.enums import Check, ContractKind, Education, Position, Severity
from subsidies.rules.checks import ContractRecord, WageRecord
from subsidies.rules.dues import dues_of_month
from subsidies.rules.parameters import FixedSum
from tests.subsidies.rules.builders import (
    JANUARY,
    VILLAGE,
    county,
    day,
    dues,
    on,
    parameters,
    posting,
    reasons,
    standard,
    unit,
)
from townships.enums import UnitKind


def contract(start: str, end: str | None, kind: ContractKind | None = ContractKind.TOWNSHIP) -> ContractRecord:
    return ContractRecord(on(start), day(end), kind)


@pytest.mark.parametrize(
    ("contracts", "findings"),
    [
        ([], [Check.CONTRACT_MISSING]),
        ([contract("2010-02-01", None)], [Check.CONTRACT_MISSING]),
        ([contract("2010-01-31", None)], []),
        ([contract("2009-01-01", None)], []),
        ([contract("2009-01-01", None, None)], []),
        ([contract("2009-01-01", None, ContractKind.DISPATCH)], [Check.CONTRACT_THIRD_PARTY]),
        ([contract("2009-01-01", None, ContractKind.OTHER_EMPLOYER)], [Check.CONTRACT_THIRD_PARTY]),
        ([contract("2009-01-01", "2011-12-31")], []),
        ([contract("2009-01-01", "2011-12-30")], [Check.CONTRACT_SHORT]),
        ([contract("2009-02-28", "2012-02-27")], []),
        ([contract("2007-01-01", "2010-01-30")], [Check.CONTRACT_EXPIRED]),
        ([contract("2007-01-01", "2010-01-31")], [Check.CONTRACT_ENDING]),
        ([contract("2007-01-01", "2010-05-01")], [Check.CONTRACT_ENDING]),
        ([contract("2007-01-01", "2010-05-02")], []),
        ([contract("2007-01-01", "2010-03-31"), contract("2010-04-01", "2013-03-31")], []),
        ([contract("2007-01-01", "2009-12-31"), contract("2010-01-01", "2012-12-31")], []),
        ([contract("2010-01-01", "2012-12-31"), contract("2007-01-01", "2009-12-31")], []),
        (
            [contract("2009-12-01", "2010-02-28", ContractKind.DISPATCH)],
            [Check.CONTRACT_SHORT, Check.CONTRACT_THIRD_PARTY, Check.CONTRACT_ENDING],
        ),
    ],
)
def test_contracts(contracts: list[ContractRecord], findings: list[Check]) -> None:
    """At least three years, with the township itself, not about to end within 90 days."""
    assert list(dues(county(posting(1, contracts=tuple(contracts))))[1].findings) == findings


@pytest.mark.parametrize(
    ("wages", "minimum_wage", "is_below"),
    [
        ([("2009-01-01", "1299.99")], "850.00", True),
        ([("2009-01-01", "1300.00")], "850.00", False),
        ([("2009-01-01", "1300.00")], "1310.00", True),
        ([("2009-01-01", "1310.00")], "1310.00", False),
        ([("2009-01-01", "900"), ("2010-01-31", "1300")], "850.00", False),
        ([("2009-01-01", "900"), ("2010-02-01", "1300")], "850.00", True),
        ([("2010-01-20", "1300"), ("2009-01-01", "900")], "850.00", False),
        ([("2009-01-01", None)], "850.00", False),
        ([], "850.00", False),
    ],
)
def test_wage_is_not_below_its_floor(wages: list[tuple[str, str | None]], minimum_wage: str, is_below: bool) -> None:
    """The opinion's 1,300 or the minimum wage, whichever is higher; what is not known is not judged."""
    rows = tuple(WageRecord(on(start), None if wage is None else Decimal(wage)) for start, wage in wages)

    found = dues(county(posting(1, wages=rows)), minimum_wage=minimum_wage)

    assert (Check.WAGE_BELOW_FLOOR in found[1].findings) == is_below


@pytest.mark.parametrize(
    ("started", "flaw", "check"),
    [
        ("2009-07-01", {"education": Education.VOCATIONAL}, Check.EDUCATION),
        ("2009-07-01", {"education": None}, Check.EDUCATION),
        ("2009-07-01", {"education": Education.COLLEGE}, None),
        ("2009-07-01", {"recruitment_recorded": False}, Check.RECRUITMENT),
        ("2009-07-01", {"recruitment_recorded": None}, None),
        ("2009-06-30", {"education": Education.PRIMARY, "recruitment_recorded": False}, None),
        ("2009-06-30", {"has_computer_skill": False}, Check.COMPUTER_SKILL),
        ("2009-06-30", {"has_computer_skill": None}, None),
        ("2009-06-30", {"is_full_time": False}, Check.ASSISTANT_PART_TIME),
        ("2009-06-30", {"is_full_time": None}, None),
    ],
)
def test_person(started: str, flaw: dict[str, Any], check: Check | None) -> None:
    """Who was appointed before `checks_from` is exempt from education and recruitment."""
    found = dues(county(posting(1, started=started, **flaw)), standard(checks_from=date(2009, 7, 1)))

    assert found[1].findings == ((check,) if check else ())


def test_coordinators_are_checked_for_their_own_requirements_only() -> None:
    flaws: dict[str, Any] = {
        "education": None,
        "recruitment_recorded": False,
        "contracts": (),
        "wages": (WageRecord(on("2009-01-01"), Decimal(1)),),
        "is_full_time": False,
        "has_computer_skill": False,
    }
    facts = county(
        posting(1, unit=11, **flaws),
        posting(2, unit=12, position=Position.COMMUNITY_COORDINATOR, **flaws),
        units=[unit(11), unit(12, kind=UnitKind.COMMUNITY)],
    )

    assert {number: due.findings for number, due in dues(facts).items()} == {
        1: (Check.COMPUTER_SKILL,),
        2: (Check.COMPUTER_SKILL, Check.COMMUNITY_PART_TIME),
    }


def test_several_units_on_that_day() -> None:
    """On the last day that this posting was on post; a post at the township is not a unit."""
    facts = county(
        posting(1, person=7, unit=11, ended="2010-01-10"),
        posting(2, person=7, unit=12, started="2010-01-10"),
        posting(3, person=8, unit=13),
        posting(4, person=8, started="2009-06-01"),
        units=[unit(11), unit(12), unit(13)],
    )

    assert {number: Check.SEVERAL_UNITS in due.findings for number, due in dues(facts).items()} == {
        1: True,
        2: False,
        3: False,
        4: False,
    }


def test_subsidy_above_cost() -> None:
    facts = county(
        posting(1, costs=[("2009-01-01", "1529.99")]),
        posting(2, costs=[("2009-01-01", "1530.00")]),
        posting(3, unit=VILLAGE),
    )

    found = dues(facts)

    assert {number: due.findings for number, due in found.items()} == {1: (Check.SUBSIDY_ABOVE_COST,), 2: (), 3: ()}


@pytest.mark.parametrize(("ended", "is_expired"), [("2010-01-20", False), ("2010-01-21", True), (None, True)])
def test_checks_look_at_the_last_day_on_post(ended: str | None, is_expired: bool) -> None:
    """A contract until the 20th has not expired for someone who left on the 20th."""
    until_20th = (contract("2007-01-01", "2010-01-20"),)
    suspended_after = posting(1, contracts=until_20th, suspended=[("2010-01-21", None)])

    found = dues(county(posting(1, contracts=until_20th, ended=ended)))

    assert (Check.CONTRACT_EXPIRED in found[1].findings) == is_expired
    assert Check.CONTRACT_EXPIRED not in dues(county(suspended_after))[1].findings


@pytest.mark.parametrize(
    ("severities", "reason", "findings"),
    [
        ({}, "", ["education", "computer_skill", "contract_missing"]),
        ({"contract_missing": "block"}, "contract_missing", ["education", "computer_skill", "contract_missing"]),
        (
            {"contract_missing": "block", "education": "block"},
            "education",
            ["education", "computer_skill", "contract_missing"],
        ),
        ({"education": "off", "computer_skill": "block"}, "computer_skill", ["computer_skill", "contract_missing"]),
        ({"wage_below_floor": "block"}, "", ["education", "computer_skill", "contract_missing"]),
        (dict.fromkeys(Check, "off"), "", []),
    ],
)
def test_severity(severities: dict[str, str], reason: str, findings: list[str]) -> None:
    """Off finds nothing, a hint stops nothing, the first that blocks is the reason; other lines go on."""
    rules = standard(checks={Check(check): Severity(severity) for check, severity in severities.items()})
    facts = county(posting(1, education=None, has_computer_skill=False, contracts=()), posting(2))

    found = dues(facts, rules)

    assert reasons(found) == {1: reason, 2: ""}
    assert list(found[1].findings) == findings
    assert str(found[1].amount) == ("0.00" if reason else "1530.00")


def test_blocked_line_keeps_rate_and_days() -> None:
    rules = standard(checks={Check.CONTRACT_MISSING: Severity.BLOCK})

    due = dues(county(posting(1, contracts=(), started="2010-01-11")), rules)[1]

    assert (str(due.result.rate), due.key.counted, str(due.amount)) == ("1530.00", 21, "0.00")


def test_blocked_subsidy_above_cost_is_measured_before_it_is_blocked() -> None:
    rules = standard(checks={Check.SUBSIDY_ABOVE_COST: Severity.BLOCK})

    due = dues(county(posting(1, costs=[("2009-01-01", "1200.00")])), rules)[1]

    assert (due.result.reason, str(due.amount), due.township_share) == (
        "subsidy_above_cost",
        "0.00",
        Decimal("1200.00"),
    )


def test_hints_are_looked_for_only_when_wanted() -> None:
    facts = county(posting(1, contracts=()))

    silent = dues_of_month(JANUARY, facts, parameters(), with_hints=False)
    blocked = dues_of_month(
        JANUARY,
        facts,
        parameters(standard(checks={Check.CONTRACT_MISSING: Severity.BLOCK})),
        with_hints=False,
    )

    assert (silent[1].findings, silent[1].result.reason) == ((), "")
    assert blocked[1].result.reason == "contract_missing"


def test_no_minimum_wage_leaves_the_floor_of_the_opinion() -> None:
    fixed = FixedSum(Decimal(1500))
    rules = parameters(standard(assistant_percent_or_fixed=fixed, community_percent_or_fixed=fixed))
    without = type(rules)(rules.standard, None)
    facts = county(posting(1, wages=(WageRecord(on("2009-01-01"), Decimal(1299)),)))

    found = dues_of_month(Month(2010, 1), facts, without)

    assert found[1].findings == (Check.WAGE_BELOW_FLOOR,)
