"""Rule 6: by calendar days or whole when one day counts; rule 8: rounded once."""

import pytest

from foundation.dates import Month
from tests.subsidies.rules.builders import (
    JANUARY,
    STANDARD,
    VILLAGE,
    amounts,
    counted,
    county,
    dues,
    posting,
    reasons,
    township,
    whole_if_on_day,
)


@pytest.mark.parametrize(
    ("month", "one_day", "all_but_one"),
    [
        ("2010-02", "54.64", "1475.36"),
        ("2012-02", "52.76", "1477.24"),
        ("2010-04", "51.00", "1479.00"),
        ("2010-01", "49.35", "1480.65"),
    ],
)
def test_calendar_days_of_every_length_of_month(month: str, one_day: str, all_but_one: str) -> None:
    of_month = Month.parse(month)
    last, first = of_month.last.isoformat(), of_month.first.isoformat()
    second = f"{first[:-2]}02"
    facts = county(
        posting(1, started=first, ended=first),
        posting(2, started=last),
        posting(3, started=second),
        posting(4, started=first, ended=last),
        townships=[township(classes=[("2000-01-01", "A")])],
    )

    assert amounts(dues(facts, month=of_month)) == {1: one_day, 2: one_day, 3: all_but_one, 4: "1530.00"}


def test_nobody_has_a_line_for_a_month_without_a_day_in_service() -> None:
    facts = county(
        posting(1, ended="2009-12-31"),
        posting(2, started="2010-02-01"),
        posting(3, ended="2010-01-01", withdrawn=True),
    )

    assert dues(facts) == {}


@pytest.mark.parametrize(
    ("day", "month", "started", "ended", "reason"),
    [
        (15, "2010-01", "2010-01-15", "2010-01-15", ""),
        (15, "2010-01", "2010-01-16", None, "not_on_day"),
        (15, "2010-01", "2009-01-01", "2010-01-14", "not_on_day"),
        (1, "2010-01", "2010-01-01", "2010-01-01", ""),
        (1, "2010-01", "2010-01-02", None, "not_on_day"),
        (31, "2010-01", "2010-01-31", None, ""),
        (31, "2010-01", "2010-01-01", "2010-01-30", "not_on_day"),
        (31, "2010-02", "2010-02-28", None, ""),
        (31, "2010-02", "2010-02-01", "2010-02-27", "not_on_day"),
        (31, "2012-02", "2012-02-29", None, ""),
        (31, "2012-02", "2012-02-01", "2012-02-28", "not_on_day"),
        (31, "2010-04", "2010-04-30", None, ""),
        (30, "2012-02", "2012-02-29", None, ""),
    ],
)
def test_whole_when_on_the_day(day: int, month: str, started: str, ended: str | None, reason: str) -> None:
    """The last day of the month stands in for one that it does not have."""
    found = dues(county(posting(1, started=started, ended=ended)), whole_if_on_day(day), month=Month.parse(month))

    assert reasons(found) == {1: reason}
    assert amounts(found) == {1: "0.00" if reason else "1530.00"}


def test_day_must_count_not_only_be_in_service() -> None:
    facts = county(posting(1, suspended=[("2010-01-15", "2010-01-15")]), posting(2))

    assert reasons(dues(facts, whole_if_on_day(15))) == {1: "not_on_day", 2: ""}


@pytest.mark.parametrize(
    ("last_of_the_first", "paid"),
    [
        ("2010-01-01", {1: "10.32", 2: "309.68"}),
        ("2010-01-15", {1: "154.84", 2: "165.16"}),
        ("2010-01-30", {1: "309.68", 2: "10.32"}),
    ],
)
def test_handover_on_one_unit_pays_both_by_their_days(last_of_the_first: str, paid: dict[int, str]) -> None:
    day_after = f"2010-01-{int(last_of_the_first[-2:]) + 1:02d}"
    facts = county(
        posting(1, unit=VILLAGE, ended=last_of_the_first), posting(2, unit=VILLAGE, started=day_after), units=None
    )

    found = dues(facts)

    assert amounts(found) == paid
    assert sum(due.amount for due in found.values()) == found[1].result.rate


def test_overlapping_handover_pays_the_place_once() -> None:
    """Both are there for three days: those belong to the one who started first."""
    facts = county(
        posting(1, unit=VILLAGE, ended="2010-01-15"), posting(2, unit=VILLAGE, started="2010-01-13"), units=None
    )

    assert counted(dues(facts)) == {1: 15, 2: 16}


def test_days_apart_are_counted_together() -> None:
    """Two suspensions that overlap take a day once."""
    stops = [("2009-12-20", "2010-01-02"), ("2010-01-10", "2010-01-20"), ("2010-01-15", "2010-01-22")]

    assert counted(dues(county(posting(1, suspended=stops)), STANDARD, month=JANUARY)) == {1: 31 - 2 - 13}
