"""Reports of townships: which month is to be reported, how far each has come, what has changed since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from foundation.dates import Month
from foundation.labels import Labelled
from subsidies.calculation.settled import settled_before
from subsidies.enums import ReportState
from subsidies.known_runs import ledger_first_month
from subsidies.models import LedgerParameters, TownshipReport
from subsidies.reports.fact_changes import FactChange, differences
from subsidies.reports.facts import digest_of_facts, facts_to_report, report_facts
from subsidies.reports.fields import Facts
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


def reported_since(reports: Iterable[TownshipReport]) -> dict[int, Month]:
    """Township id -> the first month that what it sent up is about."""
    return {row.township_id: Month.of(row.since) for row in reports if row.since is not None}


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
    differences_of = _differences(month, books.compared(month, of_township.values()), facts) if facts else {}
    found = []
    for township in townships:
        report = of_township.get(township.pk)
        is_settled = books.have_settled(township.pk, month)
        changes = differences_of.get(township.pk, ())
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


def _differences(
    month: Month, reports: Sequence[TownshipReport], facts: CountyFacts
) -> dict[int, Sequence[FactChange]]:
    """Township id -> what is different now from what it sent up, each in its format; of those where anything is."""
    now: dict[int, Facts] = {}
    for number in {report.facts_format for report in reports}:
        of_format = (report for report in reports if report.facts_format == number)
        now |= report_facts(month, facts, since=reported_since(of_format), number=number)
    others = [
        report
        for report in reports
        if report.since is not None and digest_of_facts(now[report.township_id], report.facts_format) != report.digest
    ]
    left_out = [report.pk for report in others if "facts" in report.get_deferred_fields()]
    then = dict(TownshipReport.objects.filter(pk__in=left_out).values_list("pk", "facts")) if left_out else {}
    return {
        report.township_id: differences(
            then.get(report.pk) or report.facts, now[report.township_id], month, number=report.facts_format
        )
        for report in others
    }


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


def month_to_report(township: Township, *, today: date) -> Month:
    """The month that the township has to report next, or that waits for the bureau's decision."""
    reports = TownshipReport.objects.filter(township=township).only("township", "month", "state")
    return month_to_report_of(township, reports, books_of_ledger(), today=today)


def month_to_report_of(township: Township, reports: Iterable[TownshipReport], books: Books, *, today: date) -> Month:
    """The same of all reports of the township."""
    states = {report.period: report.state for report in reports}
    reached = books.settled.get(township.pk)
    begun = books.first_month or min(states, default=Month.of(today))
    month = begun if reached is None else reached + 1
    while states.get(month) == ReportState.ACCEPTED:
        month += 1
    return month
