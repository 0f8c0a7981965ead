"""Which months of which township a run settles: whose reports are accepted, and what no run has settled yet."""

from collections.abc import Iterable, Mapping

from foundation.dates import Month
from subsidies.enums import ReportState
from subsidies.models import Allocation, TownshipReport
from subsidies.rules.ledger import Settled
from subsidies.selectors.runs import APPROVED_STATES


def settled_months(
    month: Month,
    townships: Iterable[int],
    *,
    first_of_window: Month,
    first_month: Month | None,
    reports_required: bool,
) -> dict[int, Settled]:
    """Township id -> the months that a run of `month` settles with it; a township that never reported is left out.

    A late township's unsettled months are exempt from the limit of the window (domain 4).
    """
    before = settled_before()
    accepted = _accepted_until(month, before) if reports_required else {}
    found: dict[int, Settled] = {}
    for township in townships:
        reached = before.get(township)
        known = [until for until in (reached, accepted.get(township)) if until is not None]
        until = month if not reports_required else max(known, default=None)
        if until is None:
            continue
        earliest = first_month or month
        unsettled = earliest if reached is None else max(earliest, reached + 1)
        found[township] = Settled(min(first_of_window, unsettled), min(until, month), unsettled)
    return found


def settled_before() -> dict[int, Month]:
    """Township id -> the last month that approved runs have settled with it."""
    found: dict[int, Month] = {}
    rows = Allocation.objects.filter(
        revision__current_for__state__in=APPROVED_STATES, settled_until__isnull=False
    ).order_by()
    for township, until in rows.values_list("township", "settled_until").distinct():
        if until is not None:
            found[township] = max(found.get(township, Month.of(until)), Month.of(until))
    return found


def _accepted_until(month: Month, before: Mapping[int, Month]) -> dict[int, Month]:
    """Township id -> the last month up to `month` that is accepted with all reports since those settled `before`."""
    found: dict[int, Month] = {}
    open_ones: set[int] = set()
    reports = TownshipReport.objects.filter(month__lte=month.first).order_by("month")
    for township, first, state in reports.values_list("township", "month", "state"):
        reported, reached = Month.of(first), before.get(township)
        if township in open_ones or (reached is not None and reported <= reached):
            continue
        if state == ReportState.ACCEPTED:
            found[township] = reported
        else:
            open_ones.add(township)
    return found
