"""Days of a month as bits: bit 0 is the first. Sets of days are compared and counted as integers."""

from datetime import date

from foundation.dates import Month


def whole_month(month: Month) -> int:
    """Every day of the month."""
    return (1 << month.days) - 1


def span(month: Month, started_on: date | None, ended_on: date | None) -> int:
    """The days of `month` between two inclusive dates; an empty date leaves that side open."""
    if (started_on is None or started_on <= month.first) and (ended_on is None or ended_on >= month.last):
        return whole_month(month)  # nearly always
    first = 1 if started_on is None else max(1, _day_within(month, started_on))
    last = month.days if ended_on is None else min(month.days, _day_within(month, ended_on))
    if first > month.days or last < 1 or first > last:
        return 0
    return (1 << last) - (1 << (first - 1))


def count(days: int) -> int:
    return days.bit_count()


def last_day(month: Month, days: int) -> date:
    """The last of a non-empty set of days."""
    number = days.bit_length()
    return month.last if number == month.days else date(month.year, month.number, number)


def has_day(days: int, number: int) -> bool:
    """Whether the day with this number (1 for the first) is in the set."""
    return bool(days >> (number - 1) & 1)


def _day_within(month: Month, day: date) -> int:
    """The day's number, 0 before the month and days + 1 after it."""
    if day < month.first:
        return 0
    return day.day if day <= month.last else month.days + 1
