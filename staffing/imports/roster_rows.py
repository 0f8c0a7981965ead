"""Typed rows of a roster: every cell read and checked by itself, every problem of every row collected."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from foundation.excel.problems import Problem, shortened
from foundation.excel.reader import Cell, NumberCell
from foundation.excel.values import EXACT_DIGITS, date_of, money_of, text_of
from foundation.unseen import without_unseen
from staffing.entries import ContractEntry, RosterEntry, WageEntry
from staffing.enums import Education, Position
from staffing.imports import roster_layout as layout
from staffing.models import Contract, Person, Posting, RecruitmentRound
from staffing.national_id import NationalId, NationalIdError, check
from staffing.written_names import written_name
from townships.enums import UnitKind
from townships.models import GrassrootsUnit, Township
from townships.places import PlaceError, Places, comparable

Value = TypeVar("Value")
MOST_PROBLEMS = 50_000  # no file of people has as many: from here on it is the wrong file, and work for nothing
_PHONE_LENGTH = 30
# Where 「/」 or 无 says that there is nothing to say. What a person can or cannot do is no such column.
_OPTIONAL = {
    *(layout.UNIT, layout.EDUCATION, layout.FULL_TIME, layout.ENDED_ON, layout.END_REASON, layout.PHONE, layout.NOTE),
    *(layout.CONTRACT_NUMBER, layout.CONTRACT_START, layout.CONTRACT_END, layout.CONTRACT_KIND, layout.EMPLOYER),
    *(layout.WAGE, layout.INSURANCE, layout.HOUSING_FUND, layout.SOURCE, layout.NOTICE),
}
_SHOWN_WORDS = 8


def read_rows(
    records: Iterable[tuple[int, dict[str, Cell]]], places: Places, *, today: date, only_township: int | None
) -> tuple[list[RosterEntry], list[Problem]]:
    """Of numbered rows the ones without problems, in their order, and the problems of the others.

    A row of another township than `only_township` is a problem; None: the whole county is in reach. After
    MOST_PROBLEMS a last one says from which row on nothing was looked at.
    """
    entries: list[RosterEntry] = []
    problems: list[Problem] = []
    positions = layout.positions_by_word()
    for row, record in records:
        if len(problems) >= MOST_PROBLEMS:
            problems.append(_too_many(len(problems), row))
            break
        entry = _Row(row, record, places, positions, today, only_township).entry(problems)
        if entry is not None:
            entries.append(entry)
    return entries, problems


def _too_many(count: int, row: int) -> Problem:
    message = f"问题太多:已有 {count} 处,从第 {row} 行起没有再核对"
    return Problem(None, "", message, "很可能有几列填错了位置;请先改正已列出的,再重新上传")


class _Row:
    """One row while it is read; a column that the file lacks reads as blank."""

    def __init__(
        self,
        row: int,
        cells: Mapping[str, Cell],
        places: Places,
        positions: Mapping[str, Position],
        today: date,
        only_township: int | None,
    ) -> None:
        self.row = row
        self.cells = cells
        self.places = places
        self.positions = positions
        self.today = today
        self.only_township = only_township
        self.problems: list[Problem] = []
        self.unit_error: PlaceError | None = None

    def entry(self, problems: list[Problem]) -> RosterEntry | None:
        township, unit = self._places()
        position = self._position(unit)
        unit_id = self._unit_of(position, unit)
        name = self._name()
        national_id = self._national_id(position)
        started_on, ended_on = self._period()
        values: dict[str, Any] = {  # the rest of the entry, by its field names
            "education": self._education(),
            "has_computer_skill": self._word(layout.COMPUTER_SKILL, layout.COMPUTER_SKILLS),
            "is_full_time": self._word(layout.FULL_TIME, layout.FULL_TIMES),
            "phone": comparable(self._text(layout.PHONE, _PHONE_LENGTH)),
            "end_reason": self._text(layout.END_REASON, _length(Posting, "end_reason")),
            "source": comparable(self._text(layout.SOURCE)),
            "notice": self._text(layout.NOTICE, _length(RecruitmentRound, "notice_title")),
            "asks_for_recruitment": layout.SOURCE in self.cells or layout.NOTICE in self.cells,
            "note": self._text(layout.NOTE, _length(Posting, "note")),
            "contract": self._contract(),
            "wage": self._wage(),
        }
        problems += self.problems
        if self.problems or position is None or township is None or started_on is None:
            return None
        return RosterEntry(
            row=self.row,
            township_id=township.pk,
            unit_id=unit_id,
            position=position,
            name=name,
            national_id=national_id,
            started_on=started_on,
            ended_on=ended_on,
            says_end=layout.ENDED_ON in self.cells,
            **values,
        )

    def _places(self) -> tuple[Township | None, GrassrootsUnit | None]:
        """Township and unit as far as the row names them rightly."""
        township_text, unit_text = self._text(layout.TOWNSHIP), self._text(layout.UNIT)
        if not township_text:
            self._ask_for(layout.TOWNSHIP, "请填写镇乡(街道)的名称或代码")
            return None, None
        try:
            township = self._within_reach(self.places.township(township_text))
        except PlaceError as error:
            self._refuse(layout.TOWNSHIP, error.message, error.advice)
            return None, None
        if not unit_text:
            return township, None
        try:
            return township, self.places.unit(unit_text, township=township)
        except PlaceError as error:
            self.unit_error = error
            return township, None

    def _position(self, unit: GrassrootsUnit | None) -> Position | None:
        """What the word says; 协管员 alone is the coordinator that the unit has."""
        if unit is not None and self._says(layout.POSITION, layout.COORDINATOR):
            is_community = unit.kind == UnitKind.COMMUNITY
            return Position.COMMUNITY_COORDINATOR if is_community else Position.VILLAGE_COORDINATOR
        return self._word(layout.POSITION, self.positions, needed=True)

    def _unit_of(self, position: Position | None, unit: GrassrootsUnit | None) -> int | None:
        """The unit where the position has one; a problem where the row names one too many or too few."""
        if position is None or self._is_refused(layout.UNIT):
            return None
        unit_text = self._text(layout.UNIT)
        if not position.has_unit:
            if unit_text:
                self._refuse(
                    layout.UNIT,
                    f"{position.label}不属于村(社区),却填了“{shortened(unit_text)}”",
                    "请清空,或改正岗位类别",
                )
            return None
        if not unit_text:
            self._ask_for(layout.UNIT, "请填写村(社区)的名称或代码", f"{position.label}没有填写村(社区)")
        elif self.unit_error is not None:
            self._refuse(layout.UNIT, self.unit_error.message, self.unit_error.advice)
        return None if unit is None else unit.pk

    def _within_reach(self, township: Township) -> Township:
        if self.only_township in (None, township.pk):
            return township
        own = self.places.townships[self.only_township].name
        raise PlaceError(f"{township.name}不是您所在的{own}", f"您只能导入{own}的人员,请删去这一行或改正镇乡(街道)")

    def _name(self) -> str:
        text = self._text(layout.NAME, _length(Person, "name"))
        try:
            name = written_name(text)
        except ValueError as error:
            message, _, advice = str(error).partition(";")
            self._refuse(layout.NAME, message, advice)
            return ""
        if not name:
            self._ask_for(layout.NAME, "请填写姓名")
        return name

    def _education(self) -> Education | None:
        cell = self.cells.get(layout.EDUCATION)
        level = layout.education_of(comparable(cell)) if isinstance(cell, str) else None
        return level or self._word(layout.EDUCATION, layout.EDUCATIONS)

    def _national_id(self, position: Position | None) -> NationalId | None:
        cell = self.cells.get(layout.NATIONAL_ID)
        if isinstance(cell, NumberCell) and len(cell.text) > EXACT_DIGITS:
            self._refuse(layout.NATIONAL_ID, "身份证号是按数字保存的,末几位已丢失", "请把该列设为文本,再重新填写")
            return None
        text = self._text(layout.NATIONAL_ID)
        if not text:
            if position is not Position.PLATFORM_STAFF:
                self._ask_for(layout.NATIONAL_ID, "请填写 18 位身份证号(只有平台工作人员可以不填)")
            return None
        try:
            return check(text, today=self.today)
        except NationalIdError as error:
            self._refuse(layout.NATIONAL_ID, error.message, "请与本人身份证核对")
            return None

    def _period(self) -> tuple[date | None, date | None]:
        started_on = self._value(layout.STARTED_ON, date_of)
        if started_on is None:
            self._ask_for(layout.STARTED_ON, "请填写日期,如 2009-06-01")
        ended_on = self._date_unless(layout.ENDED_ON, layout.STILL_ON_POST)
        if started_on is not None and ended_on is not None and ended_on < started_on:
            self._refuse(
                layout.ENDED_ON, f"离岗日期 {ended_on} 早于到岗日期 {started_on}", "离岗日期是在岗的最后一天,请核对"
            )
        return started_on, ended_on

    def _contract(self) -> ContractEntry | None:
        number = self._text(layout.CONTRACT_NUMBER, _length(Contract, "number"))
        started_on = self._value(layout.CONTRACT_START, date_of)
        is_open_ended = self._says(layout.CONTRACT_END, layout.OPEN_ENDED)
        ended_on = self._date_unless(layout.CONTRACT_END, layout.OPEN_ENDED)
        kind = self._word(layout.CONTRACT_KIND, layout.CONTRACT_KINDS)
        employer = self._text(layout.EMPLOYER, _length(Contract, "employer"))
        if started_on is not None and ended_on is not None and ended_on < started_on:
            self._refuse(layout.CONTRACT_END, f"合同终止 {ended_on} 早于合同起始 {started_on}", "请核对合同")
        if not (number or started_on or ended_on or is_open_ended or kind or employer):
            return None
        return ContractEntry(number, started_on, ended_on, is_open_ended, kind, employer)

    def _wage(self) -> WageEntry | None:
        parts = [self._value(column, money_of) for column in (layout.WAGE, layout.INSURANCE, layout.HOUSING_FUND)]
        return None if parts == [None, None, None] else WageEntry(*parts)

    def _text(self, column: str, length: int = 100) -> str:
        text = self._value(column, text_of) or ""
        if len(text) > length:
            self._refuse(column, f"超过 {length} 个字", "请缩短")
        return text[:length]

    def _word(self, column: str, words: Mapping[str, Value], *, needed: bool = False) -> Value | None:
        text = self._text(column)
        if not text:
            if needed:
                self._ask_for(column, f"请填写 {'、'.join(words)} 之一")
            return None
        value = words.get(comparable(text))
        if value is None:
            self._refuse(
                column, f"“{shortened(text)}”无法识别", f"请填写 {'、'.join(list(words)[:_SHOWN_WORDS])} 之一"
            )
        return value

    def _date_unless(self, column: str, words: frozenset[str]) -> date | None:
        return None if self._says(column, words) else self._value(column, date_of)

    def _says(self, column: str, words: frozenset[str]) -> bool:
        cell = self.cells.get(column)
        return isinstance(cell, str) and comparable(without_unseen(cell)) in words

    def _value(self, column: str, read: Callable[[Cell], Value]) -> Value | None:
        cell = self.cells.get(column)
        if column in _OPTIONAL and isinstance(cell, str) and comparable(cell) in layout.NOTHING:
            cell = None
        try:
            return read(cell)
        except ValueError as error:
            message, _, advice = str(error).partition(";")
            self._refuse(column, message, advice)
            return None

    def _ask_for(self, column: str, advice: str, message: str = "未填写") -> None:
        """Refuse a blank cell; one that could not be read has been refused for that."""
        if not self._is_refused(column):
            self._refuse(column, message, advice)

    def _is_refused(self, column: str) -> bool:
        return any(problem.column == column for problem in self.problems)

    def _refuse(self, column: str, message: str, advice: str) -> None:
        self.problems.append(Problem(self.row, column, message, advice))


def _length(model: type[Person | Posting | Contract | RecruitmentRound], name: str) -> int:
    field = model._meta.get_field(name)
    return getattr(field, "max_length", None) or 0
