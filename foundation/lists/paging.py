"""Pages of a list: 50 rows, found by the key of the row before or after them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic

from foundation.lists.columns import Row

PAGE_SIZE = 50
Key = int | str


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins or ends: after one row, or before one; without either it is the first page."""

    after: Key | None = None
    before: Key | None = None


FIRST = Cursor()


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows; `previous` and `next` lead on, None at the ends."""

    rows: Sequence[Row]
    previous: Cursor | None = None
    next: Cursor | None = None


def page_of(rows: Sequence[Row], key: Callable[[Row], Key], *, cursor: Cursor) -> Page[Row]:
    """The page of rows in their order; the first one where no row has the cursor's key (any more)."""
    places = {key(row): place for place, row in enumerate(rows)}
    start, end = 0, PAGE_SIZE
    if cursor.after in places:
        start = places[cursor.after] + 1
        end = start + PAGE_SIZE
    elif cursor.before in places:
        end = places[cursor.before]
        start = max(end - PAGE_SIZE, 0)
    shown = rows[start:end]
    return Page(
        rows=shown,
        previous=Cursor(before=key(shown[0])) if shown and start else None,
        next=Cursor(after=key(shown[-1])) if shown and end < len(rows) else None,
    )
