"""What is due to every posting of the county for one month: competition, checks and formulas put together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from foundation.dates import Month
from foundation.rounding import ZERO, rounded
from staffing.enums import Check, Position, Severity
from staffing.findings import PlaceOnDay, Requirements, findings_on, first_blocking
from subsidies.rules import days
from subsidies.rules.competition import PostingDays, compete
from subsidies.rules.facts import CostFact, CountFact, CountyFacts, PostingFact, UnitFact
from subsidies.rules.formulas import Key, MonthFormulas
from subsidies.rules.parameters import MonthParameters
from subsidies.rules.results import Result


@dataclass(frozen=True, slots=True, eq=False)
class Due:
    """What one posting is due for one month, with what it was made of; amounts in yuan.

    `cost`, `township_share` and `surplus` are None where the posting's cost is not known.
    """

    posting: PostingFact
    month: Month
    days: PostingDays
    households: int | None
    key: Key
    result: Result
    findings: tuple[Check, ...]
    cost: Decimal | None
    township_share: Decimal | None
    surplus: Decimal | None

    @property
    def amount(self) -> Decimal:
        return self.result.amount


def dues_of_month(
    month: Month, facts: CountyFacts, parameters: MonthParameters, *, with_hints: bool = True
) -> dict[int, Due]:
    """The dues of all postings in service in `month`, by posting id.

    Without hints only checks that can stop a subsidy are looked at: enough for the amounts of an earlier month.
    """
    formulas = MonthFormulas(month, parameters)
    requirements = requirements_of(parameters)
    judges = with_hints or Severity.BLOCK in parameters.standard.severities.values()
    units = {unit.id: unit for unit in facts.units}
    postings = {posting.id: posting for posting in facts.postings}
    competed = compete(month, facts, parameters.standard)
    held = _units_held(postings, competed) if judges else {}
    found: dict[int, Due] = {}
    for posting_id, posting_days in competed.items():
        posting = postings[posting_id]
        unit = None if posting.unit is None else units[posting.unit]
        households = households_of(month, posting, unit)
        cost = _cost(month, posting.costs, posting_days.on_post)
        cap = cost if parameters.standard.cap_at_cost else None
        key = formulas.key(posting.position, posting_days, households=households, blocked_by=None, cap=cap)
        result = formulas.compute(key)
        findings: tuple[Check, ...] = ()
        if judges and posting_days.on_post:
            day = days.last_day(month, posting_days.on_post)
            place = _place_on(day, posting, posting_days, households, held.get(posting.person, ()))
            place = replace(place, subsidy_above_cost=cost is not None and result.amount > cost)
            findings = findings_on(day, posting.record, place, requirements)
            blocked_by = first_blocking(findings, requirements)
            if blocked_by is not None:
                key = formulas.key(
                    posting.position, posting_days, households=households, blocked_by=blocked_by, cap=cap
                )
                result = formulas.compute(key)
        share, surplus = _township_share(cost, result.amount)
        found[posting_id] = Due(posting, month, posting_days, households, key, result, findings, cost, share, surplus)
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
        severities=standard.severities,
    )


def households_of(month: Month, posting: PostingFact, unit: UnitFact | None) -> int | None:
    """The households that a village coordinator of `unit` is paid by; None for others and where no count holds."""
    if unit is None or posting.position is not Position.VILLAGE_COORDINATOR:
        return None
    count = count_of(month, unit)
    return None if count is None else count.households


def count_of(month: Month, unit: UnitFact) -> CountFact | None:
    """Rule 5: the count in force on the first day; of a unit opened within the month, the first one within it."""
    in_force = [count for count in unit.counts if count.effective_from <= month.first]
    if in_force:
        return max(in_force, key=lambda count: count.effective_from)
    if unit.opened_on is not None and month.first <= unit.opened_on <= month.last:
        within = [count for count in unit.counts if count.effective_from <= month.last]
        return min(within, key=lambda count: count.effective_from, default=None)
    return None


def _place_on(
    day: date, posting: PostingFact, posting_days: PostingDays, households: int | None, held: Iterable[tuple[int, int]]
) -> PlaceOnDay:
    """What the checks are told of the posting's place on `day`, and of the units that its person holds."""
    has_post = not days.has_day(posting_days.without_post, day.day)
    return PlaceOnDay(
        households=households,
        lacks_households=has_post and households is None and posting.position is Position.VILLAGE_COORDINATOR,
        units_held=len({unit for unit, on_post in held if days.has_day(on_post, day.day)}),
        is_over_quota=days.has_day(posting_days.over_quota, day.day),
        is_duplicate=days.has_day(posting_days.duplicate, day.day),
    )


def _cost(month: Month, costs: Iterable[CostFact], on_post: int) -> Decimal | None:
    """Rule 9: wage and employer's contributions in force on the last day on post, for the days on post."""
    if not on_post:
        return ZERO
    day = days.last_day(month, on_post)
    in_force = [cost for cost in costs if cost.effective_from <= day]
    if not in_force:
        return None
    cost = max(in_force, key=lambda row: row.effective_from).cost
    return None if cost is None else rounded(cost * days.count(on_post) / month.days)


def _township_share(cost: Decimal | None, amount: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """Rule 9: what the township pays itself, or what the subsidy leaves over."""
    if cost is None:
        return None, None
    return max(ZERO, cost - amount), max(ZERO, amount - cost)


def _units_held(
    postings: Mapping[int, PostingFact], competed: Mapping[int, PostingDays]
) -> dict[int, list[tuple[int, int]]]:
    """Person -> (unit, days on post) of every posting at a unit."""
    held: dict[int, list[tuple[int, int]]] = {}
    for posting_id, posting_days in competed.items():
        posting = postings[posting_id]
        if posting.unit is not None and posting_days.on_post:
            held.setdefault(posting.person, []).append((posting.unit, posting_days.on_post))
    return held
