"""Days of a month as bits, at the edges of the month."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.dates import Month
from subsidies.rules.days import count, has_day, last_day, span, whole_month

FEBRUARY, JUNE = Month(2012, 2), Month(2009, 6)
FIRST, LAST = JUNE.first, JUNE.last
DAY = timedelta(days=1)
_days = st.none() | st.dates(FIRST - 40 * DAY, LAST + 40 * DAY)


@pytest.mark.parametrize(
    ("started_on", "ended_on", "numbers"),
    [
        (None, None, range(1, 31)),
        (FIRST, LAST, range(1, 31)),
        (FIRST - DAY, LAST + DAY, range(1, 31)),
        (None, LAST, range(1, 31)),
        (FIRST, None, range(1, 31)),
        (FIRST + DAY, None, range(2, 31)),
        (None, LAST - DAY, range(1, 30)),
        (None, FIRST, range(1, 2)),
        (LAST, None, range(30, 31)),
        (FIRST, FIRST, range(1, 2)),
        (LAST, LAST, range(30, 31)),
        (date(2009, 6, 15), date(2009, 6, 15), range(15, 16)),
        (None, FIRST - DAY, ()),
        (LAST + DAY, None, ()),
        (FIRST - 2 * DAY, FIRST - DAY, ()),
        (LAST + DAY, LAST + 2 * DAY, ()),
        (date(2009, 6, 16), date(2009, 6, 15), ()),
        (LAST + DAY, FIRST - DAY, ()),
    ],
)
def test_span_at_the_edges(started_on: date | None, ended_on: date | None, numbers: Sequence[int]) -> None:
    days = span(JUNE, started_on, ended_on)
    assert [number for number in range(1, 32) if has_day(days, number)] == list(numbers)
    assert count(days) == len(numbers)
    if numbers:
        assert last_day(JUNE, days) == date(2009, 6, max(numbers))


@given(_days, _days)
def test_span_is_the_days_between(started_on: date | None, ended_on: date | None) -> None:
    days = span(JUNE, started_on, ended_on)
    for number in range(1, 31):
        day = date(2009, 6, number)
        is_between = (started_on is None or started_on <= day) and (ended_on is None or day <= ended_on)
        assert has_day(days, number) is is_between, day
    assert days <= whole_month(JUNE)


def test_a_leap_day_is_a_day() -> None:
    assert count(whole_month(FEBRUARY)) == 29
    assert last_day(FEBRUARY, span(FEBRUARY, date(2012, 2, 29), None)) == date(2012, 2, 29)
    assert count(whole_month(Month(2011, 2))) == 28
