"""What verification tells of: one thing that is wrong, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Break:
    """One thing that is not as it was sealed, or cannot be right; `row` is its id, None where it is no single row."""

    kind: str
    table: str
    row: int | None
    sentence: str


def as_json(found: list[Break], *, seals: int, lines: int) -> Mapping[str, Any]:
    """The result as the command prints it."""
    return {
        "ok": not found,
        "seals": seals,
        "lines": lines,
        "breaks": [{"kind": row.kind, "table": row.table, "row": row.row, "sentence": row.sentence} for row in found],
    }
