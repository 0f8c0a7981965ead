"""The versions of one day: which rows of a policy file its chain of corrections holds already."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Protocol, TypeVar


class OfDay(Protocol):
    """A row of a policy file; with `replaces` it corrects what its day had before."""

    @property
    def effective_from(self) -> date: ...

    @property
    def replaces(self) -> bool: ...


Row = TypeVar("Row", bound=OfDay)
Version = TypeVar("Version")


def rows_by_day(rows: Iterable[Row]) -> list[list[Row]]:
    """The rows of each day in the order of the file, but the one that corrects nothing first; days rise."""
    found: dict[date, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row.effective_from, row.replaces)):
        found.setdefault(row.effective_from, []).append(row)
    return list(found.values())


def number_known(rows: Sequence[Row], chain: Sequence[Version], is_same: Callable[[Row, Version], bool]) -> int:
    """How many of the first rows of a day are in its chain, which begins with the oldest version; the others are to
    be added behind it.

    Where the rows tell the chain from its beginning, they are known as far as the two agree: a shorter file brings
    nothing, a longer one the rest, though it go back to an earlier content. Corrections without their beginning, or
    beside others, are known where the chain holds them all, one after the other, or ends with the first of them.
    """
    begun = 0 if rows[0].replaces else _agreeing(rows, chain, is_same)
    rest, behind, corrections = rows[begun:], chain[begun:], chain[max(begun, 1) :]
    if not rest:
        return begun
    places = range(len(corrections) - len(rest) + 1)
    if rest[0].replaces and any(_agreeing(rest, corrections[place:], is_same) == len(rest) for place in places):
        return len(rows)
    lengths = range(min(len(rest), len(behind)), 0, -1)
    return begun + next((n for n in lengths if _agreeing(rest[:n], behind[-n:], is_same) == n), 0)


def _agreeing(rows: Sequence[Row], chain: Sequence[Version], is_same: Callable[[Row, Version], bool]) -> int:
    """How many rows are the versions at the same places, until the first that is not."""
    pairs = enumerate(zip(rows, chain, strict=False))
    return next((place for place, pair in pairs if not is_same(*pair)), min(len(rows), len(chain)))
