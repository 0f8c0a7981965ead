"""What differs between two sets of rows: which rows, in which columns, and both values in words. Pure."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

K = TypeVar("K", bound=Hashable)
R = TypeVar("R")

# Stands for a value that is not there.
NOTHING = "无"


class Column(NamedTuple):
    """What a column is called, and how a value of it reads."""

    label: str
    words: Callable[[Any], str] = str


class Difference(NamedTuple):
    """One column whose two values differ, both in words."""

    label: str
    before: str
    after: str

    def __str__(self) -> str:
        """月工资 1,500.00 → 1,600.00"""
        return f"{self.label} {self.before} → {self.after}"


def differing_rows(
    before: Mapping[K, R], after: Mapping[K, R], *, new_first: bool = False
) -> Iterator[tuple[K, R | None, R | None]]:
    """Key, row before and row after of every row that only one of both has, or that is not the same in both.

    In the order of `before`, then of what only `after` has; with `new_first` the other way round.
    """
    for key in {**after, **before} if new_first else {**before, **after}:
        old, new = before.get(key), after.get(key)
        if old != new:
            yield key, old, new


def differing_columns(
    before: Mapping[str, Any], after: Mapping[str, Any], columns: Mapping[str, Column]
) -> Iterator[Difference]:
    """What two rows that have all of `columns` say otherwise, in the order of `columns`."""
    for name, column in columns.items():
        old, new = before[name], after[name]
        if old != new:
            yield Difference(column.label, _in_words(old, column), _in_words(new, column))


def differing_labels(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    """The same of rows that hold words by their labels; either may lack a label of the other."""
    absent = dict.fromkeys((*before, *after))
    return differing_columns({**absent, **before}, {**absent, **after}, {label: Column(label) for label in absent})


def _in_words(value: Any, column: Column) -> str:
    """A value without words, like an empty set of days, reads as one that is not there."""
    return NOTHING if value is None or value == "" else column.words(value) or NOTHING
