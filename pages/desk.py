"""What the desk of a user is made of: everything that its tasks and charts look at, read once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from accounts.permissions import Permission, may
from foundation.dates import Month
from pages.approvals import NumbersWaiting, numbers_waiting
from pages.days import DayChoice, usual_day
from pages.desk_reports import DeskReports, desk_reports, reports_read
from pages.glance import Months, months_at_a_glance
from subsidies.known_runs import KnownRuns, all_runs
from subsidies.models import Allocation
from subsidies.posts.known_county import KnownCounty, known_county, of_townships
from subsidies.posts.on_post import CountyOnDay, county_on
from subsidies.posts.places import TownshipPlaces, township_places
from subsidies.posts.units import UnitOnDay, units_on
from townships.models import Township

# Whoever may one of these is told on the desk of what waits for an approval.
_FOLLOWING = (Permission.APPROVE_POLICY, Permission.CALCULATE_MONTH, Permission.DECIDE_PROPOSALS)


@dataclass(frozen=True, slots=True, eq=False)
class DeskFacts:
    """The user, the day, and everything that the user may see on that day.

    `runs` are all there are; `waiting` is what was entered and is not approved, for whoever is told of it.
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
    reports: DeskReports
    waiting: NumbersWaiting

    @property
    def scope(self) -> list[int]:
        """The townships that the user may see, by id."""
        return [township.pk for township in self.townships]


def desk_facts(user: User, today: date) -> DeskFacts:
    """Read in a fixed number of statements."""
    townships = list(Township.objects.visible_to(user))
    runs = all_runs()
    choice = usual_day(today, runs.newest)
    reporting = reports_read(user, townships, today)
    scope = [township.pk for township in townships]
    months = [Month.of(choice.day), *reporting.months]
    whose = None if user.reads_county else of_townships(scope)
    known = known_county(since=min(months).first, until=max(months).last, deciding_for=whose)
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
        reports=desk_reports(reporting, known.facts),
        waiting=numbers_waiting(user) if any(may(user, duty) for duty in _FOLLOWING) else NumbersWaiting({}),
    )
