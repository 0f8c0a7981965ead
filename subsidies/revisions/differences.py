"""What makes a run's total differ from last month's, by township and cause; the parts add up exactly (sheet T7)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from foundation.differences import differing_rows
from foundation.labels import Labelled
from foundation.money import ZERO, MoneyField, total
from subsidies.known_runs import is_supplementary
from subsidies.models import AllocationLine, AllocationQuerySet, Revision, SubsidyRun
from subsidies.revisions.compared import ComparedAllocation, ComparedAllocations, compared_allocations
from subsidies.rules.causes import Cause
from subsidies.rules.competition import PostingDays
from subsidies.rules.month_change import PaidMonth, cause_of_change


class Part(Labelled):
    """What of the total a change belongs to."""

    REGULAR = "regular", "本月应补"
    SETTLED = "settled", "本月补发扣回"
    SETTLED_BEFORE = "settled_before", "上月补发扣回(本月不再有)"
    ADJUSTED = "adjusted", "其他调整"
    ADJUSTED_BEFORE = "adjusted_before", "上月其他调整(本月不再有)"


# As many names stand behind a number.
MOST_NAMES = 20


class Who(NamedTuple):
    """Somebody behind a number: the record that is paid, and its name then."""

    person: int
    name: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One cause in one township: of how many postings, and how many yuan more or less.

    `names` are the first of whom it concerns, none for other adjustments.
    """

    township_code: str
    township_name: str
    part: Part
    cause: Cause | None
    people: int
    amount: Decimal
    names: Sequence[Who] = ()

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
# Of a township and a posting, by id.
_Key = tuple[int, int]


class _Found(dict[tuple[int, Part, Cause | None], tuple[int, Decimal, list[Who]]]):
    """Township, part and cause -> of how many, how many yuan more or less, and who are the first of them."""

    def add(
        self, township: int, part: Part, cause: Cause | None, amount: Decimal, who: Who | None = None, number: int = 1
    ) -> None:
        people, together, names = self.get((township, part, cause), (0, ZERO, []))
        if who is not None and who not in names and len(names) < MOST_NAMES:
            names.append(who)
        self[township, part, cause] = people + number, together + amount, names


def change_rows(revision: Revision, allocations: AllocationQuerySet) -> list[ChangeRow]:
    """The change of the given townships' total against last month's approved total, by township, part and cause.

    A supplementary run is compared with nothing: all it pays is its change. A fixed number of queries.
    """
    compared = compared_allocations(revision, allocations)
    return changes_of(compared, supplementary=is_supplementary(revision.run))


def changes_of(compared: ComparedAllocations, *, supplementary: bool) -> list[ChangeRow]:
    """The same of allocations that have been read, in one statement."""
    now, before = compared.now, () if supplementary else compared.before
    late_before = _late(compared.earlier if supplementary else before)
    found = _Found()
    regular = dict[_Key, tuple[list[_Line], list[_Line]]]()
    for line in _lines(compared.run, now, before):
        if line.is_regular:
            regular.setdefault((line.township, line.posting), ([], []))[line.is_before].append(line)
        else:
            part, sign = (Part.SETTLED_BEFORE, -1) if line.is_before else (Part.SETTLED, 1)
            found.add(line.township, part, Cause(line.cause) if line.cause else None, sign * line.amount, line.who)
    _regular(found, regular, _late(now), late_before)
    for part, sign, rows in ((Part.ADJUSTED, 1, now), (Part.ADJUSTED_BEFORE, -1, before)):
        for row in rows:
            if row.adjustments:
                found.add(row.township, part, None, sign * row.adjustment, number=row.adjustments)
    named = {row.township: row.allocation for row in now}
    return sorted(
        (
            ChangeRow(named[township].township_code, named[township].township_name, part, cause, *told)
            for (township, part, cause), told in found.items()
        ),
        key=_order,
    )


def _late(allocations: Iterable[ComparedAllocation]) -> set[int]:
    """The townships that none of these runs settled up to its month."""
    rows = {(row.township, row.is_late) for row in allocations}
    return {township for township, is_late in rows if is_late and (township, False) not in rows}


def by_cause(rows: Iterable[ChangeRow]) -> list[ChangeRow]:
    """The rows of all townships together, one for each part and cause that changes anything."""
    found: dict[tuple[Part, Cause | None], list[ChangeRow]] = defaultdict(list)
    for row in rows:
        found[row.part, row.cause].append(row)
    together = [
        ChangeRow("", "", part, cause, sum(row.people for row in of), total(row.amount for row in of), _names(of))
        for (part, cause), of in found.items()
    ]
    return sorted(together, key=_order)


def _names(rows: Iterable[ChangeRow]) -> list[Who]:
    return list(dict.fromkeys(who for row in rows for who in row.names))[:MOST_NAMES]


def _order(row: ChangeRow) -> tuple[str, int, int]:
    causes = list(Cause)
    return row.township_code, list(Part).index(row.part), causes.index(row.cause) if row.cause else -1


class _Line(NamedTuple):
    """A line of this run or, `is_before`, of one of the month before; `is_regular`: of its run's own month."""

    township: int
    posting: int
    for_month: date
    cause: str
    is_before: bool
    is_regular: bool
    who: Who
    paid: PaidMonth

    @property
    def amount(self) -> Decimal:
        return self.paid.amount


def _lines(
    run: SubsidyRun, now: Iterable[ComparedAllocation], before: Iterable[ComparedAllocation]
) -> Iterator[_Line]:
    """By id: all that pay for earlier months, and of the months themselves those of postings that are paid another
    amount."""
    month, month_before = run.month, (run.period - 1).first
    township_of, ids_before = {row.id: row.township for row in (*now, *before)}, {row.id for row in before}
    of_now, of_before = Q(allocation__in=set(township_of) - ids_before), Q(allocation__in=ids_before)
    regular = of_now & Q(for_month=month) | of_before & Q(for_month=month_before)
    settled = ~Q(amount=0) & (of_now & ~Q(for_month=month) | of_before & ~Q(for_month=month_before))
    changed = (
        AllocationLine.objects.filter(regular)
        .order_by()
        .values("allocation__township", "posting")
        .annotate(new=_sum_of(of_now), old=_sum_of(of_before))
        .exclude(new=F("old"))
        .values("posting")
    )
    lines = AllocationLine.objects.filter(settled | regular & Q(posting__in=changed)).order_by("pk")
    for row in lines.values("allocation", "posting", "for_month", "cause", *_WHO, *_PAID, *PostingDays._fields):
        is_before = row["allocation"] in ids_before
        yield _Line(
            township=township_of[row["allocation"]],
            posting=row["posting"],
            for_month=row["for_month"],
            cause=row["cause"],
            is_before=is_before,
            is_regular=row["for_month"] == (month_before if is_before else month),
            who=Who(row["person_id"], row["person_name"]),
            paid=PaidMonth(
                days=PostingDays(**{name: row[name] for name in PostingDays._fields}),
                **{name: row[name] for name in _PAID},
            ),
        )


_WHO = ("person_id", "person_name")
_PAID = ("amount", "month_days", "band", "rate", "blocked_by")


def _sum_of(which: Q) -> Coalesce:
    return Coalesce(Sum("amount", filter=which), 0, output_field=MoneyField())


def _regular(
    found: _Found,
    lines: Mapping[_Key, tuple[Sequence[_Line], Sequence[_Line]]],
    late: Collection[int],
    late_before: Collection[int],
) -> None:
    paid_now, paid_before = (
        {key: paid for key, of in lines.items() if (paid := _together(of[which])) is not None} for which in (0, 1)
    )
    for key, old, new in differing_rows(paid_before, paid_now):
        township, _ = key
        difference = (new.amount if new else ZERO) - (old.amount if old else ZERO)
        if not difference:
            continue
        is_late = (new is None and township in late) or (old is None and township in late_before)
        # A supplementary run says itself why it pays its own month once more.
        told = [line.cause for line in lines[key][0] if line.cause]
        cause = Cause(told[-1]) if told else Cause.REPORT_LATE if is_late else cause_of_change(old, new)
        found.add(township, Part.REGULAR, cause, difference, [*lines[key][0], *lines[key][1]][0].who)


def _together(lines: Sequence[_Line]) -> PaidMonth | None:
    """What several runs paid for one month together; the basis is that of the last one."""
    return replace(lines[-1].paid, amount=total(line.amount for line in lines)) if lines else None
