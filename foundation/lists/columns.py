"""The columns of a list, each declared once: its head, its cells, what rows are sorted by, its width in a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from foundation.excel.sheet import ColumnSpec, Value

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """`name` stands in addresses and templates; `value` is what a file holds.

    Rows are sorted by `key`, or by `value` where there is none. `order` are the fields that the database sorts by in
    any size: indexed, never empty, unique with the last of them. `is_fixed`: nobody can leave it out.
    """

    name: str
    head: str
    value: Callable[[Row], Value]
    spec: ColumnSpec
    key: Callable[[Row], Any] | None = None  # whatever can be compared
    order: Sequence[str] = ()
    is_fixed: bool = False

    def sorted_by(self, row: Row) -> Any:  # see `key`
        return self.value(row) if self.key is None else self.key(row)
