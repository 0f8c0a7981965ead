"""The guard of the ledger's window: what an adjustment has settled is not settled once more."""

from foundation.dates import Month, months_between
from subsidies.selectors.adjustments import settled_by_hand
from subsidies.services.refusals import RunRefused


def demand_nothing_settled_by_hand(month: Month, retro_months: int) -> None:
    """RunRefused where a run of `month` with this window reaches what an adjustment settled beyond the window of its
    own run."""
    row = settled_by_hand(month - retro_months)
    if row is not None:
        settled = Month.of(row.for_month)
        since = sum(1 for _ in months_between(settled + 1, month))
        raise RunRefused(
            f"{settled.label}的差额当时超出追溯期,已在{row.allocation.revision.run}用其他调整结清;"
            f"追溯 {retro_months} 个月会再结算一次。追溯月数最多可设 {since - 1} 个月。"
        )
