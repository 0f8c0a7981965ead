"""A stored revision beside a calculation: whether it is still what the calculation writes, and which lines differ."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import zip_longest

from foundation.dates import Month
from subsidies.models import AdjustmentLine, Allocation, AllocationLine, Explanation, OldDifference, Revision
from subsidies.selectors.calculated import CalculatedMonth
from subsidies.services.revision_rows import (
    ADJUSTMENT_COLUMNS,
    ALLOCATION_COLUMNS,
    OLD_DIFFERENCE_COLUMNS,
    OWN_COLUMNS,
    SHARED_COLUMNS,
    LineRows,
    Row,
    adjustment_row,
    allocation_row,
    old_difference_row,
    result_of,
    steps_of,
)


def stored_otherwise(revision: Revision, calculated: CalculatedMonth) -> str:
    """In words, the first stored row that is not as this calculation writes it; empty where every row is."""
    if revision.total != calculated.total or revision.basis != json.loads(json.dumps(calculated.basis)):
        return "合计或计算依据"
    for what, written, stored in (
        ("镇街合计", _allocations(calculated), _stored_allocations(revision)),
        ("补助明细", _lines(calculated), _stored_lines(revision)),
        ("其他调整", _adjustments(calculated), _stored_adjustments(revision)),
        ("追溯期外差额", _old_differences(calculated), _stored_old_differences(revision)),
    ):
        for number, (expected, found) in enumerate(zip_longest(written, stored), 1):
            if expected != found:
                return f"{what}第 {number} 条"
    return ""


def _allocations(calculated: CalculatedMonth) -> Iterator[Row]:
    return (allocation_row(township) for township in calculated.townships)


def _stored_allocations(revision: Revision) -> Iterator[Row]:
    rows = Allocation.objects.filter(revision=revision).order_by("pk")
    return rows.values_list(*ALLOCATION_COLUMNS).iterator(chunk_size=5000)


def _lines(calculated: CalculatedMonth) -> Iterator[Row]:
    """Township, explanation, columns."""
    rows = LineRows(calculated)
    said: dict[int, tuple[str, str]] = {}
    for township in calculated.townships:
        for entry in township.entries:
            result = result_of(entry)
            words = said.get(id(result))
            if words is None:
                words = said[id(result)] = json.dumps(steps_of(result), sort_keys=True), result.sentence
            yield (township.fact.id, words, *rows.next_row(entry))


def _stored_lines(revision: Revision) -> Iterator[Row]:
    explanations = {
        pk: (json.dumps(steps, sort_keys=True), sentence)
        for pk, steps, sentence in Explanation.objects.filter(revision=revision).values_list("pk", "steps", "sentence")
    }
    lines = AllocationLine.objects.filter(allocation__revision=revision).order_by("order")
    columns = lines.values_list("allocation__township", "explanation", *OWN_COLUMNS, *SHARED_COLUMNS)
    for township, explanation, *rest in columns.iterator(chunk_size=5000):
        yield (township, explanations.get(explanation), *rest)


def _adjustments(calculated: CalculatedMonth) -> Iterator[Row]:
    for township in calculated.townships:
        for adjustment in township.adjustments:
            yield (township.fact.id, *adjustment_row(adjustment))


def _stored_adjustments(revision: Revision) -> Iterator[Row]:
    rows = AdjustmentLine.objects.filter(allocation__revision=revision).order_by("pk")
    return rows.values_list("allocation__township", *ADJUSTMENT_COLUMNS).iterator(chunk_size=5000)


def _old_differences(calculated: CalculatedMonth) -> Iterator[Row]:
    for township in calculated.townships:
        for old in township.old_differences:
            yield (township.fact.id, *old_difference_row(old, calculated))


def _stored_old_differences(revision: Revision) -> Iterator[Row]:
    rows = OldDifference.objects.filter(allocation__revision=revision).order_by("pk")
    return rows.values_list("allocation__township", *OLD_DIFFERENCE_COLUMNS).iterator(chunk_size=5000)


def differing_lines(revision: Revision, calculated: CalculatedMonth, *, shown: int = 10) -> str:
    """In words, whose lines or hints the facts of today would change in a stored revision; the first `shown`."""
    stored: dict[tuple[object, date], tuple[str, Decimal]] = {
        (line.posting_id, line.for_month): (line.person_name, line.amount)
        for line in AllocationLine.objects.filter(allocation__revision=revision).order_by("order")
    }
    now: dict[tuple[object, date], tuple[str, Decimal]] = {
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
    stored |= {
        (f"adjustment {row.adjustment_id}", row.for_month): (_adjusted(row.person_name), row.amount)
        for row in AdjustmentLine.objects.filter(allocation__revision=revision).order_by("pk")
    }
    now |= {
        (f"adjustment {row.pk}", row.for_month): (_adjusted(row.person.name if row.person else ""), row.amount)
        for township in calculated.townships
        for row in township.adjustments
    }
    sentences = []
    for key in dict.fromkeys((*stored, *now)):
        if stored.get(key) == now.get(key):
            continue
        name = (stored.get(key) or now.get(key) or ("",))[0]
        amounts = [f"{row[1]:,.2f} 元" if row else "没有" for row in (stored.get(key), now.get(key))]
        sentences.append(f"{name} {Month.of(key[1]).label}:{amounts[0]} → {amounts[1]}")
    if not sentences:
        return "金额没有变,变的是其中的事实或依据。"
    more = f"等 {len(sentences)} 条" if len(sentences) > shown else ""
    return "不同的明细:" + ";".join(sentences[:shown]) + more + "。"


def _adjusted(person_name: str) -> str:
    return f"其他调整({person_name})" if person_name else "其他调整"
