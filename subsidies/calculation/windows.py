"""The guard of the ledger's window: what an adjustment has settled is not settled once more."""

from foundation.dates import Month, months_between
from subsidies.calculation.adjustments import settled_by_hand, to_settle_by_hand
from subsidies.models import SubsidyRun
from subsidies.refusals import RunRefused


def demand_nothing_settled_by_hand(month: Month, retro_months: int, *, latest: SubsidyRun) -> None:
    """RunRefused where a run of `month` with this window reaches what an adjustment settled beyond the window of its
    own run, or is going to settle beyond that of the `latest` approved run."""
    waiting = to_settle_by_hand(month - retro_months, month - latest.retro_months - 1)
    if waiting is not None:
        raise RunRefused(
            f"{waiting.township.name}{Month.of(waiting.for_month).label}的其他调整({waiting.document})还没有审批,"
            f"追溯 {retro_months} 个月会把那个月再结算一次。请先撤销这笔其他调整,或先不加长追溯月数。"
        )
    row = settled_by_hand(month - retro_months)
    if row is not None:
        settled = Month.of(row.for_month)
        since = sum(1 for _ in months_between(settled + 1, month))
        raise RunRefused(
            f"{settled.label}的差额当时超出追溯期,已在{row.allocation.revision.run}用其他调整结清;"
            f"追溯 {retro_months} 个月会再结算一次。追溯月数最多可设 {since - 1} 个月。"
        )
