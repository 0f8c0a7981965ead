"""The retirement age: the examples of the decision of 2024, its edges, and what is not known."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.dates import Month
from staffing.enums import Check, Position, RetirementGroup, Sex
from subsidies.rules.dues import dues_of_month
from subsidies.rules.retirement import (
    Delay,
    Retiree,
    RetirementAge,
    group_of,
    is_near,
    is_past,
    months_left,
    retirement_of,
)
from tests.subsidies.rules.builders import JANUARY, county, dues, on, parameters, posting
from tests.subsidies.rules.examples import examples
from tests.subsidies.rules.naive_retirement import naive_retirement

SINCE = date(2025, 1, 1)
MAN = RetirementAge(SINCE, RetirementGroup.MALE, 60, Delay(Month(1965, 1), 4, 36))
CADRE = RetirementAge(SINCE, RetirementGroup.FEMALE_CADRE, 55, Delay(Month(1970, 1), 4, 36))
WORKER = RetirementAge(SINCE, RetirementGroup.FEMALE_WORKER, 50, Delay(Month(1975, 1), 2, 60))
AGES = {row.group: row for row in (MAN, CADRE, WORKER)}
TABLE = [
    (MAN, "1964-12", 60, 0, "2024-12"),
    (MAN, "1965-01", 60, 1, "2025-02"),
    (MAN, "1965-04", 60, 1, "2025-05"),
    (MAN, "1965-05", 60, 2, "2025-07"),
    (MAN, "1976-08", 62, 11, "2039-07"),
    (MAN, "1976-09", 63, 0, "2039-09"),
    (MAN, "1990-03", 63, 0, "2053-03"),
    (CADRE, "1969-12", 55, 0, "2024-12"),
    (CADRE, "1970-01", 55, 1, "2025-02"),
    (CADRE, "1981-08", 57, 11, "2039-07"),
    (CADRE, "1981-09", 58, 0, "2039-09"),
    (WORKER, "1974-12", 50, 0, "2024-12"),
    (WORKER, "1975-01", 50, 1, "2025-02"),
    (WORKER, "1975-02", 50, 1, "2025-03"),
    (WORKER, "1975-03", 50, 2, "2025-05"),
    (WORKER, "1984-10", 54, 11, "2039-09"),
    (WORKER, "1984-11", 55, 0, "2039-11"),
    (WORKER, "1999-12", 55, 0, "2054-12"),
]


@pytest.mark.parametrize(("row", "birth", "years", "months", "reached"), TABLE)
def test_the_age_is_that_of_the_decision(
    row: RetirementAge, birth: str, years: int, months: int, reached: str
) -> None:
    assert retirement_of(Month.parse(birth), row) == (years * 12 + months, Month.parse(reached))


def test_without_a_delay_everybody_retires_at_the_same_age() -> None:
    row = RetirementAge(date(1978, 6, 2), RetirementGroup.MALE, 60)
    assert retirement_of(Month(1990, 3), row) == (720, Month(2050, 3))


@pytest.mark.invented
@examples(100)
@given(
    birth=st.builds(Month, st.integers(1940, 2005), st.integers(1, 12)),
    first=st.builds(Month, st.integers(1960, 1980), st.integers(1, 12)),
    step=st.integers(1, 6),
    cap=st.integers(1, 60),
)
def test_the_age_agrees_with_the_naive_one(birth: Month, first: Month, step: int, cap: int) -> None:
    row = RetirementAge(SINCE, RetirementGroup.MALE, 60, Delay(first, step, cap))
    assert retirement_of(birth, row) == naive_retirement(birth, row)


@pytest.mark.parametrize(
    ("sex", "position", "recorded", "group"),
    [
        (Sex.MALE, Position.PLATFORM_STAFF, None, RetirementGroup.MALE),
        (Sex.MALE, Position.ASSISTANT, RetirementGroup.FEMALE_CADRE, RetirementGroup.MALE),
        (Sex.FEMALE, Position.PLATFORM_STAFF, None, RetirementGroup.FEMALE_CADRE),
        (Sex.FEMALE, Position.ASSISTANT, None, RetirementGroup.FEMALE_WORKER),
        (Sex.FEMALE, Position.COMMUNITY_COORDINATOR, None, RetirementGroup.FEMALE_WORKER),
        (Sex.FEMALE, Position.VILLAGE_COORDINATOR, RetirementGroup.FEMALE_CADRE, RetirementGroup.FEMALE_CADRE),
        (Sex.FEMALE, Position.PLATFORM_STAFF, RetirementGroup.FEMALE_WORKER, RetirementGroup.FEMALE_WORKER),
        (None, Position.PLATFORM_STAFF, RetirementGroup.FEMALE_WORKER, None),
    ],
)
def test_platform_staff_are_cadres_and_others_workers_but_for_what_is_recorded(
    sex: Sex | None, position: Position, recorded: RetirementGroup | None, group: RetirementGroup | None
) -> None:
    assert group_of(sex, position, recorded) is group


def test_the_month_of_the_retirement_is_the_last_that_is_near_and_the_next_one_is_past() -> None:
    """A man of 1965-01 retires in 2025-02."""
    man = Retiree(RetirementGroup.MALE, Month(1965, 1))
    days = [on(text) for text in ("2024-01-31", "2024-02-01", "2025-02-28", "2025-03-01")]
    assert [is_near(day, man, AGES) for day in days] == [False, True, True, False]
    assert [is_past(day, man, AGES) for day in days] == [False, False, False, True]


def test_of_whom_nothing_is_known_nothing_is_said() -> None:
    assert months_left(SINCE, None, AGES) is None
    assert months_left(SINCE, Retiree(RetirementGroup.MALE, Month(1950, 1)), {}) is None
    assert months_left(SINCE, Retiree(RetirementGroup.MALE, Month(1950, 1)), {CADRE.group: CADRE}) is None


def test_a_check_finds_whoever_is_on_post_after_the_month_and_takes_nothing() -> None:
    facts = county(
        posting(1, retiree=Retiree(RetirementGroup.MALE, Month(1949, 12))),
        posting(2, retiree=Retiree(RetirementGroup.MALE, Month(1950, 1))),
    )
    found = dues(facts)
    assert {number: due.findings for number, due in found.items()} == {1: (Check.RETIREMENT_AGE,), 2: ()}
    assert found[1].amount == found[2].amount != 0
    assert {due.findings for due in dues_of_month(JANUARY, facts, parameters(), with_hints=False).values()} == {()}
