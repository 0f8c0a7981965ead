"""How far back a run settles, beside the adjustments that settled something by hand (domain 4, Window)."""

from collections.abc import Iterable, Sequence

from foundation.dates import Month
from subsidies.calculation.adjustments import adjustments_of_nobody
from subsidies.calculation.calculated import CalculatedMonth
from subsidies.known_runs import latest_approved_run
from subsidies.models import Adjustment, AdjustmentLine, LedgerParameters
from subsidies.refusals import RunRefused
from subsidies.rules import ledger


def told_of_longer_window(parameters: LedgerParameters, retro_months: int) -> list[str]:
    """In words, the adjustments of approved runs that a window of this length reaches and the present one does not,
    as far as they name no posting: whatever they settled by hand may be settled once more. Empty where there is none.
    """
    latest = latest_approved_run()
    if latest is None or retro_months <= parameters.retro_months:
        return []
    month = latest.period + 1
    reached = adjustments_of_nobody(month - retro_months, month - parameters.retro_months - 1)
    return [f"{row.allocation.township_name}{Month.of(row.for_month).label}{_what(row)}" for row in reached]


def _what(row: AdjustmentLine) -> str:
    whose = f"{row.person_name}的" if row.person_name else "的"
    return f"{whose}其他调整 {row.amount:+,.2f} 元({row.document})没有指明在岗记录;该月进入追溯期后如有差额会再结算"


def demand_nothing_settled_twice(calculated: CalculatedMonth) -> None:
    """RunRefused where an adjustment that waits settles by hand what a line of the same run settles."""
    for township in calculated.townships:
        for row in settled_by_both(township.adjustments, township.settled_months):
            raise RunRefused(
                f"{township.fact.name}{Month.of(row.for_month).label}的其他调整({row.document})指明了在岗记录,"
                "该月已在追溯期内,由核算结清;请先撤销这笔其他调整。"
            )


def settled_by_both(adjustments: Iterable[Adjustment], settled: ledger.Settled | None) -> Sequence[Adjustment]:
    """Of the adjustments those that name a posting and a month that the run settles."""
    if settled is None:
        return []
    return [row for row in adjustments if row.posting_id is not None and settled.holds(Month.of(row.for_month))]
