"""Writing a calculated month into the database as one revision, and the digest that names its content."""

import hashlib
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from foundation.bulk import insert_rows, next_ids
from foundation.canonical import canonical
from foundation.collector import without_cycle_search
from subsidies.calculation.calculated import CalculatedMonth
from subsidies.models import (
    AdjustmentLine,
    Allocation,
    AllocationLine,
    Explanation,
    OldDifference,
    Revision,
    SubsidyRun,
)
from subsidies.revisions.revision_rows import (
    ADJUSTMENT_COLUMNS,
    ALLOCATION_COLUMNS,
    LINE_COLUMNS,
    OLD_DIFFERENCE_COLUMNS,
    LineRow,
    Row,
    adjustment_row,
    allocation_row,
    explanation_key,
    line_rows,
    old_difference_row,
    result_of,
    steps_of,
)
from subsidies.rules.ledger import Entry


def digest_of(calculated: CalculatedMonth, lines: Iterable[LineRow] | None = None) -> str:
    """SHA-256 over everything that the revision would store, in the order in which it is stored.

    `lines` are its `line_rows`, where the caller holds them. Each row is digested in its canonical form.
    An explanation is digested with the first line that points to it, and stands by its number from then on.
    """
    digest = hashlib.sha256(canonical(calculated.basis))
    numbers: dict[Hashable, int] = {}
    rows = line_rows(calculated) if lines is None else iter(lines)
    for township in calculated.townships:
        digest.update(canonical(allocation_row(township)))
        for _, entry, values in islice(rows, len(township.entries)):
            key = explanation_key(entry)
            number = numbers.get(key)
            if number is None:
                number = numbers[key] = len(numbers)
                result = result_of(entry)
                digest.update(canonical((result.steps, result.sentence)))
            digest.update(canonical((number, values)))
        for adjustment in township.adjustments:
            digest.update(canonical(adjustment_row(adjustment)))
        for old in township.old_differences:
            digest.update(canonical(("old_difference", old_difference_row(old, calculated))))
    return digest.hexdigest()


@without_cycle_search()
def write_revision(
    run: SubsidyRun, calculated: CalculatedMonth, *, number: int, digest: str, calculated_by_id: int | None
) -> Revision:
    """A new revision with its allocations, explanations and lines; the caller has locked the run."""
    revision = Revision.objects.create(
        run=run,
        number=number,
        digest=digest,
        calculated_by_id=calculated_by_id,
        total=calculated.total,
        basis=calculated.basis,
    )
    allocation_ids = next_ids(Allocation, len(calculated.townships))
    insert_rows(
        Allocation,
        ("id", "revision", *ALLOCATION_COLUMNS),
        (
            (pk, revision.pk, *allocation_row(township))
            for pk, township in zip(allocation_ids, calculated.townships, strict=True)
        ),
        are_stored=True,
    )
    explanation_ids = _write_explanations(revision, calculated)
    insert_rows(
        AllocationLine,
        ("allocation", "explanation", *LINE_COLUMNS),
        _rows_to_write(calculated, allocation_ids, explanation_ids),
        are_stored=True,
    )
    adjustments = [
        (pk, *adjustment_row(adjustment))
        for pk, township in zip(allocation_ids, calculated.townships, strict=True)
        for adjustment in township.adjustments
    ]
    if adjustments:
        insert_rows(AdjustmentLine, ("allocation", *ADJUSTMENT_COLUMNS), adjustments, are_stored=True)
    if calculated.old_differences:
        columns = ("allocation", *OLD_DIFFERENCE_COLUMNS)
        insert_rows(OldDifference, columns, _old_rows(calculated, allocation_ids), are_stored=True)
    return revision


def forget_lines(revision: Revision) -> None:
    """A revision that was never sent keeps its totals and digest, not its lines."""
    AdjustmentLine.objects.filter(allocation__revision=revision).delete()
    OldDifference.objects.filter(allocation__revision=revision).delete()
    AllocationLine.objects.filter(allocation__revision=revision).delete()
    Explanation.objects.filter(revision=revision).delete()


def _rows_to_write(
    calculated: CalculatedMonth, allocation_ids: Sequence[int], explanation_ids: Mapping[Hashable, int]
) -> Iterator[Row]:
    rows = line_rows(calculated)
    for allocation_id, township in zip(allocation_ids, calculated.townships, strict=True):
        for _, entry, values in islice(rows, len(township.entries)):
            yield (allocation_id, explanation_ids[explanation_key(entry)], *values)


def _write_explanations(revision: Revision, calculated: CalculatedMonth) -> dict[Hashable, int]:
    """Store each distinct explanation once, by its key."""
    distinct: dict[Hashable, Entry] = {}
    for entry in calculated.entries:
        distinct.setdefault(explanation_key(entry), entry)
    results = map(result_of, distinct.values())
    ids = next_ids(Explanation, len(distinct))
    insert_rows(
        Explanation,
        ("id", "revision", "steps", "sentence"),
        (
            (
                pk,
                revision.pk,
                steps_of(result),
                result.sentence,
            )
            for pk, result in zip(ids, results, strict=True)
        ),
    )
    return dict(zip(distinct, ids, strict=True))


def _old_rows(calculated: CalculatedMonth, allocation_ids: Sequence[int]) -> Iterator[Row]:
    for pk, township in zip(allocation_ids, calculated.townships, strict=True):
        for old in township.old_differences:
            yield (pk, *old_difference_row(old, calculated))
