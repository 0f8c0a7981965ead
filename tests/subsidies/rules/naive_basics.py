"""Words that the naive rules are written with."""

import math
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Protocol, TypeVar


class Dated(Protocol):
    @property
    def effective_from(self) -> date: ...


T = TypeVar("T", bound=Dated)


def latest(rows: Iterable[T], day: date) -> T | None:
    """The row in force on `day`."""
    return max((row for row in rows if row.effective_from <= day), key=lambda row: row.effective_from, default=None)


def covers(first: date | None, last: date | None, day: date) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def half_up(amount: Fraction) -> Decimal:
    """Yuan to the fen; two decimals."""
    return Decimal(math.floor(amount * 100 + Fraction(1, 2))).scaleb(-2)
