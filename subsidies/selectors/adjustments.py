"""Other adjustments that the next approved run will hold."""

from collections import defaultdict

from foundation.dates import Month
from subsidies.models import Adjustment
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
