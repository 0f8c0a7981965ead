"""Where the cells of a header of several rows stand, and how high rows must be for their text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from foundation.excel.sheet import ColumnSpec, HeaderCell, Value
from foundation.excel.text import display_width

LINE_HEIGHT = 16.5  # points


@dataclass(frozen=True, slots=True)
class Placed:
    """A header cell with its upper left place, counted from 0."""

    cell: HeaderCell
    row: int
    column: int


def place(header: Sequence[Sequence[HeaderCell]], width: int) -> list[Placed]:
    """Each cell goes to the first free place of its row; ValueError unless they cover the header exactly."""
    taken: set[tuple[int, int]] = set()
    placed: list[Placed] = []
    for row, cells in enumerate(header):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            covered = {(row + r, column + c) for r in range(cell.rows) for c in range(cell.columns)}
            if covered & taken:
                raise ValueError(f"header cell {cell.text} lies on another")
            taken |= covered
            placed.append(Placed(cell, row, column))
    if taken != {(row, column) for row in range(len(header)) for column in range(width)}:
        raise ValueError("the header does not cover its rows and columns exactly")
    return placed


def heights(placed: Sequence[Placed], columns: Sequence[ColumnSpec], rows: int) -> list[float]:
    """Points for each header row, so that every text fits: spreadsheets do not fit rows to merged cells."""
    needed = [LINE_HEIGHT * 1.25] * rows
    for item in placed:
        lines = _lines(item.cell.text, sum(c.width for c in columns[item.column : item.column + item.cell.columns]))
        for row in range(item.row, item.row + item.cell.rows):
            needed[row] = max(needed[row], lines * LINE_HEIGHT / item.cell.rows)
    return needed


def row_height(values: Sequence[Value], columns: Sequence[ColumnSpec]) -> float:
    """Points for a row of the table; not every program fits the rows of a file it opens to wrapped text."""
    return text_height((v, c.width) for v, c in zip(values, columns, strict=True) if isinstance(v, str))


def text_height(texts: Iterable[tuple[str, float]]) -> float:
    """Points for wrapped texts that stand side by side, each with the width of its column."""
    return LINE_HEIGHT * max((_lines(text, width) for text, width in texts), default=1)


def _lines(text: str, room: float) -> int:
    """Lines that a wrapped text takes in a cell of that width, at most what a row of 400 points holds."""
    fitting = max(int(room) - 1, 2)
    return min(sum(max(-(-display_width(line) // fitting), 1) for line in text.split("\n")), 24)
