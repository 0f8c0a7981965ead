"""What somebody was qualified for on a day, and whether full-time; a row without a day holds from the first. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from staffing.enums import Education

_RANK = {education: rank for rank, education in enumerate(Education)}


class EducationRecord(NamedTuple):
    """An education, held from `obtained_on`; without that day always."""

    level: Education
    obtained_on: date | None = None


class ComputerRecord(NamedTuple):
    """A computer skill from a day on; `has_skill` False: it was asked, and there is none."""

    has_skill: bool
    obtained_on: date | None = None


class WorkingTimeRecord(NamedTuple):
    """Full or part-time from a day on, until the next one."""

    is_full_time: bool
    effective_from: date | None = None


def education_on(day: date, educations: Iterable[EducationRecord]) -> Education | None:
    """The highest education held on `day`; None where none is recorded."""
    highest = None
    for level, obtained_on in educations:
        is_held = obtained_on is None or obtained_on <= day
        if is_held and (highest is None or _RANK[level] > _RANK[highest]):
            highest = level
    return highest


def has_computer_skill_on(day: date, skills: Iterable[ComputerRecord]) -> bool | None:
    """True from the first skill on; before, False where it was asked and None where nobody did."""
    found = None
    for has_skill, obtained_on in skills:
        if obtained_on is None or obtained_on <= day:
            if has_skill:
                return True
            found = False
    return found


def is_full_time_on(day: date, working_times: Iterable[WorkingTimeRecord]) -> bool | None:
    """By the row that began last by `day`; None where there is none."""
    found, since = None, None
    for is_full_time, effective_from in working_times:
        began = effective_from or date.min
        if began <= day and (since is None or since < began):
            found, since = is_full_time, began
    return found


def turns_of_held(*rows: Iterable[EducationRecord | ComputerRecord | WorkingTimeRecord]) -> Iterator[date]:
    """The days on which one of the rows begins to hold."""
    for some in rows:
        for _, since in some:
            if since is not None:
                yield since
