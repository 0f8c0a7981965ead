"""Who is counted on which day of a month: service, suspension, one post a person, places (domain rules 1-4).

Works on sets of days (see days.py), over every posting known in the county.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from foundation.dates import Month
from staffing.enums import Position
from staffing.quotas import assistant_places
from subsidies.rules import days
from subsidies.rules.facts import CountyFacts, PostingFact, TownshipFact, UnitFact
from subsidies.rules.parameters import Standard
from townships.enums import UnitKind

POSITIONS_OF_KIND: Mapping[UnitKind, Position | None] = {
    UnitKind.COMMUNITY: Position.COMMUNITY_COORDINATOR,
    UnitKind.VILLAGE: Position.VILLAGE_COORDINATOR,
    UnitKind.RESIDENTS_COMMITTEE: Position.VILLAGE_COORDINATOR,
    UnitKind.NON_STANDARD: None,
}


class PostingDays(NamedTuple):
    """The days of one posting in one month. `counted` are those the subsidy is paid for; the four kinds of lost
    days lie within `in_service` and do not meet `counted`.

    A named tuple, like all that exists once for every posting and month: quick to make, to compare and to look up.
    """

    in_service: int
    suspended: int
    without_post: int
    duplicate: int
    over_quota: int

    @property
    def counted(self) -> int:
        return self.in_service & ~(self.suspended | self.without_post | self.duplicate | self.over_quota)

    @property
    def on_post(self) -> int:
        """In service and not suspended, at a unit without a post too: what the township pays wages for."""
        return self.in_service & ~self.suspended


def compete(month: Month, facts: CountyFacts, standard: Standard) -> dict[int, PostingDays]:
    """The days of every posting that is in service on some day of `month`, by posting id."""
    entrants = list(_entrants(month, facts, standard))
    _one_post_a_person(entrants)
    _places_of_units(entrants)
    _places_of_assistants(month, entrants, facts.townships, standard)
    found: dict[int, PostingDays] = {}
    shared: dict[PostingDays, PostingDays] = {}  # most postings have the same days
    for entrant in entrants:
        of_posting = PostingDays(
            entrant.in_service, entrant.suspended, entrant.without_post, entrant.duplicate, entrant.over_quota
        )
        found[entrant.posting.id] = shared.setdefault(of_posting, of_posting)
    return found


@dataclass(slots=True)
class _Entrant:
    """A posting on its way through the rules; `open` are the days that it still competes for."""

    posting: PostingFact
    in_service: int
    suspended: int
    without_post: int
    open: int
    duplicate: int = 0
    over_quota: int = 0


def _entrants(month: Month, facts: CountyFacts, standard: Standard) -> Iterator[_Entrant]:
    """Rule 1: days in service, less suspensions and days without an existing post; those with precedence first."""
    for posting in facts.by_precedence:
        if posting.started_on > month.last:
            break
        in_service = days.span(month, posting.started_on, posting.ended_on)
        if not in_service:
            continue
        suspended = 0
        for suspension in posting.suspensions:
            if suspension.kind not in standard.counting_suspensions:
                suspended |= days.span(month, suspension.started_on, suspension.ended_on)
        suspended &= in_service
        without_post = in_service & ~_existing_post(month, posting, facts.unit_by_id)
        yield _Entrant(posting, in_service, suspended, without_post, in_service & ~(suspended | without_post))


def _existing_post(month: Month, posting: PostingFact, units: Mapping[int, UnitFact]) -> int:
    """The days on which the posting's place exists: its unit is open and of the kind that has such a post (一.3)."""
    if posting.unit is None:
        return days.whole_month(month)
    unit = units[posting.unit]
    if POSITIONS_OF_KIND[unit.kind] is not posting.position:
        return 0
    return days.span(month, unit.opened_on, unit.closed_on)


def _one_post_a_person(entrants: Sequence[_Entrant]) -> None:
    """Rule 2: of a person's posts on a day only the first counts; the others hold no place."""
    taken: dict[int, int] = {}
    for entrant in entrants:
        person = entrant.posting.person
        before = taken.get(person, 0)
        taken[person] = before | entrant.open
        entrant.duplicate = entrant.open & before
        entrant.open &= ~before


def _places_of_units(entrants: Sequence[_Entrant]) -> None:
    """Rule 3 for coordinators: one place a unit (一.3)."""
    taken: dict[int, int] = {}
    for entrant in entrants:
        unit = entrant.posting.unit
        if unit is not None:
            before = taken.get(unit, 0)
            taken[unit] = before | entrant.open
            entrant.over_quota = entrant.open & before


def _places_of_assistants(
    month: Month, entrants: Sequence[_Entrant], townships: Iterable[TownshipFact], standard: Standard
) -> None:
    """Rule 3 for assistants: as many a day as the township has places on that day (一.2)."""
    rivals: dict[int, list[_Entrant]] = defaultdict(list)
    for entrant in entrants:
        if entrant.posting.unit is None:
            rivals[entrant.posting.township].append(entrant)
    by_id = {township.id: township for township in townships}
    for township_id, contenders in rivals.items():
        places = places_by_day(month, by_id[township_id], standard)
        # occupied[k] holds the days on which at least k places are taken.
        occupied = [days.whole_month(month)] + [0] * max(places, default=0)
        for entrant in contenders:
            full = 0
            for number, with_that_many in places.items():
                full |= occupied[number] & with_that_many
            entrant.over_quota = entrant.open & full
            seated = entrant.open & ~full
            for number in range(len(occupied) - 1, 0, -1):
                occupied[number] |= occupied[number - 1] & seated


def places_by_day(month: Month, township: TownshipFact, standard: Standard) -> dict[int, int]:
    """Number of subsidised assistants -> the days of `month` with that number."""
    changes = {month.first}
    for dated in township.classes:
        changes.add(dated.effective_from)
    for grant in township.grants:
        changes.add(grant.effective_from)
        if grant.ended_on is not None:
            changes.add(grant.ended_on + timedelta(days=1))
    starts = sorted(day for day in changes if month.first <= day <= month.last)
    found: dict[int, int] = defaultdict(int)
    for index, start in enumerate(starts):
        end = starts[index + 1] - timedelta(days=1) if index + 1 < len(starts) else month.last
        places = assistant_places(
            start,
            classes=township.classes,
            grants=township.grants,
            base=standard.assistant_base,
            extra_max=standard.assistant_extra_max,
        )
        found[places] |= days.span(month, start, end)
    return dict(found)
