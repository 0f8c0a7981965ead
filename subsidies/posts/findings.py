"""What is found wrong or missing in a month: of whom or where, since when, and how to clear it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from foundation.dates import Month
from staffing.enums import Check, Position, Severity
from subsidies.posts.facts import presences
from subsidies.posts.finding_facts import fact_of_posting
from subsidies.posts.finding_words import Words, remedy_of
from subsidies.posts.known_county import known_county, of_person
from subsidies.posts.month_facts import MonthFacts, month_facts
from subsidies.rules.beginnings import Beginnings
from subsidies.rules.checks import clause_of
from subsidies.rules.dues import Due, requirements_of
from subsidies.rules.parameters import Standard
from subsidies.rules.shortages import Shortage, shortages, subsidised_townships, vacant_units
from townships.models import TownshipQuerySet

_ORDER = {check: number for number, check in enumerate(Check)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found; of a posting, or of a township or unit, where person and posting are None and empty.

    `since`: the first day from which it is true without a break as far as the facts tell. `person_id` is the record
    that merged ones point to. `detail` is worded for this reader; `fact` is the same for all readers, and a reason
    given for the finding holds as long as it stays the same. `remedy` is one sentence for a clerk.
    """

    check: Check
    severity: Severity
    clause: str
    township_id: int
    township_code: str
    township_name: str
    unit_id: int | None
    unit_name: str
    person_id: int | None
    person_name: str
    posting_id: int | None
    position: Position
    since: date | None
    detail: str
    fact: str
    remedy: str


def findings_of_month(
    read: MonthFacts,
    townships: Collection[int],
    *,
    checks: Collection[Check] = tuple(Check),
    person: int | None = None,
) -> list[Finding]:
    """The findings of a month in these townships, by township code, order of the checks, unit code, posting id.

    People are looked at on their last day on post in the month, places on its last day; checks that are switched off
    are left out. `checks`: only these. `person`: only those of this person's postings, none of places. One statement
    where places are looked at, for who was there earlier.
    """
    scope = set(townships)
    words = Words(read.month, read.facts, read.dues, requirements_of(read.parameters), scope)
    beginnings, standard = Beginnings(read.month, read.facts, read.book), read.parameters.standard
    found = [
        _of_posting(check, due, words, beginnings, standard)
        for due in read.dues.values()
        if due.posting.township in scope and person in (None, due.posting.person)
        for check in due.findings
        if check in checks
    ]
    if person is None and any(not check.is_of_posting for check in checks):
        found += [
            _of_place(shortage, words, standard)
            for shortage in _shortages(read, scope)
            if shortage.check in checks and standard.severity(shortage.check) is not Severity.OFF
        ]
    return sorted(found, key=lambda finding: _order(finding, words))


def open_findings(
    month: Month,
    townships: TownshipQuerySet,
    *,
    checks: Collection[Check] = tuple(Check),
    person: int | None = None,
) -> list[Finding]:
    """The same where nothing of the month has been read yet, in a fixed number of queries. Raises MissingParameter."""
    deciding_for = None if person is None else of_person(person)
    read = month_facts(month, known_county(since=month.first, until=month.last, deciding_for=deciding_for))
    return findings_of_month(read, townships.values_list("pk", flat=True), checks=checks, person=person)


def finding_in_words(finding: Finding) -> str:
    """What was found, its figures and since when, on one line."""
    since = f"({finding.since} 起)" if finding.since else ""
    return f"{finding.check.label}:{finding.detail}{since}"


def _shortages(read: MonthFacts, scope: Collection[int]) -> Iterator[Shortage]:
    month, facts, dues = read.month, read.facts, read.dues.values()
    vacant = vacant_units(month, (unit for unit in facts.units if unit.township in scope), dues)
    yield from shortages(
        month,
        [township for township in facts.townships if township.id in scope],
        vacant,
        presences(scope, {unit.id for unit in vacant}, until=month.last, facts=facts),
        read.book,
        subsidised_townships(month, dues),
    )


def _of_posting(check: Check, due: Due, words: Words, beginnings: Beginnings, standard: Standard) -> Finding:
    posting = due.posting
    township = words.townships[posting.township]
    return Finding(
        check=check,
        severity=standard.severity(check),
        clause=clause_of(check, posting.position),
        township_id=township.id,
        township_code=township.code,
        township_name=township.name,
        unit_id=posting.unit,
        unit_name="" if posting.unit is None else words.units[posting.unit].name,
        person_id=posting.person,
        person_name=posting.person_name,
        posting_id=posting.id,
        position=posting.position,
        since=beginnings.of(check, due),
        detail=words.of_posting(check, due),
        fact=fact_of_posting(check, due, words),
        remedy=remedy_of(check, posting.position),
    )


def _of_place(shortage: Shortage, words: Words, standard: Standard) -> Finding:
    township = words.townships[shortage.township]
    return Finding(
        check=shortage.check,
        severity=standard.severity(shortage.check),
        clause=clause_of(shortage.check, shortage.position),
        township_id=township.id,
        township_code=township.code,
        township_name=township.name,
        unit_id=shortage.unit,
        unit_name="" if shortage.unit is None else words.units[shortage.unit].name,
        person_id=None,
        person_name="",
        posting_id=None,
        position=shortage.position,
        since=shortage.since,
        detail=words.of_shortage(shortage),
        fact=words.of_shortage(shortage),
        remedy=remedy_of(shortage.check, shortage.position),
    )


def _order(finding: Finding, words: Words) -> tuple[str, int, str, int]:
    unit_code = "" if finding.unit_id is None else words.units[finding.unit_id].code
    return finding.township_code, _ORDER[finding.check], unit_code, finding.posting_id or 0
