"""What is held on a day: from its own day on, without one always; the highest education, the last working time."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from foundation.dates import Month
from staffing.enums import Check, Education, PostingSource
from subsidies.rules.beginnings import Beginnings
from subsidies.rules.held import (
    ComputerRecord,
    EducationRecord,
    WorkingTimeRecord,
    education_on,
    has_computer_skill_on,
    is_full_time_on,
)
from subsidies.rules.parameters import MinimumWage
from subsidies.rules.rulebook import Rulebook
from tests.subsidies.rules.builders import STANDARD, county, day, dues, on, posting

AUGUST = on("2009-08-01")


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ([], None),
        ([(Education.PRIMARY, None)], Education.PRIMARY),
        ([(Education.PRIMARY, None), (Education.COLLEGE, "2009-08-01")], Education.COLLEGE),
        ([(Education.PRIMARY, None), (Education.COLLEGE, "2009-08-02")], Education.PRIMARY),
        ([(Education.BACHELOR, "2001-07-01"), (Education.COLLEGE, "2009-08-01")], Education.BACHELOR),
        ([(Education.COLLEGE, "2009-08-02")], None),
    ],
)
def test_the_highest_education_held_by_then_counts(
    held: list[tuple[Education, str | None]], expected: Education | None
) -> None:
    rows = [EducationRecord(level, day(since)) for level, since in held]
    assert education_on(AUGUST, rows) is expected
    assert education_on(AUGUST, reversed(rows)) is expected


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ([], None),
        ([(False, None)], False),
        ([(False, None), (True, "2009-08-01")], True),
        ([(False, None), (True, "2009-08-02")], False),
        ([(True, "2009-08-02")], None),
        ([(True, "2009-01-01"), (False, "2009-08-01")], True),
    ],
)
def test_a_skill_is_there_from_its_day_and_before_it_what_was_said(
    held: list[tuple[bool, str | None]], expected: bool | None
) -> None:
    assert has_computer_skill_on(AUGUST, [ComputerRecord(has, day(since)) for has, since in held]) is expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], None),
        ([(True, None)], True),
        ([(True, None), (False, "2009-08-01")], False),
        ([(True, None), (False, "2009-08-02")], True),
        ([(False, "2009-01-01"), (True, None), (True, "2009-08-01")], True),
        ([(False, "2009-08-02")], None),
    ],
)
def test_the_working_time_that_began_last_holds(rows: list[tuple[bool, str | None]], expected: bool | None) -> None:
    assert is_full_time_on(AUGUST, [WorkingTimeRecord(full, day(since)) for full, since in rows]) is expected


FLAWS: dict[Check, dict[str, Any]] = {
    Check.EDUCATION: {
        "educations": (EducationRecord(Education.VOCATIONAL), EducationRecord(Education.COLLEGE, on("2009-08-20"))),
    },
    Check.COMPUTER_SKILL: {"computer_skills": (ComputerRecord(False), ComputerRecord(True, on("2009-08-20")))},
    Check.ASSISTANT_PART_TIME: {
        "working_times": (WorkingTimeRecord(False), WorkingTimeRecord(True, on("2009-08-20"))),
    },
}


@pytest.mark.parametrize("check", FLAWS)
def test_what_is_obtained_in_august_helps_from_august_on(check: Check) -> None:
    facts = county(posting(1, **FLAWS[check]))
    found = {month: dues(facts, month=Month(2009, month))[1].findings for month in (7, 8, 9)}
    assert found == {7: (check,), 8: (), 9: ()}


@pytest.mark.parametrize("check", FLAWS)
def test_it_is_looked_at_on_the_last_day_on_post(check: Check) -> None:
    left = county(posting(1, ended="2009-08-19", **FLAWS[check]))
    assert dues(left, month=Month(2009, 8))[1].findings == (check,)
    stopped = county(posting(1, suspended=[("2009-08-20", None)], **FLAWS[check]))
    assert dues(stopped, month=Month(2009, 8))[1].findings == (check,)


def test_a_finding_holds_since_the_day_on_which_it_began() -> None:
    facts = county(posting(1, working_times=(WorkingTimeRecord(True), WorkingTimeRecord(False, on("2009-08-20")))))
    month = Month(2009, 9)
    [due] = dues(facts, month=month).values()
    assert due.findings == (Check.ASSISTANT_PART_TIME,)
    book = Rulebook([STANDARD], [MinimumWage(on("2008-09-01"), Decimal("850.00"), "wage")])
    assert Beginnings(month, facts, book).of(due.findings[0], due) == date(2009, 8, 20)


@pytest.mark.parametrize(
    ("source", "has_round", "recorded"),
    [
        (None, False, None),
        (PostingSource.OPEN_RECRUITMENT, True, True),
        (PostingSource.OPEN_RECRUITMENT, False, False),
        *((source, False, False) for source in PostingSource if source is not PostingSource.OPEN_RECRUITMENT),
    ],
)
def test_an_assistant_is_openly_recruited_by_a_round_and_nothing_is_found_where_nobody_asked(
    source: PostingSource | None, has_round: bool, recorded: bool | None
) -> None:
    facts = county(posting(1, source=source, has_round=has_round))
    assert facts.postings[0].record.recruitment_recorded is recorded
    assert (Check.RECRUITMENT in dues(facts)[1].findings) is (recorded is False)
