"""Which column of an uploaded table is which: its header row matched with the expected names."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from foundation.excel.problems import Problem, shortened
from foundation.excel.table import HEADER_ALLOWANCE, BadCell, Cell, Limits, Table, Unreadable, shown

_MOST_SAID = 5
_NOTE = re.compile(r"\((?:元|元/月|元每月|万元|户|人|必填|选填|可不填|单位:?元|年月日|年-月-日|如.*|18位|公历)\)$")
OWN_COLUMN = "问题"  # what we add to a file that we mark up: no column of the reader's, and not worth a remark


@dataclass(frozen=True)
class Column:
    """An expected column; `aliases` are other names it may go by in a file."""

    name: str
    required: bool = True
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class HeaderMatch:
    """`positions` maps the name of each column found to its index in a row of the table.

    `header_row` is the row number Excel shows, 0 when no header was found.
    A table whose match has `problems` is not to be used. `remarks` are sentences on what a reader of the file may
    not expect: unknown columns, merged cells among the data, formulas without a value.
    """

    header_row: int
    positions: dict[str, int] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    missing_optional: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def records(self, table: Table) -> Iterator[tuple[int, dict[str, Cell]]]:
        """Row number and cells by column name of each row below the header; blank rows are left out."""
        for number, cells in table.numbered():
            record = {name: cells[position] for name, position in self.positions.items()}
            if number > self.header_row and any(not _is_blank(cell) for cell in record.values()):
                yield number, record


def normal_name(text: str) -> str:
    """A header name for comparing: one width for every character, no white space, nothing invisible."""
    characters = unicodedata.normalize("NFKC", text)
    return "".join(c for c in characters if not c.isspace() and unicodedata.category(c) != "Cf")


def bare_name(name: str) -> str:
    """A normal name without what only describes the column: a mark before it, a unit or note in brackets behind it."""
    return _NOTE.sub("", name.lstrip("*※#").rstrip("*:"))


def match_header(table: Table, columns: Sequence[Column]) -> HeaderMatch:
    """Find the header within the first ten rows (titles may precede it) and match it with `columns`.

    The header is the first row with at least two known names (one, where only one column is expected).
    """
    known = {normal_name(name): column.name for column in columns for name in (column.name, *column.aliases)}
    wanted = min(2, len(columns))
    for number, cells in table.numbered():
        if number - table.first_row >= HEADER_ALLOWANCE:
            break
        names = [_known_name(cell, known) for cell in cells]
        if len({known[name] for name in names if name in known}) >= wanted:
            match = _matched(number, cells, names, known, columns)
            match.problems.extend(_too_many_rows(table, number))
            match.remarks.extend(_remarks(table, match))
            return match
    listed = "、".join(column.name for column in columns if column.required)
    problem = Problem(
        None,
        "",
        f"前 {HEADER_ALLOWANCE} 行里没有找到表头",
        f"请按模板在第一行填写列名({listed}),再重新上传",
    )
    return HeaderMatch(header_row=0, problems=[problem])


def _known_name(cell: Cell, known: Mapping[str, str]) -> str:
    """The normal name of a header cell; the bare one where only that is known."""
    if not isinstance(cell, str):
        return ""
    name = normal_name(cell)
    bare = bare_name(name)
    return bare if name not in known and bare in known else name


def _matched(
    number: int, cells: Sequence[Cell], names: Sequence[str], known: dict[str, str], columns: Sequence[Column]
) -> HeaderMatch:
    match = HeaderMatch(header_row=number)
    for position, (cell, name) in enumerate(zip(cells, names, strict=True)):
        if name not in known:
            if not _is_blank(cell) and not is_own_column(cell):
                match.unknown.append(_shown(cell))
            continue
        column = known[name]
        if column in match.positions:
            match.problems.append(Problem(number, column, "这一列出现了两次", "请删除或改名其中一列后重新上传"))
        match.positions.setdefault(column, position)
    for expected in columns:
        if expected.name in match.positions:
            continue
        if expected.required:
            match.problems.append(Problem(number, expected.name, "表头缺少这一列", "请在表头补上这一列,再重新上传"))
        else:
            match.missing_optional.append(expected.name)
    return match


def is_own_column(cell: Cell) -> bool:
    """Whether a header cell is that of 问题; below the name it may go on with what concerns the whole file."""
    return isinstance(cell, str) and normal_name(cell.partition("\n")[0]) == OWN_COLUMN


def _too_many_rows(table: Table, header_row: int) -> Iterator[Problem]:
    limits = Limits()
    if (rows := table.last_row - header_row) > limits.rows:
        yield Problem(None, "", f"表头下面有 {rows} 行,一次最多 {limits.rows} 行", "请分成几个文件上传")


def _remarks(table: Table, match: HeaderMatch) -> Iterator[str]:
    if match.unknown:
        yield f"未识别的列已忽略:{'、'.join(match.unknown)}。"
    among_data = [area for area in table.filled if area.last_row > match.header_row]
    if among_data:
        areas = "、".join(f"第 {area.first_row}–{area.last_row} 行" for area in among_data[:_MOST_SAID])
        more = "等" if len(among_data) > _MOST_SAID else ""
        yield f"数据中有向下合并的单元格({areas}{more}),合并到的每一行都按合并的内容读入。"
    hidden = [row for row in table.hidden_rows if match.header_row < row <= table.last_row]
    if hidden:
        rows = "、".join(str(row) for row in hidden[:_MOST_SAID])
        more = f"等 {len(hidden)} 行" if len(hidden) > _MOST_SAID else " 行"
        yield f"第 {rows}{more}是隐藏或被筛选掉的,也一并读入;不要的请先在表里删去。"
    unseen = [name for name, position in match.positions.items() if position in table.hidden_columns]
    if unseen:
        yield f"隐藏的列也一并读入:{'、'.join(unseen)}。"


def _is_blank(cell: Cell) -> bool:
    """Also what a merged area covers: whether that says something is asked where a value is read."""
    if isinstance(cell, BadCell):
        return cell.why is Unreadable.COVERED
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _shown(cell: Cell) -> str:
    return shortened(" ".join(str(shown(cell)).split()))
