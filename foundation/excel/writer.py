"""The writer of printed sheets: the same input gives the same bytes, and text never becomes a formula."""

import datetime
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.worksheet import Worksheet

from foundation.excel.header_grid import LINE_HEIGHT, place, row_height
from foundation.excel.lines import Line, lines_above, lines_below
from foundation.excel.package import sealed
from foundation.excel.page import set_up_page
from foundation.excel.sheet import FormulaCell, Sheet, TotalRow, Value
from foundation.excel.styles import Pen, set_normal_font
from foundation.excel.text import clean_text, number_text, sheet_name
from foundation.excel.totals import TableRow, check_totals, table_rows


def write_workbook(
    sheets: Sequence[Sheet], *, created: datetime.datetime, creator: str = "", title: str = ""
) -> bytes:
    """An .xlsx of the sheets in order; `created` (aware) is the only time in it.

    ValueError for a row of the wrong width, money with more than two decimals or a total that is not the sum of its
    rows; TypeError for a float. Nothing is written then.
    """
    if created.tzinfo is None:
        raise ValueError("created must be aware of its time zone")
    for sheet in sheets:
        _check(sheet)
    moment = created.astimezone(datetime.UTC).replace(tzinfo=None, microsecond=0)
    book = Workbook(write_only=True)
    set_normal_font(book)
    book.properties.created = moment
    book.properties.creator = clean_text(creator)
    book.properties.title = clean_text(title)
    cached = [_write(book, sheet) for sheet in sheets]
    raw = io.BytesIO()
    book.save(raw)
    return sealed(raw.getvalue(), cached, moment)


def _check(sheet: Sheet) -> None:
    width = len(sheet.columns)
    for row in (*sheet.rows, *sheet.totals):
        if isinstance(row, TotalRow):
            if not all(0 <= column < width for column in (row.label_column, *row.sums, *row.cells)):
                raise ValueError(f"{row.label}: a column that the sheet does not have")
            values: Sequence[Value] = (*row.sums.values(), *row.cells.values())
        else:
            if len(row) != width:
                raise ValueError(f"a row of {len(row)} values on a sheet of {width} columns")
            values = row
        for value in values:
            number = value.value if isinstance(value, FormulaCell) else value
            if number is not None and not isinstance(number, (str, datetime.date)):
                number_text(number)
    check_totals(sheet.rows, sheet.totals)


def _write(book: Workbook, sheet: Sheet) -> list[str]:
    """Write the sheet from top to bottom; the values of its formulas in document order."""
    worksheet: WriteOnlyWorksheet = book.create_sheet(sheet_name(sheet.name))
    page = cast(Worksheet, worksheet)  # it borrows from Worksheet what is used of it here; the stubs do not say so
    pen = Pen(worksheet)
    above = list(lines_above(sheet))
    placed = place(sheet.header, len(sheet.columns))
    header_row = len(above) + 1
    set_up_page(page, sheet, placed, header_row)
    for line in above:
        worksheet.append(_line_cells(pen, line))
    for row in range(len(sheet.header)):
        texts = {item.column: item.cell.text for item in placed if item.row == row}
        worksheet.append(_header_cells(pen, texts, len(sheet.columns)))
    first_row = header_row + len(sheet.header)
    for number, values in enumerate(table_rows(sheet, first_row), first_row):
        if (height := row_height(values.values, sheet.columns)) > LINE_HEIGHT:
            page.row_dimensions[number].height = height
        worksheet.append(_value_cells(pen, sheet, number, values))
    for line in lines_below(sheet):
        worksheet.append(_line_cells(pen, line))
    worksheet.close()
    return pen.cached


# Each of these hands out its cells one by one: the pen uses a cell again as soon as it is written.


def _line_cells(pen: Pen, line: Line) -> Iterator[Cell | None]:
    for column in range(max(line, default=-1) + 1):
        if (words := line.get(column)) is None:
            yield None
        else:
            yield pen.text(words.text, align=words.align, size=words.size, bold=words.bold)


def _header_cells(pen: Pen, texts: Mapping[int, str], width: int) -> Iterator[Cell]:
    for column in range(width):
        yield pen.text(texts.get(column, ""), align="center", bold=True, boxed=True)


def _value_cells(pen: Pen, sheet: Sheet, number: int, row: TableRow) -> Iterator[Cell]:
    for value, column in zip(row.values, sheet.columns, strict=True):
        yield pen.value(value, number, column.align, bold=row.is_total)
