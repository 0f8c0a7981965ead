"""The other adjustments that a revision holds, for the sheets and pages that list what it pays."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from foundation.dates import Month
from foundation.money import total
from subsidies.models import AdjustmentLine, AllocationLine, AllocationQuerySet, Revision


@dataclass(frozen=True, slots=True)
class HeldAdjustment:
    """An adjustment as the revision holds it; `unit_name` is that of the person's post in the revision, if any."""

    line: AdjustmentLine
    unit_name: str

    @property
    def township_code(self) -> str:
        return self.line.allocation.township_code

    @property
    def township_name(self) -> str:
        return self.line.allocation.township_name

    @property
    def recipient(self) -> str:
        """The person, or the township where nobody is named."""
        return self.line.person_name or self.township_name

    @property
    def period(self) -> Month:
        return Month.of(self.line.for_month)


@dataclass(frozen=True, slots=True)
class HeldAdjustments:
    """Several of them with their sum."""

    rows: Sequence[HeldAdjustment]

    @property
    def amount(self) -> Decimal:
        return total(row.line.amount for row in self.rows)


def adjustment_lines(revision: Revision, allocations: AllocationQuerySet) -> HeldAdjustments:
    """By township code and order of entry, in two queries."""
    held = AdjustmentLine.objects.filter(allocation__in=allocations.filter(revision=revision))
    lines = list(
        held.select_related("allocation", "adjustment").order_by("allocation__township_code", "adjustment_id")
    )
    named = {line.adjustment.person_id for line in lines if line.adjustment.person_id is not None}
    posts = AllocationLine.objects.filter(allocation__in={line.allocation_id for line in lines}, person_id__in=named)
    unit_of: dict[tuple[int, int | None], str] = {}
    for allocation, person, unit in posts.order_by("order").values_list("allocation", "person_id", "unit_name"):
        unit_of.setdefault((allocation, person), unit)
    return HeldAdjustments(
        [HeldAdjustment(line, unit_of.get((line.allocation_id, line.adjustment.person_id), "")) for line in lines]
    )
