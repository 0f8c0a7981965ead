"""All townships of a month: how far each has come, what it reports of changes and findings, what can be accepted."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from foundation.dates import FIRST_MONTH, LAST_MONTH, Month
from subsidies.enums import ReportState
from subsidies.models import TownshipReport
from subsidies.posts.findings import Finding, findings_of_month
from subsidies.posts.known_county import known_county, of_townships
from subsidies.posts.month_facts import month_facts
from subsidies.reports.acknowledgements import with_whether_answered
from subsidies.reports.changes import with_who
from subsidies.reports.month_changes import Change, ChangeKind, by_kind, changes_of_townships
from subsidies.reports.scans import ScanState, scan_states
from subsidies.reports.statuses import (
    Progress,
    ReportStatus,
    books_of_ledger,
    due_day,
    parameters_of_ledger,
    statuses,
    statuses_of,
)
from subsidies.reports.told_changes import corrected_since, facts_needed_since, months_told
from subsidies.rules.rulebook import MissingParameter
from townships.models import TownshipQuerySet


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """All townships of a month, and how many have come how far."""

    month: Month
    due_on: date
    rows: Sequence[ReportStatus]

    @property
    def counts(self) -> list[tuple[Progress, int]]:
        numbers = Counter(row.progress for row in self.rows)
        return [(progress, numbers[progress]) for progress in Progress if progress in numbers]

    @property
    def before(self) -> Month | None:
        """The month before; None where it has no page."""
        return self.month - 1 if self.month > FIRST_MONTH else None

    @property
    def after(self) -> Month | None:
        return self.month + 1 if self.month < LAST_MONTH else None

    @property
    def is_before_ledger(self) -> bool:
        return any(progress is Progress.BEFORE_LEDGER for progress, _ in self.counts)

    @property
    def asked(self) -> int:
        """How many have to report the month."""
        return sum(number for progress, number in self.counts if progress.is_asked)

    @property
    def accepted(self) -> int:
        done = (Progress.ACCEPTED, Progress.SETTLED)
        return sum(number for progress, number in self.counts if progress in done)


@dataclass(frozen=True, slots=True)
class OverviewLine:
    """One township: its report, what is different from the month before by kind, what the checks found."""

    status: ReportStatus
    scan: str
    changes: Mapping[str, Sequence[Change]]
    open_findings: Sequence[Finding]
    answered: Sequence[Finding]

    @property
    def may_be_accepted(self) -> bool:
        """As far as its own state goes; whether the month before is accepted is asked when it is."""
        report = self.status.report
        sent = report is not None and report.state == ReportState.SUBMITTED
        return sent and not self.status.is_stale and not self.status.is_closed

    @property
    def is_quiet(self) -> bool:
        """Nothing is different and nothing is left to be explained: there is nothing to look at."""
        return self.may_be_accepted and not self.changes and not self.open_findings

    @property
    def joined(self) -> Sequence[Change]:
        return self.changes.get(ChangeKind.JOINED, ())

    @property
    def left(self) -> Sequence[Change]:
        return self.changes.get(ChangeKind.LEFT, ())

    @property
    def others(self) -> list[Change]:
        """Wages, counts, suspensions and corrections."""
        apart = (ChangeKind.JOINED, ChangeKind.LEFT)
        return [change for kind, rows in self.changes.items() if kind not in apart for change in rows]


@dataclass(frozen=True, slots=True)
class Overview:
    page: ReportsPage
    lines: Sequence[OverviewLine]

    @property
    def acceptable(self) -> list[OverviewLine]:
        return [line for line in self.lines if line.may_be_accepted]

    @property
    def quiet(self) -> list[OverviewLine]:
        return [line for line in self.lines if line.is_quiet]


def reports_page(month: Month, townships: TownshipQuerySet, *, today: date) -> ReportsPage:
    """With who made each change since a report was sent up."""
    due_on = due_day(month, parameters_of_ledger())
    return ReportsPage(month, due_on, with_who(statuses(month, townships, today=today)))


def overview(month: Month, townships: TownshipQuerySet, *, today: date, reads_county: bool) -> Overview:
    """In a fixed number of statements; who made a change is told on the page of its report.

    `reads_county`: the townships are all there are.
    """
    books, listed = books_of_ledger(), list(townships.order_by("code"))
    both = list(
        TownshipReport.objects.filter(month__in=months_told(month), township__in=listed)
        .select_related("submitted_by", "decided_by")
        .defer("facts")
    )
    reports, before = [row for row in both if row.period == month], [row for row in both if row.period < month]
    since = facts_needed_since(month, [*books.compared(month, reports), *before])
    here = None if reads_county else of_townships([row.pk for row in listed])
    known = known_county(since=since, until=month.last, deciding_for=here)
    rows = statuses_of(month, listed, reports, books, known.facts, today=today)
    corrected = corrected_since(before, month, known.facts)
    ids = [row.pk for row in listed]
    try:
        found = with_whether_answered(findings_of_month(month_facts(month, known), ids), ids)
    except MissingParameter:
        found = []
    scans = scan_states(month, townships)
    since_sent = {status.township.pk: status.differences for status in rows}
    changes = changes_of_townships(month, known.facts, corrected=corrected, since_sent=since_sent)
    findings: dict[tuple[int, bool], list[Finding]] = defaultdict(list)
    for finding, is_answered in found:
        findings[finding.township_id, is_answered].append(finding)
    lines = [
        OverviewLine(
            status=status,
            scan=scans.get(pk, ScanState.MISSING).label if status.report and status.report.submission else "",
            changes={of.kind: of.rows for of in by_kind(changes.get(pk, ()))},
            open_findings=findings[pk, False],
            answered=findings[pk, True],
        )
        for pk, status in ((row.township.pk, row) for row in rows)
    ]
    return Overview(ReportsPage(month, due_day(month, books.parameters), rows), lines)
