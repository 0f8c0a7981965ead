"""Columns no wider than what they hold, so that a sheet of many columns is still read when it is printed."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from foundation.excel.sheet import ColumnSpec, FormulaCell, Row, TotalRow, Value
from foundation.excel.text import display_width

LEAST = 4.5  # two Chinese characters of a header side by side
_BESIDE = 0.5  # numbers that do not fit are shown as ####
_DATE = 10


def fitted(columns: Sequence[ColumnSpec], rows: Sequence[Row]) -> list[ColumnSpec]:
    """The columns as wide as their numbers, dates and texts need. Texts wrap at the width given, numbers never."""
    needed = [LEAST] * len(columns)
    for row in rows:
        for index, value in _cells(row):
            needed[index] = max(needed[index], _room(value, columns[index].width))
    return [replace(column, width=width) for column, width in zip(columns, needed, strict=True)]


def _cells(row: Row) -> Iterator[tuple[int, Value]]:
    """The cells by column. The label of a total is left out: it is repeated words, and may wrap."""
    if isinstance(row, TotalRow):
        yield from row.sums.items()
        yield from row.cells.items()
    else:
        yield from enumerate(row)


def _room(value: Value, widest: float) -> float:
    if value is None or value == "":
        return 0
    if isinstance(value, str):
        return min(widest, max(display_width(line) for line in value.split("\n")) + 1)
    if isinstance(value, datetime.date):
        return _DATE + _BESIDE
    number = value.value if isinstance(value, FormulaCell) else value
    return len(f"{number:,.2f}" if isinstance(number, Decimal) else str(number)) + _BESIDE
