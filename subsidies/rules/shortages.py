"""Where people are missing: platform staff below the norm, places vacant, and since when (一.1-一.3)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from foundation.dates import Month
from staffing.enums import SUBSIDISED, Check, Position
from staffing.positions import POSITIONS_OF_KIND
from subsidies.rules import days
from subsidies.rules.beginnings import turns_of_period, turns_of_suspensions, unbroken_since
from subsidies.rules.dues import Due
from subsidies.rules.facts import Presence, TownshipFact, UnitFact
from subsidies.rules.held import turns_of_held
from subsidies.rules.quotas import assistant_places, class_on
from subsidies.rules.rulebook import Rulebook

OnDay = Callable[[date], int]


@dataclass(frozen=True, slots=True)
class Shortage:
    """Fewer people than there should be; `since` is the first day of it, no earlier than the first standard."""

    check: Check
    township: int
    unit: int | None
    position: Position
    needed: int
    present: int
    since: date | None


@dataclass(frozen=True, slots=True)
class Vacancy:
    """One place, of a township or of a unit, that nobody fills; `since` is the first day of it, no earlier than the
    first standard."""

    township: int
    unit: int | None
    position: Position
    since: date

    def days_until(self, day: date) -> int:
        """Both days count."""
        return (day - self.since).days + 1


def vacant_units(month: Month, units: Iterable[UnitFact], dues: Iterable[Due]) -> list[UnitFact]:
    """The units with a post that nobody holds on the last day of the month."""
    last = month.days
    filled = {
        due.posting.unit
        for due in dues
        if days.has_day(due.days.on_post & ~(due.days.without_post | due.days.duplicate), last)
    }
    return [
        unit
        for unit in units
        if unit.id not in filled and POSITIONS_OF_KIND[unit.kind] is not None and unit.is_open_on(month.last)
    ]


def subsidised_townships(month: Month, dues: Iterable[Due]) -> set[int]:
    """The townships where an assistant is subsidised for the last day of the month."""
    return {
        due.posting.township
        for due in dues
        if due.posting.position is Position.ASSISTANT and due.amount and days.has_day(due.days.counted, month.days)
    }


def with_earlier_posts(presences: Iterable[Presence], units: Mapping[int, UnitFact]) -> list[Presence]:
    """The presences, given by posting id, each with those of the same person that come before it (domain rule 2)."""
    earlier: dict[int, tuple[Presence, ...]] = defaultdict(tuple)
    found = []
    for presence in sorted(presences, key=lambda row: row.started_on):
        if presence.position not in SUBSIDISED:
            found.append(presence)
            continue
        before = earlier.get(presence.person)
        found.append(replace(presence, earlier_posts=before) if before else presence)
        existing = _while_the_place_exists(presence, units)
        if existing is not None:
            earlier[presence.person] += (existing,)
    return found


def _while_the_place_exists(presence: Presence, units: Mapping[int, UnitFact]) -> Presence | None:
    """The part of a presence within which its unit has such a post; None where there is none."""
    if presence.unit is None:
        return presence
    unit = units[presence.unit]
    if POSITIONS_OF_KIND[unit.kind] is not presence.position:
        return None
    started_on = max(presence.started_on, unit.opened_on or presence.started_on)
    ends = [day for day in (presence.ended_on, unit.closed_on) if day is not None]
    return replace(presence, started_on=started_on, ended_on=min(ends, default=None))


def shortages(
    month: Month,
    townships: Iterable[TownshipFact],
    vacant: Iterable[UnitFact],
    presences: Iterable[Presence],
    book: Rulebook,
    subsidised: Collection[int],
) -> list[Shortage]:
    """`presences` are all of the townships' platform staff and assistants and of the vacant units' coordinators, now
    and earlier, with their earlier posts; `subsidised` the townships with a subsidised assistant."""
    there = _There(presences)
    found: list[Shortage] = []
    for township in townships:
        place = _TownshipPlaces(month.last, township, book, there)
        found += place.shortages(is_subsidised=township.id in subsidised)
    for unit in vacant:
        position = POSITIONS_OF_KIND[unit.kind]
        if position is not None:
            since = _vacant_since(month.last, unit, there.at_unit[unit.id, position], book)
            found.append(Shortage(Check.VACANCY, unit.township, unit.id, position, 1, 0, since))
    return found


def vacancies(
    day: date,
    townships: Iterable[TownshipFact],
    vacant: Iterable[UnitFact],
    presences: Iterable[Presence],
    book: Rulebook,
) -> list[Vacancy]:
    """Each place that nobody fills on `day`; `vacant` are the units with a post and nobody who holds it.

    Of several at one township the first is vacant since there has been one without a break, the second since there
    have been two. `presences` as for `shortages`, up to `day`.
    """
    there = _There(presences)
    found: list[Vacancy] = []
    for township in townships:
        found += _TownshipPlaces(day, township, book, there).vacancies()
    for unit in vacant:
        position = POSITIONS_OF_KIND[unit.kind]
        if position is None:
            continue
        since = _vacant_since(day, unit, there.at_unit[unit.id, position], book)
        if since is not None:
            found.append(Vacancy(unit.township, unit.id, position, since))
    return found


class _There:
    """Presences by place and position."""

    def __init__(self, presences: Iterable[Presence]) -> None:
        self.at_township: dict[tuple[int, Position], list[Presence]] = defaultdict(list)
        self.at_unit: dict[tuple[int, Position], list[Presence]] = defaultdict(list)
        for presence in presences:
            if presence.unit is None:
                self.at_township[presence.township, presence.position].append(presence)
            else:
                self.at_unit[presence.unit, presence.position].append(presence)


class _TownshipPlaces:
    """How many platform staff and assistants a township needs, and has, on any day; `day` is the one looked at."""

    def __init__(self, day: date, township: TownshipFact, book: Rulebook, there: _There) -> None:
        self.day = day
        self.township = township
        self.book = book
        self.staff = there.at_township[township.id, Position.PLATFORM_STAFF]
        self.assistants = there.at_township[township.id, Position.ASSISTANT]

    def shortages(self, *, is_subsidised: bool) -> Iterator[Shortage]:
        staff, assistant = Position.PLATFORM_STAFF, Position.ASSISTANT
        yield from self._short(Check.PLATFORM_BELOW_NORM, staff, self.staff_needed, self.staff_present)
        if is_subsidised:
            yield from self._short(Check.PLATFORM_SHORT, staff, self.staff_needed_by_assistants, self.staff_present)
        yield from self._short(Check.VACANCY, assistant, self.assistants_needed, self.assistants_present)

    def vacancies(self) -> Iterator[Vacancy]:
        yield from self._vacant(Position.PLATFORM_STAFF, self.staff_needed, self.staff_present)
        yield from self._vacant(Position.ASSISTANT, self.assistants_needed, self.assistants_present)

    def staff_needed(self, day: date) -> int:
        standard, township_class = self.book.standard_of_month_of(day), class_on(self.township.classes, day)
        return 0 if standard is None or township_class is None else standard.platform_minimum.get(township_class, 0)

    def staff_present(self, day: date) -> int:
        """Full-time heads count (一.1)."""
        return _heads((row for row in self.staff if row.is_full_time(day)), day, self.book)

    def assistants_needed(self, day: date) -> int:
        standard = self.book.standard_of_month_of(day)
        if standard is None:
            return 0
        return assistant_places(
            day,
            classes=self.township.classes,
            grants=self.township.grants,
            base=standard.assistant_base,
            extra_max=standard.assistant_extra_max,
        )

    def assistants_present(self, day: date) -> int:
        return _heads(self.assistants, day, self.book)

    def staff_needed_by_assistants(self, day: date) -> int:
        """The platform's norm on days on which there are assistants with a place."""
        return self.staff_needed(day) if self.assistants_present(day) and self.assistants_needed(day) else 0

    def _short(self, check: Check, position: Position, needed: OnDay, present: OnDay) -> Iterator[Shortage]:
        if present(self.day) < needed(self.day):
            since = unbroken_since(self.day, self._turns(), lambda turn: present(turn) < needed(turn))
            yield Shortage(check, self.township.id, None, position, needed(self.day), present(self.day), since)

    def _vacant(self, position: Position, needed: OnDay, present: OnDay) -> Iterator[Vacancy]:
        def missing(turn: date) -> int:
            return needed(turn) - present(turn)

        for number in range(1, missing(self.day) + 1):
            since = unbroken_since(self.day, self._turns(), partial(_reaches, missing, number))
            if since is not None:
                yield Vacancy(self.township.id, None, position, since)

    def _turns(self) -> Iterator[date]:
        yield from self.book.turning_days()
        yield from (dated.effective_from for dated in self.township.classes)
        for grant in self.township.grants:
            yield from turns_of_period(grant.effective_from, grant.ended_on)
        yield from _turns_of(self.staff)
        yield from _turns_of(self.assistants)


def _reaches(missing: OnDay, number: int, day: date) -> bool:
    return missing(day) >= number


def _vacant_since(day: date, unit: UnitFact, presences: Sequence[Presence], book: Rulebook) -> date | None:
    turns = [*book.turning_days(), *turns_of_period(unit.opened_on, unit.closed_on), *_turns_of(presences)]

    def holds(turn: date) -> bool:
        return (
            unit.is_open_on(turn) and book.standard_of_month_of(turn) is not None and not _heads(presences, turn, book)
        )

    return unbroken_since(day, turns, holds)


def _heads(presences: Iterable[Presence], day: date, book: Rulebook) -> int:
    """How many persons hold a post here."""
    standard = book.standard_of_month_of(day)
    counting = frozenset() if standard is None else standard.counting_suspensions
    return len({presence.person for presence in presences if presence.holds_post(day, counting)})


def _turns_of(presences: Iterable[Presence]) -> Iterator[date]:
    for presence in presences:
        yield from turns_of_period(presence.started_on, presence.ended_on)
        yield from turns_of_suspensions(presence.suspensions)
        yield from turns_of_held(presence.working_times)
        yield from _turns_of(presence.earlier_posts)
