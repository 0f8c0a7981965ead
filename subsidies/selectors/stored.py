"""The rows of one revision exactly as they are stored: what seals cover and verification works from.

Amounts are whole fen, days are masks, dates and JSON are text, booleans 0 or 1: plain values without models between.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection, models

from subsidies.models import (
    AdjustmentLine,
    Allocation,
    AllocationLine,
    Explanation,
    KeptStaffing,
    OldDifference,
    Revision,
)

Row = tuple[Any, ...]
_AS_TEXT = (models.DateField, models.JSONField)


class StoredLine(NamedTuple):
    """A line: the columns of AllocationLine in their order, foreign keys as ids."""

    id: int
    allocation: int
    posting: int
    explanation: int
    order: int
    person_id: int
    person_name: str
    position: str
    unit_code: str
    unit_name: str
    for_month: str
    month_days: int
    in_service: int
    suspended: int
    without_post: int
    duplicate: int
    over_quota: int
    counted_days: int
    on_post_at_end: int
    households: int | None
    band: int | None
    findings: str
    blocked_by: str
    rate: int | None
    due: int
    posted_before: int
    amount: int
    reason: str
    cause: str
    cost: int | None
    township_share: int | None
    surplus: int | None
    details: str

    @property
    def counted(self) -> int:
        """The days that are paid for, as a mask."""
        return self.in_service & ~(self.suspended | self.without_post | self.duplicate | self.over_quota)


class StoredAllocation(NamedTuple):
    """A township: the columns of Allocation."""

    id: int
    revision: int
    township: int
    township_code: str
    township_name: str
    township_class: str
    places: int
    places_by_day: str
    communities: int
    villages: int
    is_late: int
    settled_until: str | None
    total: int


class StoredExplanation(NamedTuple):
    """Why an amount is what it is: the columns of Explanation."""

    id: int
    revision: int
    steps: str
    sentence: str


class StoredAdjustment(NamedTuple):
    """An adjustment: the columns of AdjustmentLine."""

    id: int
    allocation: int
    adjustment: int
    person_name: str
    for_month: str
    amount: int
    document: str
    reason: str


class StoredOldDifference(NamedTuple):
    """A difference older than the window: the columns of OldDifference."""

    id: int
    allocation: int
    posting: int
    person_id: int
    person_name: str
    position: str
    unit_name: str
    for_month: str
    due: int
    posted_before: int
    difference: int
    cause: str


class StoredStaffing(NamedTuple):
    """Who was where at the approval: the columns of KeptStaffing."""

    id: int
    revision: int
    rows: str


@dataclass(frozen=True, slots=True)
class StoredRevision:
    """Everything that a revision holds; `staffing` is one row, none until its first approval."""

    revision: Revision
    allocations: list[StoredAllocation]
    explanations: list[StoredExplanation]
    lines: list[StoredLine]
    adjustments: list[StoredAdjustment]
    old_differences: list[StoredOldDifference]
    staffing: list[StoredStaffing]

    def rows(self) -> Iterator[tuple[str, Row]]:
        """(what it is, values) of every row, in the order in which a seal covers them."""
        run = self.revision.run
        yield "run", (run.pk, run.county_id, str(run.month), run.number, run.retro_months)
        yield "revision", _revision_row(self.revision)
        for name, rows in (
            ("allocation", self.allocations),
            ("explanation", self.explanations),
            ("line", self.lines),
            ("adjustment", self.adjustments),
            ("old_difference", self.old_differences),
            ("staffing", self.staffing),
        ):
            for row in rows:
                yield name, row


def stored_revision(revision: Revision) -> StoredRevision:
    """Read in six statements."""
    of_revision = 'WHERE t."revision_id" = %s'
    through = 'JOIN subsidies_allocation a ON a.id = t."allocation_id" WHERE a.revision_id = %s'
    return StoredRevision(
        revision=revision,
        allocations=list(map(StoredAllocation._make, _rows(Allocation, of_revision, revision.pk))),
        explanations=list(map(StoredExplanation._make, _rows(Explanation, of_revision, revision.pk))),
        lines=list(map(StoredLine._make, _rows(AllocationLine, through, revision.pk))),
        adjustments=list(map(StoredAdjustment._make, _rows(AdjustmentLine, through, revision.pk))),
        old_differences=list(map(StoredOldDifference._make, _rows(OldDifference, through, revision.pk))),
        staffing=list(map(StoredStaffing._make, _rows(KeptStaffing, of_revision, revision.pk))),
    )


def moment_as_text(moment: datetime | None) -> str | None:
    """The same text for the same moment in whatever time zone."""
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _rows(model: type[models.Model], which: str, revision: int) -> list[Row]:
    columns = ", ".join(_expression(field) for field in model._meta.concrete_fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        # Names from the model, the one value is a parameter.
        cursor.execute(f"SELECT {columns} FROM {table} t {which} ORDER BY t.id", [revision])  # noqa: S608
        return list(cursor.fetchall())


def _expression(field: Any) -> str:  # a field of any kind
    column = f"t.{connection.ops.quote_name(field.column)}"
    if isinstance(field, _AS_TEXT):
        return f"CAST({column} AS TEXT)"
    return f"CAST({column} AS INTEGER)" if isinstance(field, models.BooleanField) else column


def _revision_row(revision: Revision) -> Row:
    return (
        revision.pk,
        revision.run_id,
        revision.number,
        revision.digest,
        moment_as_text(revision.calculated_at),
        revision.calculated_by_id,
        str(revision.total),
        json.dumps(revision.basis, ensure_ascii=False, sort_keys=True),
        moment_as_text(revision.sent_at),
    )
