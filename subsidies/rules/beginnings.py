"""Since when a finding holds: the first day of the unbroken time up to the day on which it was found."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, partial

from foundation.dates import Month
from foundation.remembered import Remembered
from staffing.enums import Check
from subsidies.rules import days
from subsidies.rules.checks import UNREMARKABLE, Requirements, findings_on
from subsidies.rules.competition import PostingDays, compete
from subsidies.rules.dues import Due, cost_on, count_of, households_of, requirements_of
from subsidies.rules.facts import CountyFacts, PostingFact, SuspensionFact, UnitFact
from subsidies.rules.formulas import MonthFormulas
from subsidies.rules.held import turns_of_held
from subsidies.rules.parameters import MonthParameters
from subsidies.rules.rulebook import MissingParameter, Rulebook

ONE_DAY = timedelta(days=1)


def unbroken_since(day: date, turns: Iterable[date], holds: Callable[[date], bool]) -> date | None:
    """The first turning day from which it holds up to `day`; None where it does not hold from the last one on.

    Nothing changes between two turning days.
    """
    first = None
    for turn in sorted({turn for turn in turns if turn <= day}, reverse=True):
        if not holds(turn):
            break
        first = turn
    return first


def turns_of_period(started_on: date | None, ended_on: date | None) -> Iterator[date]:
    """The day a period begins, and the day after it ended."""
    if started_on is not None:
        yield started_on
    if ended_on is not None:
        yield ended_on + ONE_DAY


def turns_of_suspensions(suspensions: Iterable[SuspensionFact]) -> Iterator[date]:
    for suspension in suspensions:
        yield from turns_of_period(suspension.started_on, suspension.ended_on)


class Beginnings:
    """Answers for the findings of one month, from the facts it was calculated with.

    Postings that were over before that month are not among them. Days before the first standard are judged by the
    parameters of the month itself.
    """

    def __init__(self, month: Month, facts: CountyFacts, book: Rulebook) -> None:
        self.month = month
        self.facts = facts
        self.book = book
        self.units: Mapping[int, UnitFact] = facts.unit_by_id
        self.townships = {township.id: township for township in facts.townships}
        of_month = self._of_month = Remembered(partial(_parameters, book, month))
        self._formulas = Remembered[Month, MonthFormulas](lambda other: MonthFormulas(other, of_month[other]))
        self._requirements = Remembered[Month, Requirements](lambda other: _of_every_check(of_month[other]))

    @cached_property
    def of_person(self) -> Mapping[int, list[PostingFact]]:
        found: dict[int, list[PostingFact]] = defaultdict(list)
        for posting in self.facts.postings:
            found[posting.person].append(posting)
        return found

    @cached_property
    def at_place(self) -> Mapping[tuple[str, int], list[PostingFact]]:
        found: dict[tuple[str, int], list[PostingFact]] = defaultdict(list)
        for posting in self.facts.postings:
            found[_place(posting)].append(posting)
        return found

    def of(self, check: Check, due: Due) -> date | None:
        """Since when `check` holds of the posting without a break; never before the posting began.

        None for a retirement age: the day would tell the month of birth, which completes a masked id number.
        """
        day = days.last_day(self.month, due.days.on_post)
        match check:
            case Check.OVER_QUOTA | Check.DUPLICATE_PERSON | Check.SEVERAL_UNITS:
                return self._in_competition(check, due.posting, day)
            case Check.HOUSEHOLDS_MISSING | Check.HOUSEHOLDS_ZERO:
                return self._of_households(due.posting)
            case Check.SUBSIDY_ABOVE_COST:
                return self._above_cost(due.posting, day)
            case Check.COST_UNKNOWN:
                return self._cost_unknown(due.posting, day)
            case Check.RETIREMENT_AGE:
                return None
        return self._in_record(check, due.posting, day)

    def _in_record(self, check: Check, posting: PostingFact, day: date) -> date | None:
        """Qualification, working time, contract and wage: judged again on every day on which one of them changed."""
        record, standards = posting.record, self.book.standards
        turns = {record.started_on, *(wage.effective_from for wage in record.wages), *self.book.turning_days()}
        turns.update(turns_of_held(record.working_times, record.educations, record.computer_skills))
        for contract in record.contracts:
            turns.update(turns_of_period(contract.started_on, contract.ended_on))
            if contract.ended_on is not None:
                turns.update(contract.ended_on - timedelta(standard.contract_ending_days) for standard in standards)

        def holds(turn: date) -> bool:
            return check in findings_on(turn, record, UNREMARKABLE, self._requirements[Month.of(turn)])

        return unbroken_since(day, _not_before(posting.started_on, turns), holds)

    def _in_competition(self, check: Check, posting: PostingFact, day: date) -> date | None:
        """Who takes the place, or the person's other posts: competed for again among those concerned only."""
        group = self._group(check, posting)
        townships = {other.township: self.townships[other.township] for other in group}
        units = {other.unit: self.units[other.unit] for other in group if other.unit is not None}
        facts = CountyFacts(tuple(townships.values()), tuple(units.values()), tuple(group))
        competed: dict[Month, Mapping[int, PostingDays]] = {}

        def holds(turn: date) -> bool:
            month = Month.of(turn)
            if month not in competed:
                competed[month] = compete(month, facts, self._of_month[month].standard)
            if check is Check.SEVERAL_UNITS:
                of_days = ((other.unit, competed[month].get(other.id)) for other in group if other.unit is not None)
                return len({unit for unit, of in of_days if of and days.has_day(of.on_post, turn.day)}) > 1
            mine = competed[month].get(posting.id)
            lost = 0 if mine is None else mine.over_quota if check is Check.OVER_QUOTA else mine.duplicate
            return days.has_day(lost, turn.day)

        return unbroken_since(day, _not_before(posting.started_on, self._turns_of(group)), holds)

    def _group(self, check: Check, posting: PostingFact) -> list[PostingFact]:
        """The postings that decide: of the person, or of everybody who competes for the place."""
        if check is not Check.OVER_QUOTA:
            return self.of_person[posting.person]
        people = dict.fromkeys(rival.person for rival in self.at_place[_place(posting)])
        return [other for person in people for other in self.of_person[person]]

    def _turns_of(self, group: Iterable[PostingFact]) -> Iterator[date]:
        yield from self.book.turning_days()
        townships = {posting.township for posting in group}
        for township in map(self.townships.__getitem__, townships):
            yield from (dated.effective_from for dated in township.classes)
            for grant in township.grants:
                yield from turns_of_period(grant.effective_from, grant.ended_on)
        for posting in group:
            yield from turns_of_period(posting.started_on, posting.ended_on)
            yield from turns_of_suspensions(posting.suspensions)
            if posting.unit is not None:
                unit = self.units[posting.unit]
                yield from turns_of_period(unit.opened_on, unit.closed_on)

    def _of_households(self, posting: PostingFact) -> date:
        """From the first of the counts of zero that follow each other; without any count, from the posting's start."""
        unit = self.units[posting.unit or 0]
        used = count_of(self.month, unit)
        if used is None:
            return max(posting.started_on, unit.opened_on or posting.started_on)
        counts = sorted(unit.counts, key=lambda count: count.effective_from)
        zero = {count.effective_from: count.households == 0 for count in counts}
        return max(posting.started_on, unbroken_since(used.effective_from, zero, zero.__getitem__) or date.min)

    def _above_cost(self, posting: PostingFact, day: date) -> date | None:
        """Rate and monthly cost, as they are for a whole month."""
        unit = None if posting.unit is None else self.units[posting.unit]
        turns = {posting.started_on, *(cost.effective_from for cost in posting.costs), *self.book.turning_days()}
        for count in unit.counts if unit is not None else ():
            turns.add((Month.of(count.effective_from - ONE_DAY) + 1).first)

        def holds(turn: date) -> bool:
            in_force = [cost for cost in posting.costs if cost.effective_from <= turn]
            cost = max(in_force, key=lambda row: row.effective_from).cost if in_force else None
            rate = self._rate(Month.of(turn), posting, unit)
            return cost is not None and rate is not None and rate > cost

        # Paid in whole for a part of the month it may be above the cost of these days only.
        in_month = max(posting.started_on, self.month.first)
        return unbroken_since(day, _not_before(posting.started_on, turns), holds) or in_month

    def _cost_unknown(self, posting: PostingFact, day: date) -> date | None:
        """Since when the cost is a limit and not known."""
        turns = {posting.started_on, *(cost.effective_from for cost in posting.costs), *self.book.turning_days()}

        def holds(turn: date) -> bool:
            cost = cost_on(turn, posting.costs)
            return self._of_month[Month.of(turn)].standard.cap_at_cost and (cost is None or cost.cost is None)

        return unbroken_since(day, _not_before(posting.started_on, turns), holds)

    def _rate(self, month: Month, posting: PostingFact, unit: UnitFact | None) -> Decimal | None:
        whole = PostingDays(days.whole_month(month), 0, 0, 0, 0)
        households = households_of(month, posting, unit)
        return self._formulas[month].outcomes[posting.position, whole, households, None, None].result.rate


def _parameters(book: Rulebook, otherwise: Month, month: Month) -> MonthParameters:
    """Those of a month; where it has none, those of another."""
    try:
        return book.for_month(month)
    except MissingParameter:
        return book.for_month(otherwise)


def _of_every_check(parameters: MonthParameters) -> Requirements:
    return replace(requirements_of(parameters), severities={})


def _place(posting: PostingFact) -> tuple[str, int]:
    return ("township", posting.township) if posting.unit is None else ("unit", posting.unit)


def _not_before(start: date, turns: Iterable[date]) -> Iterator[date]:
    """The start itself, and the turning days after it."""
    yield start
    yield from (turn for turn in turns if turn > start)
