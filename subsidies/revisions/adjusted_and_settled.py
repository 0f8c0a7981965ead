"""The hint `adjusted_and_settled`: an adjustment that names no posting, and a difference for the same month."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from foundation.dates import Month
from foundation.money import ZERO
from subsidies.models import AdjustmentLine, AllocationLine, AllocationQuerySet, Revision
from subsidies.workflow import APPROVED_STATES


@dataclass(frozen=True, slots=True)
class AdjustedAndSettled:
    """A difference that a revision settles, in yuan, beside the adjustments of the same person and month."""

    line: AllocationLine
    month: Month
    adjusted: Decimal


def adjusted_and_settled(revision: Revision, allocations: AllocationQuerySet) -> Sequence[AdjustedAndSettled]:
    """Of the lines for earlier months that change an amount, those whose person was given an adjustment for the same
    month, by this revision or an approved run; by township and order, in two statements, in one where there are none.
    """
    held = Q(allocation__revision=revision) | Q(allocation__revision__current_for__state__in=APPROVED_STATES)
    root = Coalesce("adjustment__person__merged_into", "adjustment__person")
    adjustments = AdjustmentLine.objects.annotate(root=root).filter(held, posting_id__isnull=True)
    lines = AllocationLine.objects.filter(
        Exists(adjustments.filter(root=OuterRef("person_id"), for_month=OuterRef("for_month"))),
        allocation__in=allocations.filter(revision=revision),
        for_month__lt=revision.run.month,
    ).exclude(amount=0)
    found = list(lines.select_related("allocation").order_by("allocation__township_code", "order"))
    if not found:
        return []
    adjustments = adjustments.filter(root__in={line.person_id for line in found})
    sums: dict[tuple[int, Month], Decimal] = {}
    for person, for_month, amount in adjustments.distinct().values_list("root", "for_month", "amount"):
        key = person, Month.of(for_month)
        sums[key] = sums.get(key, ZERO) + amount
    return [
        AdjustedAndSettled(line, line.period, sums[line.person_id, line.period])
        for line in found
        if (line.person_id, line.period) in sums
    ]
