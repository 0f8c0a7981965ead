"""What a seal covers of a revision, format by format: which columns of which rows, in which order, and how digested.

Formats are added, never edited: what was sealed once is digested in the same way for ever.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import models

from accounts.seals import Content, content_of
from foundation.money import to_fen
from foundation.remembered import Remembered
from subsidies.models import (
    AdjustmentLine,
    Allocation,
    AllocationLine,
    Explanation,
    KeptStaffing,
    OldDifference,
    Revision,
)
from subsidies.revisions.stored import Row, StoredRevision, moment_as_text, picked

Rows = Iterator[tuple[str, Row]]


class Kind(NamedTuple):
    """A kind of rows that a revision holds: its name in what is digested, and its model."""

    name: str
    model: type[models.Model]
    rows_of: Callable[[StoredRevision], Sequence[Row]]


KINDS = (
    Kind("allocation", Allocation, lambda stored: stored.allocations),
    Kind("explanation", Explanation, lambda stored: stored.explanations),
    Kind("line", AllocationLine, lambda stored: stored.lines),
    Kind("adjustment", AdjustmentLine, lambda stored: stored.adjustments),
    Kind("old_difference", OldDifference, lambda stored: stored.old_differences),
    Kind("staffing", KeptStaffing, lambda stored: stored.staffing),
)

Columns = Mapping[str, Sequence[str]]
"""The columns that a format covers, by kind of rows."""

COLUMNS_1: Columns = {
    "allocation": (
        "id",
        "revision",
        "township",
        "township_code",
        "township_name",
        "township_class",
        "places",
        "places_by_day",
        "communities",
        "villages",
        "is_late",
        "settled_until",
        "total",
    ),
    "explanation": ("id", "revision", "steps", "sentence"),
    "line": (
        "id",
        "allocation",
        "posting",
        "explanation",
        "order",
        "person_id",
        "person_name",
        "position",
        "unit_code",
        "unit_name",
        "for_month",
        "month_days",
        "in_service",
        "suspended",
        "without_post",
        "duplicate",
        "over_quota",
        "counted_days",
        "on_post_at_end",
        "households",
        "band",
        "findings",
        "blocked_by",
        "rate",
        "due",
        "posted_before",
        "amount",
        "reason",
        "cause",
        "cost",
        "township_share",
        "surplus",
        "details",
    ),
    "adjustment": ("id", "allocation", "adjustment", "person_name", "for_month", "amount", "document", "reason"),
    "old_difference": (
        "id",
        "allocation",
        "posting",
        "person_id",
        "person_name",
        "position",
        "unit_name",
        "for_month",
        "due",
        "posted_before",
        "difference",
        "cause",
    ),
    "staffing": ("id", "revision", "rows"),
}
COLUMNS_2: Columns = {
    **COLUMNS_1,
    "line": (*COLUMNS_1["line"], "component", "source_id", "by_source", "share_level", "surplus_level"),
    "adjustment": (*COLUMNS_1["adjustment"], "posting_id", "source_id"),
}


def rows_in_format_1(stored: StoredRevision) -> Rows:
    """Amounts are fen, booleans 0 or 1; JSON is the text that the database gives back, which is another on SQLite
    than on PostgreSQL."""
    revision, run = stored.revision, stored.revision.run
    yield "run", (run.pk, run.county_id, str(run.month), run.number, run.retro_months)
    yield (
        "revision",
        (
            revision.pk,
            revision.run_id,
            revision.number,
            revision.digest,
            moment_as_text(revision.calculated_at),
            revision.calculated_by_id,
            str(revision.total),
            json.dumps(revision.basis, ensure_ascii=False, sort_keys=True),
            moment_as_text(revision.sent_at),
        ),
    )
    for kind in KINDS:
        for row in picked(kind.model, COLUMNS_1[kind.name], kind.rows_of(stored)):
            yield kind.name, row


def rows_in_format_2(stored: StoredRevision, columns: Columns = COLUMNS_2) -> Rows:
    """Amounts are fen, booleans 0 or 1; JSON is what it says, whatever text the database keeps of it."""
    revision, run = stored.revision, stored.revision.run
    yield "run", (run.pk, run.county_id, str(run.month), run.number, run.retro_months)
    yield (
        "revision",
        (
            revision.pk,
            revision.run_id,
            revision.number,
            revision.digest,
            moment_as_text(revision.calculated_at),
            revision.calculated_by_id,
            to_fen(revision.total),
            revision.basis,
            moment_as_text(revision.sent_at),
        ),
    )
    for kind in KINDS:
        names = columns[kind.name]
        read = Remembered[str, Any](json.loads)  # of all this a revision has few distinct values
        json_at = [
            at for at, name in enumerate(names) if isinstance(kind.model._meta.get_field(name), models.JSONField)
        ]
        for row in picked(kind.model, names, kind.rows_of(stored)):
            for at in json_at:
                if row[at] is not None:
                    row = (*row[:at], read[row[at]], *row[at + 1 :])
            yield kind.name, row


class Format(NamedTuple):
    """A format of seals over a revision."""

    columns: Columns
    rows: Callable[[StoredRevision], Rows]

    def content(self, stored: StoredRevision) -> Content:
        return content_of(self.rows(stored))


FORMATS: Mapping[int, Format] = {
    1: Format(COLUMNS_1, rows_in_format_1),
    2: Format(COLUMNS_2, rows_in_format_2),
}


def filled_beyond(stored: StoredRevision, columns: Columns) -> Iterator[tuple[Kind, int, str]]:
    """(kind, id, column) of every value in a column that rows of this format do not have."""
    for kind in KINDS:
        newer = [field.name for field in kind.model._meta.concrete_fields if field.name not in columns[kind.name]]
        if not newer:
            continue
        rows = kind.rows_of(stored)
        for row, values in zip(rows, picked(kind.model, newer, rows), strict=True):
            yield from ((kind, row[0], name) for name, value in zip(newer, values, strict=True) if value is not None)


def method_of(revision: Revision) -> int:
    """The method by which a revision was calculated; its basis names it from the second on."""
    method = revision.basis.get("method", 1)
    return method if isinstance(method, int) else 0
