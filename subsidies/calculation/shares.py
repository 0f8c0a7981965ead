"""From which month on township share and surplus settle like money (domain 3.9)."""

from foundation.dates import Month
from subsidies.known_runs import approved_runs


def share_first_month() -> Month | None:
    """The month after the last one that was approved by the first method; None where there is no such month, and all
    months settle them. Earlier months keep what their sheets said."""
    of_first_method = approved_runs().filter(current_revision__basis__method__isnull=True)
    last = of_first_method.order_by("month").values_list("month", flat=True).last()
    return None if last is None else Month.of(last) + 1
