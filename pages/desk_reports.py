"""What the desk of clerk, officer and approver tells of reports: the own one, stale ones, townships that are late."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from accounts.enums import Scope
from accounts.models import User
from accounts.permissions import Permission, may
from foundation.dates import Month
from subsidies.enums import ReportState
from subsidies.models import TownshipReport
from subsidies.reports.comparing import months_compared
from subsidies.reports.outstanding import (
    LateTownship,
    StaleReport,
    accepted_and_open,
    late_townships,
    next_month,
    open_reports,
    stale_reports,
)
from subsidies.reports.statuses import Books, ReportStatus, books_of_ledger, due_day, statuses_of
from subsidies.rules.facts import CountyFacts
from townships.models import Township


@dataclass(frozen=True, slots=True, eq=False)
class OwnReport:
    """The month that a clerk's township has to report next."""

    status: ReportStatus
    due_on: date


@dataclass(frozen=True, slots=True, eq=False)
class DeskReports:
    """Of the townships that the user may see; where no report is required only those that wait for the bureau.

    `submitted` counts these by month, in order. `own` is the clerk's, None for whoever reports none.
    """

    submitted: Mapping[Month, int] = field(default_factory=dict)
    own: OwnReport | None = None
    stale: Sequence[StaleReport] = ()
    late: Sequence[LateTownship] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Reporting:
    """Reports as they were sent up, before they are compared with the facts of `months`, those of now.

    `own_month` is what the clerk's township has to report next. `books` is None where no report is required.
    """

    today: date
    townships: Sequence[Township] = ()
    books: Books | None = None
    reports: Sequence[TownshipReport] = ()
    own_month: Month | None = None

    @property
    def own(self) -> list[TownshipReport]:
        return [report for report in self.reports if report.period == self.own_month]

    @property
    def months(self) -> list[Month]:
        if self.books is None:
            return []
        own = self.books.compared(self.own_month, self.own) if self.own_month else []
        return months_compared([*own, *accepted_and_open(self.reports, self.books)])


def reports_read(user: User, townships: Sequence[Township], today: date) -> Reporting:
    """Read in three statements, in none for whoever neither reports nor follows reports."""
    is_clerk = user.scope is Scope.TOWNSHIP and may(user, Permission.SUBMIT_REPORT)
    if not (is_clerk or may(user, Permission.REVIEW_REPORT) or may(user, Permission.APPROVE_RUN)):
        return Reporting(today)
    books = books_of_ledger()
    reports = open_reports(townships, books)
    if not books.parameters.reports_required:
        return Reporting(today, reports=reports)
    own_month = next_month(townships[0], reports, books, today=today) if is_clerk else None
    return Reporting(today, townships, books, reports, own_month)


def desk_reports(reporting: Reporting, facts: CountyFacts) -> DeskReports:
    """`facts` are those of now of all `months` of what was read."""
    books, today, townships = reporting.books, reporting.today, reporting.townships
    waiting = Counter(report.period for report in reporting.reports if report.state == ReportState.SUBMITTED)
    submitted = dict(sorted(waiting.items()))
    if books is None:
        return DeskReports(submitted)
    own = None
    if (month := reporting.own_month) is not None:
        (status,) = statuses_of(month, townships, reporting.own, books, facts, today=today)
        own = OwnReport(status, due_day(month, books.parameters))
    return DeskReports(
        submitted,
        own=own,
        stale=stale_reports(accepted_and_open(reporting.reports, books), townships, facts),
        late=late_townships(townships, reporting.reports, books, today=today),
    )
