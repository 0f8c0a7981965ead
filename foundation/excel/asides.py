"""Rows below a head that are about nobody: totals, notes, signatures, heads again, rows filled in beforehand.

They are set aside and told. A row with an id number, or with a name and anything else, never is.
"""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from foundation.excel.header import HeaderMatch
from foundation.excel.heads import LONG_NUMBER, is_blank, normal_name
from foundation.excel.table import BadCell, Cell, NumberCell, Table
from foundation.labels import Labelled

_TOTAL = re.compile(
    r"[^,。;:]{0,12}(?:合计|小计|总计|共计|累计)(?:数|人数|金额)?(?:\(.*\)|[::]?共?[\d,.]*[人名个户元]*)"
)
_COUNT = re.compile(r"共?\d{1,6}(?:\.\d+)?(?:个|个?(?:人|名|户|村|行政村|社区|单位))?")
_NOTE = re.compile(
    r"\(?(?:注|备注|说明|填表说明|填写说明|附注|注意|注意事项)(?:[\d一二三四五六七八九十]{0,2}[:.、)].*|)", re.DOTALL
)
_NEXT_NOTE = re.compile(r"(?:\(?[\d一二三四五六七八九十]{1,2}[.、)]|[①-⑳]).*", re.DOTALL)
_SENTENCE = re.compile(r"(?=.{15}).*[,。;:].*", re.DOTALL)
_SIGNER = (
    r"(?:单位|部门|主管|分管|主要|村|社区|街道|镇|乡)*"
    r"(?:填表|制表|填报|经办|审核|复核|审批|审批|负责|联系|领导|签字|签名|盖章)(?:人|者|单位|部门|日期|时间|电话|领导)?"
)
_SIGNATURE = re.compile(
    rf"{_SIGNER}(?:\((?:签字|签名|盖章|签章|公章)\))?:.*|(?:{_SIGNER}|单位)\((?:签字|签名|盖章|签章|公章)\):?.*"
)
_DAY = re.compile(r"\d{4}[-年./].*|年月日?")
_ORDINALS = frozenset({"", "序号", "编号", "序", "号", "顺序号", "NO", "NO.", "No", "No.", "no"})
_MOST_SPANS = 10


class Aside(Labelled):
    """What a row is taken for that is set aside."""

    HEAD = "head", "重复的表头或标题"
    NUMBERS = "numbers", "列的编号"
    TOTAL = "total", "合计"
    NOTE = "note", "说明"
    SIGNATURE = "signature", "填表人、负责人等签名"
    BEFOREHAND = "beforehand", "预先编好号或填好、还没有填人的空行"


@dataclass(frozen=True)
class About:
    """`names` are the columns that say whom or what a row is about; `beforehand` those that are often filled in before
    anybody is, and so say nothing alone."""

    names: Sequence[str]
    beforehand: Sequence[str]


class Rows:
    """The rows below a head; while they are gone through, those that are about nobody are set aside."""

    def __init__(self, table: Table, header: HeaderMatch, about: About) -> None:
        self.table = table
        self.header = header
        self.aside: dict[Aside, list[int]] = defaultdict(list)
        self._name_columns = [header.positions[name] for name in about.names if name in header.positions]
        self._column_at = {position: name for name, position in header.positions.items()}
        self._beforehand = frozenset(about.beforehand)
        self._leading = frozenset((*about.names, *about.beforehand))
        self._first_of_heads = [self._first_named(written) for written in header.written]
        self._titles = {_said(cells) for number, cells in table.numbered() if number < header.header_row}
        self._before: Aside | None = None

    def records(self) -> Iterator[tuple[int, dict[str, Cell]]]:
        """Row number and cells by column name of each row about somebody."""
        for number, cells in self.table.numbered():
            if number <= self.header.header_row:
                continue
            if not self._is_named(cells) and (kind := self._kind_of(cells)) is not None:
                self.aside[kind].append(number)
                self._before = kind
                continue
            if (record := self.header.record(cells)) is not None:
                yield number, record

    def sentences(self) -> list[str]:
        """What was set aside, by kind."""
        return [f"第 {_spans(self.aside[kind])} 行看来是{kind.label},未导入。" for kind in Aside if self.aside[kind]]

    def _is_named(self, cells: Sequence[Cell]) -> bool:
        """Whether somebody is named, in a row that neither begins with who signs nor is a head."""
        if not any(_is_name(cells[column]) for column in self._name_columns):
            return False
        first = next((cell for cell in cells if not is_blank(cell)), None)
        return not (isinstance(first, str) and _SIGNATURE.fullmatch(normal_name(first))) and not self._is_head(cells)

    def _first_named(self, written: Sequence[str]) -> tuple[int, str]:
        """A cell of a row of the head by which one like it is found soon: of a known column, if it has any."""
        named = [(column, text) for column, text in enumerate(written) if text]
        return next((cell for cell in named if cell[0] in self._column_at), named[0])

    def _is_head(self, cells: Sequence[Cell]) -> bool:
        for (column, text), written in zip(self._first_of_heads, self.header.written, strict=True):
            cell = cells[column]
            if isinstance(cell, str) and normal_name(cell) == text:
                said = _said(cells)
                if len(said) > 1 and all(written[position] == words for position, words in said):
                    return True
        return False

    def _kind_of(self, cells: Sequence[Cell]) -> Aside | None:
        said = _said(cells)
        texts = [text for _, text in said]
        if not said or any(LONG_NUMBER.fullmatch(text) for text in texts):
            return None
        if said in self._titles or self._is_head(cells):
            return Aside.HEAD
        if len(texts) > 2 and texts == [str(number) for number in range(1, len(texts) + 1)]:
            return Aside.NUMBERS
        if self._is_signature(texts):
            return Aside.SIGNATURE
        if any(_TOTAL.fullmatch(text) for column, text in said if self._may_lead(column)):
            return Aside.TOTAL
        if any(isinstance(cells[column], BadCell) and not is_blank(cells[column]) for column in self._name_columns):
            return None
        if self._is_note(texts):
            return Aside.NOTE
        return Aside.BEFOREHAND if all(self._is_beforehand(column, text) for column, text in said) else None

    def _may_lead(self, column: int) -> bool:
        """Whether the words of a total may stand there: in a note or a wage they say something else."""
        return self._column_at.get(column) in {None, *self._leading}

    @staticmethod
    def _is_signature(texts: Sequence[str]) -> bool:
        if _SIGNATURE.fullmatch(texts[0]):
            return True
        signed = [text for text in texts if not _DAY.fullmatch(text)]
        return bool(signed) and all(_SIGNATURE.fullmatch(text) for text in signed)

    def _is_note(self, texts: Sequence[str]) -> bool:
        if len(texts) > 1:
            return False
        follows = self._before is Aside.NOTE and _NEXT_NOTE.fullmatch(texts[0])
        return bool(follows or _NOTE.fullmatch(texts[0]) or _SENTENCE.fullmatch(texts[0]))

    def _is_beforehand(self, column: int, text: str) -> bool:
        name = self._column_at.get(column)
        if name is not None:
            return name in self._beforehand
        heads = {written[column] for written in self.header.written}
        return text.isdecimal() and heads <= _ORDINALS


def _is_name(cell: Cell) -> bool:
    """Whether a cell may name somebody: neither a count nor the words of a total or a note."""
    if is_blank(cell) or isinstance(cell, BadCell):
        return False
    if not isinstance(cell, (str, NumberCell)):
        return True
    text = normal_name(cell if isinstance(cell, str) else cell.text)
    return not any(kind.fullmatch(text) for kind in (_COUNT, _TOTAL, _NOTE, _SIGNATURE, _SENTENCE))


def _said(cells: Sequence[Cell]) -> tuple[tuple[int, str], ...]:
    """The cells that are not blank, as compared."""
    return tuple((column, _text(cell)) for column, cell in enumerate(cells) if not is_blank(cell))


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return normal_name(cell)
    if isinstance(cell, NumberCell):
        return cell.text
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return cell.shown if isinstance(cell, BadCell) else str(cell)


def _spans(numbers: Sequence[int]) -> str:
    """3、5–30; of many the first."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    told = "、".join(str(first) if first == last else f"{first}–{last}" for first, last in spans[:_MOST_SPANS])
    return told + (f" 等 {len(numbers)}" if len(spans) > _MOST_SPANS else "")
