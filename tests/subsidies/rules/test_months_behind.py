"""Who lies still in the months behind: nothing else may be taken together, and whatever may is."""

from dataclasses import replace
from typing import Any

import pytest

from foundation.dates import Month
from staffing.enums import Check, Education, Position, Severity
from subsidies.rules import months_behind
from subsidies.rules.checks import ContractRecord
from subsidies.rules.dues import dues_of_month
from subsidies.rules.facts import CountyFacts
from subsidies.rules.months_behind import MonthsBehind
from subsidies.rules.parameters import Standard
from tests.subsidies.rules.builders import (
    STANDARD,
    VILLAGE,
    county,
    on,
    parameters,
    posting,
    standard,
    told,
    told_by,
    township,
    unit,
)
from townships.enums import TownshipClass, UnitKind

JANUARY, MARCH = Month(2010, 1), Month(2010, 3)
COMMUNITY = 12
WHOLE = county(posting(1, unit=VILLAGE, started="2010-01-01", ended="2010-03-31"))


def one_by_one(facts: CountyFacts, rules: Standard, monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The postings that are worked out apart; the dues are the same as without taking any together."""
    apart: set[int] = set()

    def dues_of_others(month: Month, others: CountyFacts, *args: object, **kwargs: object) -> object:
        apart.update(row.id for row in others.postings)
        return dues_of_month(month, others, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(months_behind, "dues_of_month", dues_of_others)
    behind = MonthsBehind(JANUARY, MARCH, facts)
    for month in (JANUARY, JANUARY + 1, MARCH):
        expected = dues_of_month(month, facts, parameters(rules), with_hints=False)
        assert told_by(behind.to_settle(month, parameters(rules), {})) == told(expected)
    return apart


@pytest.mark.parametrize(
    ("facts", "apart"),
    [
        (WHOLE, set()),
        (county(posting(1, unit=VILLAGE, started="2010-01-02")), {1}),
        (county(posting(1, unit=VILLAGE, ended="2010-03-30")), {1}),
        (county(posting(1, unit=VILLAGE, suspended=[("2010-02-01", None)])), {1}),
        (county(posting(1, unit=VILLAGE, withdrawn=True)), {1}),
        (county(posting(1, unit=VILLAGE), posting(2, unit=VILLAGE)), {1, 2}),
        (county(posting(1, unit=VILLAGE), posting(2, person=1)), {1, 2}),
        (county(posting(1, unit=VILLAGE), posting(2, unit=VILLAGE, ended="2009-12-31")), {2}),
        (county(posting(1, unit=VILLAGE), posting(2, unit=VILLAGE, withdrawn=True)), {2}),
        (county(posting(1, unit=VILLAGE), posting(2, person=1, started="2010-04-01")), {2}),
        (county(posting(1, unit=VILLAGE), posting(2, unit=VILLAGE, ended="2010-01-01")), {1, 2}),
        (county(posting(1, unit=VILLAGE, position=Position.COMMUNITY_COORDINATOR)), {1}),
        (county(posting(1, unit=VILLAGE), units=[unit(opened="2010-01-01", closed="2010-03-31")]), set()),
        (county(posting(1, unit=VILLAGE), units=[unit(opened="2010-01-02")]), {1}),
        (county(posting(1, unit=VILLAGE), units=[unit(closed="2010-03-30")]), {1}),
        (county(posting(1, unit=VILLAGE), units=[unit(counts=[("2010-01-01", 50), ("2010-04-01", 350)])]), set()),
        (county(posting(1, unit=VILLAGE), units=[unit(counts=[("2009-01-01", 50), ("2010-01-02", 350)])]), {1}),
        (county(posting(1, unit=VILLAGE), units=[unit(counts=[("2009-01-01", 50), ("2010-03-31", 350)])]), {1}),
        (county(posting(1, unit=VILLAGE), units=[unit(counts=[])]), set()),
    ],
)  # fmt: skip
def test_only_what_lies_still_is_taken_together(
    facts: CountyFacts, apart: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert one_by_one(facts, STANDARD, monkeypatch) == apart


THREE = [posting(1), posting(2), posting(3)]
PLACED_TWO = [township(grants=[(1, "2010-01-01", "2010-03-30")])]
PLACED_THREE = [township(grants=[(1, "2010-01-01", "2010-03-31")])]


@pytest.mark.parametrize(
    ("facts", "apart"),
    [
        (county(*THREE[:2]), set()),
        (county(*THREE), {1, 2, 3}),
        (county(*THREE, townships=PLACED_THREE), set()),
        (county(*THREE, townships=PLACED_TWO), {1, 2, 3}),
        (county(*THREE, townships=[township(classes=[("2010-01-01", "A")])]), set()),
        (county(*THREE, townships=[township(classes=[("2010-01-02", "A")])]), {1, 2, 3}),
        (county(*THREE, townships=[township(classes=[("2000-01-01", "A"), ("2010-03-31", "B")])]), {1, 2, 3}),
        (county(*THREE[:2], posting(3, town=2), townships=[township(), township(2)]), set()),
        (county(*THREE[:2], posting(3, withdrawn=True)), {3}),
        (county(*THREE[:2], posting(3, ended="2009-12-31")), {3}),
        (county(*THREE[:2], posting(3, ended="2010-01-01")), {1, 2, 3}),
        (county(*THREE[:2], posting(3, started="2010-03-31")), {1, 2, 3}),
        (county(*THREE[:2], posting(3, position=Position.COMMUNITY_COORDINATOR)), {1, 2, 3}),
        (county(*THREE[:2], posting(3, unit=VILLAGE, position=Position.ASSISTANT)), {3}),
        (county(posting(1), posting(2, started="2010-01-02")), {2}),
        (county(posting(1), posting(2, ended="2010-03-30")), {2}),
        (county(posting(1), posting(2, suspended=[("2010-02-01", None)])), {2}),
        (county(posting(1), posting(2, person=1)), {1, 2}),
    ],
)  # fmt: skip
def test_assistants_lie_still_where_there_are_places_for_all(
    facts: CountyFacts, apart: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert one_by_one(facts, STANDARD, monkeypatch) == apart


def test_each_standard_has_places_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same months behind, asked for by two standards."""
    behind = MonthsBehind(JANUARY, MARCH, county(*THREE))
    for base in (3, 2, 3):
        rules = standard(assistant_base=dict.fromkeys(TownshipClass, base))
        expected = dues_of_month(MARCH, county(*THREE), parameters(rules), with_hints=False)
        assert told_by(behind.to_settle(MARCH, parameters(rules), {})) == told(expected)


@pytest.mark.parametrize(
    "recorded",
    [
        {},
        {"contracts": ()},
        {"contracts": (ContractRecord(on("2009-01-01"), on("2010-02-27"), None),)},
        {"education": Education.VOCATIONAL},
        {"contracts": (), "education": Education.VOCATIONAL},
    ],
)
def test_of_who_lies_still_the_record_is_judged_month_by_month(
    recorded: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = (Check.CONTRACT_MISSING, Check.CONTRACT_EXPIRED, Check.EDUCATION)
    rules = standard(severities=dict.fromkeys(checks, Severity.BLOCK))
    assert one_by_one(county(posting(1), posting(2, **recorded)), rules, monkeypatch) == set()


def test_coordinators_are_judged_where_a_check_may_stop_them(monkeypatch: pytest.MonkeyPatch) -> None:
    part_time = posting(2, unit=COMMUNITY, position=Position.COMMUNITY_COORDINATOR, is_full_time=False)
    facts = replace(WHOLE, postings=(*WHOLE.postings, part_time))
    facts = replace(facts, units=(*facts.units, unit(COMMUNITY, kind=UnitKind.COMMUNITY, counts=[])))
    assert one_by_one(facts, STANDARD, monkeypatch) == set()
    blocked = standard(severities={Check.COMMUNITY_PART_TIME: Severity.BLOCK})
    assert one_by_one(facts, blocked, monkeypatch) == set()


def test_who_may_be_stopped_by_what_the_place_tells_is_worked_out_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = county(posting(1), posting(2, unit=VILLAGE), units=[unit(counts=[("2009-01-01", 0)])])
    blocked = standard(severities={Check.HOUSEHOLDS_ZERO: Severity.BLOCK})
    assert one_by_one(facts, blocked, monkeypatch) == {2}


def test_where_the_cost_caps_everybody_is_worked_out_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = county(posting(1, unit=VILLAGE, costs=[("2009-01-01", "100.00")]))
    assert one_by_one(facts, standard(cap_at_cost=True), monkeypatch) == {1}


def test_equal_keys_share_one_result_whether_the_posting_lies_still_or_not() -> None:
    """Explanations and the digest are numbered by results."""
    facts = county(
        posting(1, unit=VILLAGE),
        posting(2, unit=COMMUNITY, suspended=[("2011-01-01", None)]),
        units=[unit(), unit(COMMUNITY)],
    )
    found = MonthsBehind(JANUARY, MARCH, facts).to_settle(JANUARY, parameters(), {})
    one, other = found.due_of(1), found.due_of(2)
    assert one is not None
    assert other is not None
    assert one.result is other.result
