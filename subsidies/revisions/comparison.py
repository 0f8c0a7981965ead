"""A stored revision beside a calculation: whether it is still what the calculation writes, and which lines differ."""

import json
from collections.abc import Hashable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Any, NamedTuple

from django.db import models

from foundation.dates import Month
from foundation.differences import differing_rows
from foundation.money import ZERO
from subsidies.calculation.calculated import CalculatedMonth
from subsidies.models import AdjustmentLine, Allocation, AllocationLine, OldDifference
from subsidies.revisions.line_differences import Columns, Key, differences_of
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
from subsidies.revisions.stored import StoredRevision, as_the_model_has_them, columns_of

_RowOfTownship = tuple[int, Row]
# With the steps and the sentence of its explanation, where there is one.
_ExplainedRow = tuple[int, tuple[str, str] | None, Row]


def stored_otherwise(
    stored: StoredRevision, calculated: CalculatedMonth, lines: Iterable[LineRow] | None = None
) -> str:
    """In words, the first stored row that is not as this calculation writes it; empty where every row is.

    `lines` are its `line_rows`, where the caller holds them.
    """
    revision = stored.revision
    if revision.total != calculated.total or revision.basis != json.loads(json.dumps(calculated.basis)):
        return "合计或计算依据"
    for what, written, as_stored in (
        ("镇街合计", _allocations(calculated), _stored_allocations(stored)),
        ("补助明细", _lines(calculated, lines), _stored_lines(stored)),
        ("其他调整", _adjustments(calculated), _stored_adjustments(stored)),
        ("追溯期外差额", _old_differences(calculated), _stored_old_differences(stored)),
    ):
        for number, (expected, found) in enumerate(zip_longest(written, as_stored), 1):
            if expected != found:
                return f"{what}第 {number} 条"
    return ""


def _allocations(calculated: CalculatedMonth) -> Iterator[Row]:
    return (allocation_row(township) for township in calculated.townships)


def _stored_allocations(stored: StoredRevision) -> Iterator[Row]:
    return columns_of(Allocation, ALLOCATION_COLUMNS, stored.allocations)


def _lines(calculated: CalculatedMonth, lines: Iterable[LineRow] | None = None) -> Iterator[_ExplainedRow]:
    said: dict[Hashable, tuple[str, str]] = {}
    for township, entry, values in line_rows(calculated) if lines is None else lines:
        key = explanation_key(entry)
        words = said.get(key)
        if words is None:
            result = result_of(entry)
            words = said[key] = json.dumps(steps_of(result), sort_keys=True), result.sentence
        yield township.fact.id, words, values


def _stored_lines(stored: StoredRevision) -> Iterator[_ExplainedRow]:
    explanations = {
        row.id: (json.dumps(json.loads(row.steps), sort_keys=True), row.sentence) for row in stored.explanations
    }
    rows = columns_of(AllocationLine, LINE_COLUMNS, stored.lines)
    townships = _townships(stored)
    for line, values in zip(stored.lines, rows, strict=True):
        yield townships[line.allocation], explanations.get(line.explanation), values


def _adjustments(calculated: CalculatedMonth) -> Iterator[_RowOfTownship]:
    for township in calculated.townships:
        for adjustment in township.adjustments:
            yield township.fact.id, adjustment_row(adjustment)


def _stored_adjustments(stored: StoredRevision) -> Iterator[_RowOfTownship]:
    rows = columns_of(AdjustmentLine, ADJUSTMENT_COLUMNS, stored.adjustments)
    townships = _townships(stored)
    for line, values in zip(stored.adjustments, rows, strict=True):
        yield townships[line.allocation], values


def _old_differences(calculated: CalculatedMonth) -> Iterator[_RowOfTownship]:
    for township in calculated.townships:
        for old in township.old_differences:
            yield township.fact.id, old_difference_row(old, calculated)


def _stored_old_differences(stored: StoredRevision) -> Iterator[_RowOfTownship]:
    rows = columns_of(OldDifference, OLD_DIFFERENCE_COLUMNS, stored.old_differences)
    townships = _townships(stored)
    for hint, values in zip(stored.old_differences, rows, strict=True):
        yield townships[hint.allocation], values


def _townships(stored: StoredRevision) -> dict[int, int]:
    """Allocation -> township, by id."""
    return {allocation.id: allocation.township for allocation in stored.allocations}


class _Said(NamedTuple):
    """What a revision or a calculation says of one line, hint or adjustment."""

    name: str
    amount: Decimal
    columns: Columns


_Sayings = dict[Key, _Said]


def differing_lines(stored: StoredRevision, calculated: CalculatedMonth, *, shown: int = 10) -> str:
    """In words, whose lines or hints the facts of today would change in a stored revision; the first `shown`.

    Where the amount stays, what else differs is named.
    """
    then = _sayings(_stored_lines(stored), _stored_old_differences(stored), _stored_adjustments(stored))
    now = _sayings(_lines(calculated), _old_differences(calculated), _adjustments(calculated))
    sentences = []
    for key, before, after in differing_rows(then, now):
        name = (before or after or _Said("", ZERO, {})).name
        if before and after and before.amount == after.amount:
            words = ",".join(differences_of(key, before.columns, after.columns))
        else:
            words = " → ".join(f"{row.amount:,.2f} 元" if row else "没有" for row in (before, after))
        if words:
            sentences.append(f"{name} {Month.of(key[2]).label}:{words}")
    if not sentences:
        return "金额没有变,变的是其中的事实或依据。"
    more = f"等 {len(sentences)} 条" if len(sentences) > shown else ""
    return "不同的明细:" + ";".join(sentences[:shown]) + more + "。"


def _sayings(
    lines: Iterable[_ExplainedRow], hints: Iterable[_RowOfTownship], adjustments: Iterable[_RowOfTownship]
) -> _Sayings:
    found: _Sayings = {}
    explained = list(lines)
    of_lines = _columns(AllocationLine, LINE_COLUMNS, (values for _, _, values in explained))
    for (_, explanation, _), columns in zip(explained, of_lines, strict=True):
        del columns["order"]  # another place on the sheet is no other line
        said = _Said(columns["person_name"], columns["amount"], columns | {"explanation": explanation})
        found["line", columns["posting"], columns["for_month"]] = said
    for columns in _columns(OldDifference, OLD_DIFFERENCE_COLUMNS, (values for _, values in hints)):
        said = _Said(columns["person_name"], columns["difference"], columns)
        found["hint", columns["posting"], columns["for_month"]] = said
    for columns in _columns(AdjustmentLine, ADJUSTMENT_COLUMNS, (values for _, values in adjustments)):
        name = f"其他调整({columns['person_name']})" if columns["person_name"] else "其他调整"
        said = _Said(name, columns["amount"], columns)
        found["adjustment", columns["adjustment"], columns["for_month"]] = said
    return found


def _columns(model: type[models.Model], names: Sequence[str], rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """Each row by the names of its columns, as the model has them."""
    return (dict(zip(names, row, strict=True)) for row in as_the_model_has_them(model, names, rows))
