"""Reports that were sent up and wait for the bureau: until then a calculation settles nothing with them."""

from collections.abc import Sequence
from dataclasses import dataclass

from foundation.dates import Month
from subsidies.enums import ReportState
from subsidies.models import TownshipReport
from subsidies.reports.statuses import parameters_of_ledger


@dataclass(frozen=True, slots=True)
class WaitingReports:
    """The townships, by code, whose report of the month or of one before it waits; `month` is where they begin."""

    month: Month
    townships: Sequence[str]

    @property
    def sentence(self) -> str:
        names = "、".join(self.townships)
        return f"有 {len(self.townships)} 个镇乡(街道)的月报已上报、还没有审核,审核通过的才能结算:{names}。"


def waiting_reports(month: Month) -> WaitingReports | None:
    """None where nothing waits, or no report is required."""
    if not parameters_of_ledger().reports_required:
        return None
    reports = TownshipReport.objects.filter(state=ReportState.SUBMITTED.value, month__lte=month.first)
    rows = list(reports.order_by("month", "township__code").values_list("month", "township__code", "township__name"))
    if not rows:
        return None
    names = dict(sorted((code, name) for _, code, name in rows))
    return WaitingReports(Month.of(rows[0][0]), list(names.values()))
