"""The rows of one revision exactly as they are stored: what seals are made of and verification works from.

Amounts are whole fen, days are masks, dates and JSON are text, booleans 0 or 1: plain values without models between.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection, models

from foundation.money import MoneyField, from_fen
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

Row = tuple[Any, ...]
_AS_TEXT = (models.DateField, models.JSONField)
# How a value as it is stored becomes the one that the model has; of the others both are the same.
_READ: "Mapping[type[models.Field[Any, Any]], Callable[[Any], object]]" = {
    MoneyField: from_fen,
    models.DateField: date.fromisoformat,
    models.BooleanField: bool,
}


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
    component: str | None
    source_id: int | None
    by_source: str | None
    share_level: int | None
    surplus_level: int | None

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
    posting_id: int | None
    source_id: int | None


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

    def with_staffing(self) -> "StoredRevision":
        """The same with the staffing that has been stored since."""
        return replace(self, staffing=_staffing(self.revision))


_OF_REVISION = 'WHERE t."revision_id" = %s'


def stored_revision(revision: Revision) -> StoredRevision:
    """Read in six statements."""
    through = 'JOIN subsidies_allocation a ON a.id = t."allocation_id" WHERE a.revision_id = %s'
    return StoredRevision(
        revision=revision,
        allocations=list(map(StoredAllocation._make, _rows(Allocation, _OF_REVISION, revision.pk))),
        explanations=list(map(StoredExplanation._make, _rows(Explanation, _OF_REVISION, revision.pk))),
        lines=list(map(StoredLine._make, _rows(AllocationLine, through, revision.pk))),
        adjustments=list(map(StoredAdjustment._make, _rows(AdjustmentLine, through, revision.pk))),
        old_differences=list(map(StoredOldDifference._make, _rows(OldDifference, through, revision.pk))),
        staffing=_staffing(revision),
    )


def picked(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> Iterator[Row]:
    """Of rows with all columns of `model`, those named, as they are stored."""
    place_of = {field.name: place for place, field in enumerate(model._meta.concrete_fields)}
    places = [place_of[name] for name in columns]
    pick = itemgetter(*places)
    return ((pick(row),) for row in rows) if len(places) == 1 else map(pick, rows)


def columns_of(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> Iterator[Row]:
    """Of rows with all columns of `model`, those named; of JSON what it says."""
    kind_of = {field.name: type(field) for field in model._meta.concrete_fields}
    json_at = [at for at, name in enumerate(columns) if issubclass(kind_of[name], models.JSONField)]
    said = Remembered[str, Any](json.loads)  # of all this a revision has few distinct values
    for values in picked(model, columns, rows):
        for at in json_at:
            if values[at] is not None:
                values = (*values[:at], said[values[at]], *values[at + 1 :])
        yield values


def as_the_model_has_them(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> Iterator[Row]:
    """Of rows with these columns, as `columns_of` gives them: yuan, dates, true and false."""
    kind_of = {field.name: type(field) for field in model._meta.concrete_fields}
    read = [(at, Remembered(_READ[kind_of[name]])) for at, name in enumerate(columns) if kind_of[name] in _READ]
    for row in rows:
        values = list(row)
        for at, value_of in read:
            if values[at] is not None:
                values[at] = value_of[values[at]]
        yield tuple(values)


def moment_as_text(moment: datetime | None) -> str | None:
    """The same text for the same moment in whatever time zone."""
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _staffing(revision: Revision) -> list[StoredStaffing]:
    return list(map(StoredStaffing._make, _rows(KeptStaffing, _OF_REVISION, revision.pk)))


def _rows(model: type[models.Model], which: str, revision: int) -> list[Row]:
    columns = ", ".join(_expression(field) for field in model._meta.concrete_fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        # Names from the model, the one value is a parameter.
        cursor.execute(f"SELECT {columns} FROM {table} t {which}", [revision])  # noqa: S608
        # They come nearly in order; a database would put rows as wide as these in order on its disk.
        return sorted(cursor.fetchall(), key=itemgetter(0))


def _expression(field: Any) -> str:  # a field of any kind
    column = f"t.{connection.ops.quote_name(field.column)}"
    if isinstance(field, _AS_TEXT):
        return f"CAST({column} AS TEXT)"
    return f"CAST({column} AS INTEGER)" if isinstance(field, models.BooleanField) else column
