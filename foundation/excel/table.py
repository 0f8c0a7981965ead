"""What a reader returns: a table of plain cells, its limits and the one error for bad files."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from foundation.labels import Labelled

HEADER_ALLOWANCE = 15  # title and header rows allowed on top of the data rows


class SpreadsheetError(Exception):
    """The file cannot be used; the message is a Chinese sentence: what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class NumberCell:
    """A cell that holds a number: '1530.5', '12' (never '12.0'), so that no float is passed on."""

    text: str


class Unreadable(Labelled):
    """Why a cell has no value although it is not blank."""

    ERROR = "error", "公式出错"
    UNSAVED = "unsaved", "公式没有保存计算结果"
    COVERED = "covered", "被左边合并的单元格盖住"


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell of a workbook that is not blank and cannot be read; `error` is what Excel shows in it, such as #N/A."""

    why: Unreadable
    error: str = ""

    @property
    def shown(self) -> str:
        """In a copy of the sheet: text that is refused when the copy is read again."""
        return self.error or f"({self.why.label})"

    @property
    def sentence(self) -> str:
        """What is wrong, and after a semicolon what to do."""
        if self.why is Unreadable.ERROR:
            return f"单元格是错误值 {self.error};请改正公式,或直接填写内容"
        if self.why is Unreadable.UNSAVED:
            return "公式没有保存计算结果,读不出来;请在 Excel 或 WPS 中打开后保存一次,或直接填写内容"
        return "被左边合并的单元格盖住,看不出这一格填的是什么;请取消合并,分别填写"


Cell = str | NumberCell | BadCell | datetime.date | bool | None
"""A datetime appears only where the cell has a time of day; blank cells are None."""


def shown(cell: Cell) -> object:
    """What a reader of the sheet sees in the cell; None where it is blank."""
    if isinstance(cell, NumberCell):
        return cell.text
    return cell.shown if isinstance(cell, BadCell) else cell


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read. `rows` are data rows; title and header rows come on top."""

    file_bytes: int = 5 * 1024 * 1024
    unpacked_bytes: int = 60 * 1024 * 1024
    members: int = 500
    rows: int = 20_000
    columns: int = 60
    output_bytes: int = 32 * 1024 * 1024
    memory_bytes: int = 512 * 1024 * 1024
    cpu_seconds: int = 10
    wall_seconds: float = 20.0

    @property
    def last_row(self) -> int:
        return self.rows + HEADER_ALLOWANCE

    @property
    def megabytes(self) -> int:
        return self.file_bytes // (1024 * 1024)


@dataclass(frozen=True, slots=True)
class MergedArea:
    """Rows and first column as Excel numbers them, from 1."""

    first_row: int
    last_row: int
    column: int


@dataclass(frozen=True)
class Table:
    """Rows of equal width; `first_row` is the number Excel shows beside the first of them.

    `filled` are areas merged downwards, whose value each of their rows has (the first hundred); `hidden_rows` are the
    numbers of hidden or filtered rows, `hidden_columns` indexes in a row. They are read like the others.
    `remarks` are sentences on the file: what kind it is, which sheet was read. `sheet` is the name of that, `sheets`
    those of all that could be read; text has none.
    """

    rows: list[list[Cell]]
    first_row: int
    filled: Sequence[MergedArea] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()
    remarks: Sequence[str] = ()
    sheet: str = ""
    sheets: Sequence[str] = ()

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.rows) - 1

    def numbered(self) -> Iterator[tuple[int, list[Cell]]]:
        return enumerate(self.rows, self.first_row)


def check_size(size: int, limits: Limits) -> None:
    """SpreadsheetError for a file of no bytes or of too many."""
    if not size:
        raise SpreadsheetError("文件是空的(0 字节);请确认文件已保存,再重新上传。")
    if size > limits.file_bytes:
        raise SpreadsheetError(f"文件超过 {limits.megabytes} MB;请删除图片和无关的工作表,或分成几个文件上传。")


def table_of(numbered: Iterable[tuple[int, Sequence[Cell]]], limits: Limits) -> Table:
    """The rows with their numbers, blank ones at both ends dropped, padded to equal width.

    Only rows and columns with something in them count against the limits.
    """
    rows: list[list[Cell]] = []
    first_row = width = 0
    for number, cells in numbered:
        used = _used_width(cells)
        if not used:
            continue
        if number > limits.last_row:
            raise SpreadsheetError(
                f"第 {number} 行还有内容,一次最多 {limits.rows} 行数据;请分成几个文件上传。"
                "如果数据没有这么多,请删除数据区下方多余的行后另存。"
            )
        if used > limits.columns:
            raise SpreadsheetError(
                f"第 {number} 行有 {used} 列,最多 {limits.columns} 列;请删除数据区右侧多余的列后重新上传。"
            )
        first_row = first_row or number
        rows.extend([] for _ in range(number - first_row - len(rows)))
        rows.append(list(cells[:used]))
        width = max(width, used)
    if not rows:
        raise SpreadsheetError("表格里没有内容;请确认数据在第一个可见的工作表中,保存后重新上传。")
    for row in rows:
        row.extend([None] * (width - len(row)))
    return Table(rows, first_row)


def _used_width(cells: Sequence[Cell]) -> int:
    used = len(cells)
    while used and cells[used - 1] is None:
        used -= 1
    return used
