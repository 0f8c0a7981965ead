"""What a posting is checked for on one day, against the opinion's requirements (一.1–一.3, 二.1). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from foundation.dates import term_in_months_reaches
from staffing.enums import Check, ContractKind, Education, Position, Severity


@dataclass(frozen=True, slots=True)
class ContractRecord:
    """A labour contract with inclusive dates; no end means open-ended; kind None means not recorded."""

    started_on: date
    ended_on: date | None
    kind: ContractKind | None


@dataclass(frozen=True, slots=True)
class WageRecord:
    """The monthly wage from a day on, in yuan; None where it is not known."""

    effective_from: date
    monthly_wage: Decimal | None


@dataclass(frozen=True, slots=True)
class PostingRecord:
    """What is recorded of a posting and its person; None and empty mean not recorded."""

    position: Position
    started_on: date
    is_full_time: bool | None = None
    education: Education | None = None
    recruitment_recorded: bool | None = None
    has_computer_skill: bool | None = None
    contracts: tuple[ContractRecord, ...] = ()
    wages: tuple[WageRecord, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Requirements:
    """The dated parameters that the checks compare with; amounts in yuan a month."""

    contract_min_months: int
    contract_ending_days: int
    wage_floor: Decimal | None
    minimum_wage: Decimal | None
    checks_from: date | None
    severities: Mapping[Check, Severity]

    def severity(self, check: Check) -> Severity:
        return self.severities.get(check, Severity.HINT)

    @property
    def lowest_wage(self) -> Decimal | None:
        """The floor on the wage: the opinion's own or the minimum wage, whichever is higher (二.1)."""
        known = [amount for amount in (self.wage_floor, self.minimum_wage) if amount is not None]
        return max(known) if known else None


@dataclass(frozen=True, slots=True)
class PlaceOnDay:
    """What only the place and the person's other postings tell on that day."""

    households: int | None = None
    units_held: int = 1
    subsidy_above_cost: bool = False


def findings_on(day: date, record: PostingRecord, place: PlaceOnDay, requirements: Requirements) -> tuple[Check, ...]:
    """Every check that finds something on `day`, in the order of `Check`; those switched off are left out."""
    found = _found(day, record, place, requirements)
    return tuple(check for check in Check if check in found and requirements.severity(check) is not Severity.OFF)


def first_blocking(found: tuple[Check, ...], requirements: Requirements) -> Check | None:
    """The check that stops the subsidy: the first one of severity `block`."""
    return next((check for check in found if requirements.severity(check) is Severity.BLOCK), None)


def _found(day: date, record: PostingRecord, place: PlaceOnDay, requirements: Requirements) -> set[Check]:
    found: set[Check] = set()
    if record.position is Position.ASSISTANT:
        found |= _found_on_appointment(record, requirements)
        found |= _found_in_contracts(day, record.contracts, requirements)
        found |= _found_in_wage(day, record.wages, requirements)
        if record.is_full_time is False:
            found.add(Check.ASSISTANT_PART_TIME)
    elif record.position is Position.COMMUNITY_COORDINATOR and record.is_full_time is False:
        found.add(Check.COMMUNITY_PART_TIME)
    if record.position.is_subsidised and record.has_computer_skill is False:
        found.add(Check.COMPUTER_SKILL)
    if place.units_held > 1:
        found.add(Check.SEVERAL_UNITS)
    if record.position is Position.VILLAGE_COORDINATOR and place.households == 0:
        found.add(Check.HOUSEHOLDS_ZERO)
    if place.subsidy_above_cost:
        found.add(Check.SUBSIDY_ABOVE_COST)
    return found


def _found_on_appointment(record: PostingRecord, requirements: Requirements) -> set[Check]:
    """Education and open recruitment, of those appointed since the checks began (一.2)."""
    if requirements.checks_from is not None and record.started_on < requirements.checks_from:
        return set()
    found = set()
    if record.education is None or not record.education.is_college_or_above:
        found.add(Check.EDUCATION)
    if record.recruitment_recorded is False:
        found.add(Check.RECRUITMENT)
    return found


def _found_in_contracts(day: date, contracts: tuple[ContractRecord, ...], requirements: Requirements) -> set[Check]:
    """A written contract with the township, long enough, not about to end (一.2)."""
    begun = [contract for contract in contracts if contract.started_on <= day]
    if not begun:
        return {Check.CONTRACT_MISSING}
    latest = max(begun, key=lambda contract: contract.started_on)
    found = set()
    if latest.kind not in (None, ContractKind.TOWNSHIP):
        found.add(Check.CONTRACT_THIRD_PARTY)
    if latest.ended_on is None:
        return found
    if latest.ended_on < day:
        return found | {Check.CONTRACT_EXPIRED}
    if not term_in_months_reaches(latest.started_on, latest.ended_on, requirements.contract_min_months):
        found.add(Check.CONTRACT_SHORT)
    renewed = any(contract.started_on > latest.ended_on for contract in contracts)
    if not renewed and latest.ended_on - day <= timedelta(days=requirements.contract_ending_days):
        found.add(Check.CONTRACT_ENDING)
    return found


def _found_in_wage(day: date, wages: tuple[WageRecord, ...], requirements: Requirements) -> set[Check]:
    """The wage is not below its floor (二.1); an unknown wage is not judged."""
    in_force = [wage for wage in wages if wage.effective_from <= day]
    if not in_force or requirements.lowest_wage is None:
        return set()
    wage = max(in_force, key=lambda row: row.effective_from).monthly_wage
    return {Check.WAGE_BELOW_FLOOR} if wage is not None and wage < requirements.lowest_wage else set()
