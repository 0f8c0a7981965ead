"""Scans of stamped reports: those of one report, and how far the townships of a month have come with them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Max

from foundation.dates import Month
from foundation.labels import Labelled
from subsidies.models import ReportScan, TownshipReport
from townships.models import TownshipQuerySet


class ScanState(Labelled):
    """Which submission the scans of a report belong to."""

    MISSING = "missing", "未附"
    EARLIER = "earlier", "只有以前上报的"
    ATTACHED = "attached", "已附"


@dataclass(frozen=True, slots=True)
class ScansOfReport:
    """The latest submission first; `withdrawn` are told, but not offered any more."""

    submission: int
    offered: Sequence[ReportScan]
    withdrawn: Sequence[ReportScan]

    @property
    def current(self) -> Sequence[ReportScan]:
        """Those of what was sent up last."""
        return [scan for scan in self.offered if scan.submission == self.submission]


def scans_of(report: TownshipReport | None) -> ScansOfReport:
    if report is None or not report.submission:
        return ScansOfReport(0, (), ())
    rows = ReportScan.objects.without_content().filter(report=report).select_related("attached_by", "withdrawn_by")
    found = list(rows.order_by("-submission", "pk"))
    return ScansOfReport(
        submission=report.submission,
        offered=[scan for scan in found if scan.withdrawn_at is None],
        withdrawn=[scan for scan in found if scan.withdrawn_at is not None],
    )


def scan_states(month: Month, townships: TownshipQuerySet) -> dict[int, ScanState]:
    """Township id -> how far it has come, of those that have a scan, in one query."""
    reports = ReportScan.objects.offered().filter(report__month=month.first, report__township__in=townships)
    latest = reports.values("report__township").annotate(scanned=Max("submission"), sent=F("report__submission"))
    return {
        row["report__township"]: ScanState.ATTACHED if row["scanned"] == row["sent"] else ScanState.EARLIER
        for row in latest.order_by()
    }
