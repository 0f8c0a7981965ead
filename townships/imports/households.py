"""Reading household counts 户籍户数 from a table, and storing them."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from accounts.models import User
from foundation.excel.asides import About, Rows
from foundation.excel.header import Column, match_header
from foundation.excel.problems import Problem
from foundation.excel.reader import Cell, Table, read_any
from foundation.excel.values import date_of, text_of, whole_number_of
from townships.entries import HouseholdEntry, ImportRefusedError, Outcome
from townships.households import store_household_counts
from townships.imports.source import digest
from townships.models import GrassrootsUnit
from townships.places import PlaceError, Places, comparable

CODE, TOWNSHIP, UNIT = "区划代码", "镇乡(街道)", "村(社区)"
HOUSEHOLDS, RESIDENTS, COUNTED_ON, EFFECTIVE_FROM = "户籍户数", "户籍人口", "统计日期", "执行日期"
# Other heads of a column, as offices write them.
_HEADS = {
    CODE: "统计用区划代码 行政区划代码 代码 村代码",
    TOWNSHIP: "镇乡街道 镇街 乡镇 乡镇(街道) 镇(街道) 乡镇名称 镇名",
    UNIT: "村社区 村(居) 村居 行政村 村名 村 村(社区)名称 社区",
    HOUSEHOLDS: "户数 总户数 户籍总户数 户籍户数合计",
    RESIDENTS: "人口 总人口 户籍总人口 人口数",
    COUNTED_ON: "统计时间 统计时点",
    EFFECTIVE_FROM: "执行时间",
}
COLUMNS = tuple(
    Column(name, required=name in (HOUSEHOLDS, COUNTED_ON), aliases=tuple(heads.split()))
    for name, heads in _HEADS.items()
)
ABOUT = About(names=(CODE, UNIT), beforehand=(TOWNSHIP, COUNTED_ON, EFFECTIVE_FROM))
Value = TypeVar("Value")


def import_households(content: bytes, filename: str, *, actor: User | None, approved: bool) -> Outcome:
    """Store every count of the file, or none: ImportRefusedError with all problems.

    `approved` says that no run is approved yet; see `store_household_counts`.
    """
    entries, notes = read_households(read_any(content, filename, columns=COLUMNS), Places.of_county())
    outcome = store_household_counts(entries=entries, actor=actor, approved=approved, sha256=digest(content))
    outcome.notes += notes
    return outcome


def read_households(table: Table, places: Places) -> tuple[list[HouseholdEntry], list[str]]:
    """The counts of a table and notes on it; ImportRefusedError with all problems of all rows."""
    header = match_header(table, COLUMNS)
    problems = list(header.problems)
    if not problems and CODE not in header.positions and not {TOWNSHIP, UNIT} <= set(header.positions):
        problems.append(
            Problem(header.header_row, CODE, "没有区划代码列,也没有镇乡(街道)和村(社区)两列", "请补上其中一种")
        )
    if problems:
        raise ImportRefusedError(problems)
    entries: list[HouseholdEntry] = []
    first_rows: dict[tuple[int, date], int] = {}
    rows = Rows(table, header, ABOUT)
    for row, record in rows.records():
        entry = _Row(row, record, problems).entry(places)
        if entry is None:
            continue
        first = first_rows.setdefault((entry.unit_id, entry.effective_from), row)
        if first != row:
            name = places.units[entry.unit_id].name
            problems.append(
                Problem(row, UNIT, f"{name} {entry.effective_from} 起的户数与第 {first} 行重复", "请只保留一行")
            )
        entries.append(entry)
    if problems:
        raise ImportRefusedError(problems, [*header.remarks, *rows.sentences()])
    return entries, [*header.remarks, *rows.sentences()]


class _Row:
    """One row of the table: its cells by column, its problems added to the list given."""

    def __init__(self, row: int, cells: Mapping[str, Cell], problems: list[Problem]) -> None:
        self.row = row
        self.cells = cells
        self.problems = problems

    def entry(self, places: Places) -> HouseholdEntry | None:
        before = len(self.problems)
        unit = self._unit(places)
        households = self._value(HOUSEHOLDS, whole_number_of, needed="没有住户的填 0")
        residents = self._value(RESIDENTS, whole_number_of)
        counted_on = self._value(COUNTED_ON, date_of, needed="请填写日期,如 2009-01-01")
        effective_from = self._value(EFFECTIVE_FROM, date_of)
        if len(self.problems) > before or unit is None or households is None or counted_on is None:
            return None
        return HouseholdEntry(self.row, unit.pk, households, residents, counted_on, effective_from or counted_on)

    def _unit(self, places: Places) -> GrassrootsUnit | None:
        code, township_text, name = (self._value(column, text_of) for column in (CODE, TOWNSHIP, UNIT))
        try:
            township = places.township(township_text) if township_text else None
            if code:
                unit = places.unit(code, township=township)
                if name and comparable(name) not in (comparable(unit.name), unit.code):
                    self._refuse(UNIT, f"代码 {code} 是{unit.name},不是“{name}”", "请核对代码和名称")
                return unit
            if township is None or not name:
                self._refuse(CODE, "没有写明是哪个村(社区)", "请填区划代码,或镇乡(街道)和村(社区)的名称")
                return None
            return places.unit(name, township=township)
        except PlaceError as error:
            self._refuse(UNIT, error.message, error.advice)
            return None

    def _value(self, column: str, read: Callable[[Cell], Value | None], *, needed: str = "") -> Value | None:
        """The cell's value; a blank one is refused where `needed` says what to write."""
        try:
            value = read(self.cells.get(column))
        except ValueError as error:
            message, _, advice = str(error).partition(";")
            self._refuse(column, message, advice)
            return None
        if value is None and needed:
            self._refuse(column, "未填写", needed)
        return value

    def _refuse(self, column: str, message: str, advice: str) -> None:
        self.problems.append(Problem(self.row, column, message, advice))
