"""What is unusual in a revision that waits for its approval: a few lines, each with the names behind it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q

from foundation.dates import Month
from staffing.labels import position_name
from subsidies.enums import RunHint
from subsidies.line_details import LineDetails
from subsidies.models import Allocation, AllocationLine, Revision, SubsidyRun
from subsidies.revisions.adjusted_and_settled import AdjustedAndSettled
from subsidies.revisions.adjustment_lines import HeldAdjustments
from subsidies.revisions.compared import ComparedAllocations
from subsidies.rules.causes import Cause
from subsidies.workflow import APPROVED_STATES

# Without a cause are only first lines of nothing.
_ENTERED_LATE = (Cause.JOINED.value, Cause.REPLACED.value, "")


@dataclass(frozen=True, slots=True)
class UnusualName:
    """Somebody or a township, where, and what is unusual; `person` is None for a township."""

    person: int | None
    name: str
    where: str
    note: str


@dataclass(frozen=True, slots=True)
class Unusual:
    """One kind of what is unusual, with whom it concerns."""

    label: str
    names: Sequence[UnusualName]


class _Line(NamedTuple):
    """What of a line is looked at, in the order of the statement."""

    allocation: int
    posting: int
    person_id: int
    person_name: str
    township: str
    unit_name: str
    position: str
    for_month: date
    cause: str
    on_post_at_end: bool
    details: list[Any]

    @property
    def ended_on(self) -> date | None:
        return LineDetails.from_list(self.details).ended_on if self.details else None

    def named(self, note: str) -> UnusualName:
        return UnusualName(
            self.person_id, self.person_name, f"{self.township}{self.unit_name}{position_name(self.position)}", note
        )


def unusual(
    compared: ComparedAllocations,
    revision: Revision,
    *,
    adjustments: HeldAdjustments,
    settled: Sequence[AdjustedAndSettled],
    reports_required: bool,
    supplementary: bool,
) -> list[Unusual]:
    """At most eight kinds, those without a name left out, over the allocations that were read; in one statement.

    Of a supplementary run, which only adds to its month, newcomers and leavers are left out.
    """
    run, of_now = compared.run, {row.id for row in compared.now}
    read = list(_lines(_told_of(compared)))
    lines = [line for line in read if line.allocation in of_now]
    before = [line for line in read if line.allocation not in of_now]
    of_townships = [row.allocation for row in compared.now]
    found = [
        *(() if supplementary else _comings_and_goings(run, lines, before)),
        Unusual("迟一个月以上才登记", list(_entered_late(lines, run.period))),
        Unusual(RunHint.ADJUSTED_AND_SETTLED.label, [_adjusted_and_settled(row) for row in settled]),
        Unusual("其他调整", [_adjusted(row.line, row.township_name) for row in adjustments.rows]),
        Unusual("补助名额多于基数", list(_beyond_base(revision, of_townships))),
        _unreported(of_townships, reports_required),
    ]
    return [row for row in found if row.names]


def _told_of(compared: ComparedAllocations) -> Any:
    """The lines of the run and of the month before, and what approved runs hold of those who are new in the run."""
    approved = Q(allocation__revision__current_for__state__in=APPROVED_STATES)
    now, before = ([row.id for row in rows] for rows in (compared.now, compared.before))
    anew = AllocationLine.objects.filter(allocation__in=now).exclude(
        posting__in=AllocationLine.objects.filter(allocation__in=before).values("posting")
    )
    return AllocationLine.objects.filter(
        Q(allocation__in=[*now, *before]) | approved & Q(posting__in=anew.values("posting"))
    )


def _lines(lines: Any) -> Iterator[_Line]:
    columns = (
        "allocation",
        "posting",
        "person_id",
        "person_name",
        "allocation__township_name",
        "unit_name",
        "position",
        "for_month",
        "cause",
        "on_post_at_end",
        "details",
    )
    return map(_Line._make, lines.order_by("allocation__township_code", "order").values_list(*columns))


def _comings_and_goings(run: SubsidyRun, lines: Iterable[_Line], before: Iterable[_Line]) -> Iterator[Unusual]:
    """`before` are the lines of approved runs: all of the month before, and all of those who have none there."""
    regular = {line.posting: line for line in lines if line.for_month == run.month}
    of_last_month = {line.posting: line for line in before if line.for_month == (run.period - 1).first}
    anew = regular.keys() - of_last_month.keys()
    earlier = {line.posting: line for line in before if line.posting in anew} if of_last_month else {}
    came = [line for number, line in regular.items() if number in anew and number not in earlier]
    latest = {**earlier, **of_last_month}
    back = [line for number, line in regular.items() if number in latest and latest[number].ended_on is not None]
    left = [line for line in regular.values() if line.ended_on is not None and line.ended_on <= run.period.last]
    gone = [line for number, line in of_last_month.items() if line.on_post_at_end and number not in regular]
    if of_last_month:
        yield Unusual("新到岗", [line.named("") for line in came])
    yield Unusual(
        "离岗",
        [
            *(line.named(f"{line.ended_on} 离岗") for line in left),
            *(line.named("本月不再在岗") for line in gone),
        ],
    )
    yield Unusual("离岗日期被撤去", [line.named(f"以前登记 {latest[line.posting].ended_on} 离岗") for line in back])


def _entered_late(lines: Iterable[_Line], month: Month) -> Iterator[UnusualName]:
    """Whoever has a line for an earlier month because the posting was not on record then."""
    told: set[int] = set()
    for line in sorted(lines, key=lambda line: line.for_month):
        if line.for_month < month.first and line.cause in _ENTERED_LATE and line.posting not in told:
            told.add(line.posting)
            yield line.named(f"从{Month.of(line.for_month).label}起列入")


def _adjusted_and_settled(row: AdjustedAndSettled) -> UnusualName:
    line = row.line
    where = f"{line.allocation.township_name}{line.unit_name}{position_name(line.position)}"
    note = f"{row.month.label}已调整 {row.adjusted:+,.2f} 元,这次 {line.amount:+,.2f} 元"
    return UnusualName(line.person_id, line.person_name, where, note)


def _adjusted(line: Any, township: str) -> UnusualName:
    note = f"{line.amount:+,.2f} 元,{line.document}"
    if not line.person_name:
        return UnusualName(None, township, "", note)
    return UnusualName(line.adjustment.person_id, line.person_name, township, note)


def _beyond_base(revision: Revision, allocations: Iterable[Allocation]) -> Iterator[UnusualName]:
    """Townships with more subsidised assistants than their class has (一.2)."""
    base: Mapping[str, int] = revision.basis["months"][-1]["assistant_base"]
    for row in allocations:
        if row.places > base.get(row.township_class, 0):
            note = f"名额 {row.places},基数 {base.get(row.township_class, 0)}"
            yield UnusualName(None, row.township_name, "", note)


def _unreported(allocations: Iterable[Allocation], reports_required: bool) -> Unusual:
    label = "未结算的镇街" if reports_required else "没有要求镇街月报"
    late = [row.township_name for row in allocations if row.is_late or not reports_required]
    return Unusual(label, [UnusualName(None, name, "", "") for name in late])
