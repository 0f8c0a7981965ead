"""What makes a run's total differ from last month's, by township and cause; the parts add up exactly (sheet T7)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from foundation.differences import differing_rows
from foundation.labels import Labelled
from foundation.money import ZERO, total
from subsidies.known_runs import is_supplementary
from subsidies.models import AdjustmentLine, Allocation, AllocationLine, AllocationQuerySet, Revision
from subsidies.rules.causes import Cause
from subsidies.rules.competition import PostingDays
from subsidies.rules.month_change import PaidMonth, cause_of_change
from subsidies.workflow import APPROVED_STATES


class Part(Labelled):
    """What of the total a change belongs to."""

    REGULAR = "regular", "本月应补"
    SETTLED = "settled", "本月补发扣回"
    SETTLED_BEFORE = "settled_before", "上月补发扣回(本月不再有)"
    ADJUSTED = "adjusted", "其他调整"
    ADJUSTED_BEFORE = "adjusted_before", "上月其他调整(本月不再有)"


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One cause in one township: of how many postings, and how many yuan more or less."""

    township_code: str
    township_name: str
    part: Part
    cause: Cause | None
    people: int
    amount: Decimal

    @property
    def label(self) -> str:
        """The cause in words, of months that follow each other where two of them are compared."""
        if self.cause is None:
            return self.part.label
        return (
            _FROM_MONTH_TO_MONTH.get(self.cause, self.cause.label) if self.part is Part.REGULAR else self.cause.label
        )


# Nothing was entered late or corrected where this month is not like the last one.
_FROM_MONTH_TO_MONTH = {Cause.JOINED: "到岗", Cause.DATES: "在岗天数变化"}
_Found = dict[tuple[str, Part, Cause | None], list[Decimal]]


def change_rows(revision: Revision, allocations: AllocationQuerySet) -> list[ChangeRow]:
    """The change of the given townships' total against last month's approved total, by township, part and cause.

    A supplementary run is compared with nothing: all it pays is its change. A fixed number of queries.
    """
    run = revision.run
    now = allocations.filter(revision=revision)
    names = dict(now.values_list("township_code", "township_name"))
    codes = dict(now.values_list("township", "township_code"))
    approved = Allocation.objects.filter(revision__current_for__state__in=APPROVED_STATES, township__in=codes)
    before = approved.filter(revision__run__month=(run.period - 1).first)
    late_before = _late(before)
    if is_supplementary(run):
        before = before.none()
        late_before = _late(approved.filter(revision__run__month=run.month, revision__run__number__lt=run.number))
    found: _Found = defaultdict(list)
    _regular(found, now, before, run.month, (run.period - 1).first, codes, _late(now), late_before)
    _settled(found, now, run.month, Part.SETTLED, codes, sign=1)
    _settled(found, before, (run.period - 1).first, Part.SETTLED_BEFORE, codes, sign=-1)
    _adjusted(found, now, Part.ADJUSTED, codes, sign=1)
    _adjusted(found, before, Part.ADJUSTED_BEFORE, codes, sign=-1)
    rows = [
        ChangeRow(code, names[code], part, cause, len(amounts), total(amounts))
        for (code, part, cause), amounts in found.items()
    ]
    return sorted(rows, key=_order)


def _late(allocations: AllocationQuerySet) -> set[int]:
    """The townships that none of these runs settled up to its month."""
    rows = set(allocations.order_by().values_list("township", "is_late"))
    return {township for township, is_late in rows if is_late and (township, False) not in rows}


def by_cause(rows: Iterable[ChangeRow]) -> list[ChangeRow]:
    """The rows of all townships together, one for each part and cause that changes anything."""
    found: dict[tuple[Part, Cause | None], list[ChangeRow]] = defaultdict(list)
    for row in rows:
        found[row.part, row.cause].append(row)
    together = [
        ChangeRow("", "", part, cause, sum(row.people for row in of), total(row.amount for row in of))
        for (part, cause), of in found.items()
    ]
    return sorted(together, key=_order)


def _order(row: ChangeRow) -> tuple[str, int, int]:
    causes = list(Cause)
    return row.township_code, list(Part).index(row.part), causes.index(row.cause) if row.cause else -1


def _regular(
    found: _Found,
    now: AllocationQuerySet,
    before: AllocationQuerySet,
    month: date,
    month_before: date,
    codes: Mapping[int, str],
    late: set[int],
    late_before: set[int],
) -> None:
    paid_now, paid_before = _paid(now, month), _paid(before, month_before)
    causes = _told_causes(now, month)
    for key, old, new in differing_rows(paid_before, paid_now):
        township, _ = key
        difference = (new.amount if new else ZERO) - (old.amount if old else ZERO)
        if not difference:
            continue
        is_late = (new is None and township in late) or (old is None and township in late_before)
        # A supplementary run says itself why it pays its own month once more.
        told = causes.get(key, "")
        cause = Cause(told) if told else Cause.REPORT_LATE if is_late else cause_of_change(old, new)
        found[codes[township], Part.REGULAR, cause].append(difference)


def _paid(allocations: AllocationQuerySet, month: date) -> dict[tuple[int, int], PaidMonth]:
    """(township, posting) -> what its runs paid for their own month together; the basis is that of the last one."""
    columns = (
        *("allocation__township", "posting", "amount", "month_days"),
        *(*PostingDays._fields, "band", "rate", "blocked_by"),
    )
    lines = AllocationLine.objects.filter(allocation__in=allocations, for_month=month).order_by("pk")
    found: dict[tuple[int, int], PaidMonth] = {}
    for row in lines.values(*columns):
        key = row["allocation__township"], row["posting"]
        earlier = found.get(key)
        found[key] = PaidMonth(
            amount=row["amount"] + (earlier.amount if earlier else ZERO),
            month_days=row["month_days"],
            days=PostingDays(**{name: row[name] for name in PostingDays._fields}),
            band=row["band"],
            rate=row["rate"],
            blocked_by=row["blocked_by"],
        )
    return found


def _told_causes(allocations: AllocationQuerySet, month: date) -> dict[tuple[int, int], str]:
    """(township, posting) -> the cause that a line of the run's own month carries."""
    lines = AllocationLine.objects.filter(allocation__in=allocations, for_month=month).exclude(cause="").order_by("pk")
    columns = lines.values_list("allocation__township", "posting", "cause")
    return {(township, posting): cause for township, posting, cause in columns}


def _settled(
    found: _Found, allocations: AllocationQuerySet, month: date, part: Part, codes: Mapping[int, str], *, sign: int
) -> None:
    lines = AllocationLine.objects.filter(~Q(for_month=month), allocation__in=allocations).exclude(amount=0)
    columns: Sequence[str] = ("allocation__township", "cause", "amount")
    for township, cause, amount in lines.order_by("pk").values_list(*columns):
        found[codes[township], part, Cause(cause) if cause else None].append(sign * amount)


def _adjusted(
    found: _Found, allocations: AllocationQuerySet, part: Part, codes: Mapping[int, str], *, sign: int
) -> None:
    rows = AdjustmentLine.objects.filter(allocation__in=allocations).order_by("pk")
    for township, amount in rows.values_list("allocation__township", "amount"):
        found[codes[township], part, None].append(sign * amount)
