"""The one aggregate of a revision: what month page, sheets, JSON and desk say of each township and of the county."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from foundation.money import ZERO, MoneyField
from staffing.enums import Position
from subsidies.models import AdjustmentLine, Allocation, AllocationLine, AllocationQuerySet, Revision, SubsidyRun
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

    def __add__(self, other: "Figures") -> "Figures":
        added: dict[str, Any] = {
            row.name: getattr(self, row.name) + getattr(other, row.name) for row in fields(self) if row.name != "bands"
        }
        bands = {bound: self.bands.get(bound, 0) + other.bands.get(bound, 0) for bound in self.bands | other.bands}
        return Figures(bands=dict(sorted(bands.items())), **added)


@dataclass(frozen=True, slots=True)
class TownshipFigures:
    """One township of a revision; `assistant_rates` are the distinct rates of its assistants' lines."""

    allocation: Allocation
    figures: Figures
    assistant_rates: Sequence[Decimal]


def figures_by_township(revision: Revision, allocations: AllocationQuerySet) -> list[TownshipFigures]:
    """The figures of the given allocations of `revision`, by township code, in a fixed number of queries."""
    rows = list(allocations.filter(revision=revision).order_by("township_code"))
    lines = AllocationLine.objects.filter(allocation__in=[row.pk for row in rows])
    sums = _sums(lines, revision.run)
    bands = _bands(lines, revision.run)
    rates = _assistant_rates(lines, revision.run)
    townships = [row.township_id for row in rows]
    year_to_date = _year_to_date(revision, townships)
    previous = _previous_totals(revision.run, townships)
    adjustments = _adjustments([row.pk for row in rows])
    return [
        TownshipFigures(
            allocation=row,
            figures=Figures(
                assistant_places=row.places,
                communities=row.communities,
                villages=row.villages,
                bands=bands.get(row.pk, {}),
                year_to_date=year_to_date.get(row.township_id, ZERO),
                previous_total=previous.get(row.township_id, ZERO),
                adjustment=adjustments.get(row.pk, ZERO),
                **sums.get(row.pk, {}),
            ),
            assistant_rates=rates.get(row.pk, ()),
        )
        for row in rows
    ]


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

    def __add__(self, other: "Amounts") -> "Amounts":
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
        _sum_of(settled.filter(amount__gt=0)),
        _sum_of(settled.filter(amount__lt=0)),
        _sum_of(adjusted),
    ):
        amounts = Amounts(whole - back_pay - clawback - adjustment, back_pay, clawback, adjustment)
        found[run] = found.get(run, Amounts()) + amounts
    return found


def _sum_of(lines: Any) -> Coalesce:
    """Of the lines of each allocation that is read."""
    sums = lines.order_by().values("allocation").annotate(sum=Sum("amount")).values("sum")
    return Coalesce(Subquery(sums), 0, output_field=MoneyField())


def added_up(townships: Iterable[TownshipFigures]) -> Figures:
    """The figures of several townships together."""
    return sum((township.figures for township in townships), Figures())


def previous_run(run: SubsidyRun) -> SubsidyRun | None:
    """The approved run that a run is compared with: the last one of the month before."""
    before = SubsidyRun.objects.filter(county=run.county_id, month=(run.period - 1).first, state__in=APPROVED_STATES)
    return before.order_by("number").last()


def _sums(lines: Any, run: SubsidyRun) -> dict[int, dict[str, Any]]:
    rows = lines.values("allocation").annotate(**_sums_of(Q(for_month=run.month)))
    return {row.pop("allocation"): row for row in rows.order_by("allocation")}


def _sums_of(regular: Q) -> dict[str, Any]:
    """What lines add up to; `regular` tells those of the month itself."""
    paid = regular & Q(due__gt=0)

    def of(position: Position) -> Q:
        return regular & Q(position=position.value)

    def amount(condition: Q) -> Coalesce:
        return Coalesce(Sum("amount", filter=condition), 0, output_field=MoneyField())

    return {
        "assistants_on_post": Count("pk", filter=of(Position.ASSISTANT) & Q(on_post_at_end=True)),
        "assistants_subsidised": Count("pk", filter=of(Position.ASSISTANT) & paid),
        "assistant_amount": amount(of(Position.ASSISTANT)),
        "communities_subsidised": Count("pk", filter=of(Position.COMMUNITY_COORDINATOR) & paid),
        "community_amount": amount(of(Position.COMMUNITY_COORDINATOR)),
        "villages_subsidised": Count("pk", filter=of(Position.VILLAGE_COORDINATOR) & paid),
        "village_amount": amount(of(Position.VILLAGE_COORDINATOR)),
        "back_pay": amount(~regular & Q(amount__gt=0)),
        "clawback": amount(~regular & Q(amount__lt=0)),
        "township_share": Coalesce(Sum("township_share"), 0, output_field=MoneyField()),
        "surplus": Coalesce(Sum("surplus"), 0, output_field=MoneyField()),
        "cost_unknown": Count("pk", filter=regular & Q(cost__isnull=True)),
    }


def _adjustments(allocations: Sequence[int]) -> dict[int, Decimal]:
    rows = AdjustmentLine.objects.filter(allocation__in=allocations).order_by("allocation")
    return dict(rows.values_list("allocation").annotate(sum=Sum("amount")))


def _bands(lines: Any, run: SubsidyRun) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {}
    rows = (
        lines.filter(for_month=run.month, due__gt=0, band__isnull=False)
        .values_list("allocation", "band")
        .annotate(count=Count("pk"))
        .order_by("allocation", "band")
    )
    for allocation, band, count in rows:
        found.setdefault(allocation, {})[band] = count
    return found


def _assistant_rates(lines: Any, run: SubsidyRun) -> dict[int, list[Decimal]]:
    found: dict[int, list[Decimal]] = {}
    rows = lines.filter(for_month=run.month, position=Position.ASSISTANT.value, rate__isnull=False)
    for allocation, rate in rows.order_by("allocation", "rate").values_list("allocation", "rate").distinct():
        found.setdefault(allocation, []).append(rate)
    return found


def _year_to_date(revision: Revision, townships: Sequence[int]) -> dict[int, Decimal]:
    """本年累计: this revision and the approved runs before it in its calendar year."""
    run = revision.run
    before = Q(revision__run__month__lt=run.month) | Q(
        revision__run__month=run.month, revision__run__number__lt=run.number
    )
    counted = Q(revision=revision) | (
        Q(revision__current_for__state__in=APPROVED_STATES, revision__run__month__year=run.month.year) & before
    )
    rows = Allocation.objects.filter(counted, township__in=townships).order_by("township")
    return dict(rows.values_list("township").annotate(sum=Sum(F("total"), output_field=MoneyField())))


def _previous_totals(run: SubsidyRun, townships: Sequence[int]) -> dict[int, Decimal]:
    """The approved total of the month before, all its runs together."""
    rows = Allocation.objects.filter(
        revision__current_for__state__in=APPROVED_STATES,
        revision__run__month=(run.period - 1).first,
        township__in=townships,
    ).order_by("township")
    return dict(rows.values_list("township").annotate(sum=Sum(F("total"), output_field=MoneyField())))
