"""Reports of townships: how far each has come with a month, what has changed since, and the day it is due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from foundation.dates import Month
from foundation.labels import Labelled
from subsidies.calculation.settled import settled_before
from subsidies.enums import ReportState
from subsidies.known_runs import ledger_first_month
from subsidies.models import LedgerParameters, TownshipReport
from subsidies.reports.comparing import differences_now, reported_since
from subsidies.reports.fact_changes import FactChange
from subsidies.reports.facts import facts_to_report
from subsidies.rules import ledger
from subsidies.rules.facts import CountyFacts
from townships.models import Township, TownshipQuerySet


class Progress(Labelled):
    """How far a township has come with a month; the last two where nothing was asked of it."""

    NOT_BEGUN = "not_begun", "未开始"
    LATE = "late", "逾期未报"
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已上报"
    RETURNED = "returned", "退回"
    ACCEPTED = "accepted", "审核通过"
    STALE = "stale", "通过后有变动"
    SETTLED = "settled", "已结算"
    NOT_REQUIRED = "not_required", "没有要求上报"
    BEFORE_LEDGER = "before_ledger", "不在账内"

    @property
    def is_asked(self) -> bool:
        return self not in (Progress.NOT_REQUIRED, Progress.BEFORE_LEDGER)


@dataclass(frozen=True, slots=True)
class ReportStatus:
    """One township and one month; `differences` are what is different now from what was reported.

    `is_closed`: settled, or before the ledger begins; nothing can be reported any more.
    """

    township: Township
    month: Month
    report: TownshipReport | None
    progress: Progress
    differences: Sequence[FactChange]
    is_closed: bool

    @property
    def changes(self) -> list[str]:
        """The differences, a sentence each."""
        return [change.sentence for change in self.differences]

    @property
    def is_stale(self) -> bool:
        """Whether it was sent up, is not settled yet, and would say something else today."""
        return bool(self.differences)


def parameters_of_ledger() -> LedgerParameters:
    """The parameters in force; defaults while the county has none stored."""
    return LedgerParameters.objects.first() or LedgerParameters()


def first_of_window(township: Township, month: Month) -> Month:
    """The first month that a report of `month` covers; before the ledger begins, the township's first report."""
    parameters = parameters_of_ledger()
    first_month = ledger_first_month(parameters)
    if first_month is None:
        earliest = TownshipReport.objects.filter(township=township, submission__gt=0).order_by("month").first()
        first_month = earliest.period if earliest else None
    return ledger.window(month, first_month=first_month, retro_months=parameters.retro_months)[0]


@dataclass(frozen=True, slots=True, eq=False)
class Books:
    """The ledger's parameters, and by township id the last month that approved runs have settled."""

    parameters: LedgerParameters
    settled: Mapping[int, Month]

    @property
    def first_month(self) -> Month | None:
        return ledger_first_month(self.parameters)

    def have_settled(self, township: int, month: Month) -> bool:
        return township in self.settled and self.settled[township] >= month

    def compared(self, month: Month, reports: Iterable[TownshipReport]) -> list[TownshipReport]:
        """Those of the reports of a month whose facts are compared with those of now: sent up and not settled."""
        return [row for row in reports if row.submission and not self.have_settled(row.township_id, month)]


def books_of_ledger() -> Books:
    """Read in two statements."""
    return Books(parameters_of_ledger(), settled_before())


def reports_of_month(month: Month, townships: TownshipQuerySet) -> list[TownshipReport]:
    """Those of the given townships with who decided on them, and what they said left out."""
    reports = TownshipReport.objects.filter(month=month.first, township__in=townships)
    return list(reports.prefetch_related("submitted_by", "decided_by").defer("facts"))  # few people, many reports


def statuses(month: Month, townships: TownshipQuerySet, *, today: date) -> list[ReportStatus]:
    """How far the given townships have come with a month, by code, in a fixed number of queries."""
    books = books_of_ledger()
    reports = reports_of_month(month, townships)
    since = reported_since(books.compared(month, reports))
    facts = facts_to_report(month, since=since) if since else None
    return statuses_of(month, list(townships.order_by("code")), reports, books, facts, today=today)


def statuses_of(
    month: Month,
    townships: Sequence[Township],
    reports: Iterable[TownshipReport],
    books: Books,
    facts: CountyFacts | None,
    *,
    today: date,
) -> list[ReportStatus]:
    """The same of what has been read: the townships in their order, with their reports of the month.

    `facts` are those of now from the first month on that a report is about to the end of `month`; None where no
    report is compared. What was reported is read in one statement where it is deferred, of those that would say
    something else today.
    """
    of_township = {report.township_id: report for report in reports}
    is_outside = books.first_month is not None and month < books.first_month
    changes_of = differences_now(books.compared(month, of_township.values()), facts) if facts else {}
    found = []
    for township in townships:
        report = of_township.get(township.pk)
        is_settled = books.have_settled(township.pk, month)
        changes = changes_of.get(report.pk, ()) if report else ()
        was_sent = report is not None and report.submission > 0
        if is_outside:
            progress = Progress.BEFORE_LEDGER
        elif not was_sent and (is_settled or not books.parameters.reports_required):
            progress = Progress.NOT_REQUIRED
        elif is_settled:
            progress = Progress.SETTLED
        else:
            progress = _progress(report, is_stale=bool(changes), is_over=today > due_day(month, books.parameters))
        found.append(ReportStatus(township, month, report, progress, changes, is_outside or is_settled))
    return found


def _progress(report: TownshipReport | None, *, is_stale: bool, is_over: bool) -> Progress:
    if report is None:
        return Progress.LATE if is_over else Progress.NOT_BEGUN
    if report.state == ReportState.DRAFT and is_over:
        return Progress.LATE
    if report.state == ReportState.ACCEPTED and is_stale:
        return Progress.STALE
    return Progress(report.state)


def due_day(month: Month, parameters: LedgerParameters) -> date:
    """The last day on which a report of `month` is in time."""
    return date(month.year, month.number, min(parameters.report_due_day, month.days))
