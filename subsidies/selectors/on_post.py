"""Who serves on one day, and who of them holds a place then: the competition of the calculation, asked for a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from foundation.dates import Month
from staffing.enums import Position
from subsidies.enums import Standing
from subsidies.rules import days
from subsidies.rules.competition import PostingDays, compete
from subsidies.rules.facts import CountyFacts, PostingFact, TownshipFact, UnitFact
from subsidies.rules.parameters import MonthParameters, Standard
from subsidies.rules.rulebook import MissingParameter, Rulebook
from subsidies.selectors.facts import county_facts, platform_staff_on
from subsidies.selectors.policy import rulebook, standards_in_force

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


def county_on(day: date, subsidised: CountyFacts | None = None) -> CountyOnDay:
    """The county on `day`, in a fixed number of queries.

    `subsidised` are the facts of a calculation whose last day it is, where there is one.
    """
    book = rulebook(standards_in_force())
    month = Month.of(day)
    standard = book.standard_on(month.first)
    if subsidised is None:
        facts = county_facts(since=day, until=day, positions=Position)
    else:
        serving = (posting for posting in subsidised.postings if posting.serves_on(day))
        facts = replace(subsidised, postings=(*serving, *platform_staff_on(day)))
    return CountyOnDay(
        day=day,
        standard=standard,
        parameters=_parameters(book, month),
        townships=facts.townships,
        units={unit.id: unit for unit in facts.units},
        serving=[*_platform_staff(day, facts, standard), *_competitors(day, facts, standard)],
    )


def _parameters(book: Rulebook, month: Month) -> MonthParameters | None:
    try:
        return book.for_month(month)
    except MissingParameter:
        return None


def _platform_staff(day: date, facts: CountyFacts, standard: Standard | None) -> Iterable[Serving]:
    """Full-time heads count, each once a township (一.1); who is not recorded as part-time is taken as full-time."""
    seen: set[tuple[int, int]] = set()
    staff = (posting for posting in facts.postings if posting.position is Position.PLATFORM_STAFF)
    for posting in sorted(staff, key=lambda posting: (posting.started_on, posting.id)):
        head = (posting.township, posting.person)
        if _is_suspended(posting, day, standard):
            yield Serving(posting, Standing.SUSPENDED)
        elif posting.record.is_full_time is False:
            yield Serving(posting, Standing.PART_TIME)
        elif head in seen:
            yield Serving(posting, Standing.DUPLICATE)
        else:
            seen.add(head)
            yield Serving(posting, Standing.HOLDS_PLACE)


def _competitors(day: date, facts: CountyFacts, standard: Standard | None) -> Iterable[Serving]:
    subsidised = [posting for posting in facts.postings if posting.position.is_subsidised]
    if standard is None:
        for posting in subsidised:
            suspended = _is_suspended(posting, day, standard)
            yield Serving(posting, Standing.SUSPENDED if suspended else Standing.HOLDS_PLACE)
        return
    competed = compete(Month.of(day), replace(facts, postings=tuple(subsidised)), standard)
    for posting in subsidised:
        yield Serving(posting, _standing(competed[posting.id], day))


def _standing(of_month: PostingDays, day: date) -> Standing:
    lost = (standing for standing, name in _LOST if days.has_day(getattr(of_month, name), day.day))
    return next(lost, Standing.HOLDS_PLACE)


def _is_suspended(posting: PostingFact, day: date, standard: Standard | None) -> bool:
    counting = standard.counting_suspensions if standard else frozenset()
    return any(
        row.started_on <= day and (row.ended_on is None or day <= row.ended_on)
        for row in posting.suspensions
        if row.kind not in counting
    )
