"""The page of a township's report: the clerk's month, and the bureau's look at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from foundation.dates import Month
from staffing.enums import SUBSIDISED, Position
from subsidies.enums import ReportState
from subsidies.models import Allocation, SubsidyRun, TownshipReport
from subsidies.posts.findings import findings_of_month
from subsidies.posts.known_county import KnownCounty, known_county, of_townships
from subsidies.posts.month_facts import month_facts
from subsidies.reports.acknowledgements import AnsweredFinding, FindingsOfCheck, by_check, with_their_reasons
from subsidies.reports.changes import with_who
from subsidies.reports.month_changes import Change, ChangesOfKind, by_kind, month_changes
from subsidies.reports.scans import ScansOfReport, scans_of
from subsidies.reports.statuses import (
    Books,
    ReportStatus,
    due_day,
    parameters_of_ledger,
    statuses_of,
)
from subsidies.reports.told_changes import corrected_since, facts_needed_since, months_told
from subsidies.rules.facts import PostingFact
from townships.models import Township

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
        """How many are in service on the last day of the month; whoever has two posts is one person."""
        return len({row.posting.person for row in self.rows if row.posting.serves_on(self.month.last)})

    @property
    def kinds(self) -> list[ChangesOfKind]:
        return by_kind(self.changes)

    @property
    def checks(self) -> list[FindingsOfCheck]:
        return by_check(self.open_findings)

    @property
    def is_returned(self) -> bool:
        return self.report is not None and self.report.state == ReportState.RETURNED

    @property
    def returned(self) -> list[PostingRow]:
        """Those whom the bureau named when it gave the report back."""
        return [row for row in self.rows if row.returned]

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


def report_page(township: Township, month: Month, *, today: date) -> ReportPage:
    """Raises MissingParameter while no standard is in force."""
    books, held_by = _books_and_holding_run(township, month)
    of_both = TownshipReport.objects.filter(township=township, month__in=months_told(month))
    both = list(of_both.select_related("submitted_by", "decided_by"))
    reports, before = [row for row in both if row.period == month], [row for row in both if row.period < month]
    first, here = facts_needed_since(month, [*books.compared(month, reports), *before]), of_townships([township.pk])
    known = known_county(since=first, until=month.last, deciding_for=here)
    status = with_who(statuses_of(month, [township], reports, books, known.facts, today=today))[0]
    findings = with_their_reasons(findings_of_month(month_facts(month, known), [township.pk]), [township])
    due_on = due_day(month, books.parameters)
    corrected = corrected_since(before, month, known.facts).get(township.pk, ())
    changes = month_changes(township.pk, month, known.facts, corrected=corrected, since_sent=status.differences)
    return ReportPage(
        township=township,
        month=month,
        status=status,
        due_on=due_on,
        is_past_due=due_on < today,
        changes=changes,
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
