"""The checks once more, as a list in the order of the table: those that need no arithmetic on contract terms."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from staffing.enums import Check, Education, Position, Severity
from subsidies.rules.checks import PostingRecord
from subsidies.rules.held import WorkingTimeRecord
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
    if is_assistant and not is_exempt and not levels_on(day, record) & set(COLLEGE):
        yield Check.EDUCATION
    is_recruited = record.source is None or (record.source == "open_recruitment" and record.has_round)
    if is_assistant and not is_exempt and not is_recruited:
        yield Check.RECRUITMENT
    if skills_on(day, record) == {False}:
        yield Check.COMPUTER_SKILL
    if is_assistant and not any(contract.started_on <= day for contract in record.contracts):
        yield Check.CONTRACT_MISSING
    if is_assistant and is_part_time_on(day, record.working_times):
        yield Check.ASSISTANT_PART_TIME
    if record.position is Position.COMMUNITY_COORDINATOR and is_part_time_on(day, record.working_times):
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


def levels_on(day: date, record: PostingRecord) -> set[Education]:
    return {row.level for row in record.educations if not (row.obtained_on and row.obtained_on > day)}


def skills_on(day: date, record: PostingRecord) -> set[bool]:
    return {row.has_skill for row in record.computer_skills if not (row.obtained_on and row.obtained_on > day)}


def is_part_time_on(day: date, working_times: Iterable[WorkingTimeRecord]) -> bool:
    """The row that the day lies in: from its own day, or from the beginning, until the next one."""
    by_day = {row.effective_from or date.min: row.is_full_time for row in working_times}
    begun = [start for start in sorted(by_day) if start <= day]
    return bool(begun) and not by_day[begun[-1]]
