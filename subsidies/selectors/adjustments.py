"""Other adjustments: those that the next approved run will hold, and those of a month."""

from collections import defaultdict
from dataclasses import dataclass

from foundation.dates import Month
from subsidies.models import Adjustment, AdjustmentQuerySet
from subsidies.selectors.runs import APPROVED_STATES


def open_adjustments(month: Month) -> dict[int, list[Adjustment]]:
    """Township id -> adjustments of `month` or earlier that are not withdrawn and stand in no approved run."""
    found: dict[int, list[Adjustment]] = defaultdict(list)
    rows = (
        Adjustment.objects.filter(month__lte=month.first, withdrawn_at__isnull=True)
        .exclude(lines__allocation__revision__current_for__state__in=APPROVED_STATES)
        .select_related("person")
        .order_by("pk")
    )
    for row in rows:
        found[row.township_id].append(row)
    return found


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """An adjustment with what has become of it."""

    adjustment: Adjustment
    is_approved: bool

    @property
    def state(self) -> str:
        if self.is_approved:
            return "已审批"
        return "已撤销" if self.adjustment.withdrawn_at else "待审批"

    @property
    def may_be_withdrawn(self) -> bool:
        return not self.is_approved and self.adjustment.withdrawn_at is None


def adjustments_of(month: Month, adjustments: AdjustmentQuerySet) -> list[AdjustmentRow]:
    """The given adjustments that were entered for `month`, in the order of their entry."""
    rows = adjustments.filter(month=month.first).select_related("township", "person", "entered_by").order_by("pk")
    approved = set(
        rows.filter(lines__allocation__revision__current_for__state__in=APPROVED_STATES).values_list("pk", flat=True)
    )
    return [AdjustmentRow(row, row.pk in approved) for row in rows]
