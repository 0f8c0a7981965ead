"""The day that pages about places and people look at."""

from dataclasses import dataclass
from datetime import date

from foundation.dates import Month
from subsidies.models import SubsidyRun

# Months are kept up while the newest calculated one is at most this far back; the books of a closed year,
# or of the demonstration, are looked at where they end.
_KEPT_UP_MONTHS = 2


@dataclass(frozen=True, slots=True)
class DayChoice:
    """The day, why it is that one, and the query string that keeps it for the next page."""

    day: date
    why: str
    query: str


def day_choice(asked: date | None, today: date) -> DayChoice:
    """The day that was asked for, else the usual one."""
    if asked is not None:
        return DayChoice(asked, "您选的日期", f"?on={asked}")
    return usual_day(today, SubsidyRun.objects.order_by("month").last())


def usual_day(today: date, newest: SubsidyRun | None) -> DayChoice:
    """Today, or the last day of the newest calculated month if that is long ago."""
    if newest is None or newest.period + _KEPT_UP_MONTHS >= Month.of(today):
        return DayChoice(today, "今天", "")
    return DayChoice(newest.period.last, "最近核算月份的最后一天", "")
