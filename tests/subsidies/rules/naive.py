"""The rules once more, written from the text of the domain: day by day, with fractions, slow and plain, to compare."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from foundation.dates import Month
from staffing.enums import Position
from subsidies.rules.facts import CostFact, CountyFacts, PostingFact
from subsidies.rules.parameters import FixedSum, MinimumWage, Standard, WholeIfOnDay
from subsidies.rules.retirement import RetirementAge
from tests.subsidies.rules.naive_basics import half_up, latest
from tests.subsidies.rules.naive_checks import failed_checks, first_block
from tests.subsidies.rules.naive_days import fates_on, units_held

REASONS_OF_DAYS = ("unit_without_post", "suspended", "duplicate_person", "over_quota")


class Rules(NamedTuple):
    standards: tuple[Standard, ...]
    minimum_wages: tuple[MinimumWage, ...]
    retirement_ages: tuple[RetirementAge, ...] = ()


class Line(NamedTuple):
    amount: Decimal
    rate: Decimal | None
    reason: str
    counted_days: int
    share: Decimal | None
    surplus: Decimal | None


class Made(NamedTuple):
    """A line and what it was made of: each day in service with what takes it, and so on."""

    line: Line
    lost_by: dict[date, set[str]]
    band: int | None
    blocked: str
    cost: Decimal | None
    caps: bool
    started: date
    ended: date | None


def naive_due(facts: CountyFacts, rules: Rules, month: Month) -> dict[int, Line]:
    """What is due to every posting in service on some day of `month`."""
    return {number: made.line for number, made in naive_made(facts, rules, month).items()}


def naive_made(facts: CountyFacts, rules: Rules, month: Month) -> dict[int, Made]:
    """The same, and how it came about."""
    days = [date(month.year, month.number, number) for number in range(1, month.days + 1)]
    standard, wage = latest(rules.standards, days[0]), latest(rules.minimum_wages, days[0])
    assert standard is not None
    fates = {day: fates_on(facts, standard, day) for day in days}
    lines = {}
    for posting in facts.postings:
        mine = {day: fates[day][posting.id] for day in days if posting.id in fates[day]}
        if not mine:
            continue
        counted = [day for day, lost in mine.items() if not lost]
        on_post = [day for day, lost in mine.items() if "suspended" not in lost]
        households = households_of(facts, posting, days)
        rate = rate_of(posting.position, standard, wage, households)
        cost = cost_of(posting.costs, on_post, len(days))
        amount, on_day = half_up(Fraction(rate or 0) * len(counted) / len(days)), True
        if isinstance(standard.proration, WholeIfOnDay):
            on_day = days[min(standard.proration.day, len(days)) - 1] in counted
            amount = rate if rate is not None and on_day else Decimal(0)
        if standard.cap_at_cost and cost is not None:
            amount = min(amount, cost)

        blocked = ""
        if on_post:
            last = on_post[-1]
            held = units_held(facts, fates[last], posting.person)
            above = cost is not None and amount > cost
            lost = mine[last]
            failed = failed_checks(
                posting.record,
                last,
                standard,
                wage,
                held,
                households,
                is_above_cost=above,
                lacks_cost=standard.cap_at_cost and cost is None,
                lost=lost,
            )
            blocked = first_block(failed, standard)
        taken_by = set() if counted else set.union(*mine.values())
        reasons = [name for name in REASONS_OF_DAYS if name in taken_by]
        reasons += ["households_missing"] * (rate is None) + [blocked] * bool(blocked) + ["not_on_day"] * (not on_day)
        amount = Decimal(0) if reasons else amount
        reasons += ["nothing_due"] * (not reasons and not amount)
        share = None if cost is None else max(Decimal(0), cost - amount)
        surplus = None if cost is None else max(Decimal(0), amount - cost)
        line = Line(amount, rate, [*reasons, ""][0], len(counted), share, surplus)
        band = None if households is None else [b for b in standard.bands if b.from_households <= households][-1]
        lines[posting.id] = Made(
            line=line,
            lost_by=mine,
            band=None if band is None else band.from_households,
            blocked=blocked,
            cost=cost,
            caps=standard.cap_at_cost,
            started=posting.started_on,
            ended=posting.ended_on,
        )
    return lines


def households_of(facts: CountyFacts, posting: PostingFact, days: list[date]) -> int | None:
    """Of a village coordinator's unit; nobody else's rate depends on a count."""
    for unit in facts.units:
        if unit.id == posting.unit and posting.position is Position.VILLAGE_COORDINATOR:
            inside = [row for row in unit.counts if row.effective_from in days and unit.opened_on in days]
            count = latest(unit.counts, days[0]) or min(inside, key=lambda row: row.effective_from, default=None)
            return count.households if count else None
    return None


def rate_of(
    position: Position, standard: Standard, wage: MinimumWage | None, households: int | None
) -> Decimal | None:
    if position is Position.VILLAGE_COORDINATOR:
        if households is None:
            return None
        band = [row for row in standard.bands if row.from_households <= households][-1]
        part = Fraction(band.secretary_pay or 0) * Fraction(standard.village_percent or 0) / 100
        return half_up(part) if band.amount is None else band.amount
    tariff = (
        standard.assistant_percent_or_fixed if position is Position.ASSISTANT else standard.community_percent_or_fixed
    )
    if isinstance(tariff, FixedSum):
        return tariff.amount
    return half_up(Fraction(wage.amount if wage else 0) * Fraction(tariff.percent) / 100)


def cost_of(costs: Iterable[CostFact], on_post: list[date], length: int) -> Decimal | None:
    """What the days on post cost the township; None where that is not known."""
    known = latest(costs, on_post[-1]) if on_post else CostFact(date.min, Decimal(0))
    return None if known is None or known.cost is None else half_up(Fraction(known.cost) * len(on_post) / length)
