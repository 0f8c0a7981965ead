"""What a roster says of each person: taken together over the rows, compared with what is stored."""

from collections import defaultdict
from collections.abc import Sequence

from foundation.excel.problems import Problem, shortened
from staffing.imports.roster_changes import Change, Proposed
from staffing.imports.roster_layout import COMPUTER_SKILL, EDUCATION, NAME, PHONE
from staffing.imports.roster_matching import Match
from staffing.imports.roster_proposals import proposed_before
from staffing.models import Person
from staffing.people.facts import LABELS, Fact, fact, in_words, is_stored, write_fact
from staffing.written_names import is_same_name

# Column, field of the entry that says it.
_FACTS = ((EDUCATION, "education"), (COMPUTER_SKILL, "has_computer_skill"), (PHONE, "phone"))


def revise_people(matches: Sequence[Match], problems: list[Problem], warnings: list[Problem]) -> list[Person]:
    """Set what the rows say on the records of their id numbers, merged or not; those stored ones that changed.

    Of a person whose facts another township writes nothing is set: it is proposed, once.
    """
    rows: dict[int, list[Match]] = defaultdict(list)
    for match in matches:
        rows[match.person_key if match.person.pk is None else match.person.pk].append(match)
    known = proposed_before({match.person.pk for match in matches if match.is_foreign})
    changed = []
    for of_person in rows.values():
        first = of_person[0]
        person, stated = first.person, _stated(of_person, problems, warnings)
        if first.is_foreign:
            stated = {name: value for name, value in stated.items() if (person.pk, name, value) not in known}
            first.proposed += [Proposed(name, value, _proposed(first, name, value)) for name, value in stated.items()]
            continue
        changes = [_written(first, name, value) for name, value in stated.items()]
        if person.pk is not None and changes:
            changed.append(person)
            first.changes += changes
    return changed


def _stated(of_person: Sequence[Match], problems: list[Problem], warnings: list[Problem]) -> dict[str, Fact]:
    """By name the facts that the rows of a person state, as far as others are stored."""
    person, entries = of_person[0].person, [match.entry for match in of_person]
    stated: dict[str, Fact] = {}
    first = entries[0]
    for entry in entries[1:]:
        if not is_same_name(entry.name, first.name):
            advice = "同一身份证号只能是一个人,请核对姓名和号码"
            problems.append(Problem(entry.row, NAME, f"“{entry.name}”与第 {first.row} 行“{first.name}”不同", advice))
    if not is_same_name(person.name, first.name):
        if of_person[0].is_stranger:
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
                    _advice_on_name(of_person[0]),
                )
            )
            stated["name"] = first.name
    disagreements = []
    for column, field in _FACTS:
        said = [(entry.row, getattr(entry, field)) for entry in entries if getattr(entry, field) not in (None, "")]
        if not said:
            continue
        row, value = said[-1]
        if any(other != value for _, other in said):
            advice = "确认后以最后一行为准"
            disagreements.append(Problem(row, column, f"同一人与第 {said[0][0]} 行不同", advice))
        if not is_stored(person, field, value):
            stated[field] = value.value if field == "education" else value
    completing = [match.entry.national_id for match in of_person if match.completes_person]
    if completing and completing[-1] is not None:
        stated["national_id"] = completing[-1].number
    if stated or person.pk is None:
        warnings += disagreements
    return stated


def _advice_on_name(match: Match) -> str:
    if match.is_foreign:
        return "确认后作为更正申请报县局,审核以前沿用系统中的姓名;不是同一人的请改正号码"
    return "确认后姓名改为文件中的;不是同一人的请改正号码"


def _written(match: Match, name: str, value: Fact) -> Change:
    """Set the fact, and say so."""
    before, words = fact(match.person, name), _words(match, name, value)
    write_fact(match.person, name, value)
    return Change(match.person, name, before, words)


def _proposed(match: Match, name: str, value: Fact) -> str:
    return f"{_words(match, name, value)},将作为更正申请报县局"


def _words(match: Match, name: str, value: Fact) -> str:
    """学历 大专 → 本科; of a stranger without what is stored, which the importer may not see."""
    after = shortened(in_words(name, value))
    if match.is_stranger:
        return f"{LABELS[name]} 改为 {after}"
    return f"{LABELS[name]} {shortened(in_words(name, fact(match.person, name)))} → {after}"
