"""The pages of the reports: the clerk's month, the bureau's look at one township, all townships of a month."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from foundation.dates import FIRST_MONTH, LAST_MONTH, Month
from staffing.enums import SUBSIDISED, Position
from subsidies.enums import ReportState
from subsidies.models import Allocation, SubsidyRun, TownshipReport
from subsidies.posts.findings import findings_of_month
from subsidies.posts.known_county import KnownCounty, known_county, of_townships
from subsidies.posts.month_facts import month_facts
from subsidies.reports.acknowledgements import AnsweredFinding, with_their_reasons
from subsidies.reports.changes import with_who
from subsidies.reports.comparing import reported_since
from subsidies.reports.month_changes import Change, month_changes
from subsidies.reports.scans import ScansOfReport, ScanState, scan_states, scans_of
from subsidies.reports.statuses import (
    Books,
    Progress,
    ReportStatus,
    due_day,
    parameters_of_ledger,
    statuses,
    statuses_of,
)
from subsidies.rules.facts import PostingFact
from townships.models import Township, TownshipQuerySet

_ORDER = {position: number for number, position in enumerate((*SUBSIDISED, Position.PLATFORM_STAFF))}


@dataclass(frozen=True, slots=True)
class PostingRow:
    """A posting in service on some day of the month; `place` is its unit, empty where it has none.

    `returned` is why the bureau gave it back, `registered` why it is not on post on the month's last day any more.
    """

    posting: PostingFact
    place: str
    returned: str
    registered: str


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
        return len({row.posting.person for row in self.rows})

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
    books, held_by = _books_and_holding_run(township, month)
    of_month = TownshipReport.objects.filter(township=township, month=month.first)
    reports = list(of_month.select_related("submitted_by", "decided_by"))
    since = [first.first for first in reported_since(books.compared(month, reports)).values()]
    # Who left on the last day of the month before is a change of this one.
    first, here = min([month.first - timedelta(days=1), *since]), of_townships([township.pk])
    known = known_county(since=first, until=month.last, deciding_for=here)
    status = with_who(statuses_of(month, [township], reports, books, known.facts, today=today))[0]
    findings = with_their_reasons(findings_of_month(month_facts(month, known), [township.pk]), [township])
    due_on = due_day(month, books.parameters)
    return ReportPage(
        township=township,
        month=month,
        status=status,
        due_on=due_on,
        is_past_due=due_on < today,
        changes=month_changes(township.pk, month, known.facts),
        open_findings=[row for row in findings if row.acknowledgement is None],
        answered=[row for row in findings if row.acknowledgement is not None],
        rows=_rows(township, month, known, status.report.posting_reasons if status.report else {}),
        scans=scans_of(status.report),
        held_by=held_by,
    )


def _books_and_holding_run(township: Township, month: Month) -> tuple[Books, SubsidyRun | None]:
    """Where the ledger stands with the township, and the run that waits for its approval with the month; in two
    statements."""
    current = Allocation.objects.filter(
        township=township, settled_until__isnull=False, revision__current_for__isnull=False
    )
    run = "revision__run"
    found = [
        (Month.of(row.settled_until), row.revision.run)
        for row in current.select_related(run).only("settled_until", *(f"{run}__{name}" for name in _OF_RUN))
        if row.settled_until is not None
    ]
    settled = [until for until, of in found if of.is_approved]
    books = Books(parameters_of_ledger(), {township.pk: max(settled)} if settled else {})
    return books, next((of for until, of in found if of.is_open and until >= month), None)


_OF_RUN = ("month", "number", "state")


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


def _rows(township: Township, month: Month, known: KnownCounty, returned: Mapping[str, str]) -> list[PostingRow]:
    """Those in service on some day of the month: assistants, communities, villages, platform staff."""
    units = known.facts.unit_by_id
    postings = known.between(month.first, month.last, tuple(Position)).postings
    here = [(row, units[row.unit] if row.unit else None) for row in postings if row.township == township.pk]
    here.sort(key=lambda pair: (_ORDER[pair[0].position], pair[1].code if pair[1] else "", pair[0].id))
    return [
        PostingRow(row, unit.name if unit else "", returned.get(str(row.id), ""), _registered(row, month))
        for row, unit in here
    ]


def _registered(posting: PostingFact, month: Month) -> str:
    """In a word, what is known already of somebody who is not on post to the end of the month; else empty."""
    if posting.ended_on is not None and posting.ended_on <= month.last:
        return "离岗"
    off = [
        stop.started_on
        for stop in posting.suspensions
        if stop.started_on <= month.last and (stop.ended_on is None or stop.ended_on >= month.last)
    ]
    return f"停发({off[-1]} 起)" if off else ""
