"""Where the head of a table is, and which column each of its cells names; it may take two rows under titles."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from foundation.excel.table import BadCell, Cell, Unreadable, shown

# An id number, whole or masked; no count is as long.
LONG_NUMBER = re.compile(r"(?=(?:.*\d){8})[\dX*]{14,19}", re.IGNORECASE)
_NOTE = re.compile(r"\((?:元|元/月|元每月|万元|户|人|必填|选填|可不填|单位:?元|年月日|年-月-日|如.*|18位|公历)\)$")
# What stands over several columns and says no more than their own names do. Under any other words a column may be
# somebody else's: the phone under 紧急联系人 is not the person's.
_NEUTRAL = frozenset(
    {
        *("待遇", "工资", "工资待遇", "报酬", "劳动报酬", "薪酬", "费用", "联系方式"),
        *("基本情况", "基本信息", "个人信息", "个人情况", "本人情况"),
        *("人员情况", "人员信息", "人员基本情况", "人员基本信息"),
        *("岗位", "岗位信息", "岗位情况", "任职情况", "任职信息", "上岗情况", "聘用情况", "在岗情况"),
        *("劳动合同", "合同", "合同情况", "劳动合同情况", "劳动合同信息", "合同信息", "签订合同情况"),
        *("单位", "所在单位", "工作单位", "所属单位", "所在地", "地区", "区划"),
        *("户籍", "户籍情况", "户数情况", "统计情况"),
    }
)


@dataclass(frozen=True)
class Column:
    """An expected column; `aliases` are other names it may go by in a file."""

    name: str
    required: bool = True
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Head:
    """`rows` are its numbers, one or two; of each cell across, `names` has the column it names or nothing, `shown`
    what is written there, and `written` the same by row, as `normal_name` writes it."""

    rows: tuple[int, ...]
    names: Sequence[str]
    shown: Sequence[str]
    written: Sequence[Sequence[str]]

    @property
    def known(self) -> set[str]:
        return {name for name in self.names if name}

    def has_all(self, columns: Iterable[Column]) -> bool:
        """Whether no required column is missing."""
        return {column.name for column in columns if column.required} <= self.known


def normal_name(text: str) -> str:
    """A header name for comparing: one width for every character, no white space, nothing invisible."""
    characters = unicodedata.normalize("NFKC", text)
    return "".join(c for c in characters if not c.isspace() and unicodedata.category(c) != "Cf")


def bare_name(name: str) -> str:
    """A normal name without what only describes the column: a mark before it, a unit or note in brackets behind it."""
    return _NOTE.sub("", name.lstrip("*※#").rstrip("*:"))


def find_head(top: Sequence[tuple[int, Sequence[Cell]]], columns: Sequence[Column]) -> Head | None:
    """Of the numbered rows at the top of a table the first, or two together, that name every required column; where
    none do, those that name the most. At least two columns are named, unless only one is expected.
    """
    heads = [head for head in _heads(top, _known(columns)) if len(head.known) >= min(2, len(columns))]
    whole = (head for head in heads if head.has_all(columns))
    return next(whole, None) or max(heads, key=lambda head: len(head.known), default=None)


def head_at(top: Sequence[tuple[int, Sequence[Cell]]], rows: Sequence[int], columns: Sequence[Column]) -> Head | None:
    """The head that these rows are together, from above; None where one of them is not among the rows at the top."""
    known = _known(columns)
    cells = dict(top)
    if not rows or not set(rows) <= set(cells):
        return None
    head = _single(rows[0], cells[rows[0]], known)
    for number in rows[1:]:
        lower = _single(number, cells[number], known)
        head = _joined(head, lower, list(_pairs(head.shown, cells[number])), known)
    return head


def _known(columns: Sequence[Column]) -> dict[str, str]:
    return {normal_name(name): column.name for column in columns for name in (column.name, *column.aliases)}


def _heads(top: Sequence[tuple[int, Sequence[Cell]]], known: Mapping[str, str]) -> Iterator[Head]:
    """Every row as a head; two together where they name more columns than the upper alone and no fewer than the lower.

    Where a name is merged over both, neither is a head alone.
    """
    singles = [_single(number, cells, known) for number, cells in top]
    below_merged = False
    for index, single in enumerate(singles):
        if below_merged:
            below_merged = False
            continue
        if index + 1 < len(top):
            following = singles[index + 1]
            pair = _joined(single, following, list(_pairs(top[index][1], top[index + 1][1])), known)
            below_merged = any(
                name and name == other for name, other in zip(single.names, following.names, strict=True)
            )
            if below_merged or (len(pair.known) > len(single.known) and len(pair.known) >= len(following.known)):
                yield pair
                continue
        yield single


def _single(number: int, cells: Sequence[Cell], known: Mapping[str, str]) -> Head:
    written = [normal_name(cell) if isinstance(cell, str) else "" for cell in cells]
    names = [known.get(_known_name(text, known), "") for text in written]
    return Head((number,), names, [_said(cell) for cell in cells], [written])


def _joined(upper: Head, lower: Head, pairs: Sequence[tuple[str, str]], known: Mapping[str, str]) -> Head:
    return Head(
        (*upper.rows, *lower.rows),
        [_name_of(above, below, known) for above, below in pairs],
        [f"{above} {below}".strip() for above, below in pairs],
        [*upper.written, *lower.written],
    )


def _pairs(upper: Sequence[Cell], lower: Sequence[Cell]) -> Iterator[tuple[str, str]]:
    """What two rows say of each column: the words of the group it is in, and its own."""
    group = ""
    for above, below in zip(upper, lower, strict=True):
        own, under = _said(above), _said(below)
        if own == under:
            group = ""
            yield own, ""
        elif own and under:
            group = own
            yield own, under
        elif own:
            group = ""
            yield own, ""
        else:
            yield group, under


def _name_of(upper: str, lower: str, known: Mapping[str, str]) -> str:
    first, second = normal_name(upper), normal_name(lower)
    joined = [first + second, bare_name(first) + second, bare_name(first) + bare_name(second)]
    if first and second and bare_name(first) in _NEUTRAL:
        joined.append(second)
    found = (known.get(_known_name(name, known), "") for name in joined)
    return next((name for name in found if name), "")


def _known_name(name: str, known: Mapping[str, str]) -> str:
    """The normal name as it is known; the bare one where only that is."""
    bare = bare_name(name)
    return bare if name not in known and bare in known else name


def _said(cell: Cell) -> str:
    return str(shown(cell)).strip() if not is_blank(cell) else ""


def is_blank(cell: Cell) -> bool:
    """Also what a merged area covers: whether that says something is asked where a value is read."""
    if isinstance(cell, BadCell):
        return cell.why is Unreadable.COVERED
    return cell is None or (isinstance(cell, str) and not cell.strip())
