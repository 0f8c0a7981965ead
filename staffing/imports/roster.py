"""Importing the roster 花名册: read, check, match, plan, and then all of it or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import transaction

from accounts import audit
from accounts.models import User
from foundation.excel.asides import Rows
from foundation.excel.header import HeaderMatch, match_header
from foundation.excel.mapping import HeadMapping
from foundation.excel.problems import Problem
from foundation.excel.reader import Table, read_any
from staffing.events import StaffingEvent
from staffing.identity import identify
from staffing.imports import (
    roster_details,
    roster_matching,
    roster_recruitment,
    roster_stored,
    roster_warnings,
    roster_working_times,
)
from staffing.imports.roster_details import Details
from staffing.imports.roster_layout import ABOUT, COLUMNS
from staffing.imports.roster_matching import Match
from staffing.imports.roster_notes import notes_on_absent, notes_on_file, notes_on_unchanged
from staffing.imports.roster_people import revise_people
from staffing.imports.roster_proposals import mark_foreign, propose
from staffing.imports.roster_rows import read_rows
from staffing.imports.roster_saving import save
from staffing.imports.roster_titles import with_township
from staffing.models import ImportBatch, Person
from staffing.people.stated import load_stated
from townships.entries import ImportRefusedError, Outcome, RowOutcome, RowResult
from townships.imports.source import digest
from townships.models import County
from townships.places import Places


class UnacceptedWarningsError(Exception):
    """A roster with warnings that nobody has accepted; nothing is saved."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"{len(outcome.warnings)} warnings")
        self.outcome = outcome


class OutcomeChangedError(Exception):
    """What is stored has changed since the preview: the import would do something else; nothing is saved."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.sentence)
        self.outcome = outcome


AS_KNOWN = HeadMapping()


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a roster is read, as `import_roster` takes them."""

    today: date
    facts_from: date | None
    only_township: int | None
    mapping: HeadMapping


@dataclass(slots=True)
class Plan:
    """What an import would store, and its outcome."""

    outcome: Outcome
    matches: list[Match] = field(default_factory=list)
    changed_people: list[Person] = field(default_factory=list)
    details: Details = field(default_factory=Details)


def preview_roster(
    content: bytes,
    filename: str,
    *,
    today: date,
    facts_from: date | None,
    only_township: int | None = None,
    mapping: HeadMapping = AS_KNOWN,
) -> Outcome:
    """What `import_roster` would do, with all problems and warnings; writes nothing."""
    terms = Terms(today, facts_from, only_township, mapping)
    return _plan(roster_table(content, filename, mapping), terms, lock=False).outcome


def import_roster(
    content: bytes,
    filename: str,
    *,
    actor: User | None,
    today: date,
    facts_from: date | None,
    only_township: int | None = None,
    mapping: HeadMapping = AS_KNOWN,
    accept_warnings: bool = False,
    as_previewed: Outcome | None = None,
) -> Outcome:
    """Store every row of the file, or nothing.

    A person is found by the id number, a posting by person, place, position and start, or else by an overlapping
    period. Blank cells leave what is stored; a blank 离岗日期 means still on post. `facts_from` None: no run is
    approved yet, so a wage is corrected in place; else a changed wage holds from that day. `only_township` None: the
    whole county is in reach; else a row of another township is a problem. `mapping`: which column is which, as far as
    it was said.
    ImportRefusedError with all problems, UnacceptedWarningsError with all warnings; SpreadsheetError for the file;
    OutcomeChangedError where the outcome is no longer `as_previewed`.
    """
    table = roster_table(content, filename, mapping)
    terms = Terms(today, facts_from, only_township, mapping)
    with transaction.atomic():
        list(County.objects.select_for_update())  # one import at a time
        plan = _plan(table, terms, lock=True)
        outcome = plan.outcome
        if as_previewed is not None and not outcome.does_the_same_as(as_previewed):
            raise OutcomeChangedError(outcome)
        if outcome.problems:
            raise ImportRefusedError(outcome.problems, outcome.notes)
        if outcome.warnings and not accept_warnings:
            raise UnacceptedWarningsError(outcome)
        if outcome.new or outcome.changed:
            outcome.batch_id = _store(plan, digest(content), terms, actor)
    return outcome


def roster_table(content: bytes, filename: str, mapping: HeadMapping = AS_KNOWN) -> Table:
    """The table with a roster's head in an upload; SpreadsheetError when it cannot be used."""
    return read_any(content, filename, columns=mapping.expected(COLUMNS), sheet=mapping.sheet)


def header_of(table: Table, mapping: HeadMapping = AS_KNOWN) -> HeaderMatch:
    """Which column of a table is which of the roster."""
    return match_header(table, COLUMNS, mapping)


def _store(plan: Plan, sha256: str, terms: Terms, actor: User | None) -> int:
    outcome = plan.outcome
    batch = ImportBatch.objects.create(
        kind="roster",
        sha256=sha256,
        imported_by=actor,
        township_id=terms.only_township,
        created_count=outcome.new,
        changed_count=outcome.changed,
    )
    save(plan.matches, plan.changed_people, plan.details, batch)
    propose(plan.matches, batch, actor=actor)
    audit.record(
        actor=actor,
        event=StaffingEvent.IMPORT_ROSTER,
        subject=batch,
        after={
            "sha256": batch.sha256,
            "new": outcome.new,
            "changed": outcome.changed,
            "same": outcome.same,
            "accepted_warnings": len(outcome.warnings),
        },
    )
    return batch.pk


def _plan(table: Table, terms: Terms, *, lock: bool) -> Plan:
    places = Places.of_county()
    mapping, misdirected = with_township(table, terms.mapping, places, only_township=terms.only_township)
    header = header_of(table, mapping)
    plan = Plan(Outcome(problems=list(header.problems), notes=[audit.masked(remark) for remark in header.remarks]))
    outcome = plan.outcome
    if misdirected:
        outcome.problems = misdirected
    if outcome.problems:
        return plan
    rows = Rows(table, header, ABOUT)
    entries, problems = read_rows(rows.records(), places, today=terms.today, only_township=terms.only_township)
    outcome.problems += problems
    outcome.notes += rows.sentences()
    outcome.notes += notes_on_file(header.missing_optional, entries, places)
    if not entries and not problems:
        outcome.problems.append(Problem(None, "", "表头下面没有内容", "请填写人员后再导入"))
    indexes = [roster_stored.index_of(entry) for entry in entries]
    stored = roster_stored.load(entries, indexes, only_township=terms.only_township, lock=lock)
    plan.matches, found = roster_matching.match_rows(entries, indexes, stored, only_township=terms.only_township)
    outcome.problems += found
    _revise(plan, stored, terms)
    outcome.warnings += roster_warnings.name_warnings(plan.matches)
    outcome.warnings += roster_warnings.number_warnings(plan.matches)
    outcome.warnings += roster_warnings.place_warnings(plan.matches, places)
    outcome.warnings += roster_warnings.overlap_warnings(plan.matches, stored, places)
    outcome.problems = _as_shown(outcome.problems)
    outcome.warnings = _as_shown(outcome.warnings)
    if not outcome.problems:
        outcome.notes += notes_on_absent(plan.matches, only_township=terms.only_township, today=terms.today)
    if proposed := sum(bool(match.proposed) for match in plan.matches):
        outcome.notes.append(
            f"{proposed} 人的个人信息由别的镇乡(街道)登记,与文件不同的将作为更正申请报县局,审核以前不变。"
        )
    outcome.rows = [_row_outcome(match, places) for match in plan.matches]
    outcome.count_rows()
    return plan


def _as_shown(problems: Iterable[Problem]) -> list[Problem]:
    """By row, with id numbers masked: some are typed into the wrong column, and a sentence quotes them."""
    return [
        replace(problem, message=audit.masked(problem.message))
        for problem in sorted(problems, key=lambda problem: problem.row or 0)
    ]


def _row_outcome(match: Match, places: Places) -> RowOutcome:
    entry = match.entry
    unit = "" if entry.unit_id is None else places.units[entry.unit_id].name
    place = f"{places.townships[entry.township_id].name}{unit} {entry.position.label}"
    changes = tuple(map(audit.masked, match.told))
    result = RowResult.CHANGED if changes else RowResult.SAME
    if match.is_new:
        # What is not of the person belongs to the new posting.
        changes = tuple(audit.masked(change.words) for change in match.changes if isinstance(change.row, Person))
        changes += tuple(audit.masked(proposed.words) for proposed in match.proposed)
        result = RowResult.NEW
    return RowOutcome(entry.row, audit.masked(entry.name), place, result, changes)


def _revise(plan: Plan, stored: roster_stored.Stored, terms: Terms) -> None:
    matches, details, problems = plan.matches, plan.details, plan.outcome.problems
    for match in matches:
        if match.person.pk is None and match.person.national_id_index is None and match.entry.national_id is not None:
            identify(match.person, match.entry.national_id)
    mark_foreign(matches, only_township=terms.only_township, today=terms.today)
    known = [match.posting for match in matches if not match.is_new]
    contracts, wages = roster_stored.contracts_of(known), roster_stored.wages_of(known)
    load_stated({id(match.person): match.person for match in matches}.values())
    plan.changed_people = revise_people(matches, problems, plan.outcome.warnings)
    rounds = roster_recruitment.Rounds(match.entry.township_id for match in matches)
    roster_recruitment.revise_sources(matches, rounds, details, problems)
    stay = roster_working_times.revise_working_times(matches, roster_working_times.working_times_of(known), details)
    roster_details.revise_postings(matches, details)
    roster_details.revise_contracts(matches, contracts, details, problems)
    roster_details.revise_wages(matches, wages, details, facts_from=terms.facts_from)
    problems += roster_matching.overlap_problems(matches, stored)
    plan.outcome.notes += notes_on_unchanged(stay, roster_recruitment.without_round(matches))
    if details.without_contract:
        plan.outcome.notes.append(f"{details.without_contract} 行只有合同类型或用工单位,没有合同起始,未建立合同。")
