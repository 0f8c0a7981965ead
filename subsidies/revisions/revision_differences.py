"""Two revisions of a run beside each other: the lines that differ, and what each township's total differs by."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from foundation.dates import Month
from foundation.differences import Difference, differing_labels, differing_rows
from foundation.money import ZERO, total
from staffing.labels import position_name
from subsidies.labels import NOT_SETTLED
from subsidies.models import AdjustmentLine, Allocation, AllocationLine, AllocationQuerySet, Explanation, Revision
from subsidies.models import OldDifference as Hint
from subsidies.revisions.line_differences import (
    ADJUSTMENT_COLUMNS,
    HINT_COLUMNS,
    LINE_COLUMNS,
    Columns,
    Key,
    differences_of,
)
from subsidies.revisions.run_history import RunHistory

# A row weighs half a kilobyte, a page 150 at most.
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class DifferingLine:
    """A line or an adjustment in two revisions; `before` and `now` are None where only the other one has it.

    `before_line` and `now_line` lead to their pages. `words` say what differs besides the amount.
    """

    township_name: str
    person_name: str
    place: str
    month: Month
    before: Decimal | None
    now: Decimal | None
    before_line: int | None
    now_line: int | None
    words: Sequence[str]

    @property
    def difference(self) -> Decimal:
        return (self.now or ZERO) - (self.before or ZERO)


@dataclass(frozen=True, slots=True)
class DifferingTownship:
    """A township of which something differs; `lines` are how many of its lines do."""

    name: str
    before: Decimal
    now: Decimal
    lines: int
    words: Sequence[str]

    @property
    def difference(self) -> Decimal:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class RevisionDifferences:
    """What `now` says otherwise than `before`, over the townships that the reader may see.

    `rows` are the first of the `number` lines that differ; `hints` say what differs of what is in no total.
    """

    before: Revision
    now: Revision
    total_before: Decimal
    total_now: Decimal
    townships: Sequence[DifferingTownship]
    rows: Sequence[DifferingLine]
    number: int
    hints: Sequence[str]
    has_other_basis: bool

    @property
    def difference(self) -> Decimal:
        return self.total_now - self.total_before

    @property
    def more(self) -> int:
        return self.number - len(self.rows)

    @property
    def is_empty(self) -> bool:
        return not (self.townships or self.hints or self.has_other_basis)


def default_pair(history: RunHistory) -> tuple[int, int] | None:
    """The numbers of the last two revisions whose lines are kept."""
    kept = [row.revision.number for row in history.revisions if row.has_lines]
    return (kept[1], kept[0]) if len(kept) > 1 else None


def why_not(history: RunHistory, numbers: Iterable[int]) -> str:
    """Why these revisions cannot be compared; empty where they can."""
    wanted = list(numbers)
    found = {row.revision.number: row for row in history.revisions}
    for number in wanted:
        if number not in found:
            return f"没有第 {number} 版,请从列表中选择。"
        if not found[number].has_lines:
            return f"第 {number} 版没有送审就由新的一版代替,只保留合计,没有明细,不能比较。"
    return "请选择两个不同的版次。" if len(set(wanted)) < len(wanted) else ""


def revision_differences(before: Revision, now: Revision, allocations: AllocationQuerySet) -> RevisionDifferences:
    """Both keep their lines; in a fixed number of queries."""
    sides = [_side(revision, allocations) for revision in (before, now)]
    names = {code: township.name for side in sides for code, township in side.townships.items()}
    rows: dict[str, list[DifferingLine]] = defaultdict(list)
    for code, row in sorted(_rows(sides[0], sides[1], names), key=lambda found: found[0]):
        rows[code].append(row)
    townships = [
        township
        for code, name in sorted(names.items())
        if (township := _township(name, sides[0].townships.get(code), sides[1].townships.get(code), rows[code]))
    ]
    listed = [row for code in sorted(rows) for row in rows[code]]
    return RevisionDifferences(
        before=before,
        now=now,
        total_before=total(township.total for township in sides[0].townships.values()),
        total_now=total(township.total for township in sides[1].townships.values()),
        townships=townships,
        rows=listed[:MOST_ROWS],
        number=len(listed),
        hints=list(_hints(sides[0], sides[1])),
        has_other_basis=before.basis != now.basis,
    )


class _Row(NamedTuple):
    """A line, an adjustment or a hint as one revision has it, and the code of its township."""

    township: str
    place: str
    amount: Decimal
    columns: Columns


class _Township(NamedTuple):
    name: str
    total: Decimal
    facts: Mapping[str, str]


class _Side(NamedTuple):
    """One revision, townships by code; `rows` are lines and adjustments, `lines` the ids of the lines among them."""

    townships: Mapping[str, _Township]
    rows: Mapping[Key, _Row]
    lines: Mapping[Key, int]
    hints: Mapping[Key, _Row]


def _side(revision: Revision, allocations: AllocationQuerySet) -> _Side:
    found = {row.pk: row for row in allocations.filter(revision=revision).order_by("township_code")}
    townships = {row.township_code: _Township(row.township_name, row.total, _facts(row)) for row in found.values()}
    code_of = {pk: row.township_code for pk, row in found.items()}
    explanations = {
        row.pk: (row.steps, row.sentence)
        for row in Explanation.objects.filter(revision=revision).only("steps", "sentence")
    }
    rows: dict[Key, _Row] = {}
    lines: dict[Key, int] = {}
    columns = ("pk", "allocation", "posting", "explanation", "for_month", "amount", "details", *LINE_COLUMNS)
    of_lines = AllocationLine.objects.filter(allocation__in=list(found)).order_by("order")
    for said in of_lines.values(*columns).iterator(chunk_size=5000):
        said["explanation"] = explanations.get(said["explanation"])
        place = f"{said['unit_name']}{position_name(said['position'])}"
        key: Key = ("line", said["posting"], said["for_month"])
        lines[key] = said.pop("pk")
        rows[key] = _Row(code_of[said.pop("allocation")], place, said["amount"], said)
    held = AdjustmentLine.objects.filter(allocation__in=list(found)).order_by("pk")
    for said in held.values("allocation", "adjustment", "amount", *ADJUSTMENT_COLUMNS):
        key = ("adjustment", said["adjustment"], said["for_month"])
        rows[key] = _Row(code_of[said.pop("allocation")], "其他调整", said["amount"], said)
    return _Side(townships, rows, lines, dict(_hints_of(list(found), code_of)))


def _hints_of(allocations: Sequence[int], code_of: Mapping[int, str]) -> Iterator[tuple[Key, _Row]]:
    hints = Hint.objects.filter(allocation__in=allocations).order_by("pk")
    for said in hints.values("allocation", "posting", "for_month", "difference", *HINT_COLUMNS):
        township = code_of[said.pop("allocation")]
        yield ("hint", said["posting"], said["for_month"]), _Row(township, "", said["difference"], said)


def _rows(before: _Side, now: _Side, names: Mapping[str, str]) -> Iterator[tuple[str, DifferingLine]]:
    """With the code of their township, in the order of the sheet."""
    for key, old, new in differing_rows(before.rows, now.rows, new_first=True):
        words = _words(key, old, new)
        either = new or old
        if either is None or (old and new and old.amount == new.amount and not words):
            continue
        yield (
            either.township,
            DifferingLine(
                township_name=names[either.township],
                person_name=either.columns["person_name"],
                place=either.place,
                month=Month.of(key[2]),
                before=old.amount if old else None,
                now=new.amount if new else None,
                before_line=before.lines.get(key),
                now_line=now.lines.get(key),
                words=words,
            ),
        )


def _words(key: Key, old: _Row | None, new: _Row | None) -> list[str]:
    return differences_of(key, old.columns if old else None, new.columns if new else None)


def _hints(before: _Side, now: _Side) -> Iterator[str]:
    for key, old, new in differing_rows(before.hints, now.hints):
        either = new or old
        if either is None:
            continue
        amounts = [f"{hint.amount:+,.2f} 元" if hint else "没有" for hint in (old, new)]
        words = [str(Difference("差额", *amounts))] if amounts[0] != amounts[1] else _words(key, old, new)
        if words:
            yield f"{either.columns['person_name']} {Month.of(key[2]).label}:{','.join(words)}"


def _facts(row: Allocation) -> dict[str, str]:
    """What the total of a township does not tell, by label."""
    settled = Month.of(row.settled_until).label if row.settled_until else "无"
    return {
        "名称": row.township_name,
        "类别": row.township_class or "无",
        "协理员名额": str(row.places),
        "社区数": str(row.communities),
        "村居数": str(row.villages),
        "结算": NOT_SETTLED if row.is_late else "列入本次核算",
        "结算到": settled,
    }


def _township(
    name: str, before: _Township | None, now: _Township | None, rows: Sequence[DifferingLine]
) -> DifferingTownship | None:
    """None where nothing differs."""
    facts = (before.facts if before else {}, now.facts if now else {})
    words = [str(difference) for difference in differing_labels(*facts)]
    if not rows and not words:
        return None
    return DifferingTownship(name, before.total if before else ZERO, now.total if now else ZERO, len(rows), words)
