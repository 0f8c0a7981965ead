"""What a request knows of the county: the policy in force and the facts of some days, read once and handed on."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from foundation.dates import Month
from staffing.enums import SUBSIDISED, Position
from subsidies.policy.in_force import rulebook_in_force
from subsidies.posts.facts import county_facts
from subsidies.rules.facts import CountyFacts, UnitFact
from subsidies.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True, eq=False)
class KnownCounty:
    """Everybody in service on some day from `since` to `until`, both inclusive, platform staff too; or as many of them
    as decide on what it was read for."""

    since: date
    until: date
    book: Rulebook
    facts: CountyFacts

    def between(self, since: date, until: date, positions: Collection[Position] = SUBSIDISED) -> CountyFacts:
        """What `county_facts` reads for these days and positions. Raises ValueError for days that were not read."""
        if since < self.since or until > self.until:
            raise ValueError(f"{since} to {until} is not within {self.since} to {self.until}")
        postings = (
            row
            for row in self.facts.postings
            if row.position in positions and row.started_on <= until and not (row.ended_on and row.ended_on < since)
        )
        units = (_until(unit, until) for unit in self.facts.units)
        return replace(self.facts, units=tuple(units), postings=tuple(postings))


def known_county(*, since: date, until: date, deciding_for: Q | None = None) -> KnownCounty:
    """Read in a fixed number of statements; `deciding_for`: only these postings, and those that decide on their places
    and findings on the days from `since` to `until`."""
    facts = county_facts(since=since, until=until, positions=Position, deciding_for=deciding_for)
    return KnownCounty(since, until, rulebook_in_force(), facts)


def of_townships(townships: Collection[int]) -> Q:
    return Q(township__in=townships)


def of_person(person: int) -> Q:
    """Of the person, whatever record they were entered for."""
    return Q(person=person) | Q(person__merged_into=person)


def known_of_month(month: Month) -> KnownCounty:
    return known_county(since=month.first, until=month.last)


def _until(unit: UnitFact, until: date) -> UnitFact:
    """The unit with the counts that are in force by then, as it was called then."""
    unit, counts = unit.named_until(until), unit.counts
    if not counts or counts[-1].effective_from <= until:
        return unit
    return unit._replace(counts=tuple(count for count in counts if count.effective_from <= until))
