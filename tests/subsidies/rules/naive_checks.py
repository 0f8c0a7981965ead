"""The checks once more, as a list in the order of the table: those that need no arithmetic on contract terms."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from staffing.enums import Check, Education, Position, Severity
from subsidies.rules.checks import PostingRecord
from subsidies.rules.parameters import MinimumWage, Standard
from tests.subsidies.rules.naive_basics import latest

COLLEGE = (Education.COLLEGE, Education.BACHELOR, Education.POSTGRADUATE)


def failed_checks(
    record: PostingRecord,
    day: date,
    standard: Standard,
    minimum_wage: MinimumWage | None,
    units_held: int,
    households: int | None,
    *,
    is_above_cost: bool,
    lacks_cost: bool = False,
    lost: set[str],
) -> Iterator[Check]:
    """`lost`: what takes the day from the posting (naive_days)."""
    is_assistant = record.position is Position.ASSISTANT
    is_exempt = standard.checks_from is not None and record.started_on < standard.checks_from
    if "over_quota" in lost:
        yield Check.OVER_QUOTA
    if is_assistant and not is_exempt and record.education not in COLLEGE:
        yield Check.EDUCATION
    if is_assistant and not is_exempt and record.recruitment_recorded is False:
        yield Check.RECRUITMENT
    if record.has_computer_skill is False:
        yield Check.COMPUTER_SKILL
    if is_assistant and not any(contract.started_on <= day for contract in record.contracts):
        yield Check.CONTRACT_MISSING
    if is_assistant and record.is_full_time is False:
        yield Check.ASSISTANT_PART_TIME
    if record.position is Position.COMMUNITY_COORDINATOR and record.is_full_time is False:
        yield Check.COMMUNITY_PART_TIME
    if units_held > 1 and record.position is not Position.ASSISTANT:
        yield Check.SEVERAL_UNITS
    if "duplicate_person" in lost:
        yield Check.DUPLICATE_PERSON
    wage = latest(record.wages, day)
    floors = [standard.wage_floor or Decimal(0), minimum_wage.amount if minimum_wage else Decimal(0)]
    if is_assistant and wage is not None and wage.monthly_wage is not None and wage.monthly_wage < max(floors):
        yield Check.WAGE_BELOW_FLOOR
    if record.position is Position.VILLAGE_COORDINATOR and households is None and "unit_without_post" not in lost:
        yield Check.HOUSEHOLDS_MISSING
    if households == 0:
        yield Check.HOUSEHOLDS_ZERO
    if is_above_cost:
        yield Check.SUBSIDY_ABOVE_COST
    if lacks_cost:
        yield Check.COST_UNKNOWN


def first_block(checks: Iterator[Check], standard: Standard) -> str:
    return next((check.value for check in checks if standard.checks.get(check) is Severity.BLOCK), "")
