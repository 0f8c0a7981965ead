"""What the desk of a user is made of: everything that its tasks and charts look at, read once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from accounts.enums import Scope
from accounts.models import User
from accounts.permissions import Permission, may
from foundation.dates import Month
from pages.days import DayChoice, usual_day
from pages.glance import Months, months_at_a_glance
from subsidies.known_runs import KnownRuns, all_runs
from subsidies.models import Allocation, TownshipReport
from subsidies.posts.known_county import KnownCounty, known_county, of_townships
from subsidies.posts.on_post import CountyOnDay, county_on
from subsidies.posts.places import TownshipPlaces, township_places
from subsidies.posts.units import UnitOnDay, units_on
from subsidies.reports.statuses import (
    Books,
    ReportStatus,
    books_of_ledger,
    due_day,
    month_to_report_of,
    reported_since,
    statuses_of,
)
from townships.models import Township


@dataclass(frozen=True, slots=True, eq=False)
class OwnReport:
    """The month that a clerk's township has to report next."""

    status: ReportStatus
    due_on: date


@dataclass(frozen=True, slots=True, eq=False)
class DeskFacts:
    """The user, the day, and everything that the user may see on that day.

    `runs` are all there are. `report` is the own township's, None for whoever reports none and where none is required.
    """

    user: User
    today: date
    choice: DayChoice
    townships: Sequence[Township]
    runs: KnownRuns
    known: KnownCounty
    county: CountyOnDay
    places: Sequence[TownshipPlaces]
    units: Sequence[UnitOnDay]
    months: Months | None
    report: OwnReport | None

    @property
    def scope(self) -> list[int]:
        """The townships that the user may see, by id."""
        return [township.pk for township in self.townships]


def desk_facts(user: User, today: date) -> DeskFacts:
    """Read in a fixed number of statements."""
    townships = list(Township.objects.visible_to(user))
    runs = all_runs()
    choice = usual_day(today, runs.newest)
    reports_own = user.scope is Scope.TOWNSHIP and may(user, Permission.SUBMIT_REPORT)
    reporting = _reporting(townships[0], today) if reports_own else None
    scope = [township.pk for township in townships]
    known = _known(Month.of(choice.day), reporting, None if user.reads_county else of_townships(scope))
    county = county_on(choice.day, known)
    return DeskFacts(
        user=user,
        today=today,
        choice=choice,
        townships=townships,
        runs=runs,
        known=known,
        county=county,
        places=township_places(county, scope),
        units=units_on(county, scope),
        months=months_at_a_glance(runs, Allocation.objects.visible_to(user)),
        report=None if reporting is None else _own_report(reporting, known, today),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Reporting:
    """A township's month to report with what was sent up of it, before it is compared with the facts of now."""

    township: Township
    month: Month
    reports: Sequence[TownshipReport]
    books: Books


def _reporting(township: Township, today: date) -> _Reporting | None:
    """None where no report is required."""
    books = books_of_ledger()
    if not books.parameters.reports_required:
        return None
    reports = list(TownshipReport.objects.filter(township=township).defer("facts"))
    month = month_to_report_of(township, reports, books, today=today)
    return _Reporting(township, month, [report for report in reports if report.period == month], books)


def _known(month: Month, reporting: _Reporting | None, deciding_for: Q | None) -> KnownCounty:
    """The days of the month that the desk looks at, and those that the report is about."""
    months = [month]
    if reporting is not None:
        since = reported_since(reporting.books.compared(reporting.month, reporting.reports)).values()
        months += [*since, *([reporting.month] if since else ())]
    return known_county(since=min(months).first, until=max(months).last, deciding_for=deciding_for)


def _own_report(reporting: _Reporting, known: KnownCounty, today: date) -> OwnReport:
    month, books = reporting.month, reporting.books
    (status,) = statuses_of(month, [reporting.township], reporting.reports, books, known.facts, today=today)
    return OwnReport(status, due_day(month, books.parameters))
