"""Months and terms as on paper."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.dates import Month, add_months, completed_years, latest_begun, months_between, term_in_months_reaches

MONTHS = st.builds(Month, st.integers(1950, 2900), st.integers(1, 12))


@pytest.mark.parametrize(
    "text", ["2009-6", "2009-13", "2009-00", "0000-01", "2009-06-01", " 2009-06", "２００９-06", ""]
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="month"):
        Month.parse(text)


@given(MONTHS)
def test_a_month_is_read_as_it_is_written(month: Month) -> None:
    assert Month.parse(str(month)) == month
    assert Month.of(month.first) == Month.of(month.last) == month
    assert (month.last - month.first).days + 1 == month.days


@given(MONTHS, st.integers(-500, 500))
def test_adding_months_is_undone_by_taking_them_away(month: Month, count: int) -> None:
    assert month + count - count == month


def test_a_month_has_its_label() -> None:
    assert Month(2009, 6).label == "2009年6月"


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2008-12", "2009-02", ["2008-12", "2009-01", "2009-02"]),
        ("2009-01", "2009-01", ["2009-01"]),
        ("2009-02", "2009-01", []),
    ],
)
def test_months_between_include_both_ends(first: str, last: str, expected: list[str]) -> None:
    assert [str(month) for month in months_between(Month.parse(first), Month.parse(last))] == expected


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2009, 1, 31), 1, date(2009, 2, 28)),
        (date(2008, 1, 31), 1, date(2008, 2, 29)),
        (date(2008, 2, 29), 12, date(2009, 2, 28)),
        (date(2009, 3, 31), -1, date(2009, 2, 28)),
        (date(2008, 11, 15), 2, date(2009, 1, 15)),
    ],
)
def test_a_day_the_month_lacks_becomes_its_last(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("started_on", "ended_on", "reaches"),
    [
        (date(2009, 1, 1), date(2011, 12, 31), True),
        (date(2009, 1, 1), date(2011, 12, 30), False),
        (date(2009, 3, 15), date(2012, 3, 14), True),
        (date(2009, 3, 15), date(2012, 3, 13), False),
        (date(2008, 2, 29), date(2011, 2, 27), True),
    ],
)
def test_three_years_are_counted_with_both_days(started_on: date, ended_on: date, reaches: bool) -> None:
    assert term_in_months_reaches(started_on, ended_on, 36) is reaches


@given(st.lists(st.tuples(st.dates(), st.integers())), st.dates())
def test_the_row_in_force_is_the_one_that_began_last(rows: list[tuple[date, int]], day: date) -> None:
    """Of two that began on one day the first."""
    begun = [row for row in rows if row[0] <= day]
    assert latest_begun(rows, day, lambda row: row[0]) == max(begun, key=lambda row: row[0], default=None)


@pytest.mark.parametrize(
    ("birthday", "day", "age"),
    [
        (date(1985, 3, 7), date(2010, 3, 6), 24),
        (date(1985, 3, 7), date(2010, 3, 7), 25),
        (date(1988, 2, 29), date(2009, 2, 28), 20),
        (date(1988, 2, 29), date(2009, 3, 1), 21),
    ],
)
def test_an_age_is_in_completed_years(birthday: date, day: date, age: int) -> None:
    assert completed_years(birthday, day) == age
