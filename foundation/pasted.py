"""A block of cells pasted from a spreadsheet, as text: tabs between cells, a line for each row. Knows no Django.

A cell that holds a tab, a line end or a quote at its beginning stands in quotes, its own quotes doubled; a quote that
nothing closes is a quote.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foundation.excel.heads import normal_name

MOST_CHARACTERS = 400_000
MOST_ROWS = 1_000
# Titles that may stand above the header.
_ABOVE_HEADER = 5
# What stands in quotes, or whatever there is, nothing too.
_CELL = re.compile(r'"((?:[^"]|"")*)"(?=\t|\r\n?|\n|\Z)|[^\t\r\n]*')
_LINE_END = re.compile(r"\r\n?|\n")


class PasteError(ValueError):
    """The block cannot be read at all; the message is a Chinese sentence: what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class PastedColumn:
    """A column that is expected; `aliases` are other names that its head may have."""

    name: str
    head: str
    aliases: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PastedRow:
    """`number` counts the rows of the block from 1; `cells` by the name of the column, those that hold something.

    `line` is the row as it was pasted.
    """

    number: int
    cells: Mapping[str, str]
    line: str


@dataclass(frozen=True, slots=True)
class Block:
    """The rows that say something. `header` is the line that names the columns, empty without one; `ignored` are
    names in it that are not known."""

    rows: Sequence[PastedRow]
    header: str = ""
    ignored: Sequence[str] = ()


def read_block(text: str, columns: Sequence[PastedColumn], *, demanded: str) -> Block:
    """The rows of the block by column: those that its header names, else `columns` from the left.

    A row is the header if it holds at least two of the names; titles may precede it. PasteError for more rows, cells
    or characters than a table has, a header without the column `demanded`, and one that names a column twice.
    """
    if len(text) > MOST_CHARACTERS:
        raise PasteError("粘贴的内容太长,没有读入;请只复制要填的那几行。")
    lines = [(number, cells) for number, cells in enumerate(rows_of(text), 1) if any(cell.strip() for cell in cells)]
    if len(lines) > MOST_ROWS:
        raise PasteError(f"粘贴了 {len(lines)} 行,没有读入;一次最多 {MOST_ROWS} 行,请只复制要填的那几行。")
    known = {normal_name(name): column.name for column in columns for name in (column.head, *column.aliases)}
    for place, (_, cells) in enumerate(lines[: _ABOVE_HEADER + 1]):
        names = [normal_name(cell) for cell in cells]
        if len({known[name] for name in names if name in known}) >= 2:
            return _below(cells, [known.get(name, "") for name in names], lines[place + 1 :], columns, demanded)
    for number, cells in lines:
        if any(cell.strip() for cell in cells[len(columns) :]):
            raise PasteError(
                f"粘贴的第 {number} 行有 {len(cells)} 格,表里只有 {len(columns)} 列,没有读入;"
                "请只复制需要的列,或连表头一起复制,列名与下表相同。"
            )
    return Block([_row(number, cells, [column.name for column in columns]) for number, cells in lines])


def _below(
    header: Sequence[str],
    names: Sequence[str],
    lines: Sequence[tuple[int, Sequence[str]]],
    columns: Sequence[PastedColumn],
    demanded: str,
) -> Block:
    heads = {column.name: column.head for column in columns}
    for name in filter(None, names):
        if names.count(name) > 1:
            raise PasteError(f"粘贴的表头里“{heads[name]}”出现了两次,没有读入;请删去其中一列。")
    if demanded not in names:
        raise PasteError(f"粘贴的表头里没有“{heads[demanded]}”这一列,没有读入;请连这一列一起复制。")
    ignored = [head.strip() for head, name in zip(header, names, strict=True) if head.strip() and not name]
    return Block([_row(number, cells, names) for number, cells in lines], line_of(header), ignored)


def _row(number: int, cells: Sequence[str], names: Sequence[str]) -> PastedRow:
    said = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name and cell.strip()}
    return PastedRow(number, said, line_of(cells))


def rows_of(text: str) -> list[list[str]]:
    """Every row with its cells, blank ones too; the end of the last line begins no row."""
    rows: list[list[str]] = []
    cells: list[str] = []
    at = 0
    while at < len(text) and (found := _CELL.match(text, at)) is not None:
        cells.append(found[0] if found[1] is None else found[1].replace('""', '"'))
        at = found.end()
        if text.startswith("\t", at):
            at += 1
            if at < len(text):
                continue
            cells.append("")
        elif end := _LINE_END.match(text, at):
            at = end.end()
        rows.append(cells)
        cells = []
    return rows


def line_of(cells: Sequence[str]) -> str:
    """The cells as a spreadsheet would copy them, so that `rows_of` finds them again."""
    return "\t".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' if _needs_quotes(cell) else cell for cell in cells)


def _needs_quotes(cell: str) -> bool:
    return cell.startswith('"') or any(character in cell for character in "\t\r\n")
