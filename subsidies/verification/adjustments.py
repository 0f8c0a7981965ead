"""An adjustment says what was approved of it."""

from collections.abc import Iterator

from accounts.breaks import Break
from subsidies.models import AdjustmentLine
from subsidies.workflow import APPROVED_STATES

# The name is that of the day of the calculation, and may have been put right since.
_KEPT = ("amount", "for_month", "document", "reason")


def approved_adjustments() -> Iterator[Break]:
    """Each adjustment that an approved run holds is as its line has it, and not withdrawn: it is what pages show."""
    lines = AdjustmentLine.objects.filter(allocation__revision__current_for__state__in=APPROVED_STATES)
    for line in lines.select_related("adjustment").order_by("pk"):
        row = line.adjustment
        changed = any(getattr(row, name) != getattr(line, name) for name in _KEPT)
        if changed or row.withdrawn_at is not None:
            what = "被改动" if changed else "被撤销"
            yield Break("content", "subsidies_adjustment", row.pk, f"其他调整 {row.pk} 在审批后{what}")
