"""What is recorded of somebody without a day, in the words of a test."""

from typing import Any

from staffing.enums import Education, PostingSource
from subsidies.rules.held import ComputerRecord, EducationRecord, WorkingTimeRecord

_SOURCES = {True: PostingSource.OPEN_RECRUITMENT, False: PostingSource.OTHER, None: None}


def undated(
    *,
    education: Education | None = Education.COLLEGE,
    has_computer_skill: bool | None = True,
    is_full_time: bool | None = True,
    recruitment_recorded: bool | None = True,
    **as_they_are: Any,
) -> dict[str, Any]:
    """The fields of a record; None where nothing is recorded."""
    return {
        "educations": () if education is None else (EducationRecord(education),),
        "computer_skills": () if has_computer_skill is None else (ComputerRecord(has_computer_skill),),
        "working_times": () if is_full_time is None else (WorkingTimeRecord(is_full_time),),
        "source": _SOURCES[recruitment_recorded],
        "has_round": recruitment_recorded is True,
        **as_they_are,
    }
