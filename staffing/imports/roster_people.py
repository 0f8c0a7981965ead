"""What a roster says of each person: taken together over the rows, compared with what is stored."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from foundation.crypto import encrypt
from foundation.excel.problems import Problem
from staffing.entries import RosterEntry
from staffing.identity import identify, name_person
from staffing.imports.roster_layout import COMPUTER_SKILL, EDUCATION, NAME, PHONE
from staffing.imports.roster_matching import Match
from staffing.models import Person
from townships.places import comparable

# Column, field of the entry that says it.
_FACTS = ((EDUCATION, "education"), (COMPUTER_SKILL, "has_computer_skill"), (PHONE, "phone"))


def revise_people(matches: Iterable[Match], problems: list[Problem], warnings: list[Problem]) -> list[Person]:
    """Set what the rows say on the people; those stored ones that changed."""
    rows: dict[int, list[Match]] = defaultdict(list)
    for match in matches:
        rows[match.person_key].append(match)
    changed = []
    for of_person in rows.values():
        person = of_person[0].person
        is_changed = _revise(person, [match.entry for match in of_person], problems, warnings)
        for match in of_person:
            if match.completes_person and match.entry.national_id is not None:
                identify(person, match.entry.national_id)
                is_changed = True
        if person.pk is not None and is_changed:
            changed.append(person)
            of_person[0].is_changed = True
    return changed


def _revise(person: Person, entries: Sequence[RosterEntry], problems: list[Problem], warnings: list[Problem]) -> bool:
    is_changed = False
    first = entries[0]
    for entry in entries[1:]:
        if comparable(entry.name) != comparable(first.name):
            advice = "同一身份证号只能是一个人,请核对姓名和号码"
            problems.append(Problem(entry.row, NAME, f"“{entry.name}”与第 {first.row} 行“{first.name}”不同", advice))
    if comparable(person.name) != comparable(first.name):
        warnings.append(
            Problem(
                first.row,
                NAME,
                f"身份证号已有记录,姓名是“{person.name}”,文件中是“{first.name}”",
                "确认后姓名改为文件中的;不是同一人的请改正号码",
            )
        )
        name_person(person, first.name)
        is_changed = True
    disagreements = []
    for column, field in _FACTS:
        said = [(entry.row, getattr(entry, field)) for entry in entries if getattr(entry, field) not in (None, "")]
        if not said:
            continue
        row, value = said[-1]
        if any(other != value for _, other in said):
            advice = "确认后以最后一行为准"
            disagreements.append(Problem(row, column, f"同一人与第 {said[0][0]} 行不同", advice))
        is_changed |= _set_fact(person, field, value)
    if is_changed or person.pk is None:
        warnings += disagreements
    return is_changed


def _set_fact(person: Person, field: str, value: Any) -> bool:  # an education, a boolean or a phone number
    if field == "phone":
        if person.phone == value:
            return False
        person.phone_encrypted = encrypt("phone", value)
        return True
    if getattr(person, field) == value:
        return False
    setattr(person, field, value.value if field == "education" else value)
    return True
