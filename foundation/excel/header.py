"""Which column of an uploaded table is which: its header row matched with the expected names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from foundation.excel.heads import LONG_NUMBER, Column, Head, find_head, head_at, is_blank, normal_name
from foundation.excel.mapping import HeadMapping
from foundation.excel.problems import Problem, shortened
from foundation.excel.table import HEADER_ALLOWANCE, Cell, Limits, Table

_MOST_SAID = 5
_AS_KNOWN = HeadMapping()
__all__ = ["Column", "HeaderMatch", "head_of", "is_own_column", "match_header"]

OWN_COLUMN = "问题"  # what we add to a file that we mark up: no column of the reader's, and not worth a remark


@dataclass(frozen=True)
class HeaderMatch:
    """`positions` maps the name of each column found to its index in a row of the table.

    `header_row` is the row number Excel shows (of a head in two rows the second), 0 when no header was found;
    `written` are the words of the head's rows, as `normal_name` writes them; `defaults` what every row says for a
    column that the file lacks.
    A table whose match has `problems` is not to be used. `remarks` are sentences on what a reader of the file may
    not expect: unknown columns, merged cells among the data, formulas without a value.
    """

    header_row: int
    positions: dict[str, int] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    missing_optional: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    written: Sequence[Sequence[str]] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)

    def record(self, cells: Sequence[Cell]) -> dict[str, Cell] | None:
        """The cells of a row by the name of their column; None for one that is blank."""
        record = {name: cells[position] for name, position in self.positions.items()}
        return {**self.defaults, **record} if any(not is_blank(cell) for cell in record.values()) else None

    def records(self, table: Table) -> Iterator[tuple[int, dict[str, Cell]]]:
        """Row number and cells by column name of each row below the header; blank rows are left out."""
        for number, cells in table.numbered():
            if number > self.header_row and (record := self.record(cells)) is not None:
                yield number, record


def head_of(table: Table, columns: Sequence[Column], mapping: HeadMapping = _AS_KNOWN) -> Head | None:
    """The head within the first rows (titles may precede it), where the mapping says it is or where one is found."""
    top, expected = list(islice(table.numbered(), HEADER_ALLOWANCE)), mapping.expected(columns)
    head = head_at(top, mapping.head_rows, expected) or find_head(top, expected)
    return None if head is None else mapping.applied(head)


def match_header(table: Table, columns: Sequence[Column], mapping: HeadMapping = _AS_KNOWN) -> HeaderMatch:
    """Find the head and match it with `columns`, as far as nothing else was said by the mapping."""
    head = head_of(table, columns, mapping)
    if head is not None:
        match = _matched(head, columns, mapping)
        match.problems.extend(_too_many_rows(table, match.header_row))
        match.problems.extend(_people_above(table, head))
        match.remarks.extend([*table.remarks, *_remarks(table, match)])
        return match
    listed = "、".join(column.name for column in columns if column.required)
    problem = Problem(
        None,
        "",
        f"前 {HEADER_ALLOWANCE} 行里没有找到表头",
        f"请按模板在第一行填写列名({listed}),再重新上传",
    )
    return HeaderMatch(header_row=0, problems=[problem], remarks=list(table.remarks))


def _matched(head: Head, columns: Sequence[Column], mapping: HeadMapping) -> HeaderMatch:
    number = head.rows[-1]
    defaults = {name: said for name, said in mapping.defaults.items() if name not in head.known}
    match = HeaderMatch(header_row=number, written=head.written, defaults=defaults)
    for position, (column, words) in enumerate(zip(head.names, head.shown, strict=True)):
        if not column:
            if words and not is_own_column(words):
                match.unknown.append(shortened(" ".join(words.split())))
            continue
        if column in match.positions:
            match.problems.append(Problem(number, column, "这一列出现了两次", "请删除或改名其中一列后重新上传"))
        match.positions.setdefault(column, position)
    for expected in columns:
        if expected.name in match.positions or expected.name in defaults:
            continue
        if expected.required:
            match.problems.append(Problem(number, expected.name, "表头缺少这一列", "请在表头补上这一列,再重新上传"))
        else:
            match.missing_optional.append(expected.name)
    return match


def is_own_column(cell: Cell) -> bool:
    """Whether a header cell is that of 问题; below the name it may go on with what concerns the whole file."""
    return isinstance(cell, str) and normal_name(cell.partition("\n")[0]) == OWN_COLUMN


def _people_above(table: Table, head: Head) -> Iterator[Problem]:
    """One sheet may hold two tables, of which the second has the better head."""
    for number, cells in table.numbered():
        if number >= head.rows[0]:
            return
        if any(isinstance(cell, str) and LONG_NUMBER.fullmatch(normal_name(cell)) for cell in cells):
            message = f"表头在第 {head.rows[0]} 行,上面第 {number} 行却有身份证号,看来一张工作表里有两个表"
            yield Problem(None, "", message, "请分成两个文件,或合并成一个表,再上传")
            return


def _too_many_rows(table: Table, header_row: int) -> Iterator[Problem]:
    limits = Limits()
    if (rows := table.last_row - header_row) > limits.rows:
        yield Problem(None, "", f"表头下面有 {rows} 行,一次最多 {limits.rows} 行", "请分成几个文件上传")


def _remarks(table: Table, match: HeaderMatch) -> Iterator[str]:
    for name, said in match.defaults.items():
        if said:
            yield f"文件没有「{name}」这一列,每一行都按“{shortened(said)}”读入。"
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
