"""The days and months that pages may be asked for, and the day that those about places and people look at."""

from dataclasses import dataclass
from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator

from foundation.dates import Month
from subsidies.models import SubsidyRun
from townships.models import FIRST_STATUS_FROM

# The months in which there is something to calculate: of every page and form of months.
FIRST_MONTH, LAST_MONTH = Month(1950, 1), Month(2199, 12)
MONTH_LIMITS = (
    MinValueValidator(FIRST_MONTH, f"月份不能早于 {FIRST_MONTH}。"),
    MaxValueValidator(LAST_MONTH, f"月份不能晚于 {LAST_MONTH}。"),
)
# Of every day that an address may ask for.
DAY_LIMITS = (
    MinValueValidator(FIRST_STATUS_FROM, f"日期不能早于 {FIRST_STATUS_FROM}。"),
    MaxValueValidator(LAST_MONTH.last, f"日期不能晚于 {LAST_MONTH.last}。"),
)

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
    """The day that was asked for; else today, or the last day of the newest calculated month if that is long ago."""
    if asked is not None:
        return DayChoice(asked, "您选的日期", f"?on={asked}")
    newest = SubsidyRun.objects.order_by("month").last()
    if newest is None or newest.period + _KEPT_UP_MONTHS >= Month.of(today):
        return DayChoice(today, "今天", "")
    return DayChoice(newest.period.last, "最近核算月份的最后一天", "")
