"""The townships of a revision beside what approved runs paid them before: read once for figures and for changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, ExtractYear

from foundation.money import MoneyField
from subsidies.models import AdjustmentLine, Allocation, AllocationQuerySet, OldDifference, Revision, SubsidyRun
from subsidies.workflow import APPROVED_STATES


@dataclass(frozen=True, slots=True)
class ComparedAllocation:
    """A township of one revision, with the sum and the number of its other adjustments, and whether there are
    differences older than the window.

    `year_to_date` 本年累计: its run and the approved ones before it in its calendar year.
    """

    allocation: Allocation
    adjustment: Decimal
    adjustments: int
    year_to_date: Decimal
    has_old_differences: bool

    @property
    def id(self) -> int:
        return self.allocation.pk

    @property
    def township(self) -> int:
        return self.allocation.township_id

    @property
    def is_late(self) -> bool:
        return self.allocation.is_late


@dataclass(frozen=True, slots=True, eq=False)
class ComparedAllocations:
    """Those of a revision by township code; of the same townships those of the approved runs of the month before, and
    of the approved runs of the same month with a lower number."""

    run: SubsidyRun
    now: Sequence[ComparedAllocation]
    before: Sequence[ComparedAllocation]
    earlier: Sequence[ComparedAllocation]

    @property
    def has_old_differences(self) -> bool:
        return any(row.has_old_differences for row in self.now)

    @property
    def has_adjustments(self) -> bool:
        return any(row.adjustments for row in self.now)


def compared_allocations(revision: Revision, allocations: AllocationQuerySet) -> ComparedAllocations:
    """Of the given allocations of `revision`, in one statement."""
    run = revision.run
    now = allocations.filter(revision=revision)
    of_earlier = Q(revision__run__month=run.month, revision__run__number__lt=run.number)
    of_before = Q(revision__run__month=(run.period - 1).first)
    approved = Q(revision__current_for__state__in=APPROVED_STATES, township__in=now.order_by().values("township"))
    rows: Any = (
        Allocation.objects.filter(Q(pk__in=now.order_by().values("pk")) | approved & (of_before | of_earlier))
        .annotate(
            month=F("revision__run__month"),
            adjusted=sum_of_amounts(_adjusted()),
            held=Coalesce(Subquery(_adjusted().annotate(number=Count("pk")).values("number")), 0),
            year_to_date=_year_to_date(),
            has_old=Exists(OldDifference.objects.filter(allocation=OuterRef("pk"))),
        )
        .order_by("township_code", "revision__run__number")
    )
    found = [(row, ComparedAllocation(row, row.adjusted, row.held, row.year_to_date, row.has_old)) for row in rows]
    return ComparedAllocations(
        run=run,
        now=[of for row, of in found if row.revision_id == revision.pk],
        before=[of for row, of in found if row.month == (run.period - 1).first],
        earlier=[of for row, of in found if row.month == run.month and row.revision_id != revision.pk],
    )


def sum_of_amounts(lines: Any) -> Coalesce:
    """Of the lines of each allocation that is read, given as a query of them by their `allocation`."""
    sums = lines.order_by().values("allocation").annotate(sum=Sum("amount")).values("sum")
    return Coalesce(Subquery(sums), 0, output_field=MoneyField())


def _adjusted() -> Any:  # the stubs know no values of an outer query
    return AdjustmentLine.objects.filter(allocation=OuterRef("pk")).order_by().values("allocation")


def _year_to_date() -> Subquery:
    """Of the run that an allocation belongs to, and of the approved ones before it in its calendar year."""
    month, number = OuterRef("revision__run__month"), OuterRef("revision__run__number")
    before = Q(revision__run__month__lt=month) | Q(revision__run__month=month, revision__run__number__lt=number)
    of_year = Q(revision__run__month__year=ExtractYear(month), revision__current_for__state__in=APPROVED_STATES)
    rows = Allocation.objects.filter(Q(pk=OuterRef("pk")) | (of_year & before), township=OuterRef("township"))
    return Subquery(rows.order_by().values("township").annotate(sum=Sum("total")).values("sum"))
