"""What a roster says of each person: taken together over the rows, compared with what is stored."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from foundation.differences import Difference
from foundation.excel.problems import Problem
from staffing.identity import identify, masked_phone, name_person, phone_person
from staffing.imports.roster_changes import Change, set_stated
from staffing.imports.roster_layout import COMPUTER_SKILL, EDUCATION, NAME, PHONE
from staffing.imports.roster_matching import Match
from staffing.models import Person
from staffing.written_names import is_same_name

# Column, field of the entry that says it.
_FACTS = ((EDUCATION, "education"), (COMPUTER_SKILL, "has_computer_skill"), (PHONE, "phone"))


def revise_people(matches: Iterable[Match], problems: list[Problem], warnings: list[Problem]) -> list[Person]:
    """Set what the rows say on the records of their id numbers, merged or not; those stored ones that changed."""
    rows: dict[int, list[Match]] = defaultdict(list)
    for match in matches:
        rows[match.person_key if match.person.pk is None else match.person.pk].append(match)
    changed = []
    for of_person in rows.values():
        person = of_person[0].person
        changes = _revise(of_person, problems, warnings)
        for match in of_person:
            if match.completes_person and match.entry.national_id is not None:
                identify(person, match.entry.national_id)
                changes.append(Change(person, "national_id", "", "补填身份证号"))
        if person.pk is not None and changes:
            changed.append(person)
            of_person[0].changes += changes
    return changed


def _revise(of_person: Sequence[Match], problems: list[Problem], warnings: list[Problem]) -> list[Change]:
    person, is_stranger = of_person[0].person, of_person[0].is_stranger
    entries = [match.entry for match in of_person]
    changes: list[Change] = []
    first = entries[0]
    for entry in entries[1:]:
        if not is_same_name(entry.name, first.name):
            advice = "同一身份证号只能是一个人,请核对姓名和号码"
            problems.append(Problem(entry.row, NAME, f"“{entry.name}”与第 {first.row} 行“{first.name}”不同", advice))
    if not is_same_name(person.name, first.name):
        if is_stranger:
            problems.append(
                Problem(
                    first.row,
                    NAME,
                    "这个身份证号在其他镇乡(街道)已有记录,姓名与文件中的不同",
                    "请核对姓名和号码;号码无误、系统中姓名有误的,请联系县局更正",
                )
            )
        else:
            warnings.append(
                Problem(
                    first.row,
                    NAME,
                    f"身份证号已有记录,姓名是“{person.name}”,文件中是“{first.name}”",
                    "确认后姓名改为文件中的;不是同一人的请改正号码",
                )
            )
            changes += set_stated(person, name=first.name)
            name_person(person, first.name)
    disagreements = []
    for column, field in _FACTS:
        said = [(entry.row, getattr(entry, field)) for entry in entries if getattr(entry, field) not in (None, "")]
        if not said:
            continue
        row, value = said[-1]
        if any(other != value for _, other in said):
            advice = "确认后以最后一行为准"
            disagreements.append(Problem(row, column, f"同一人与第 {said[0][0]} 行不同", advice))
        changes += _set_fact(person, column, field, value, is_stranger=is_stranger)
    if changes or person.pk is None:
        warnings += disagreements
    return changes


def _set_fact(
    person: Person,
    column: str,
    field: str,
    value: Any,
    *,
    is_stranger: bool,  # an education, a boolean or a phone number
) -> list[Change]:
    """Set a value that the file states, and say so: of a stranger without the old one, of a phone number masked."""
    if field == "phone":
        before = person.phone
        if before == value:
            return []
        phone_person(person, value)
        words = str(Difference(column, masked_phone(before) or "空", masked_phone(value)))
        changes = [Change(person, field, before, words)]
    else:
        changes = set_stated(person, **{field: value.value if field == "education" else value})
    return [replace(change, words=f"{column}有变") for change in changes] if is_stranger else changes
