"""What the table of subjects tells readers is what the checks do."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from foundation.dates import Month
from staffing.enums import Check, ContractKind, Position, RetirementGroup, Severity
from subsidies.rules.checks import (
    SUBJECTS,
    ContractRecord,
    PlaceOnDay,
    PostingRecord,
    Requirements,
    WageRecord,
    findings_on,
)
from subsidies.rules.retirement import Retiree, RetirementAge
from tests.subsidies.rules.held import undated

DAY = date(2010, 1, 31)
NEVER_STOPS = Check.RETIREMENT_AGE
REQUIREMENTS = Requirements(
    contract_min_months=36,
    contract_ending_days=90,
    wage_floor=Decimal("1300.00"),
    minimum_wage=None,
    checks_from=date(2009, 7, 1),
    severities={},
    retirement={RetirementGroup.MALE: RetirementAge(date(1978, 6, 1), RetirementGroup.MALE, base_years=60)},
)
PAST_IT = Retiree(RetirementGroup.MALE, Month(1949, 12))
# Between them a contract is missing, expired, too short, with somebody else and about to end.
CONTRACTS: tuple[tuple[ContractRecord, ...], ...] = (
    (),
    (ContractRecord(date(2009, 1, 1), date(2010, 1, 30), None),),
    (ContractRecord(date(2009, 1, 1), date(2010, 2, 1), ContractKind.DISPATCH),),
)


def found_in_the_worst_of_cases(
    position: Position, *, started_on: date, requirements: Requirements = REQUIREMENTS
) -> set[Check]:
    """Every check that finds something where everything is wrong."""
    place = PlaceOnDay(
        households=0,
        lacks_households=position is Position.VILLAGE_COORDINATOR,
        units_held=2,
        is_over_quota=True,
        is_duplicate=True,
        subsidy_above_cost=True,
        lacks_cost=True,
    )
    found: set[Check] = set()
    for contracts in CONTRACTS:
        record = PostingRecord(
            position=position,
            started_on=started_on,
            contracts=contracts,
            wages=(WageRecord(date(2009, 1, 1), Decimal("1.00")),),
            retiree=PAST_IT,
            **undated(education=None, has_computer_skill=False, is_full_time=False, recruitment_recorded=False),
        )
        found |= set(findings_on(DAY, record, place, requirements))
    return found


@pytest.mark.parametrize("position", [position for position in Position if position.is_subsidised])
def test_a_position_is_checked_for_what_the_table_says(position: Position) -> None:
    of_table = {check for check in Check if check.is_of_posting and position in SUBJECTS[check].positions}

    assert found_in_the_worst_of_cases(position, started_on=date(2009, 7, 1)) == of_table


@pytest.mark.parametrize("check", [check for check in Check if check.is_of_posting and check is not NEVER_STOPS])
def test_a_check_that_is_the_only_one_is_looked_for(check: Check) -> None:
    """Whatever can stop a subsidy does so in the months behind, where nothing else is looked at."""
    alone = replace(REQUIREMENTS, severities={check: Severity.BLOCK}).of_blocking_checks()
    for position in SUBJECTS[check].positions:
        found = found_in_the_worst_of_cases(position, started_on=date(2009, 7, 1), requirements=alone)
        assert found == {check}
    assert alone.looked_for == {check}


def test_the_retirement_age_never_stops_a_subsidy_and_is_not_looked_for_in_the_months_behind() -> None:
    alone = replace(REQUIREMENTS, severities={NEVER_STOPS: Severity.HINT}).of_blocking_checks()
    for position in SUBJECTS[NEVER_STOPS].positions:
        assert not found_in_the_worst_of_cases(position, started_on=date(2009, 7, 1), requirements=alone)


def test_those_appointed_earlier_are_spared_what_the_table_says() -> None:
    later = found_in_the_worst_of_cases(Position.ASSISTANT, started_on=date(2009, 7, 1))
    earlier = found_in_the_worst_of_cases(Position.ASSISTANT, started_on=date(2009, 6, 30))

    assert later - earlier == {check for check, subject in SUBJECTS.items() if subject.spares_earlier}


def test_the_table_holds_every_check() -> None:
    assert set(SUBJECTS) == set(Check)
