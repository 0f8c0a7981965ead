"""What a posting is checked for on one day, and by which clause of the opinion (一.1–一.3, 二.1). Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from foundation.dates import latest_begun, term_in_months_reaches
from staffing.enums import SUBSIDISED, Check, ContractKind, Position, PostingSource, Severity
from subsidies.rules.held import (
    ComputerRecord,
    EducationRecord,
    WorkingTimeRecord,
    education_on,
    has_computer_skill_on,
    is_full_time_on,
)
from subsidies.rules.retirement import Ages, Retiree, is_past


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose places or postings a check looks at; some checks spare those appointed before `checks_from`."""

    positions: tuple[Position, ...]
    spares_earlier: bool = False


_PLATFORM = Subject((Position.PLATFORM_STAFF,))
_ASSISTANTS = Subject((Position.ASSISTANT,))
_NEW_ASSISTANTS = Subject((Position.ASSISTANT,), spares_earlier=True)
_COMMUNITIES = Subject((Position.COMMUNITY_COORDINATOR,))
_VILLAGES = Subject((Position.VILLAGE_COORDINATOR,))
_COORDINATORS = Subject((Position.COMMUNITY_COORDINATOR, Position.VILLAGE_COORDINATOR))
_ALL = Subject(SUBSIDISED)

# Those that the place and the person's other postings decide.
AT_PLACE = frozenset(
    {
        Check.OVER_QUOTA,
        Check.DUPLICATE_PERSON,
        Check.SEVERAL_UNITS,
        Check.HOUSEHOLDS_MISSING,
        Check.HOUSEHOLDS_ZERO,
        Check.SUBSIDY_ABOVE_COST,
        Check.COST_UNKNOWN,
    }
)
# What the functions below do, for readers of the rules.
SUBJECTS: Mapping[Check, Subject] = {
    Check.PLATFORM_BELOW_NORM: _PLATFORM,
    Check.PLATFORM_SHORT: _PLATFORM,
    Check.VACANCY: _ALL,
    Check.OVER_QUOTA: _ALL,
    Check.EDUCATION: _NEW_ASSISTANTS,
    Check.RECRUITMENT: _NEW_ASSISTANTS,
    Check.COMPUTER_SKILL: _ALL,
    Check.CONTRACT_MISSING: _ASSISTANTS,
    Check.CONTRACT_EXPIRED: _ASSISTANTS,
    Check.CONTRACT_SHORT: _ASSISTANTS,
    Check.CONTRACT_THIRD_PARTY: _ASSISTANTS,
    Check.CONTRACT_ENDING: _ASSISTANTS,
    Check.ASSISTANT_PART_TIME: _ASSISTANTS,
    Check.COMMUNITY_PART_TIME: _COMMUNITIES,
    Check.SEVERAL_UNITS: _COORDINATORS,
    Check.DUPLICATE_PERSON: _ALL,
    Check.WAGE_BELOW_FLOOR: _ASSISTANTS,
    Check.HOUSEHOLDS_MISSING: _VILLAGES,
    Check.HOUSEHOLDS_ZERO: _VILLAGES,
    Check.SUBSIDY_ABOVE_COST: _ALL,
    Check.COST_UNKNOWN: _ALL,
    Check.RETIREMENT_AGE: _ALL,
}
# The clause of the opinion that each rests on; the retirement age is the state's, and every county's.
CLAUSES: Mapping[Check, str] = {
    Check.PLATFORM_BELOW_NORM: "一.1",
    Check.PLATFORM_SHORT: "一.2",
    Check.VACANCY: "一.2",
    Check.OVER_QUOTA: "一.2",
    Check.EDUCATION: "一.2",
    Check.RECRUITMENT: "一.2",
    Check.COMPUTER_SKILL: "一.2",
    Check.CONTRACT_MISSING: "一.2",
    Check.CONTRACT_EXPIRED: "一.2",
    Check.CONTRACT_SHORT: "一.2",
    Check.CONTRACT_THIRD_PARTY: "一.2",
    Check.CONTRACT_ENDING: "一.2",
    Check.ASSISTANT_PART_TIME: "一.2",
    Check.COMMUNITY_PART_TIME: "一.3",
    Check.SEVERAL_UNITS: "一.3",
    Check.DUPLICATE_PERSON: "一.3",
    Check.WAGE_BELOW_FLOOR: "二.1",
    Check.HOUSEHOLDS_MISSING: "二.1",
    Check.HOUSEHOLDS_ZERO: "二.1",
    Check.SUBSIDY_ABOVE_COST: "二.1",
    Check.COST_UNKNOWN: "二.1",
    Check.RETIREMENT_AGE: "退休规定",
}
# What is asked of assistants by one clause and of coordinators by the next.
_OF_COORDINATORS = (Check.VACANCY, Check.OVER_QUOTA, Check.COMPUTER_SKILL)

_IN_ORDER = tuple(Check)
_Find: TypeAlias = "Callable[[date, PostingRecord, Requirements], set[Check]]"
_STARTED_ON, _EFFECTIVE_FROM = attrgetter("started_on"), attrgetter("effective_from")


def clause_of(check: Check, position: Position) -> str:
    """The clause that asks this of somebody in this position, such as 一.2."""
    return "一.3" if check in _OF_COORDINATORS and position.has_unit else CLAUSES[check]


class ContractRecord(NamedTuple):
    """A labour contract with inclusive dates; no end means open-ended; kind None means not recorded.

    `employer` is named where it is not the township.
    """

    started_on: date
    ended_on: date | None
    kind: ContractKind | None
    employer: str = ""


class WageRecord(NamedTuple):
    """The monthly wage from a day on, in yuan; None where it is not known."""

    effective_from: date
    monthly_wage: Decimal | None


class PostingRecord(NamedTuple):
    """What is recorded of a posting and its person; None and empty mean not recorded.

    `has_round`: whether the round of open recruitment is known.
    """

    position: Position
    started_on: date
    working_times: tuple[WorkingTimeRecord, ...] = ()
    educations: tuple[EducationRecord, ...] = ()
    computer_skills: tuple[ComputerRecord, ...] = ()
    source: PostingSource | None = None
    has_round: bool = False
    contracts: tuple[ContractRecord, ...] = ()
    wages: tuple[WageRecord, ...] = ()
    retiree: Retiree | None = None

    @property
    def recruitment_recorded(self) -> bool | None:
        """Whether there was an open recruitment; None where nobody asked where the person came from."""
        if self.source is None:
            return None
        return self.source is PostingSource.OPEN_RECRUITMENT and self.has_round


@dataclass(frozen=True, slots=True, eq=False)
class Requirements:
    """The dated parameters that the checks compare with; amounts in yuan a month."""

    contract_min_months: int
    contract_ending_days: int
    wage_floor: Decimal | None
    minimum_wage: Decimal | None
    checks_from: date | None
    severities: Mapping[Check, Severity]
    retirement: Ages = field(default_factory=dict)
    looked_for: frozenset[Check] = field(init=False)
    of_assistants: tuple["_Find", ...] = field(init=False)

    def __post_init__(self) -> None:
        looked_for = frozenset(check for check in Check if self.severity(check) is not Severity.OFF)
        object.__setattr__(self, "looked_for", looked_for)
        wanted = tuple(find for checks, find in _OF_ASSISTANTS if not checks.isdisjoint(looked_for))
        object.__setattr__(self, "of_assistants", wanted)

    def severity(self, check: Check) -> Severity:
        return self.severities.get(check, Severity.HINT)

    def of_blocking_checks(self) -> "Requirements":
        """The same with every check switched off that does not stop a subsidy."""
        blocking = {check: self.severity(check) is Severity.BLOCK for check in Check}
        severities = {check: Severity.BLOCK if stops else Severity.OFF for check, stops in blocking.items()}
        return replace(self, severities=severities, retirement={})

    @property
    def lowest_wage(self) -> Decimal | None:
        """The floor on the wage: the opinion's own or the minimum wage, whichever is higher (二.1)."""
        known = [amount for amount in (self.wage_floor, self.minimum_wage) if amount is not None]
        return max(known) if known else None


class PlaceOnDay(NamedTuple):
    """What only the place and the person's other postings tell on that day."""

    households: int | None = None
    lacks_households: bool = False
    units_held: int = 1
    is_over_quota: bool = False
    is_duplicate: bool = False
    subsidy_above_cost: bool = False
    lacks_cost: bool = False


UNREMARKABLE = PlaceOnDay()


def findings_on(day: date, record: PostingRecord, place: PlaceOnDay, requirements: Requirements) -> tuple[Check, ...]:
    """Every check that finds something on `day`, in the order of `Check`; those switched off are left out."""
    found = _found(day, record, place, requirements)
    if not found:
        return ()
    return tuple(check for check in _IN_ORDER if check in found and check in requirements.looked_for)


def first_blocking(found: tuple[Check, ...], requirements: Requirements) -> Check | None:
    """The check that stops the subsidy: the first one of severity `block`."""
    return next((check for check in found if requirements.severity(check) is Severity.BLOCK), None)


def _found(day: date, record: PostingRecord, place: PlaceOnDay, requirements: Requirements) -> set[Check]:
    found: set[Check] = set() if place is UNREMARKABLE else _found_at_place(record.position, place)
    if record.position is Position.ASSISTANT:
        for find in requirements.of_assistants:
            found |= find(day, record, requirements)
        if is_full_time_on(day, record.working_times) is False:
            found.add(Check.ASSISTANT_PART_TIME)
    elif record.position is Position.COMMUNITY_COORDINATOR and is_full_time_on(day, record.working_times) is False:
        found.add(Check.COMMUNITY_PART_TIME)
    if has_computer_skill_on(day, record.computer_skills) is False and record.position.is_subsidised:
        found.add(Check.COMPUTER_SKILL)
    ages = requirements.retirement
    if ages and record.position.is_subsidised and is_past(day, record.retiree, ages):
        found.add(Check.RETIREMENT_AGE)
    return found


def _found_at_place(position: Position, place: PlaceOnDay) -> set[Check]:
    """One place, one person, one unit, and a count of households to pay by (一.2, 一.3, 二.1)."""
    found = set()
    if place.is_over_quota:
        found.add(Check.OVER_QUOTA)
    if place.is_duplicate:
        found.add(Check.DUPLICATE_PERSON)
    if place.units_held > 1 and position.has_unit:
        found.add(Check.SEVERAL_UNITS)
    if place.lacks_households:
        found.add(Check.HOUSEHOLDS_MISSING)
    if position is Position.VILLAGE_COORDINATOR and place.households == 0:
        found.add(Check.HOUSEHOLDS_ZERO)
    if place.subsidy_above_cost:
        found.add(Check.SUBSIDY_ABOVE_COST)
    if place.lacks_cost:
        found.add(Check.COST_UNKNOWN)
    return found


def _found_on_appointment(day: date, record: PostingRecord, requirements: Requirements) -> set[Check]:
    """The education held by then, and open recruitment, of those appointed since the checks began (一.2)."""
    if requirements.checks_from is not None and record.started_on < requirements.checks_from:
        return set()
    found = set()
    education = education_on(day, record.educations)
    if education is None or not education.is_college_or_above:
        found.add(Check.EDUCATION)
    if record.recruitment_recorded is False:
        found.add(Check.RECRUITMENT)
    return found


def contract_on(day: date, record: PostingRecord) -> ContractRecord | None:
    """The contract that began last by `day`, whether or not it has ended since."""
    return latest_begun(record.contracts, day, _STARTED_ON)


def wage_on(day: date, record: PostingRecord) -> Decimal | None:
    """The monthly wage in force on `day`, in yuan; None where it is not known."""
    latest = latest_begun(record.wages, day, _EFFECTIVE_FROM)
    return None if latest is None else latest.monthly_wage


def ending_tier(days_left: int, requirements: Requirements) -> int:
    """How urgent an ending contract is: the narrowest third of `contract_ending_days` that holds the days left.

    For the 90 days of the opinion's reading 30, 60 or 90.
    """
    outer = requirements.contract_ending_days
    return next((third for third in (outer // 3, outer * 2 // 3) if days_left <= third), outer)


def _found_in_contracts(day: date, record: PostingRecord, requirements: Requirements) -> set[Check]:
    """A written contract with the township, long enough, not about to end (一.2)."""
    latest = contract_on(day, record)
    if latest is None:
        return {Check.CONTRACT_MISSING}
    found = set()
    if latest.kind not in (None, ContractKind.TOWNSHIP):
        found.add(Check.CONTRACT_THIRD_PARTY)
    if latest.ended_on is None:
        return found
    if latest.ended_on < day:
        return found | {Check.CONTRACT_EXPIRED}
    if not term_in_months_reaches(latest.started_on, latest.ended_on, requirements.contract_min_months):
        found.add(Check.CONTRACT_SHORT)
    ends_soon = latest.ended_on - day <= timedelta(days=requirements.contract_ending_days)
    if ends_soon and not any(contract.started_on > latest.ended_on for contract in record.contracts):
        found.add(Check.CONTRACT_ENDING)
    return found


def _found_in_wage(day: date, record: PostingRecord, requirements: Requirements) -> set[Check]:
    """The wage is not below its floor (二.1); an unknown wage is not judged."""
    wage, floor = wage_on(day, record), requirements.lowest_wage
    return {Check.WAGE_BELOW_FLOOR} if wage is not None and floor is not None and wage < floor else set()


_OF_ASSISTANTS: tuple[tuple[frozenset[Check], "_Find"], ...] = (
    (frozenset({Check.EDUCATION, Check.RECRUITMENT}), _found_on_appointment),
    (
        frozenset(
            {
                Check.CONTRACT_MISSING,
                Check.CONTRACT_EXPIRED,
                Check.CONTRACT_SHORT,
                Check.CONTRACT_THIRD_PARTY,
                Check.CONTRACT_ENDING,
            }
        ),
        _found_in_contracts,
    ),
    (frozenset({Check.WAGE_BELOW_FLOOR}), _found_in_wage),
)
