"""Reports of townships: which month is to be reported, how far each has come, what has changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from foundation.dates import Month
from foundation.labels import Labelled
from subsidies.calculation.settled import settled_before
from subsidies.enums import ReportState
from subsidies.known_runs import ledger_first_month
from subsidies.models import LedgerParameters, TownshipReport
from subsidies.reports.facts import FactChange, differences, digest_of_facts, facts_to_report, report_facts
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
class KnownFacts:
    """What has been read of the county already: everybody in service since a month, platform staff too."""

    since: Month
    facts: CountyFacts


def statuses(
    month: Month, townships: TownshipQuerySet, *, today: date, known: KnownFacts | None = None
) -> list[ReportStatus]:
    """How far the given townships have come with a month, by code, in a fixed number of queries.

    `known` saves reading where it reaches back as far as the reports.
    """
    parameters = parameters_of_ledger()
    settled, first_month = settled_before(), ledger_first_month(parameters)
    is_outside = first_month is not None and month < first_month
    reports = {
        report.township_id: report
        for report in TownshipReport.objects.filter(month=month.first, township__in=townships)
        .prefetch_related("submitted_by", "decided_by")  # few people, many reports
        .defer("facts")
    }
    unsettled = [report for pk, report in reports.items() if pk not in settled or settled[pk] < month]
    differences_of = _differences(month, [report for report in unsettled if report.submission], known)
    found = []
    for township in townships.order_by("code"):
        report = reports.get(township.pk)
        is_settled = township.pk in settled and settled[township.pk] >= month
        changes = differences_of.get(township.pk, ())
        was_sent = report is not None and report.submission > 0
        if is_outside:
            progress = Progress.BEFORE_LEDGER
        elif not was_sent and (is_settled or not parameters.reports_required):
            progress = Progress.NOT_REQUIRED
        elif is_settled:
            progress = Progress.SETTLED
        else:
            progress = _progress(report, is_stale=bool(changes), is_over=today > due_day(month, parameters))
        found.append(ReportStatus(township, month, report, progress, changes, is_outside or is_settled))
    return found


def _differences(
    month: Month, reports: Sequence[TownshipReport], known: KnownFacts | None
) -> dict[int, Sequence[FactChange]]:
    """Township id -> what is different now from what it sent up; of those where anything is."""
    since = {report.township_id: Month.of(report.since) for report in reports if report.since is not None}
    if not since:
        return {}
    is_known = known is not None and known.since <= min(since.values())
    now = report_facts(month, known.facts if known and is_known else facts_to_report(month, since=since), since=since)
    stale = {
        report.pk: report.township_id
        for report in reports
        if report.since is not None and digest_of_facts(now[report.township_id]) != report.digest
    }
    then = TownshipReport.objects.filter(pk__in=stale).values_list("pk", "facts") if stale else ()
    return {stale[pk]: differences(facts, now[stale[pk]]) for pk, facts in then}


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
    reached, first_month = settled_before().get(township.pk), ledger_first_month(parameters_of_ledger())
    accepted: Mapping[Month, str] = {
        Month.of(month): state
        for month, state in TownshipReport.objects.filter(township=township).values_list("month", "state")
    }
    begun = first_month or min(accepted, default=Month.of(today))
    month = begun if reached is None else reached + 1
    while accepted.get(month) == ReportState.ACCEPTED:
        month += 1
    return month
