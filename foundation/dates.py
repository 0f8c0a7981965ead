"""Months and dates as on paper: inclusive days, Asia/Shanghai."""

import calendar
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import TypeVar

Row = TypeVar("Row")

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month; its days are remembered, since a calculation asks for them for every posting."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 12 or not 1900 <= self.year <= 2999:
            raise ValueError(f"no such month: {self.year}-{self.number}")

    @classmethod
    def parse(cls, text: str) -> "Month":
        """The month written YYYY-MM; ValueError for anything else."""
        match = _MONTH.fullmatch(text)
        if match is None:
            raise ValueError(f"a month is written YYYY-MM, not {text!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @cached_property
    def days(self) -> int:
        return calendar.monthrange(self.year, self.number)[1]

    @cached_property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @cached_property
    def last(self) -> date:
        return date(self.year, self.number, self.days)

    @property
    def label(self) -> str:
        return f"{self.year}年{self.number}月"

    def __add__(self, months: int) -> "Month":
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    def __sub__(self, months: int) -> "Month":
        return self + -months

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


# What can be entered and asked for: nothing is older than the People's Republic, and later years are slips of the pen.
FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2199, 12, 31)
FIRST_MONTH, LAST_MONTH = Month(1950, 1), Month(2199, 12)


def months_between(first: Month, last: Month) -> Iterator[Month]:
    """Every month from `first` to `last`, both included; none when `last` comes earlier."""
    month = first
    while month <= last:
        yield month
        month += 1


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day where it has no such day."""
    month = Month.of(day) + months
    return date(month.year, month.number, min(day.day, month.days))


def completed_years(birthday: date, day: date) -> int:
    """The age on `day`; whoever was born on 29 February is a year older on 1 March."""
    return day.year - birthday.year - ((day.month, day.day) < (birthday.month, birthday.day))


@lru_cache(maxsize=10_000)
def term_in_months_reaches(started_on: date, ended_on: date, months: int) -> bool:
    """Whether a term with inclusive dates lasts at least `months` whole months."""
    return ended_on + timedelta(days=1) >= add_months(started_on, months)


def latest_begun(rows: Iterable[Row], day: date, began: Callable[[Row], date]) -> Row | None:
    """The row in force on `day` where the next one ends it: of those that `began` by then the last; None for none."""
    latest, since = None, date.min
    for row in rows:
        beginning = began(row)
        if beginning <= day and (latest is None or since < beginning):
            latest, since = row, beginning
    return latest
