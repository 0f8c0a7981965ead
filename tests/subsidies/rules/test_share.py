"""Rule 9: what the township pays itself, what the subsidy leaves over, and the cap at the cost."""

from decimal import Decimal

import pytest

from subsidies.rules.dues import Due
from subsidies.rules.parameters import WholeIfOnDay
from tests.subsidies.rules.builders import VILLAGE, amounts, county, dues, posting, standard, unit


def split(due: Due) -> tuple[str, str, str] | None:
    """Cost of the days on post, township share, surplus; None where the cost is not known."""
    if due.cost is None:
        assert (due.township_share, due.surplus) == (None, None)
        return None
    return str(due.cost), str(due.township_share), str(due.surplus)


@pytest.mark.parametrize(
    ("cost", "expected"),
    [
        ("2000.00", ("2000.00", "470.00", "0.00")),
        ("1530.00", ("1530.00", "0.00", "0.00")),
        ("1200.50", ("1200.50", "0.00", "329.50")),
        ("0.00", ("0.00", "0.00", "1530.00")),
        (None, None),
    ],
)
def test_share_or_surplus(cost: str | None, expected: tuple[str, str, str] | None) -> None:
    assert split(dues(county(posting(1, costs=[("2009-01-01", cost)])))[1]) == expected


@pytest.mark.parametrize(
    ("costs", "cost"),
    [
        ([], None),
        ([("2010-01-21", "3100.00")], None),
        ([("2010-01-20", "3100.00")], "1000.00"),
        ([("2009-01-01", "1550.00"), ("2010-01-20", "3100.00")], "1000.00"),
        ([("2010-01-20", "3100.00"), ("2009-01-01", "1550.00")], "1000.00"),
        ([("2009-01-01", "1550.00"), ("2010-01-21", "3100.00")], "500.00"),
        ([("2009-01-01", "1550.00"), ("2010-01-15", None)], None),
        ([("2009-01-01", None), ("2010-01-15", "3100.01")], "1000.00"),
    ],
)
def test_cost_in_force_on_the_last_day_on_post(costs: list[tuple[str, str | None]], cost: str | None) -> None:
    """On post from the 11th to the 20th, suspended from the 21st."""
    found = dues(county(posting(1, started="2010-01-11", suspended=[("2010-01-21", None)], costs=costs)))

    assert found[1].cost == (None if cost is None else Decimal(cost))


def test_days_without_subsidy_cost_the_township_everything() -> None:
    """Over quota and at a unit without a post the person works and is paid; suspended not."""
    costs = [("2009-01-01", "3100.00")]
    facts = county(
        posting(1, unit=VILLAGE),
        posting(2, unit=VILLAGE, started="2009-06-01", costs=costs),
        posting(3, unit=12, ended="2010-01-10", costs=costs),
        posting(4, costs=costs, suspended=[("2009-06-01", None)]),
        units=[unit(), unit(12, closed="2009-12-31")],
    )

    found = dues(facts)

    assert {number: split(due) for number, due in found.items()} == {
        1: None,
        2: ("3100.00", "3100.00", "0.00"),
        3: ("1000.00", "1000.00", "0.00"),
        4: ("0.00", "0.00", "0.00"),
    }


def test_whole_subsidy_against_the_cost_of_the_days() -> None:
    found = dues(
        county(posting(1, started="2010-01-11", costs=[("2009-01-01", "2000.00")])),
        standard(proration=WholeIfOnDay(15)),
    )

    assert split(found[1]) == ("1354.84", "0.00", "175.16")


@pytest.mark.parametrize(
    ("cost", "amount", "is_capped"),
    [
        ("1529.99", "1529.99", True),
        ("1530.00", "1530.00", False),
        ("2000.00", "1530.00", False),
        (None, "1530.00", False),
    ],
)
def test_cap_at_cost(cost: str | None, amount: str, is_capped: bool) -> None:
    costs = [("2009-01-01", cost)]

    found = dues(county(posting(1, costs=costs)), standard(cap_at_cost=True))

    assert amounts(found) == {1: amount}
    assert any(step.label == "以用工成本为限" for step in found[1].result.steps) == is_capped
    assert ("以用工成本为限" in found[1].result.sentence) == is_capped


def test_cap_is_the_cost_of_the_days_on_post() -> None:
    """A day on post over quota is in the cost, and does not lower the cap."""
    facts = county(
        posting(1, unit=VILLAGE, ended="2010-01-10"),
        posting(2, unit=VILLAGE, started="2010-01-01", costs=[("2009-01-01", "310.00")]),
        posting(3, started="2010-01-22", costs=[("2009-01-01", "310.00")]),
    )

    found = dues(facts, standard(cap_at_cost=True))

    assert amounts(found) == {1: "103.23", 2: "216.77", 3: "100.00"}


def test_cap_is_everyones_own() -> None:
    facts = county(posting(1, costs=[("2009-01-01", "1000")]), posting(2, costs=[("2009-01-01", "1100")]))

    assert amounts(dues(facts, standard(cap_at_cost=True))) == {1: "1000.00", 2: "1100.00"}
