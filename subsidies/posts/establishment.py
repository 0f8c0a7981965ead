"""The establishment on one day: places and who fills them, how long places are vacant, and how the teams are made up.

The page, the sheet and the API tell of this and of nothing else.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from staffing.enums import Position
from subsidies.posts.facts import presences
from subsidies.posts.known_county import KnownCounty, known_county, of_townships
from subsidies.posts.on_post import CountyOnDay, county_on
from subsidies.posts.places import Staffing, TownshipPlaces, added_up, staffing_by_position, township_places
from subsidies.posts.units import units_on
from subsidies.posts.workforce import (
    OnPost,
    Service,
    Workforce,
    median,
    months_served,
    on_post,
    people_by_age,
    services,
    workforce,
)
from subsidies.rules.facts import UnitFact
from subsidies.rules.parameters import Standard
from subsidies.rules.retirement import Ages
from subsidies.rules.shortages import vacancies
from townships.models import TownshipQuerySet


@dataclass(frozen=True, slots=True)
class PositionPlaces:
    """The places of one position, of a township or of several; `days_vacant` has the days of each vacancy up to the
    day, the longest first. `places`: how many are subsidised; `extra`: how many of them were granted."""

    position: Position
    staffing: Staffing
    extra: int
    days_vacant: Sequence[int]

    @property
    def places(self) -> int:
        return self.staffing.norm if self.position.is_subsidised else 0

    @property
    def longest(self) -> int | None:
        return self.days_vacant[0] if self.days_vacant else None

    @property
    def median_vacant(self) -> int | None:
        return median(self.days_vacant)


@dataclass(frozen=True, slots=True, eq=False)
class TownshipEstablishment:
    """One township, its positions in their order; none where no standard is in force."""

    places: TownshipPlaces
    positions: Sequence[PositionPlaces]


@dataclass(frozen=True, slots=True)
class VacantPlace:
    """One place that nobody fills; `unit` is None at a township."""

    township: TownshipPlaces
    unit: UnitFact | None
    position: Position
    since: date
    days: int


@dataclass(frozen=True, slots=True, eq=False)
class Establishment:
    """Some townships on one day, by code; `positions` and `together` are their sums.

    `vacant` are the vacant places, the longest first. `workforce` has the positions in which somebody is or was within
    the year; `everybody` counts each person once. `ages`: position -> number of the age band -> people; None where
    ages and retirements are not told: on one day after another a birthday could be read off them.
    """

    day: date
    standard: Standard | None
    townships: Sequence[TownshipEstablishment]
    positions: Sequence[PositionPlaces]
    together: Staffing
    vacant: Sequence[VacantPlace]
    workforce: Sequence[Workforce]
    everybody: Workforce
    ages: Mapping[Position, Counter[int]] | None

    @property
    def median_vacant(self) -> int | None:
        return median(row.days for row in self.vacant)


def establishment_on(day: date, townships: TownshipQuerySet, *, tells_ages: bool = False) -> Establishment:
    """The given townships on `day`, in a fixed number of statements."""
    scope = set(townships.values_list("pk", flat=True))
    # Of one township, only those who decide on its places are read.
    known = known_county(since=day, until=day, deciding_for=of_townships(scope) if len(scope) == 1 else None)
    county = county_on(day, known)
    places = township_places(county, scope)
    vacant = _vacant_places(known, county, places)
    days = _days_vacant(vacant)
    people, served = on_post(county, scope), services(scope, day, known.facts.merged)
    ages = known.book.retirement_on(day.replace(day=1)) if tells_ages else None
    teams = _Teams(people, served, scope, day, months_served(served, day), ages)
    return Establishment(
        day=day,
        standard=county.standard,
        townships=[TownshipEstablishment(row, _positions([row], days)) for row in places],
        positions=_positions(places, days),
        together=added_up(row.together for row in places),
        vacant=vacant,
        workforce=[row for row in map(teams.of, Position) if row.is_known],
        everybody=teams.of(None),
        ages=people_by_age(people, day) if tells_ages else None,
    )


def _vacant_places(known: KnownCounty, county: CountyOnDay, places: Sequence[TownshipPlaces]) -> list[VacantPlace]:
    """The longest first; none where no standard is in force."""
    if county.standard is None:
        return []
    day, named = county.day, {row.id: row for row in places}
    units = [unit.fact for unit in units_on(county, named) if unit.is_vacant]
    found = vacancies(
        day,
        [township for township in county.townships if township.id in named],
        units,
        presences(named, {unit.id for unit in units}, until=day, facts=known.facts),
        known.book,
    )
    rows = [
        VacantPlace(
            township=named[row.township],
            unit=None if row.unit is None else county.units[row.unit],
            position=row.position,
            since=row.since,
            days=row.days_until(day),
        )
        for row in found
    ]
    return sorted(rows, key=_longest_first)


def _longest_first(row: VacantPlace) -> tuple[int, str, int, str]:
    unit = "" if row.unit is None else row.unit.code
    return -row.days, row.township.code, list(Position).index(row.position), unit


def _days_vacant(vacant: Iterable[VacantPlace]) -> Mapping[tuple[int, Position], list[int]]:
    """By township and position, the longest first."""
    days: dict[tuple[int, Position], list[int]] = defaultdict(list)
    for row in vacant:
        days[row.township.id, row.position].append(row.days)
    return days


def _positions(
    places: Sequence[TownshipPlaces], days: Mapping[tuple[int, Position], Sequence[int]]
) -> list[PositionPlaces]:
    """Of these townships together."""
    granted = sum(row.extra for row in places)
    return [
        PositionPlaces(
            position=position,
            staffing=staffing,
            extra=granted if position is Position.ASSISTANT else 0,
            days_vacant=sorted((one for row in places for one in days.get((row.id, position), ())), reverse=True),
        )
        for position, staffing in staffing_by_position(places).items()
    ]


@dataclass(frozen=True, slots=True)
class _Teams:
    """What the figures of teams are made from, whatever the positions."""

    people: OnPost
    served: Sequence[Service]
    townships: Collection[int]
    day: date
    months: Mapping[int, int]
    ages: Ages | None

    def of(self, position: Position | None) -> Workforce:
        """Of one position, or of all together."""
        return workforce(
            position,
            {key: row for key, row in self.people.items() if position in (None, key[1])},
            [row for row in self.served if position in (None, row.position)],
            self.townships,
            day=self.day,
            months=self.months,
            ages=self.ages,
        )
