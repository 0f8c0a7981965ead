"""The pages of the reports: the clerk's month, the bureau's look at one township, all townships of a month."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from foundation.dates import FIRST_MONTH, LAST_MONTH, Month
from staffing.enums import SUBSIDISED, Position
from staffing.models import Posting, Suspension
from subsidies.enums import ReportState
from subsidies.known_runs import unapproved_run
from subsidies.models import Allocation, SubsidyRun, TownshipReport
from subsidies.reports.acknowledgements import AnsweredFinding, answered_findings
from subsidies.reports.changes import with_who
from subsidies.reports.month_changes import Change, month_changes
from subsidies.reports.scans import ScansOfReport, ScanState, scan_states, scans_of
from subsidies.reports.statuses import Progress, ReportStatus, due_day, parameters_of_ledger, statuses
from townships.models import Township, TownshipQuerySet

_ORDER = {position.value: number for number, position in enumerate((*SUBSIDISED, Position.PLATFORM_STAFF))}


@dataclass(frozen=True, slots=True)
class PostingRow:
    """A posting in service on some day of the month.

    `returned` is why the bureau gave it back, `registered` why it is not on post on the month's last day any more.
    """

    posting: Posting
    returned: str
    registered: str

    @property
    def place(self) -> str:
        return self.posting.unit.name if self.posting.unit else ""


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One township and month as its clerk and the bureau see it.

    `held_by` is the run that settles the month with the township and waits for its approval.
    """

    township: Township
    month: Month
    status: ReportStatus
    due_on: date
    is_past_due: bool
    changes: Sequence[Change]
    open_findings: Sequence[AnsweredFinding]
    answered: Sequence[AnsweredFinding]
    rows: Sequence[PostingRow]
    scans: ScansOfReport
    held_by: SubsidyRun | None

    @property
    def report(self) -> TownshipReport | None:
        return self.status.report

    @property
    def people(self) -> int:
        """How many are in service on some day of the month; whoever has two posts is one person."""
        return len({row.posting.person.merged_into_id or row.posting.person_id for row in self.rows})

    @property
    def submission(self) -> int:
        """How often it was sent up: what a form says that it has seen."""
        return self.report.submission if self.report else 0

    @property
    def submit_label(self) -> str:
        """What its clerk says by sending it up."""
        if self.status.is_stale:
            return "核对变动,重新上报"
        return "核对无误,上报" if self.changes else "本月无变动,上报"

    @property
    def may_be_submitted(self) -> bool:
        """Whether sending it up (again) would be accepted as far as its state goes."""
        if self.status.is_closed:
            return False
        if self.report is None or self.report.state in (ReportState.DRAFT, ReportState.RETURNED):
            return True
        return self.status.is_stale

    @property
    def may_be_decided(self) -> bool:
        """Whether the bureau may still accept it, or give it back."""
        sent = self.report is not None and self.report.state in (ReportState.SUBMITTED, ReportState.ACCEPTED)
        return sent and not self.status.is_closed

    @property
    def may_be_scanned(self) -> bool:
        """Whether the stamped sheet of what was sent up last may be attached; not while it has to be sent up anew."""
        return self.may_be_decided and not self.may_be_submitted

    @property
    def counts(self) -> str:
        """The changes in words: 新到岗 1,离岗 2; empty when there are none."""
        numbers = Counter(change.kind for change in self.changes)
        return ",".join(f"{kind.label} {number}" for kind, number in numbers.items())


def report_page(township: Township, month: Month, *, today: date) -> ReportPage:
    """Raises MissingParameter while no standard is in force."""
    alone = Township.objects.filter(pk=township.pk)
    status = with_who(statuses(month, alone, today=today))[0]
    findings = answered_findings(month, alone)
    due_on = due_day(month, parameters_of_ledger())
    reasons = status.report.posting_reasons if status.report else {}
    serving = _serving(township, month)
    registered = _registered(serving, month)
    return ReportPage(
        township=township,
        month=month,
        status=status,
        due_on=due_on,
        is_past_due=due_on < today,
        changes=month_changes(township, month),
        open_findings=[row for row in findings if row.acknowledgement is None],
        answered=[row for row in findings if row.acknowledgement is not None],
        rows=[
            PostingRow(posting, reasons.get(str(posting.pk), ""), registered.get(posting.pk, ""))
            for posting in serving
        ],
        scans=scans_of(status.report),
        held_by=_unapproved_run_with(township, month),
    )


def _unapproved_run_with(township: Township, month: Month) -> SubsidyRun | None:
    run = unapproved_run()
    if run is None or run.current_revision_id is None:
        return None
    holding = Allocation.objects.filter(
        revision=run.current_revision_id, township=township, settled_until__gte=month.first
    )
    return run if holding.exists() else None


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """All townships of a month, and how many have come how far."""

    month: Month
    due_on: date
    rows: Sequence[ReportStatus]
    scans: Mapping[int, ScanState]
    counts: Sequence[tuple[Progress, int]]

    @property
    def lines(self) -> list[tuple[ReportStatus, str]]:
        """Each township with a word about its scan, none for one that has sent nothing up."""
        return [(row, self._scan(row).label if row.report and row.report.submission else "") for row in self.rows]

    def _scan(self, row: ReportStatus) -> ScanState:
        return self.scans.get(row.township.pk, ScanState.MISSING)

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


def reports_page(month: Month, townships: TownshipQuerySet, *, today: date) -> ReportsPage:
    rows = with_who(statuses(month, townships, today=today))
    numbers = Counter(row.progress for row in rows)
    return ReportsPage(
        month=month,
        due_on=due_day(month, parameters_of_ledger()),
        rows=rows,
        scans=scan_states(month, townships),
        counts=[(progress, numbers[progress]) for progress in Progress if progress in numbers],
    )


def _serving(township: Township, month: Month) -> list[Posting]:
    """Postings in service on some day of the month: assistants, communities, villages, platform staff."""
    live = Posting.objects.filter(township=township, withdrawn_at__isnull=True, started_on__lte=month.last)
    rows = live.exclude(ended_on__lt=month.first).select_related("person", "unit")
    return sorted(rows, key=lambda row: (_ORDER[row.position], row.unit.code if row.unit else "", row.pk))


def _registered(serving: Sequence[Posting], month: Month) -> dict[int, str]:
    """Posting id -> in a word what is known already of those who are not on post to the end of the month."""
    begun = Suspension.objects.live().filter(posting__in=serving, started_on__lte=month.last)
    off = begun.exclude(ended_on__lt=month.last)
    found = {row.posting_id: f"停发({row.started_on} 起)" for row in off.order_by("started_on", "pk")}
    left = [posting.pk for posting in serving if posting.ended_on is not None and posting.ended_on <= month.last]
    return {**found, **dict.fromkeys(left, "离岗")}
