"""Periods with inclusive dates, and which of them overlap."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Protocol, TypeVar


class Dated(Protocol):
    @property
    def started_on(self) -> date: ...

    @property
    def ended_on(self) -> date | None: ...


Period = TypeVar("Period", bound=Dated)


def last_day(period: Dated) -> date:
    """The last day of a period, the last of all days where it has no end."""
    return period.ended_on or date.max


def do_overlap(one: Dated, other: Dated) -> bool:
    return one.started_on <= last_day(other) and other.started_on <= last_day(one)


def overlapping(periods: Iterable[Period]) -> Iterator[tuple[Period, Period]]:
    """Each period that begins before an earlier one is over, with that earlier one: (earlier, later).

    Nothing comes out exactly when no two overlap. The earlier one is the one that lasts longest.
    """
    longest: Period | None = None
    for period in sorted(periods, key=lambda period: (period.started_on, last_day(period))):
        if longest is not None and period.started_on <= last_day(longest):
            yield longest, period
        if longest is None or last_day(period) > last_day(longest):
            longest = period
