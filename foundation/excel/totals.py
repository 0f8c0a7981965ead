"""Totals of a sheet: the formula over the data rows, and the proof that it gives the stored total."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from foundation.excel.sheet import FormulaCell, Row, Sheet, TotalRow, Value

Range = tuple[int, int]
"""First and last row number, both inclusive."""

LONGEST_FORMULA = 8192
MOST_ARGUMENTS = 255


class TableRow(NamedTuple):
    """A row of values as it is written."""

    values: Sequence[Value]
    is_total: bool


def table_rows(sheet: Sheet, first_row: int) -> Iterator[TableRow]:
    """Data rows and totals in order, when the first stands in `first_row`; every sum has become a formula."""
    width = len(sheet.columns)
    ranges: list[Range] = []
    start = first_row
    end = first_row - 1
    for end, row in enumerate(sheet.rows, first_row):
        if not isinstance(row, TotalRow):
            yield TableRow(row, False)
            continue
        group = [(start, end - 1)] if end > start else []
        ranges += group
        start = end + 1
        yield TableRow(_total_values(row, group, width), True)
    if end >= start:
        ranges.append((start, end))
    for row in sheet.totals:
        yield TableRow(_total_values(row, ranges, width), True)


def _total_values(total: TotalRow, ranges: Sequence[Range], width: int) -> list[Value]:
    values: list[Value] = [None] * width
    values[total.label_column] = total.label
    for column, stored in total.sums.items():
        values[column] = sum_cell(column, ranges, stored)
    for column, value in total.cells.items():
        values[column] = value
    return values


def sum_cell(column: int, ranges: Sequence[Range], value: Decimal | int) -> FormulaCell | Decimal | int:
    """The stored total as a SUM over the ranges; a plain number where there is nothing to sum."""
    if not ranges:
        return value
    letter = get_column_letter(column + 1)
    spans = [f"{letter}{first}:{letter}{last}" for first, last in ranges]
    groups = [spans[start : start + MOST_ARGUMENTS] for start in range(0, len(spans), MOST_ARGUMENTS)]
    formula = "+".join(f"SUM({','.join(group)})" for group in groups)
    if len(formula) >= LONGEST_FORMULA:
        raise ValueError(f"{len(spans)} subtotals are more than one formula can sum")
    return FormulaCell(formula, value)


def check_totals(rows: Sequence[Row], totals: Sequence[TotalRow]) -> None:
    """ValueError when a total or subtotal is not the sum of its data rows."""
    every: list[Sequence[Value]] = []
    group: list[Sequence[Value]] = []
    for row in rows:
        if isinstance(row, TotalRow):
            _check(row, group)
            group = []
        else:
            group.append(row)
            every.append(row)
    for row in totals:
        _check(row, every)


def _check(total: TotalRow, rows: Sequence[Sequence[Value]]) -> None:
    for column, stored in total.sums.items():
        found = sum((_number(row[column]) for row in rows), Decimal(0))
        if found != stored:
            raise ValueError(f"{total.label}: column {column} adds up to {found}, not to the stored {stored}")


def _number(value: Value) -> Decimal | int:
    if isinstance(value, FormulaCell):
        return value.value
    return value if isinstance(value, (Decimal, int)) else 0
