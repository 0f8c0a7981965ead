"""What townships still have to send up: the month that is next, accepted reports that are stale, late months."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from foundation.dates import Month, months_between
from staffing.enums import Position
from subsidies.enums import ReportState
from subsidies.models import TownshipReport
from subsidies.posts.facts import county_facts
from subsidies.reports.comparing import changed_now, months_compared
from subsidies.reports.statuses import Books, books_of_ledger, due_day
from subsidies.rules.facts import CountyFacts
from townships.models import Township


@dataclass(frozen=True, slots=True, eq=False)
class StaleReport:
    """An accepted report of a month that no approved run has settled, and that would say something else today."""

    township: Township
    month: Month


@dataclass(frozen=True, slots=True, eq=False)
class LateTownship:
    """A township that sent nothing up of `months`, in their order, though their last day for it is over."""

    township: Township
    months: Sequence[Month]

    @property
    def said(self) -> str:
        """2009年8月, or 2009年8月,连同以前的共 3 个月(2009年6月起): first the month that everybody is asked for."""
        last, number = self.months[-1].label, len(self.months)
        return last if number == 1 else f"{last},连同以前的共 {number} 个月({self.months[0].label}起)"


def open_reports(townships: Sequence[Township], books: Books) -> list[TownshipReport]:
    """All reports of months that are not settled with every one of the townships, what they said left out."""
    reports = TownshipReport.objects.filter(township__in=townships).defer("facts")
    first = books.first_month
    if first is not None and townships:
        reports = reports.filter(month__gte=min(_first_open(row, first, books) for row in townships).first)
    return list(reports)


def accepted_and_open(reports: Iterable[TownshipReport], books: Books) -> list[TownshipReport]:
    """Those that are accepted, in the ledger, and not settled."""
    first = books.first_month
    return [
        row
        for row in reports
        if row.state == ReportState.ACCEPTED
        and not books.have_settled(row.township_id, row.period)
        and (first is None or row.period >= first)
    ]


def stale_reports(
    accepted: Sequence[TownshipReport], townships: Iterable[Township], facts: CountyFacts
) -> list[StaleReport]:
    """Those of the accepted ones that would say something else today, by month and township."""
    of_id = {township.pk: township for township in townships}
    stale = [StaleReport(of_id[row.township_id], row.period) for row, _ in changed_now(accepted, facts)]
    return sorted(stale, key=lambda row: (row.month, row.township.code))


def late_townships(
    townships: Sequence[Township], reports: Sequence[TownshipReport], books: Books, *, today: date
) -> list[LateTownship]:
    """Those of the townships that are late with a month, those with one month alone first; a report given back was
    sent up."""
    found = []
    for township in townships:
        own = [report for report in reports if report.township_id == township.pk]
        sent = {report.period for report in own if report.submission}
        months = [
            month
            for month in months_between(_begun(township, own, books, today=today), Month.of(today))
            if month not in sent and today > due_day(month, books.parameters)
        ]
        if months:
            found.append(LateTownship(township, months))
    return sorted(found, key=lambda row: len(row.months))


def month_to_report(township: Township, *, today: date) -> Month:
    """The month that the township has to send up: the first that is stale, else the next one.

    The next one may also wait for the bureau's decision; until it was sent up, none after it can be.
    """
    books = books_of_ledger()
    reports = open_reports([township], books)
    following = next_month(township, reports, books, today=today)
    waits = any(row.period == following and row.state == ReportState.SUBMITTED for row in reports)
    accepted = [row for row in accepted_and_open(reports, books) if waits or row.period < following]
    if months := months_compared(accepted):
        facts = county_facts(
            since=min(months).first, until=max(months).last, positions=Position, townships=[township.pk]
        )
        if stale := stale_reports(accepted, [township], facts):
            return stale[0].month
    return following


def next_month(township: Township, reports: Iterable[TownshipReport], books: Books, *, today: date) -> Month:
    """The first month of the township, of all its open reports, that is neither settled nor accepted."""
    own = [report for report in reports if report.township_id == township.pk]
    accepted = {report.period for report in own if report.state == ReportState.ACCEPTED}
    month = _begun(township, own, books, today=today)
    while month in accepted:
        month += 1
    return month


def _begun(township: Township, own: Iterable[TownshipReport], books: Books, *, today: date) -> Month:
    """The first month that is not settled with the township, of all its reports."""
    first = books.first_month or min((report.period for report in own), default=Month.of(today))
    return _first_open(township, first, books)


def _first_open(township: Township, first: Month, books: Books) -> Month:
    reached = books.settled.get(township.pk)
    return first if reached is None else reached + 1
