"""What a run settled with reports was reported and accepted before it was approved."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property

from accounts.breaks import Break
from accounts.models import AuditEvent
from foundation.dates import Month, months_between
from subsidies.enums import RunAction
from subsidies.models import TownshipReport
from subsidies.reports.facts import digest_of_facts
from subsidies.reports.steps import ReportEvent, not_accepted, report_events
from subsidies.revisions.sealed import RevisionSeal
from subsidies.revisions.stored import StoredAllocation, StoredRevision


class SettledReports:
    """Is asked for the approved runs in their order; reads in three statements, however many they are."""

    def __init__(self) -> None:
        self._reached: dict[int, Month] = {}
        self._earliest: Month | None = None

    def amiss(self, stored: StoredRevision, seals: list[RevisionSeal]) -> Iterator[Break]:
        """Every report that the run was the first to settle, and that no event says was sent up and accepted.

        Whether reports were required was sealed with the approval.
        """
        approval = next((seal for seal in reversed(seals) if seal.link.action == RunAction.APPROVE), None)
        required = (
            approval is not None
            and isinstance(approval.link.step, dict)
            and approval.link.step.get("reports_required")
        )
        until = self._approvals.get(approval.link.sequence) if approval is not None else None
        # The ledger begins with its first approved month.
        self._earliest = self._earliest or stored.revision.run.period
        for allocation in stored.allocations:
            if allocation.settled_until is None:
                continue
            settled_until = Month.of(date.fromisoformat(allocation.settled_until))
            reached = self._reached.get(allocation.township)
            first = self._earliest if reached is None else max(self._earliest, reached + 1)
            self._reached[allocation.township] = settled_until if reached is None else max(reached, settled_until)
            if required:
                for month in months_between(first, settled_until):
                    yield from self._of_month(allocation, month, until)

    def _of_month(self, allocation: StoredAllocation, month: Month, until: int | None) -> Iterator[Break]:
        what = f"{allocation.township_name}{month.label}已结算"
        report = self._reports.get((allocation.township, month.first))
        if report is None:
            yield Break("events", "subsidies_allocation", allocation.id, f"{what},却没有月报")
        elif why := not_accepted(report, self._events.get(report.pk, ()), until=until):
            yield Break("events", "subsidies_townshipreport", report.pk, f"{what},月报{why}")
        elif not _are_as_digested(report):
            yield Break("events", "subsidies_townshipreport", report.pk, f"{what},月报的内容在上报后被改动")

    @cached_property
    def _reports(self) -> dict[tuple[int, date], TownshipReport]:
        rows = TownshipReport.objects.defer("posting_reasons")
        return {(report.township_id, report.month): report for report in rows.order_by("pk")}

    @cached_property
    def _events(self) -> dict[int, list[ReportEvent]]:
        return {report: list(events) for report, events in report_events().items()}

    @cached_property
    def _approvals(self) -> dict[int | None, int]:
        """The number of a seal -> its event."""
        return dict(AuditEvent.objects.filter(sequence__isnull=False).values_list("sequence", "pk"))


def _are_as_digested(report: TownshipReport) -> bool:
    """Facts put there since may hold what no digest was ever made of."""
    try:
        return digest_of_facts(report.facts, report.facts_format) == report.digest
    except ValueError:
        return False
