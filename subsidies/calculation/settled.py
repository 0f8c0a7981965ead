"""Which months of which township a run settles: whose reports are accepted, and what no run has settled yet."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Max

from foundation.dates import Month, months_between
from subsidies.enums import ReportState
from subsidies.models import Allocation, Revision, TownshipReport
from subsidies.rules.ledger import Settled
from subsidies.workflow import APPROVED_STATES


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
    earliest = first_month or month
    unsettled = {township: _first_unsettled(before.get(township), earliest) for township in townships}
    accepted = accepted_until(month, unsettled) if reports_required else {}
    found: dict[int, Settled] = {}
    for township, first in unsettled.items():
        until = accepted.get(township, before.get(township)) if reports_required else month
        if until is None:
            continue
        found[township] = Settled(min(first_of_window, first), min(until, month), first)
    return found


def newly_settled(revision: Revision, *, first_month: Month | None) -> dict[Month, set[int]]:
    """Month -> the townships with which this revision is the first to settle it, by month."""
    before = settled_before()
    earliest = first_month or revision.run.period
    found: dict[Month, set[int]] = defaultdict(set)
    rows = revision.allocations.filter(settled_until__isnull=False).values_list("township", "settled_until")
    for township, until in rows:
        if until is not None:
            for month in months_between(_first_unsettled(before.get(township), earliest), Month.of(until)):
                found[month].add(township)
    return dict(sorted(found.items()))


def settled_before() -> dict[int, Month]:
    """Township id -> the last month that approved runs have settled with it."""
    rows = Allocation.objects.filter(
        revision__current_for__state__in=APPROVED_STATES, settled_until__isnull=False
    ).order_by()
    reached = rows.values("township").annotate(reached=Max("settled_until"))
    return {township: Month.of(until) for township, until in reached.values_list("township", "reached")}


def accepted_until(month: Month, unsettled: Mapping[int, Month]) -> dict[int, Month]:
    """Township id -> the last month up to `month` up to which all reports are accepted, from its first unsettled one.

    A month that was sent up anew holds back those after it, accepted or not.
    """
    found: dict[int, Month] = {}
    reports = TownshipReport.objects.filter(state=ReportState.ACCEPTED.value, month__lte=month.first)
    for township, accepted in reports.order_by("month").values_list("township", "month"):
        following = found[township] + 1 if township in found else unsettled.get(township)
        if Month.of(accepted) == following:
            found[township] = Month.of(accepted)
    return found


def _first_unsettled(reached: Month | None, earliest: Month) -> Month:
    return earliest if reached is None else max(earliest, reached + 1)
