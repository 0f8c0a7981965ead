"""Who is counted on which day of a month: service, suspension, one post a person, places (domain rules 1-4).

Works on sets of days (see days.py), over every posting known in the county.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from foundation.dates import Month
from foundation.remembered import Remembered
from staffing.positions import POSITIONS_OF_KIND
from subsidies.rules import days
from subsidies.rules.facts import CountyFacts, PostingFact, TownshipFact, UnitFact
from subsidies.rules.parameters import Standard
from subsidies.rules.quotas import assistant_places


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
    """The days of every posting that is in service on some day of `month`, by posting id.

    One pass in the order of precedence: what a posting gets depends only on those before it.
    """
    units, townships = facts.unit_by_id, {township.id: township for township in facts.townships}
    # Nobody else competes for the place of whoever is alone.
    with_several_posts, with_several_postings = facts.with_several_posts, facts.units_with_several_postings
    of_person: dict[int, int] = {}
    of_unit: dict[int, int] = {}
    of_township: Remembered[int, _Places] = Remembered(
        lambda township: _Places(month, places_by_day(month, townships[township], standard))
    )
    of_days: Remembered[tuple[int, ...], PostingDays] = Remembered(PostingDays._make)  # most have the same
    found: dict[int, PostingDays] = {}
    for posting in facts.by_precedence:
        if posting.started_on > month.last:
            break
        in_service = days.span(month, posting.started_on, posting.ended_on)
        if not in_service:
            continue
        suspended = _suspended(month, posting, standard) & in_service if posting.suspensions else 0
        unit = posting.unit
        without_post = 0 if unit is None else in_service & ~_existing_post(month, posting, units[unit])
        open_days = in_service & ~(suspended | without_post)
        duplicate = over_quota = 0
        if posting.person in with_several_posts:
            duplicate = _taken_before(of_person, posting.person, open_days)
            open_days &= ~duplicate
        if unit is None:
            over_quota = of_township[posting.township].refused(open_days)
        elif unit in with_several_postings:
            over_quota = _taken_before(of_unit, unit, open_days)
        found[posting.id] = of_days[in_service, suspended, without_post, duplicate, over_quota]
    return found


def _suspended(month: Month, posting: PostingFact, standard: Standard) -> int:
    """Rule 1: the days of suspensions of a kind that does not go on counting."""
    suspended = 0
    for suspension in posting.suspensions:
        if suspension.kind not in standard.counting_suspensions:
            suspended |= days.span(month, suspension.started_on, suspension.ended_on)
    return suspended


def _existing_post(month: Month, posting: PostingFact, unit: UnitFact) -> int:
    """The days on which the posting's place exists: its unit is open and of the kind that has such a post (一.3)."""
    if POSITIONS_OF_KIND[unit.kind] is not posting.position:
        return 0
    return days.span(month, unit.opened_on, unit.closed_on)


def _taken_before(taken: dict[int, int], holder: int, open_days: int) -> int:
    """Rules 2 and 3: one post a person and one place a unit (一.3). Of `open_days` those that the holder has given
    to a posting before; the others are given now."""
    before = taken.get(holder, 0)
    taken[holder] = before | open_days
    return open_days & before


class _Places:
    """Rule 3 for assistants: as many a day as the township has places on that day (一.2)."""

    def __init__(self, month: Month, places: Mapping[int, int]) -> None:
        self.places = places
        # occupied[k] holds the days on which at least k places are taken.
        self.occupied = [days.whole_month(month)] + [0] * max(places, default=0)

    def refused(self, open_days: int) -> int:
        """Of `open_days` those on which every place is taken; on the others one more is taken now."""
        full = 0
        for number, with_that_many in self.places.items():
            full |= self.occupied[number] & with_that_many
        seated = open_days & ~full
        for number in range(len(self.occupied) - 1, 0, -1):
            self.occupied[number] |= self.occupied[number - 1] & seated
        return open_days & full


def places_by_day(month: Month, township: TownshipFact, standard: Standard) -> dict[int, int]:
    """Number of subsidised assistants -> the days of `month` with that number."""
    starts = _turns(township, month.first, month.last)
    found: dict[int, int] = defaultdict(int)
    for index, start in enumerate(starts):
        end = starts[index + 1] - timedelta(days=1) if index + 1 < len(starts) else month.last
        found[_places_on(start, township, standard)] |= days.span(month, start, end)
    return dict(found)


def fewest_places(since: date, until: date, township: TownshipFact, standard: Standard) -> int:
    """The number of subsidised assistants that no day between the two, both included, goes below."""
    return min(_places_on(turn, township, standard) for turn in _turns(township, since, until))


def _turns(township: TownshipFact, since: date, until: date) -> list[date]:
    """`since`, and the days up to `until` on which the number of places may change."""
    changes = {since}
    for dated in township.classes:
        changes.add(dated.effective_from)
    for grant in township.grants:
        changes.add(grant.effective_from)
        if grant.ended_on is not None:
            changes.add(grant.ended_on + timedelta(days=1))
    return sorted(day for day in changes if since <= day <= until)


def _places_on(day: date, township: TownshipFact, standard: Standard) -> int:
    return assistant_places(
        day,
        classes=township.classes,
        grants=township.grants,
        base=standard.assistant_base,
        extra_max=standard.assistant_extra_max,
    )
