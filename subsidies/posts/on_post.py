"""Who is in service on one day, and who of them holds a place: by the same competition as the calculation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from foundation.dates import Month
from staffing.enums import Position
from subsidies.enums import Standing
from subsidies.posts.known_county import KnownCounty
from subsidies.rules import days
from subsidies.rules.competition import PostingDays, compete
from subsidies.rules.facts import PostingFact, TownshipFact, UnitFact
from subsidies.rules.held import is_full_time_on
from subsidies.rules.parameters import MonthParameters, Standard
from subsidies.rules.rulebook import MissingParameter, Rulebook

# In this order: whoever is suspended is not on post, wherever that would be.
_LOST = (
    (Standing.SUSPENDED, "suspended"),
    (Standing.WITHOUT_POST, "without_post"),
    (Standing.DUPLICATE, "duplicate"),
    (Standing.OVER_QUOTA, "over_quota"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Serving:
    """A posting in service on the day."""

    posting: PostingFact
    standing: Standing

    @property
    def holds_place(self) -> bool:
        return self.standing is Standing.HOLDS_PLACE


@dataclass(frozen=True, slots=True, eq=False)
class CountyOnDay:
    """The whole county on one day: townships by code, units by id in the order of their codes, who serves by posting.

    `standard` and `parameters` are those in force on the first of the day's month. Without a standard nobody competes,
    and everybody who is not suspended is taken as holding a place.
    """

    day: date
    standard: Standard | None
    parameters: MonthParameters | None
    townships: Sequence[TownshipFact]
    units: Mapping[int, UnitFact]
    serving: Sequence[Serving]


def county_on(day: date, known: KnownCounty) -> CountyOnDay:
    """The county on a day that is known."""
    month = Month.of(day)
    standard = known.book.standard_on(month.first)
    facts = known.between(day, day, tuple(Position))
    staff = [posting for posting in facts.postings if not posting.position.is_subsidised]
    subsidised = [posting for posting in facts.postings if posting.position.is_subsidised]
    if standard is None:
        competitors = list(_without_places(day, subsidised))
    else:
        competed = compete(month, replace(facts, postings=tuple(subsidised)), standard)
        competitors = [Serving(posting, standing_on(competed[posting.id], day)) for posting in subsidised]
    return CountyOnDay(
        day=day,
        standard=standard,
        parameters=_parameters(known.book, month),
        townships=facts.townships,
        units=facts.unit_by_id,
        serving=[*standing_of_staff(day, staff, standard), *competitors],
    )


def _parameters(book: Rulebook, month: Month) -> MonthParameters | None:
    try:
        return book.for_month(month)
    except MissingParameter:
        return None


def standing_of_staff(day: date, staff: Iterable[PostingFact], standard: Standard | None) -> Iterable[Serving]:
    """Full-time heads count, each once a township (一.1); who is not recorded as part-time is taken as full-time."""
    seen: set[tuple[int, int]] = set()
    for posting in sorted(staff, key=lambda posting: (posting.started_on, posting.id)):
        head = (posting.township, posting.person)
        if _is_suspended(posting, day, standard):
            yield Serving(posting, Standing.SUSPENDED)
        elif is_full_time_on(day, posting.record.working_times) is False:
            yield Serving(posting, Standing.PART_TIME)
        elif head in seen:
            yield Serving(posting, Standing.DUPLICATE)
        else:
            seen.add(head)
            yield Serving(posting, Standing.HOLDS_PLACE)


def _without_places(day: date, subsidised: Iterable[PostingFact]) -> Iterable[Serving]:
    """Where no standard tells the places."""
    for posting in subsidised:
        suspended = _is_suspended(posting, day, None)
        yield Serving(posting, Standing.SUSPENDED if suspended else Standing.HOLDS_PLACE)


def standing_on(of_month: PostingDays, day: date) -> Standing:
    """Of somebody in service on the day."""
    if days.has_day(of_month.counted, day.day):
        return Standing.HOLDS_PLACE
    return next(standing for standing, name in _LOST if days.has_day(getattr(of_month, name), day.day))


def _is_suspended(posting: PostingFact, day: date, standard: Standard | None) -> bool:
    counting = standard.counting_suspensions if standard else frozenset()
    return any(
        row.started_on <= day and (row.ended_on is None or day <= row.ended_on)
        for row in posting.suspensions
        if row.kind not in counting
    )
