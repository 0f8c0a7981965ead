"""What a request knows of the county: the policy in force and the facts of some days, read once and handed on."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from foundation.dates import Month
from staffing.enums import SUBSIDISED, Position
from subsidies.policy.in_force import rulebook_in_force
from subsidies.posts.facts import county_facts, people_concerned
from subsidies.rules.facts import CountyFacts, UnitFact
from subsidies.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True, eq=False)
class KnownCounty:
    """Everybody in service on some day from `since` to `until`, both inclusive, platform staff too."""

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


def known_county(*, since: date, until: date, person: int | None = None) -> KnownCounty:
    """Read in a fixed number of statements; with `person` only the postings that decide on this person's findings
    of a month that begins with `since` and ends with `until`."""
    concerned = None if person is None else people_concerned(person, since=since, until=until)
    facts = county_facts(since=since, until=until, positions=Position, people=concerned)
    return KnownCounty(since, until, rulebook_in_force(), facts)


def known_of_month(month: Month) -> KnownCounty:
    return known_county(since=month.first, until=month.last)


def _until(unit: UnitFact, until: date) -> UnitFact:
    """The unit with the counts that are in force by then."""
    counts = unit.counts
    if not counts or counts[-1].effective_from <= until:
        return unit
    return unit._replace(counts=tuple(count for count in counts if count.effective_from <= until))
