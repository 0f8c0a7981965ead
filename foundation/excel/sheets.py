"""Which sheet of a workbook is read: the one whose head is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from foundation.excel.heads import Head
from foundation.excel.problems import shortened
from foundation.excel.table import SpreadsheetError


class SeveralSheetsError(SpreadsheetError):
    """Several sheets may be meant; `sheets` are their names with how many rows are below the head of each."""

    def __init__(self, message: str, sheets: Sequence[tuple[str, int]]) -> None:
        super().__init__(message)
        self.sheets = sheets


LEAVE_ONE = "请只留要导入的一张(其余的删除或隐藏),或把它们合并到一张,再上传。"


@dataclass(frozen=True)
class SheetFound:
    """A visible sheet with something in it. `place` is where its rows begin in what the child wrote.

    `head` None: none is known in it; `is_complete`: no required column is missing.
    """

    opening: dict[str, Any]
    place: int
    head: Head | None = None
    is_complete: bool = False

    @property
    def title(self) -> str:
        return str(self.opening["sheet"])

    @property
    def name(self) -> str:
        return f"「{shortened(self.title)}」"

    @property
    def rows_below(self) -> int:
        """How many rows there are below the head."""
        last_row = int(self.opening["first_row"]) + int(self.opening["rows"]) - 1
        return last_row - self.head.rows[-1] if self.head is not None else 0


def choose(sheets: Sequence[SheetFound], wanted: str = "") -> SheetFound:
    """The one that is `wanted` by name; or else the one with the whole head, or most of it, and rows below, the first
    where none has a head. SeveralSheetsError where it cannot be told."""
    if named := [sheet for sheet in sheets if sheet.title == wanted and "unusable" not in sheet.opening]:
        return named[0]
    of_people = [sheet for sheet in sheets if sheet.head is not None]
    complete = [sheet for sheet in of_people if sheet.is_complete]
    filled = [sheet for sheet in complete if sheet.rows_below]
    if len(filled) > 1:
        listed = "、".join(f"{sheet.name}({sheet.rows_below} 行)" for sheet in filled)
        raise SeveralSheetsError(
            f"有 {len(filled)} 张工作表的表头都对得上:{listed},看不出该读哪一张;{LEAVE_ONE}", _counted(filled)
        )
    if filled and (doubtful := _nearly_as_good(sheets, filled[0])):
        raise SeveralSheetsError(
            f"工作表{filled[0].name}的表头齐全,前面的{doubtful[0].name}也像这种表,只是表头缺了几列,看不出该读哪一张;"
            f"{LEAVE_ONE}",
            _counted([*doubtful, filled[0]]),
        )
    usable = [sheet for sheet in sheets if "unusable" not in sheet.opening]
    chosen = (*filled, *complete, *of_people, *usable)
    if not chosen:
        raise SpreadsheetError(str(sheets[0].opening["unusable"]))
    if not of_people and "unusable" in sheets[0].opening:
        raise SpreadsheetError(str(sheets[0].opening["unusable"]))
    return chosen[0]


def _counted(sheets: Sequence[SheetFound]) -> list[tuple[str, int]]:
    return [(sheet.title, sheet.rows_below) for sheet in sheets]


def _nearly_as_good(sheets: Sequence[SheetFound], chosen: SheetFound) -> list[SheetFound]:
    """Sheets before the chosen one that have half of its head at least: one of them may be meant."""
    before = sheets[: sheets.index(chosen)]
    assert chosen.head is not None  # noqa: S101  # it is a complete one
    half = len(chosen.head.known) / 2
    return [sheet for sheet in before if sheet.head is not None and sheet.rows_below and len(sheet.head.known) >= half]


def unread(sheets: Sequence[SheetFound], chosen: SheetFound) -> list[str]:
    """That there are other sheets, which are not read."""
    others = [sheet.name for sheet in sheets if sheet is not chosen]
    if not others:
        return []
    more = f"等 {len(others)} 张" if len(others) > 5 else ""
    return [f"读的是工作表{chosen.name},没有读{'、'.join(others[:5])}{more}。"]
