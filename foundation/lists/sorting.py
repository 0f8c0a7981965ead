"""In which order the rows of a list stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic

from foundation.lists.columns import Column, Row

# A list of more rows is not sorted in memory.
MOST_SORTED = 5000


@dataclass(frozen=True, slots=True)
class Sorting(Generic[Row]):
    """By a column; without one in the usual order of the list."""

    column: Column[Row] | None = None
    is_descending: bool = False

    def within(self, number: int) -> "Sorting[Row]":
        """As a list of so many rows can be sorted: in the usual order where there are too many for this column."""
        return self if self.column is None or is_sortable(self.column, number) else USUAL

    def applied(self, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows, given in the usual order, which equal ones keep; those without a value come last both ways."""
        column = self.column
        if column is None:
            return rows
        keys = [column.sorted_by(row) for row in rows]
        filled = [place for place, key in enumerate(keys) if key is not None and key != ""]
        empty = [place for place, key in enumerate(keys) if key is None or key == ""]
        filled.sort(key=keys.__getitem__, reverse=self.is_descending)
        return [rows[place] for place in (*filled, *empty)]


USUAL: Sorting[Any] = Sorting()  # of rows of any kind


def is_sortable(column: Column[Row], number: int) -> bool:
    """Whether a list of so many rows can be sorted by the column."""
    return bool(column.order) or number <= MOST_SORTED
