"""What verification tells of: one thing that is wrong, and where it stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import DatabaseError

# What values bring about that no service ever writes.
UNREADABLE = (ArithmeticError, AttributeError, DatabaseError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Break:
    """One thing that is not as it was sealed, or cannot be right; `row` is its id, None where it is no single row."""

    kind: str
    table: str
    row: int | None
    sentence: str


def guarded(found: Iterator[Break], otherwise: Break) -> Iterator[Break]:
    """The breaks that are found; where values cannot even be read, `otherwise` after those found before."""
    try:
        yield from found
    except UNREADABLE as error:
        yield replace(otherwise, sentence=f"{otherwise.sentence}无法核验,其中有不可能的内容({type(error).__name__})")


def as_json(found: list[Break], *, seals: int, lines: int) -> Mapping[str, Any]:
    """The result as the command prints it."""
    return {
        "ok": not found,
        "seals": seals,
        "lines": lines,
        "breaks": [{"kind": row.kind, "table": row.table, "row": row.row, "sentence": row.sentence} for row in found],
    }
