"""What a sheet to be printed is made of: plain values, no cell, no style, no file."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class FormulaCell:
    """A formula without '='; `{row}` is its own row: FormulaCell("E{row}+F{row}", Decimal("3.00")).

    `value` is what is stored: it is kept in the file beside the formula and shown until something recalculates.
    """

    formula: str
    value: Decimal | int


Value = str | int | Decimal | datetime.date | FormulaCell | None
"""Decimal is money: written with exactly two decimals. There is no float."""


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """A header over `columns` columns and `rows` header rows; the cells it covers are not listed again."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """`width` in characters; `align` None: by kind of value (text left, numbers right, dates centred)."""

    width: float
    align: Align | None = None


@dataclass(frozen=True)
class TotalRow:
    """A row of sums, by column index, each the stored total of the data rows above.

    The cell is a SUM over these rows with the total as its cached value; a total that is not their sum is an error.
    `cells` are further values of the row, such as 大写 or figures that are no sum. The label stands in `label_column`.
    """

    label: str
    sums: Mapping[int, Decimal | int]
    cells: Mapping[int, Value] = field(default_factory=dict)
    label_column: int = 0


Row = Sequence[Value] | TotalRow


@dataclass(frozen=True)
class Sheet:
    """One printed sheet: title, banner (送审稿 …), notes, header, rows, totals, footer lines and sign line.

    A TotalRow among `rows` sums the data rows since the one before it; those in `totals` sum all data rows.
    `unit` stands at the right of the last note. The last header row is the one that filters and freezing go by.
    """

    name: str
    title: str
    header: Sequence[Sequence[HeaderCell]]
    columns: Sequence[ColumnSpec]
    rows: Sequence[Row]
    totals: Sequence[TotalRow] = ()
    notes: Sequence[str] = ()
    unit: str = "单位:元"
    banner: str = ""
    footer: Sequence[str] = ()
    signs: Sequence[str] = ()
