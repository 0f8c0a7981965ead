"""Writing a calculated month into the database as one revision, and the digest that names its content."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence

from foundation.bulk import insert_rows, next_ids
from foundation.collector import without_cycle_search
from foundation.dates import Month
from foundation.money import ZERO
from subsidies.line_details import details_of
from subsidies.models import (
    Adjustment,
    AdjustmentLine,
    Allocation,
    AllocationLine,
    Explanation,
    OldDifference,
    Revision,
    SubsidyRun,
)
from subsidies.rules import beyond_limit, days
from subsidies.rules.competition import PostingDays
from subsidies.rules.dues import borne
from subsidies.rules.ledger import Entry
from subsidies.rules.results import Reason, Result, Step
from subsidies.selectors.calculated import CalculatedMonth, CalculatedTownship

ALLOCATION_COLUMNS = (
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
)
ADJUSTMENT_COLUMNS = ("adjustment", "person_name", "for_month", "amount", "document", "reason")
OLD_DIFFERENCE_COLUMNS = (
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
)
OWN_COLUMNS = (
    "posting",
    "order",
    "person_id",
    "person_name",
    "unit_code",
    "unit_name",
    "households",
    "findings",
    "due",
    "posted_before",
    "amount",
    "reason",
    "cause",
    "cost",
    "township_share",
    "surplus",
    "details",
)
# What lines with the same days and the same result have in common.
SHARED_COLUMNS = (
    "position",
    "for_month",
    "month_days",
    "in_service",
    "suspended",
    "without_post",
    "duplicate",
    "over_quota",
    "counted_days",
    "on_post_at_end",
    "band",
    "blocked_by",
    "rate",
)
Row = tuple[object, ...]


def digest_of(calculated: CalculatedMonth) -> str:
    """SHA-256 over everything that the revision would store, in the order in which it is stored.

    A row is digested as Python writes a tuple: text quoted and escaped, so that different rows never look the same.
    An explanation is digested with the first line that points to it, and stands by its number from then on.
    """
    digest = hashlib.sha256(json.dumps(calculated.basis, ensure_ascii=False, sort_keys=True).encode())
    numbers: dict[int, int] = {}
    rows = _LineRows(calculated)
    for township in calculated.townships:
        digest.update(repr(_allocation_row(township)).encode())
        for entry in township.entries:
            result = _result_of(entry)
            number = numbers.get(id(result))
            if number is None:
                number = numbers[id(result)] = len(numbers)
                digest.update(repr((result.steps, result.sentence)).encode())
            digest.update(repr((number, *rows.next_row(entry))).encode())
        for adjustment in township.adjustments:
            digest.update(repr(_adjustment_row(adjustment)).encode())
        for old in township.old_differences:
            digest.update(repr(("old_difference", *_old_difference_row(old, calculated))).encode())
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
            (pk, revision.pk, *_allocation_row(township))
            for pk, township in zip(allocation_ids, calculated.townships, strict=True)
        ),
    )
    explanation_ids = _write_explanations(revision, calculated)
    insert_rows(
        AllocationLine,
        ("allocation", "explanation", *OWN_COLUMNS, *SHARED_COLUMNS),
        _line_rows(calculated, allocation_ids, explanation_ids),
    )
    adjustments = [
        (pk, *_adjustment_row(adjustment))
        for pk, township in zip(allocation_ids, calculated.townships, strict=True)
        for adjustment in township.adjustments
    ]
    if adjustments:
        insert_rows(AdjustmentLine, ("allocation", *ADJUSTMENT_COLUMNS), adjustments)
    if calculated.old_differences:
        insert_rows(OldDifference, ("allocation", *OLD_DIFFERENCE_COLUMNS), _old_rows(calculated, allocation_ids))
    return revision


def forget_lines(revision: Revision) -> None:
    """A revision that was never sent keeps its totals and digest, not its lines."""
    AdjustmentLine.objects.filter(allocation__revision=revision).delete()
    OldDifference.objects.filter(allocation__revision=revision).delete()
    AllocationLine.objects.filter(allocation__revision=revision).delete()
    Explanation.objects.filter(revision=revision).delete()


def differing_lines(revision: Revision, calculated: CalculatedMonth, *, shown: int = 10) -> str:
    """In words, whose lines or hints the facts of today would change in a stored revision; the first `shown`."""
    stored = {
        (line.posting_id, line.for_month): (line.person_name, line.amount)
        for line in AllocationLine.objects.filter(allocation__revision=revision).order_by("order")
    }
    now = {
        (entry.posting.id, entry.month.first): (entry.posting.person_name, entry.amount)
        for entry in calculated.entries
    }
    stored |= {
        (hint.posting_id, hint.for_month): (hint.person_name, hint.difference)
        for hint in OldDifference.objects.filter(allocation__revision=revision).order_by("pk")
    }
    now |= {
        (old.posting.id, old.month.first): (old.posting.person_name, old.difference)
        for old in calculated.old_differences
    }
    sentences = []
    for key in dict.fromkeys((*stored, *now)):
        if stored.get(key) == now.get(key):
            continue
        name = (stored.get(key) or now.get(key) or ("",))[0]
        amounts = [f"{row[1]} 元" if row else "没有" for row in (stored.get(key), now.get(key))]
        sentences.append(f"{name} {Month.of(key[1]).label}:{amounts[0]} → {amounts[1]}")
    if not sentences:
        return "金额没有变,变的是其中的事实或依据。"
    more = f"等 {len(sentences)} 条" if len(sentences) > shown else ""
    return "不同的明细:" + ";".join(sentences[:shown]) + more + "。"


def _line_rows(
    calculated: CalculatedMonth, allocation_ids: Sequence[int], explanation_ids: Mapping[int, int]
) -> Iterator[Row]:
    rows = _LineRows(calculated)
    for allocation_id, township in zip(allocation_ids, calculated.townships, strict=True):
        for entry in township.entries:
            yield (allocation_id, explanation_ids[id(_result_of(entry))], *rows.next_row(entry))


def _write_explanations(revision: Revision, calculated: CalculatedMonth) -> dict[int, int]:
    """Store each distinct result once; the key of a result is its identity, since equal keys share one result."""
    distinct = {id(result): result for result in map(_result_of, calculated.entries)}
    ids = next_ids(Explanation, len(distinct))
    insert_rows(
        Explanation,
        ("id", "revision", "steps", "sentence"),
        (
            (
                pk,
                revision.pk,
                [{"label": step.label, "value": step.value, "basis": step.basis} for step in result.steps],
                result.sentence,
            )
            for pk, result in zip(ids, distinct.values(), strict=True)
        ),
    )
    return dict(zip(distinct, ids, strict=True))


def _allocation_row(township: CalculatedTownship) -> Row:
    return (
        township.fact.id,
        township.fact.code,
        township.fact.name,
        township.township_class.value if township.township_class else "",
        township.places,
        {str(places): with_that_many for places, with_that_many in sorted(township.places_by_day.items())},
        township.communities,
        township.villages,
        township.is_late,
        township.settled_until.first if township.settled_until else None,
        township.total,
    )


class _LineRows:
    """The rows of a revision's lines, in their order."""

    def __init__(self, calculated: CalculatedMonth) -> None:
        self.month = calculated.month
        self.units = calculated.units
        self.order = 0
        # By the identity of the result, which belongs to one month, and the days.
        self._shared: dict[tuple[int, PostingDays], Row] = {}

    def next_row(self, entry: Entry) -> Row:
        """OWN_COLUMNS and SHARED_COLUMNS of the entry that comes next."""
        self.order += 1
        due = entry.due
        if due is None:
            return (*self._own(entry, NO_DAYS), *_shared(entry, NO_DAYS))
        key = id(due.result), due.days
        shared = self._shared.get(key)
        if shared is None:
            shared = self._shared[key] = _shared(entry, due.days)
        return (*self._own(entry, due.days), *shared)

    def _own(self, entry: Entry, of_days: PostingDays) -> Row:
        posting, due = entry.posting, entry.due
        unit = None if posting.unit is None else self.units[posting.unit]
        cost = due.cost if due else None
        share, surplus = borne(cost, entry.due_amount) if entry.month == self.month else (None, None)
        return (
            posting.id,
            self.order,
            posting.person,
            posting.person_name,
            unit.code if unit else "",
            unit.name if unit else "",
            due.households if due else None,
            ",".join(due.findings) if due else "",
            entry.due_amount,
            entry.posted,
            entry.amount,
            entry.reason,
            entry.cause,
            cost,
            share,
            surplus,
            details_of(posting, entry.month, of_days.on_post, unit).as_list(),
        )


NO_DAYS = PostingDays(0, 0, 0, 0, 0)


def _shared(entry: Entry, of_days: PostingDays) -> Row:
    month, due = entry.month, entry.due
    return (
        entry.posting.position.value,
        month.first,
        month.days,
        *of_days,
        days.count(of_days.counted),
        days.has_day(of_days.on_post, month.days),
        due.key.band if due else None,
        due.key.blocked_by.value if due and due.key.blocked_by else "",
        due.result.rate if due else None,
    )


def _adjustment_row(adjustment: Adjustment) -> Row:
    return (
        adjustment.pk,
        adjustment.person.name if adjustment.person else "",
        adjustment.for_month,
        adjustment.amount,
        adjustment.document,
        adjustment.reason,
    )


def _old_rows(calculated: CalculatedMonth, allocation_ids: Sequence[int]) -> Iterator[Row]:
    for pk, township in zip(allocation_ids, calculated.townships, strict=True):
        for old in township.old_differences:
            yield (pk, *_old_difference_row(old, calculated))


def _old_difference_row(old: beyond_limit.OldDifference, calculated: CalculatedMonth) -> Row:
    posting = old.posting
    return (
        posting.id,
        posting.person,
        posting.person_name,
        posting.position.value,
        "" if posting.unit is None else calculated.units[posting.unit].name,
        old.month.first,
        old.due_amount,
        old.posted,
        old.difference,
        old.cause.value,
    )


_GONE = {
    reason: Result(
        rate=None,
        amount=ZERO,
        reason=reason.value,
        steps=(Step("应补", f"0.00 元:{reason.label}", ""),),
        sentence=f"{reason.label},已补金额收回。",
    )
    for reason in (Reason.NOT_ON_POST, Reason.WITHDRAWN)
}


def _result_of(entry: Entry) -> Result:
    return entry.due.result if entry.due is not None else _GONE[Reason(entry.reason)]
