"""Tables of inputs: columns declared once, texts kept as they were typed, problems told at their cells.

The name of a field is the key of its row, a hyphen and the name of its column. components/cells.html shows the table.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from foundation.pasted import PastedColumn

# Row key -> column name -> what was typed; blank cells and rows are left out.
Typed = Mapping[str, Mapping[str, str]]
# (row key, column name) -> what is wrong; the column is empty where it is the row as a whole.
CellProblems = dict[tuple[str, str], str]
LONGEST_CELL = 200


@dataclass(frozen=True, slots=True)
class CellColumn:
    """`read` makes a value of a text that is not blank; its ValueError says in Chinese what is wrong.

    `aliases` are names that the column may have in what is pasted; `options` are what a browser offers to choose from,
    while anything may be typed. `size` is how many characters are seen.
    """

    name: str
    head: str
    read: Callable[[str], object]
    aliases: Sequence[str] = ()
    options: Sequence[str] = ()
    size: int = 8

    @property
    def pasted(self) -> PastedColumn:
        return PastedColumn(self.name, self.head, self.aliases)


@dataclass(frozen=True, slots=True)
class Cell:
    """One input. `name` is that of its field."""

    column: CellColumn
    name: str
    text: str
    problem: str


@dataclass(frozen=True, slots=True)
class CellRow:
    """`head` names the row, `facts` are what is known already, told and not typed."""

    key: str
    head: str
    facts: Sequence[str]
    cells: Sequence[Cell]
    problem: str


@dataclass(frozen=True, slots=True)
class CellTable:
    """`label` names the table, `heads` the columns of a row's head and facts."""

    label: str
    heads: Sequence[str]
    columns: Sequence[CellColumn]
    rows: Sequence[CellRow]


def cell_row(
    key: str, head: str, facts: Sequence[str], columns: Iterable[CellColumn], typed: Typed, problems: CellProblems
) -> CellRow:
    """A row with what was typed into it, and what is wrong there."""
    texts = typed.get(key, {})
    cells = [
        Cell(column, f"{key}-{column.name}", texts.get(column.name, ""), problems.get((key, column.name), ""))
        for column in columns
    ]
    return CellRow(key, head, facts, cells, problems.get((key, ""), ""))


def typed_cells(fields: QueryDict, keys: Iterable[str], columns: Sequence[CellColumn]) -> dict[str, dict[str, str]]:
    """What was typed into the rows of these keys."""
    found: dict[str, dict[str, str]] = {}
    for key in keys:
        texts = {column.name: fields.get(f"{key}-{column.name}", "").strip() for column in columns}
        if said := {name: text for name, text in texts.items() if text}:
            found[key] = said
    return found


def read_cells(typed: Typed, columns: Sequence[CellColumn]) -> tuple[dict[str, dict[str, object]], CellProblems]:
    """The values of the cells that say something readable, and what is wrong with the others."""
    values: dict[str, dict[str, object]] = {}
    problems: CellProblems = {}
    for key, texts in typed.items():
        values[key] = {}
        for column in columns:
            text = texts.get(column.name, "")
            if not text:
                continue
            try:
                if len(text) > LONGEST_CELL:
                    raise ValueError(f"最多 {LONGEST_CELL} 个字")
                values[key][column.name] = column.read(text)
            except ValueError as error:
                problems[key, column.name] = str(error)
    return values, problems
