"""Rule 5: bands, percentages and flat sums, and what is in force on the first of the month."""

from decimal import Decimal

import pytest

from foundation.dates import Month
from staffing.enums import Check, Position
from subsidies.rules.dues import dues_of_month
from subsidies.rules.parameters import Band, FixedSum, MinimumWage, PercentOfMinimumWage
from subsidies.rules.rulebook import MissingParameter, Rulebook
from tests.subsidies.rules.builders import (
    JANUARY,
    VILLAGE,
    amounts,
    county,
    dues,
    on,
    posting,
    reasons,
    standard,
    unit,
)
from townships.enums import UnitKind

FEBRUARY = JANUARY + 1
COMMUNITY = Position.COMMUNITY_COORDINATOR


@pytest.mark.parametrize(
    ("households", "amount"),
    [
        (0, "200.00"),
        (1, "200.00"),
        (100, "200.00"),
        (101, "240.00"),
        (200, "240.00"),
        (201, "280.00"),
        (300, "280.00"),
        (301, "320.00"),
        (5000, "320.00"),
    ],
)
@pytest.mark.parametrize("kind", [UnitKind.VILLAGE, UnitKind.RESIDENTS_COMMITTEE])
def test_bands_include_both_their_numbers(kind: UnitKind, households: int, amount: str) -> None:
    village = unit(kind=kind, counts=[("2009-01-01", households)])

    assert amounts(dues(county(posting(1, unit=VILLAGE), units=[village]))) == {1: amount}


@pytest.mark.parametrize(("households", "amount"), [(0, "150.00"), (49, "150.00"), (50, "260.05"), (5000, "260.05")])
def test_band_may_be_a_flat_sum(households: int, amount: str) -> None:
    rules = standard(bands=(Band(0, amount=Decimal("150.00")), Band(50, secretary_pay=Decimal("650.12"))))
    facts = county(posting(1, unit=VILLAGE), units=[unit(counts=[("2009-01-01", households)])])

    assert amounts(dues(facts, rules)) == {1: amount}


def test_no_households_are_the_lowest_band_and_a_hint() -> None:
    found = dues(county(posting(1, unit=VILLAGE), units=[unit(counts=[("2009-01-01", 0)])]))

    assert (str(found[1].amount), found[1].findings) == ("200.00", (Check.HOUSEHOLDS_ZERO,))


@pytest.mark.parametrize(
    ("minimum_wage", "percent", "amount"),
    [
        ("850.00", "180", "1530.00"),
        ("690.00", "180", "1242.00"),
        ("850.01", "50", "425.01"),
        ("850.03", "150", "1275.05"),
        ("0.01", "49.99", "0.00"),
    ],
)
def test_percentage_of_the_minimum_wage_is_rounded_half_up(minimum_wage: str, percent: str, amount: str) -> None:
    tariff = PercentOfMinimumWage(Decimal(percent))
    facts = county(
        posting(1), posting(2, unit=VILLAGE, position=COMMUNITY), units=[unit(kind=UnitKind.COMMUNITY, counts=[])]
    )

    found = dues(
        facts,
        standard(assistant_percent_or_fixed=tariff, community_percent_or_fixed=tariff),
        minimum_wage=minimum_wage,
    )

    assert amounts(found) == {1: amount, 2: amount}


def test_each_position_has_its_own_tariff() -> None:
    facts = county(
        posting(1), posting(2, unit=VILLAGE, position=COMMUNITY), units=[unit(kind=UnitKind.COMMUNITY, counts=[])]
    )

    found = dues(
        facts,
        standard(
            assistant_percent_or_fixed=FixedSum(Decimal("1500.00")),
            community_percent_or_fixed=PercentOfMinimumWage(Decimal(120)),
        ),
    )

    assert amounts(found) == {1: "1500.00", 2: "1020.00"}


@pytest.mark.parametrize(("begins", "of_january"), [("2010-01-01", "999.00"), ("2010-01-02", "850.00")])
def test_what_begins_inside_the_month_works_from_the_next(begins: str, of_january: str) -> None:
    percent = PercentOfMinimumWage(Decimal(100))
    wages = [MinimumWage(on("2008-09-01"), Decimal(850), ""), MinimumWage(on(begins), Decimal(999), "")]
    by_wage = Rulebook([standard(assistant_percent_or_fixed=percent)], wages)
    dearer = standard(assistant_percent_or_fixed=FixedSum(Decimal("999.00")), effective_from=on(begins))
    by_standard = Rulebook([dearer, standard(assistant_percent_or_fixed=percent)], wages[:1])

    for book in (by_wage, by_standard):
        found = {month: rate(book, month) for month in (JANUARY - 1, JANUARY, FEBRUARY)}

        assert found == {JANUARY - 1: Decimal("850.00"), JANUARY: Decimal(of_january), FEBRUARY: Decimal("999.00")}


def rate(book: Rulebook, month: Month) -> Decimal | None:
    return dues_of_month(month, county(posting(1)), book.for_month(month))[1].result.rate


def test_month_without_a_standard_cannot_be_calculated() -> None:
    book = Rulebook([standard(effective_from=on("2010-01-02"))], [MinimumWage(on("2008-09-01"), Decimal(850), "")])

    with pytest.raises(MissingParameter, match="2010年1月 1 日没有生效的补助标准"):
        book.for_month(JANUARY)


def test_only_a_percentage_needs_a_minimum_wage() -> None:
    fixed = FixedSum(Decimal(1500))
    late = [MinimumWage(on("2010-01-02"), Decimal(850), "")]

    for partly in (standard(assistant_percent_or_fixed=fixed), standard(community_percent_or_fixed=fixed)):
        with pytest.raises(MissingParameter, match="最低工资标准"):
            Rulebook([partly], late).for_month(JANUARY)
    assert (
        Rulebook([standard(assistant_percent_or_fixed=fixed, community_percent_or_fixed=fixed)], late)
        .for_month(JANUARY)
        .minimum_wage
        is None
    )


@pytest.mark.parametrize(
    ("opened", "counts", "amount"),
    [
        (None, [("2010-01-01", 50)], "200.00"),
        (None, [("2010-01-02", 50)], None),
        (None, [("2009-01-01", 350), ("2010-01-01", 50)], "200.00"),
        (None, [("2010-01-01", 50), ("2009-01-01", 350), ("2010-01-02", 150)], "200.00"),
        ("2010-01-01", [("2010-01-20", 150), ("2010-01-10", 50)], "200.00"),
        ("2010-01-11", [("2010-01-20", 150), ("2010-01-31", 50)], "162.58"),
        ("2010-01-11", [("2010-02-01", 150)], None),
        ("2009-12-31", [("2010-01-02", 150)], None),
    ],
)
def test_count_in_force(opened: str | None, counts: list[tuple[str, int]], amount: str | None) -> None:
    """On the first of the month; of a unit opened within it, the first count of the month."""
    found = dues(county(posting(1, unit=VILLAGE), units=[unit(opened=opened, counts=counts)]))

    assert amounts(found) == {1: amount or "0.00"}
    assert reasons(found) == {1: "" if amount else "households_missing"}
    assert (found[1].result.rate is None) == (amount is None)


def test_rate_is_shown_on_lines_without_an_amount() -> None:
    found = dues(county(posting(1, suspended=[("2009-01-01", None)]), posting(2, unit=VILLAGE, person=2)))

    assert {number: str(due.result.rate) for number, due in found.items()} == {1: "1530.00", 2: "320.00"}
    assert amounts(found)[1] == "0.00"
