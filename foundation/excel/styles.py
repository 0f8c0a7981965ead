"""How cells look: one cell per look, used again for every value that looks alike."""

import datetime
from decimal import Decimal
from functools import cache

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from foundation.excel.sheet import Align, FormulaCell, Value
from foundation.excel.text import clean_text, number_text

MONEY, COUNT, DATE, GENERAL = "#,##0.00", "0", "yyyy-mm-dd", "General"
FONT, SIZE = "宋体", 10
LINE = Side(style="thin")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
RISKY = ("=", "+", "-", "@", "\t", "\n")  # editing such a text in Excel would make it a formula without quotePrefix


def set_normal_font(book: Workbook) -> None:
    """The font by which programs measure the width of columns is that of their text."""
    normal = Font(name=FONT, size=SIZE)
    book._fonts = IndexedList([normal])  # type: ignore[attr-defined]  # openpyxl has no public name for it
    book._named_styles["Normal"].font = normal  # type: ignore[attr-defined]  # nor for this one


class Pen:
    """Makes the cells of one worksheet. A cell is good until the next one of the same look is asked for.

    `cached` collects the values of the formulas in the order in which they are asked for.
    """

    def __init__(self, worksheet: WriteOnlyWorksheet) -> None:
        self.worksheet = worksheet
        self.cached: list[str] = []
        self._look = cache(self._new_look)

    def value(self, value: Value, row: int, align: Align | None, *, bold: bool = False) -> Cell:
        """A cell inside the box of the table; the kind of value decides its format."""
        if value is None or isinstance(value, str):
            return self.text(value or "", align=align or "left", bold=bold, boxed=True)
        if isinstance(value, datetime.date):
            cell = self._look(DATE, SIZE, bold, align or "center", True, False)
            cell.value = datetime.date(value.year, value.month, value.day)
            return cell
        number = value.value if isinstance(value, FormulaCell) else value
        form = MONEY if isinstance(number, Decimal) else COUNT
        cell = self._look(form, SIZE, bold, align or "right", True, False)
        if isinstance(value, FormulaCell):
            cell.value = "=" + value.formula.format(row=row)
            self.cached.append(number_text(number))
        else:
            cell.value = number_text(value)
            cell.data_type = "n"
        return cell

    def text(self, text: str, *, align: Align, size: int = SIZE, bold: bool = False, boxed: bool = False) -> Cell:
        """A cell that stays text whatever it begins with."""
        text = clean_text(text)
        cell = self._look(GENERAL, size, bold, align, boxed, text.startswith(RISKY))
        cell.value = text or None
        cell.data_type = "s" if text else "n"
        return cell

    def _new_look(self, form: str, size: int, bold: bool, align: Align, boxed: bool, quoted: bool) -> Cell:
        cell = WriteOnlyCell(self.worksheet)
        cell.number_format = form
        cell.font = Font(name=FONT, size=size, bold=bold)
        cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=boxed)
        if boxed:
            cell.border = BOX
        if quoted:
            cell.quotePrefix = True
        return cell
