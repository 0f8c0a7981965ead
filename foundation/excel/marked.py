"""An upload given back as it came, with one more column that says what is wrong in each row."""

from collections import defaultdict
from collections.abc import Iterable

from foundation.excel.grid import Form, Grid, GridColumn, Look, write_grids
from foundation.excel.header import OWN_COLUMN, HeaderMatch, is_own_column
from foundation.excel.problems import Problem
from foundation.excel.table import BadCell, Cell, Table, Unreadable, shown
from foundation.excel.text import display_width

NARROWEST, WIDEST, WIDTH_OF_OURS = 8, 24, 60


def marked_up(table: Table, header: HeaderMatch, problems: Iterable[Problem]) -> bytes:
    """An .xlsx: every row at its number, the bad cells coloured, 问题 as the last column.

    A column 问题 of an earlier copy makes way for the new one. What concerns the whole file stands in the header row.
    """
    header_index = max(header.header_row, table.first_row) - 1
    kept = _kept_columns(table, header_index)
    new_index = {old: new for new, old in enumerate(kept)}
    rows: list[list[Cell]] = [[] for _ in range(table.first_row - 1)]
    read = set(header.positions.values())
    for number, cells in table.numbered():
        rows.append([_copied(cells[column], is_read=number > header.header_row and column in read) for column in kept])
    said: dict[int, list[str]] = defaultdict(list)
    looks: dict[tuple[int, int], Look] = {}
    for problem in problems:
        index = header_index if problem.row is None else problem.row - 1
        said[index].append(_words(problem))
        position = new_index.get(header.positions.get(problem.column, -1))
        if position is not None:
            looks[index, position] = Look.BAD
    ours = len(kept)
    for index, words in said.items():
        rows[index] = [*rows[index], *[None] * (ours - len(rows[index])), "\n".join(words)]
        looks[index, ours] = Look.BAD
    if header.header_row:
        _head(rows, looks, header_index, ours)
    columns = [GridColumn(_width(table, column), Form.TEXT) for column in kept]
    columns.append(GridColumn(WIDTH_OF_OURS, Form.TEXT))
    return write_grids([Grid(OWN_COLUMN, columns, rows, header.header_row, looks)])


def _copied(cell: Cell, *, is_read: bool) -> Cell:
    """The cell as it came; what a merged area covers is told only where it was asked for."""
    if not isinstance(cell, BadCell):
        return cell
    return cell.shown if is_read or cell.why is not Unreadable.COVERED else None


def _width(table: Table, column: int) -> int:
    """Wide enough for an id number, not for a novel."""
    widest = max(display_width(str(shown(row[column]) or "")) for row in table.rows)
    return min(max(widest + 2, NARROWEST), WIDEST)


def _kept_columns(table: Table, header_index: int) -> list[int]:
    cells = table.rows[header_index - (table.first_row - 1)]
    return [column for column, cell in enumerate(cells) if not is_own_column(cell)]


def _head(rows: list[list[Cell]], looks: dict[tuple[int, int], Look], index: int, ours: int) -> None:
    """The header row, with our column named before what there is to say of the whole file."""
    row = rows[index]
    words = f"{OWN_COLUMN}\n{row[ours]}" if len(row) > ours else OWN_COLUMN
    rows[index] = [*row[:ours], words]
    for column in range(ours + 1):
        looks.setdefault((index, column), Look.HEADER)


def _words(problem: Problem) -> str:
    return Problem(None, problem.column, problem.message, problem.advice).sentence()
