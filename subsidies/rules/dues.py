"""What is due to every posting of the county for one month: competition, checks and formulas put together."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple

from foundation.dates import Month, latest_begun
from foundation.rounding import ZERO, rounded
from staffing.enums import Check, Position
from subsidies.rules import days
from subsidies.rules.checks import (
    AT_PLACE,
    SUBJECTS,
    UNREMARKABLE,
    PlaceOnDay,
    Requirements,
    findings_on,
    first_blocking,
)
from subsidies.rules.competition import PostingDays, compete
from subsidies.rules.facts import CostFact, CountFact, CountyFacts, PostingFact, UnitFact
from subsidies.rules.formulas import Key, MonthFormulas
from subsidies.rules.parameters import MonthParameters
from subsidies.rules.results import Result

_EFFECTIVE_FROM = attrgetter("effective_from")


class Due(NamedTuple):
    """What one posting is due for one month, with what it was made of; amounts in yuan.

    `cost`, `township_share` and `surplus` are None where the posting's cost is not known. They are worked out when
    asked for: of most months only the amount is wanted.
    """

    posting: PostingFact
    month: Month
    days: PostingDays
    households: int | None
    key: Key
    result: Result
    findings: tuple[Check, ...]

    @property
    def amount(self) -> Decimal:
        return self.result.amount

    @property
    def cost(self) -> Decimal | None:
        return _cost(self.month, self.posting.costs, self.days.on_post)

    @property
    def township_share(self) -> Decimal | None:
        return borne(self.cost, self.result.amount)[0]

    @property
    def surplus(self) -> Decimal | None:
        return borne(self.cost, self.result.amount)[1]


def borne(cost: Decimal | None, amount: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """Rule 9: what the township pays itself, and what the subsidy leaves over."""
    if cost is None:
        return None, None
    return max(ZERO, cost - amount), max(ZERO, amount - cost)


def dues_of_month(
    month: Month,
    facts: CountyFacts,
    parameters: MonthParameters,
    *,
    with_hints: bool = True,
) -> dict[int, Due]:
    """The dues of all postings in service in `month`, by posting id.

    Without hints only checks that can stop a subsidy are looked at: enough for the amounts of an earlier month.
    """
    outcomes = MonthFormulas(month, parameters).outcomes
    requirements = requirements_of(parameters)
    if not with_hints:
        requirements = requirements.of_blocking_checks()
    judged = positions_of(requirements.looked_for)
    caps, judges_places = parameters.standard.cap_at_cost, not AT_PLACE.isdisjoint(requirements.looked_for)
    postings, units = facts.posting_by_id, facts.unit_by_id
    competed = compete(month, facts, parameters.standard)
    held = _units_held(facts, competed) if judges_places else {}
    found: dict[int, Due] = {}
    for posting_id, posting_days in competed.items():
        posting = postings[posting_id]
        position = posting.position
        households = None if posting.unit is None else households_of(month, posting, units[posting.unit])
        cost = _cost(month, posting.costs, posting_days.on_post) if caps or judges_places else None
        cap = cost if caps else None
        key, result = outcomes[position, posting_days, households, None, cap]
        findings: tuple[Check, ...] = ()
        if position in judged and (on_post := posting_days.on_post):
            day, place = days.last_day(month, on_post), UNREMARKABLE
            if judges_places:
                above_cost = cost is not None and result.amount > cost
                has_place = not (posting_days.over_quota or posting_days.duplicate)
                is_paid_by_households = households or position is not Position.VILLAGE_COORDINATOR
                # Of nearly all, the place tells nothing.
                lacks_cost = caps and cost is None
                if above_cost or lacks_cost or not has_place or not is_paid_by_households or posting.person in held:
                    of_person = held.get(posting.person, ())
                    place = _place_on(day, posting, posting_days, households, of_person)
                    place = place._replace(subsidy_above_cost=above_cost, lacks_cost=lacks_cost)
            findings = findings_on(day, posting.record, place, requirements)
            blocked_by = first_blocking(findings, requirements) if findings else None
            if blocked_by is not None:
                key, result = outcomes[position, posting_days, households, blocked_by, cap]
        found[posting_id] = Due(posting, month, posting_days, households, key, result, findings)
    return found


def requirements_of(parameters: MonthParameters) -> Requirements:
    """What the checks of a month compare with."""
    standard = parameters.standard
    return Requirements(
        contract_min_months=standard.contract_min_months,
        contract_ending_days=standard.contract_ending_days,
        wage_floor=standard.wage_floor,
        minimum_wage=parameters.minimum_wage.amount if parameters.minimum_wage else None,
        checks_from=standard.checks_from,
        severities=standard.checks,
        retirement=parameters.retirement,
    )


def positions_of(checks: Iterable[Check]) -> Collection[Position]:
    """The positions that one of the checks looks at."""
    return {position for check in checks for position in SUBJECTS[check].positions}


def households_of(month: Month, posting: PostingFact, unit: UnitFact | None) -> int | None:
    """The households that a village coordinator of `unit` is paid by; None for others and where no count holds."""
    if unit is None or posting.position is not Position.VILLAGE_COORDINATOR:
        return None
    count = count_of(month, unit)
    return None if count is None else count.households


def count_of(month: Month, unit: UnitFact) -> CountFact | None:
    """Rule 5: the count in force on the first day; of a unit opened within the month, the first one within it."""
    latest = latest_begun(unit.counts, month.first, _EFFECTIVE_FROM)
    if latest is None and unit.opened_on is not None and month.first <= unit.opened_on <= month.last:
        within = (count for count in unit.counts if count.effective_from <= month.last)
        return min(within, key=_EFFECTIVE_FROM, default=None)
    return latest


def _place_on(
    day: date,
    posting: PostingFact,
    posting_days: PostingDays,
    households: int | None,
    held: Iterable[tuple[int, int]],
) -> PlaceOnDay:
    """What the checks are told of the posting's place on `day`, and of the units that its person holds."""
    lacks_households = False
    if households is None and posting.position is Position.VILLAGE_COORDINATOR:
        lacks_households = not days.has_day(posting_days.without_post, day.day)
    return PlaceOnDay(
        households,
        lacks_households,
        len({unit for unit, on_post in held if days.has_day(on_post, day.day)}) if held else 1,
        days.has_day(posting_days.over_quota, day.day),
        days.has_day(posting_days.duplicate, day.day),
    )


def _cost(month: Month, costs: Iterable[CostFact], on_post: int) -> Decimal | None:
    """Rule 9: wage and employer's contributions in force on the last day on post, for the days on post."""
    return cost_of_days(month, on_post, cost_on(days.last_day(month, on_post), costs) if on_post else None)


def cost_of_days(month: Month, on_post: int, in_force: CostFact | None) -> Decimal | None:
    """The same of what is in force on the last of these days."""
    if not on_post:
        return ZERO
    if in_force is None or in_force.cost is None:
        return None
    if on_post == days.whole_month(month):
        return rounded(in_force.cost)
    return rounded(in_force.cost * days.count(on_post) / month.days)


def cost_on(day: date, costs: Iterable[CostFact]) -> CostFact | None:
    """The cost in force on `day`; None where none is recorded."""
    return latest_begun(costs, day, _EFFECTIVE_FROM)


def _units_held(facts: CountyFacts, competed: Mapping[int, PostingDays]) -> dict[int, list[tuple[int, int]]]:
    """Person -> (unit, days on post) of every posting at a unit, of those who have several postings."""
    held: dict[int, list[tuple[int, int]]] = {}
    for posting in facts.postings:
        if posting.unit is not None and posting.person in facts.with_several_posts and posting.id in competed:
            held.setdefault(posting.person, []).append((posting.unit, competed[posting.id].on_post))
    return held
