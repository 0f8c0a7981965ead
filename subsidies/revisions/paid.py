"""What runs hold of a person's postings: lines and other adjustments by the month they pay for, and years added up."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.db.models.functions import ExtractYear

from foundation.money import ZERO, MoneyField
from staffing.models import Person
from subsidies.enums import RunState
from subsidies.models import AdjustmentLine, AllocationLine, OldDifference, OldDifferenceQuerySet, SubsidyRun
from subsidies.models.runs import AdjustmentLineQuerySet, AllocationLineQuerySet
from subsidies.revisions.line_pages import remarks_on
from subsidies.workflow import APPROVED_STATES, UNAPPROVED_STATES

# What a run says now, unless it was made void.
_IN_FORCE: Mapping[str, Any] = {"allocation__revision__current_for__state__in": (*APPROVED_STATES, *UNAPPROVED_STATES)}
_NEWEST_FIRST = ("-for_month", "allocation__revision__run__month", "allocation__revision__run__number")


@dataclass(frozen=True, slots=True)
class PaidLine:
    """What one run holds of one posting for one month, with what is to be said about it."""

    line: AllocationLine
    remarks: Sequence[str]


@dataclass(frozen=True, slots=True)
class YearTotal:
    """What approved runs paid for the months of a year, in yuan."""

    year: int
    total: Decimal


@dataclass(frozen=True, slots=True)
class Paid:
    """Lines and other adjustments of `year`, the newest month first, and the sum of every year; what only a run that
    waits for approval holds is in no sum, what a void one held is left out."""

    years: Sequence[YearTotal]
    year: int | None
    lines: Sequence[PaidLine]
    adjustments: Sequence[AdjustmentLine]

    @property
    def total(self) -> Decimal:
        """Of the year that is shown, in yuan."""
        return next((row.total for row in self.years if row.year == self.year), ZERO)


def paid_for(
    person: Person,
    postings: Collection[int],
    *,
    lines: AllocationLineQuerySet,
    adjustments: AdjustmentLineQuerySet,
    year: int | None,
) -> Paid:
    """What the given lines and adjustments hold of a person and these postings in `year`, or in the newest year."""
    held = lines.filter(posting__in=postings, **_IN_FORCE)
    adjusted = adjustments.filter(
        Q(adjustment__person=person) | Q(adjustment__person__merged_into=person), **_IN_FORCE
    )
    of_runs = adjusted.select_related("allocation__revision__run")
    adjustments_held = list(of_runs.order_by(*_NEWEST_FIRST, "adjustment"))
    years = _years(held, adjustments_held)
    shown = year if year in {row.year for row in years} else years[0].year if years else None
    return Paid(
        years=years,
        year=shown,
        lines=_lines(held, shown) if shown else [],
        adjustments=[row for row in adjustments_held if row.for_month.year == shown],
    )


def old_differences_of(differences: OldDifferenceQuerySet, postings: Collection[int]) -> list[OldDifference]:
    """What the newest run found and no run settles, of these postings."""
    newest = SubsidyRun.objects.exclude(state=RunState.VOIDED.value).order_by("-month", "-number").values("pk")[:1]
    found = differences.filter(posting__in=postings, allocation__revision__current_for__in=newest)
    return list(found.select_related("allocation__revision__run").order_by("for_month", "pk"))


def _years(held: AllocationLineQuerySet, adjustments: Iterable[AdjustmentLine]) -> list[YearTotal]:
    """Every year that anything is held for, the newest first; other adjustments are few."""
    approved = Q(allocation__revision__current_for__state__in=APPROVED_STATES)
    paid: dict[int, Decimal] = defaultdict(lambda: ZERO)
    by_year = held.annotate(year=ExtractYear("for_month")).order_by().values_list("year")
    for year, amount in by_year.annotate(sum=Sum("amount", filter=approved, output_field=MoneyField())):
        paid[year] += amount or ZERO
    for row in adjustments:
        paid[row.for_month.year] += row.amount if row.allocation.revision.run.is_approved else ZERO
    return [YearTotal(year, paid[year]) for year in sorted(paid, reverse=True)]


def _lines(held: AllocationLineQuerySet, year: int) -> list[PaidLine]:
    found = held.filter(for_month__year=year).select_related("allocation__revision__run")
    return [PaidLine(line, remarks_on(line)) for line in found.order_by(*_NEWEST_FIRST, "posting")]
