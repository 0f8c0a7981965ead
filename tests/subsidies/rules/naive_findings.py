"""Findings and since when, once more: every day judged by itself, backwards for as long as it lasts."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from foundation.dates import Month
from staffing.enums import Check, Position
from subsidies.rules.facts import CountyFacts, PostingFact, Presence, TownshipFact, UnitFact
from subsidies.rules.parameters import MinimumWage, Standard
from tests.subsidies.rules.naive import Rules, cost_of, households_of, naive_due, rate_of
from tests.subsidies.rules.naive_basics import covers, latest
from tests.subsidies.rules.naive_checks import failed_checks, is_part_time_on
from tests.subsidies.rules.naive_contracts import failed_contracts
from tests.subsidies.rules.naive_days import KINDS, Fates, fates_on, units_held
from tests.subsidies.rules.naive_retirement import naive_is_past

ONE_DAY = timedelta(days=1)
Count = Callable[[date], tuple[int, int]]
OF_COMPETITION = {Check.OVER_QUOTA: "over_quota", Check.DUPLICATE_PERSON: "duplicate_person"}


class Found(NamedTuple):
    check: Check
    posting: int
    since: date | None


class Short(NamedTuple):
    check: Check
    place: tuple[str, int]
    needed: int
    present: int
    since: date


class NaiveFindings:
    def __init__(self, facts: CountyFacts, rules: Rules, month: Month) -> None:
        self.facts, self.rules, self.month = facts, rules, month
        self.days = [date(month.year, month.number, number) for number in range(1, month.days + 1)]
        # What would be due if no check stopped it: that is what the cost is compared with.
        open_handed = tuple(replace(standard, checks={}) for standard in rules.standards)
        self.due = naive_due(facts, Rules(open_handed, rules.minimum_wages), month)
        self._fates: dict[date, Fates] = {}

    def of_postings(self) -> Iterator[Found]:
        for posting in self.facts.postings:
            on_post = [day for day in self.days if "suspended" not in self.fates(day).get(posting.id, {"suspended"})]
            if on_post:
                for check in self.checks(posting, on_post):
                    yield Found(check, posting.id, self.since(check, posting, on_post[-1]))

    def checks(self, posting: PostingFact, on_post: list[date]) -> list[Check]:
        last = on_post[-1]
        households = households_of(self.facts, posting, self.days)
        standard, wage = self.parameters(last)
        cost = cost_of(posting.costs, on_post, len(self.days))
        failed = [
            *failed_checks(
                posting.record,
                last,
                standard,
                wage,
                units_held(self.facts, self.fates(last), posting.person),
                households,
                is_above_cost=cost is not None and self.due[posting.id].amount > cost,
                lacks_cost=standard.cap_at_cost and cost is None,
                lost=self.fates(last)[posting.id],
            ),
            *failed_contracts(posting.record, last, standard),
            *(
                [Check.RETIREMENT_AGE]
                if naive_is_past(last, posting.record.retiree, self.rules.retirement_ages)
                else []
            ),
        ]
        return [check for check in Check if check in failed and standard.severity(check) != "off"]

    def since(self, check: Check, posting: PostingFact, last: date) -> date | None:
        if check is Check.RETIREMENT_AGE:
            return None
        if check is Check.HOUSEHOLDS_MISSING:
            (unit,) = [unit for unit in self.facts.units if unit.id == posting.unit]
            return max(posting.started_on, unit.opened_on or posting.started_on)
        if check is Check.HOUSEHOLDS_ZERO:
            return max(posting.started_on, self.zero_since(posting))
        first = back_from(last, posting.started_on, lambda day: self.holds(check, posting, day))
        # Above its cost for this month only, as by its days.
        return first or max(posting.started_on, self.days[0])

    def holds(self, check: Check, posting: PostingFact, day: date) -> bool:
        """Whether the check finds something on a day, now or earlier; counts of households apart."""
        standard, wage = self.parameters(day)
        if check is Check.SUBSIDY_ABOVE_COST:
            cost = latest(posting.costs, day)
            whole = [day.replace(day=1)]
            rate = rate_of(posting.position, standard, wage, self._households(posting, whole[0]))
            return cost is not None and cost.cost is not None and rate is not None and rate > cost.cost
        if check is Check.COST_UNKNOWN:
            known = latest(posting.costs, day)
            return standard.cap_at_cost and (known is None or known.cost is None)
        if check in OF_COMPETITION:
            return OF_COMPETITION[check] in self.fates(day).get(posting.id, ())
        held = units_held(self.facts, self.fates(day), posting.person) if check is Check.SEVERAL_UNITS else 0
        failed = failed_checks(posting.record, day, standard, wage, held, None, is_above_cost=False, lost=set())
        return check in failed or check in failed_contracts(posting.record, day, standard)

    def zero_since(self, posting: PostingFact) -> date:
        (unit,) = [unit for unit in self.facts.units if unit.id == posting.unit]
        counts = sorted(unit.counts, key=lambda row: row.effective_from)
        used = latest(counts, self.days[0]) or next(row for row in counts if row.effective_from in self.days)
        since = used.effective_from
        for count in reversed(counts[: counts.index(used)]):
            if count.households:
                break
            since = count.effective_from
        return since

    def parameters(self, day: date) -> tuple[Standard, MinimumWage | None]:
        """In force on the first of the day's month; before there were any, those of the month that is looked at."""
        for first in (day.replace(day=1), self.days[0]):
            standard, wage = latest(self.rules.standards, first), latest(self.rules.minimum_wages, first)
            if standard is not None and (wage is not None or not standard.needs_minimum_wage):
                return standard, wage
        raise AssertionError("the month has no parameters")

    def fates(self, day: date) -> Fates:
        if day not in self._fates:
            self._fates[day] = fates_on(self.facts, self.parameters(day)[0], day)
        return self._fates[day]

    def _households(self, posting: PostingFact, first: date) -> int | None:
        month = Month.of(first)
        days = [date(month.year, month.number, number) for number in range(1, month.days + 1)]
        return households_of(self.facts, posting, days)


class NaiveShortages:
    """What is missing on the last day of a month; of `facts` only townships and units are looked at."""

    def __init__(self, facts: CountyFacts, presences: Iterable[Presence], rules: Rules, month: Month) -> None:
        self.facts, self.presences, self.rules = facts, list(presences), rules
        self.last, self.earliest = month.last, min(row.effective_from for row in rules.standards)

    def all(self, subsidised: set[int]) -> Iterator[Short]:
        for town in self.facts.townships:
            place = ("township", town.id)
            yield from self._short(Check.PLATFORM_BELOW_NORM, place, partial(self.staff, town))
            if town.id in subsidised:
                yield from self._short(Check.PLATFORM_SHORT, place, partial(self.staff_beside_assistants, town))
            yield from self._short(Check.VACANCY, place, partial(self.assistants, town))
        for unit in self.facts.units:
            yield from self._short(Check.VACANCY, ("unit", unit.id), partial(self.at_unit, unit))

    def vacancies(self, day: date) -> Iterator[tuple[tuple[str, int], Position, date]]:
        """Each place that is missing on the day, with the first day from which so many were."""
        of_kind = {kind: position for position, kinds in KINDS.items() for kind in kinds}
        places: list[tuple[tuple[str, int], Position, Count]] = []
        for town in self.facts.townships:
            places.append((("township", town.id), Position.PLATFORM_STAFF, partial(self.staff, town)))
            places.append((("township", town.id), Position.ASSISTANT, partial(self.assistants, town)))
        for unit in self.facts.units:
            if unit.kind in of_kind:
                places.append((("unit", unit.id), of_kind[unit.kind], partial(self.at_unit, unit)))
        for place, position, count in places:
            number = 1
            while since := back_from(day, self.earliest, partial(lacks, count, number)):
                yield place, position, since
                number += 1

    def _short(self, check: Check, place: tuple[str, int], count: Count) -> Iterator[Short]:
        def is_short(day: date) -> bool:
            needed, present = count(day)
            return present < needed

        since = back_from(self.last, self.earliest, is_short)
        if since is not None:
            yield Short(check, place, *count(self.last), since)

    def staff(self, town: TownshipFact, day: date) -> tuple[int, int]:
        """Needed and present."""
        standard, status = self.standard(day), latest(town.classes, day)
        needed = standard.platform_minimum[status.township_class] if standard and status else 0
        full_time = [row for row in self.presences if not is_part_time_on(day, row.working_times)]
        return needed, self.heads(full_time, day, Position.PLATFORM_STAFF, township=town.id)

    def assistants(self, town: TownshipFact, day: date) -> tuple[int, int]:
        standard, status = self.standard(day), latest(town.classes, day)
        extra = sum(row.extra for row in town.grants if covers(row.effective_from, row.ended_on, day))
        needed = 0
        if standard and status:
            needed = standard.assistant_base[status.township_class] + min(extra, standard.assistant_extra_max)
        return needed, self.heads(self.presences, day, Position.ASSISTANT, township=town.id)

    def staff_beside_assistants(self, town: TownshipFact, day: date) -> tuple[int, int]:
        needed, present = self.staff(town, day)
        return (needed, present) if all(self.assistants(town, day)) else (0, present)

    def at_unit(self, unit: UnitFact, day: date) -> tuple[int, int]:
        position = next((position for position, kinds in KINDS.items() if unit.kind in kinds), None)
        if position is None or not covers(unit.opened_on, unit.closed_on, day) or self.standard(day) is None:
            return 0, 0
        return 1, self.heads(self.presences, day, position, unit=unit.id)

    def heads(
        self,
        presences: Iterable[Presence],
        day: date,
        position: Position,
        *,
        township: int | None = None,
        unit: int | None = None,
    ) -> int:
        standard = self.standard(day)
        counting = standard.counting_suspensions if standard else frozenset()
        here = [
            row
            for row in presences
            if row.position is position and row.unit == unit and township in (None, row.township)
        ]
        return len(
            {row.person for row in here if self.on_post(row, day, counting) and self.is_first(row, day, counting)}
        )

    def is_first(self, presence: Presence, day: date, counting: Iterable[str]) -> bool:
        """Whether no other subsidised post that the person is on that day began before; by age, then by number."""
        if presence.position is Position.PLATFORM_STAFF:
            return True
        rivals = [
            (row.started_on, number)
            for number, row in enumerate(self.presences)
            if row.person == presence.person
            and row.position is not Position.PLATFORM_STAFF
            and self.on_post(row, day, counting)
            and self.exists(row, day)
        ]
        mine = presence.started_on, next(number for number, row in enumerate(self.presences) if row is presence)
        return not any(rival < mine for rival in rivals)

    def exists(self, presence: Presence, day: date) -> bool:
        unit = next((unit for unit in self.facts.units if unit.id == presence.unit), None)
        if unit is None:
            return True
        return unit.kind in KINDS[presence.position] and covers(unit.opened_on, unit.closed_on, day)

    def on_post(self, presence: Presence, day: date, counting: Iterable[str]) -> bool:
        return covers(presence.started_on, presence.ended_on, day) and not is_stopped(presence, day, counting)

    def standard(self, day: date) -> Standard | None:
        return latest(self.rules.standards, day.replace(day=1))


def lacks(count: Count, number: int, day: date) -> bool:
    needed, present = count(day)
    return needed - present >= number


def is_stopped(presence: Presence, day: date, counting: Iterable[str]) -> bool:
    return any(row.kind not in counting and covers(row.started_on, row.ended_on, day) for row in presence.suspensions)


def back_from(day: date, earliest: date, holds: Callable[[date], bool]) -> date | None:
    """The first of the days up to `day` on which it holds without a break; None when not even on `day`."""
    first = None
    while day >= earliest and holds(day):
        first = day
        day -= ONE_DAY
    return first
