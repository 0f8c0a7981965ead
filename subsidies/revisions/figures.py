"""The one aggregate of a revision: what month page, sheets, JSON and desk say of each township and of the county."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, ExpressionWrapper, F, Field, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from foundation.money import ZERO, MoneyField, total
from staffing.enums import SUBSIDISED, Position
from subsidies.models import AdjustmentLine, Allocation, AllocationLine, AllocationQuerySet, Revision, SubsidyRun
from subsidies.revisions.compared import ComparedAllocation, ComparedAllocations, compared_allocations, sum_of_amounts
from subsidies.workflow import APPROVED_STATES


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of people and places, amounts in yuan; adding two gives those of both.

    People are counted by lines of the month itself; `*_subsidised` are those to whom money is due. `bands` maps a
    band's lower bound to the number of village coordinators subsidised in it. Share and surplus are what all lines
    change of them, of earlier months too; `cost_unknown` counts the lines of the month whose cost is not known.
    """

    assistant_places: int = 0
    assistants_on_post: int = 0
    assistants_subsidised: int = 0
    assistant_amount: Decimal = ZERO
    communities: int = 0
    communities_subsidised: int = 0
    community_amount: Decimal = ZERO
    villages: int = 0
    villages_subsidised: int = 0
    village_amount: Decimal = ZERO
    bands: dict[int, int] = field(default_factory=dict)
    back_pay: Decimal = ZERO
    clawback: Decimal = ZERO
    adjustment: Decimal = ZERO
    township_share: Decimal = ZERO
    surplus: Decimal = ZERO
    cost_unknown: int = 0
    year_to_date: Decimal = ZERO
    previous_total: Decimal = ZERO

    @property
    def regular(self) -> Decimal:
        """本月应补: the lines of the month itself."""
        return self.assistant_amount + self.community_amount + self.village_amount

    @property
    def total(self) -> Decimal:
        return self.regular + self.back_pay + self.clawback + self.adjustment

    @property
    def difference(self) -> Decimal:
        """The total less that of the month before."""
        return self.total - self.previous_total

    def __add__(self, other: Figures) -> Figures:
        added: dict[str, Any] = {
            row.name: getattr(self, row.name) + getattr(other, row.name) for row in fields(self) if row.name != "bands"
        }
        bands = {bound: self.bands.get(bound, 0) + other.bands.get(bound, 0) for bound in self.bands | other.bands}
        return Figures(bands=dict(sorted(bands.items())), **added)


@dataclass(frozen=True, slots=True)
class LineCounts:
    """How many lines there are: in all, for earlier months, of the month itself without money, with hints."""

    lines: int = 0
    settling: int = 0
    unpaid: int = 0
    with_findings: int = 0

    def __add__(self, other: LineCounts) -> LineCounts:
        return LineCounts(*(getattr(self, row.name) + getattr(other, row.name) for row in fields(self)))


@dataclass(frozen=True, slots=True)
class TownshipFigures:
    """One township of a revision; `assistant_rates` are the distinct rates of its assistants' lines."""

    allocation: Allocation
    figures: Figures
    assistant_rates: Sequence[Decimal]
    counts: LineCounts


def figures_by_township(revision: Revision, allocations: AllocationQuerySet) -> list[TownshipFigures]:
    """The figures of the given allocations of `revision`, by township code, in two statements."""
    return figures_of(compared_allocations(revision, allocations))


def figures_of(compared: ComparedAllocations) -> list[TownshipFigures]:
    """The same of allocations that have been read, in one statement."""
    previous: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for row in compared.before:
        previous[row.township] += row.allocation.total
    return _of_townships(compared.now, _cells(compared.now), previous)


def figures_of_both(
    compared: ComparedAllocations, before: SubsidyRun | None
) -> tuple[list[TownshipFigures], Figures | None]:
    """The same, and those of the county in the run `before` of the month before, in one statement for both; what the
    month before that was paid is not among these."""
    of_before = [row for row in compared.before if before and row.allocation.revision_id == before.current_revision_id]
    cells = _cells([*compared.now, *of_before])
    previous = {row.township: row.allocation.total for row in of_before}
    now = _of_townships(compared.now, cells, previous)
    return now, added_up(_of_townships(of_before, cells, {})) if of_before else None


def _of_townships(
    rows: Iterable[ComparedAllocation], cells: Mapping[int, Sequence[_Cell]], previous: Mapping[int, Decimal]
) -> list[TownshipFigures]:
    return [
        TownshipFigures(
            allocation=row.allocation,
            figures=_figures(row, cells.get(row.id, ()), previous.get(row.township, ZERO)),
            assistant_rates=_assistant_rates(cells.get(row.id, ())),
            counts=_counts(cells.get(row.id, ())),
        )
        for row in rows
    ]


class _Cell(NamedTuple):
    """The lines of one allocation that are alike in these, added up. `is_regular`: of the month itself."""

    allocation: int
    is_regular: bool
    position: str
    band: int | None
    rate: Decimal | None
    lines: int
    on_post: int
    paid: int
    unpaid: int
    with_findings: int
    cost_unknown: int
    amount: Decimal
    back_pay: Decimal
    township_share: Decimal | None
    surplus: Decimal | None


def _cells(allocations: Iterable[ComparedAllocation]) -> dict[int, list[_Cell]]:
    """Allocation id -> its cells."""
    lines = AllocationLine.objects.filter(allocation__in=[row.id for row in allocations]).order_by()
    is_regular = Q(for_month=F("allocation__revision__run__month"))
    rows: Any = lines.annotate(is_regular=ExpressionWrapper(is_regular, Field())).values(
        "allocation", "is_regular", "position", "band", "rate"
    )
    found: dict[int, list[_Cell]] = defaultdict(list)
    for row in rows.annotate(
        lines=Count("pk"),
        on_post=Count("pk", filter=Q(on_post_at_end=True)),
        paid=Count("pk", filter=Q(due__gt=0)),
        unpaid=Count("pk", filter=Q(amount=0)),
        with_findings=Count("pk", filter=~Q(findings="")),
        cost_unknown=Count("pk", filter=Q(cost__isnull=True)),
        whole=Sum("amount"),
        back_pay=Coalesce(Sum("amount", filter=Q(amount__gt=0)), 0, output_field=MoneyField()),
        shares=Sum("township_share"),
        surpluses=Sum("surplus"),
    ).values_list("allocation", "is_regular", "position", "band", "rate", *_SUMS):
        cell = _Cell(*row)
        found[cell.allocation].append(cell)
    return found


_SUMS = (
    *("lines", "on_post", "paid", "unpaid", "with_findings", "cost_unknown"),
    *("whole", "back_pay", "shares", "surpluses"),
)


def _figures(row: ComparedAllocation, cells: Sequence[_Cell], previous_total: Decimal) -> Figures:
    regular = [cell for cell in cells if cell.is_regular]
    settled = [cell for cell in cells if not cell.is_regular]
    of = {position: [cell for cell in regular if cell.position == position.value] for position in SUBSIDISED}
    assistants, communities, villages = of.values()
    bands: dict[int, int] = defaultdict(int)
    for cell in regular:
        if cell.band is not None and cell.paid:
            bands[cell.band] += cell.paid
    back_pay = total(cell.back_pay for cell in settled)
    return Figures(
        assistant_places=row.allocation.places,
        assistants_on_post=sum(cell.on_post for cell in assistants),
        assistants_subsidised=sum(cell.paid for cell in assistants),
        assistant_amount=total(cell.amount for cell in assistants),
        communities=row.allocation.communities,
        communities_subsidised=sum(cell.paid for cell in communities),
        community_amount=total(cell.amount for cell in communities),
        villages=row.allocation.villages,
        villages_subsidised=sum(cell.paid for cell in villages),
        village_amount=total(cell.amount for cell in villages),
        bands=dict(sorted(bands.items())),
        back_pay=back_pay,
        clawback=total(cell.amount for cell in settled) - back_pay,
        adjustment=row.adjustment,
        township_share=total(cell.township_share or ZERO for cell in cells),
        surplus=total(cell.surplus or ZERO for cell in cells),
        cost_unknown=sum(cell.cost_unknown for cell in regular),
        year_to_date=row.year_to_date,
        previous_total=previous_total,
    )


def _assistant_rates(cells: Iterable[_Cell]) -> list[Decimal]:
    of_assistants = (cell for cell in cells if cell.is_regular and cell.position == Position.ASSISTANT.value)
    return sorted({cell.rate for cell in of_assistants if cell.rate is not None})


def _counts(cells: Sequence[_Cell]) -> LineCounts:
    return LineCounts(
        lines=sum(cell.lines for cell in cells),
        settling=sum(cell.lines for cell in cells if not cell.is_regular),
        unpaid=sum(cell.unpaid for cell in cells if cell.is_regular),
        with_findings=sum(cell.with_findings for cell in cells),
    )


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a run pays, in yuan: 本月应补, 补发, 扣回 and 其他调整; adding two gives those of both."""

    regular: Decimal = ZERO
    back_pay: Decimal = ZERO
    clawback: Decimal = ZERO
    adjustment: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.regular + self.back_pay + self.clawback + self.adjustment

    def __add__(self, other: Amounts) -> Amounts:
        return Amounts(*(getattr(self, row.name) + getattr(other, row.name) for row in fields(self)))


def amounts_by_run(runs: Iterable[SubsidyRun], allocations: AllocationQuerySet) -> dict[int, Amounts]:
    """Run id -> what its current revision pays over the given allocations, in one statement; a run without one of
    these is left out.

    The total is the stored one; of the lines only those that settle earlier months are read, which are few.
    """
    settled = AllocationLine.objects.filter(allocation=OuterRef("pk"), for_month__lt=OuterRef("revision__run__month"))
    adjusted = AdjustmentLine.objects.filter(allocation=OuterRef("pk"))
    rows = allocations.filter(revision__in=[run.current_revision_id for run in runs]).order_by()
    found: dict[int, Amounts] = {}
    for run, whole, back_pay, clawback, adjustment in rows.values_list(
        "revision__run",
        "total",
        sum_of_amounts(settled.filter(amount__gt=0)),
        sum_of_amounts(settled.filter(amount__lt=0)),
        sum_of_amounts(adjusted),
    ):
        amounts = Amounts(whole - back_pay - clawback - adjustment, back_pay, clawback, adjustment)
        found[run] = found.get(run, Amounts()) + amounts
    return found


def added_up(townships: Iterable[TownshipFigures]) -> Figures:
    """The figures of several townships together."""
    return sum((township.figures for township in townships), Figures())


def previous_run(run: SubsidyRun) -> SubsidyRun | None:
    """The approved run that a run is compared with: the last one of the month before."""
    before = SubsidyRun.objects.filter(county=run.county_id, month=(run.period - 1).first, state__in=APPROVED_STATES)
    return before.order_by("number").last()
