"""Importing the roster 花名册: read, check, match, plan, and then all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from accounts import audit
from accounts.models import User
from foundation.excel.header import match_header
from foundation.excel.problems import Problem
from foundation.excel.reader import Table, read_any
from staffing.entries import RosterEntry
from staffing.identity import identify
from staffing.imports import roster_details, roster_matching, roster_stored, roster_warnings
from staffing.imports.roster_details import Details
from staffing.imports.roster_layout import COLUMNS
from staffing.imports.roster_matching import Match
from staffing.imports.roster_people import revise_people
from staffing.imports.roster_rows import read_rows
from staffing.imports.roster_saving import save
from staffing.models import ImportBatch, Person
from townships.entries import ImportRefusedError, Outcome
from townships.imports.source import digest
from townships.models import County
from townships.places import Places


class UnacceptedWarningsError(Exception):
    """A roster with warnings that nobody has accepted; nothing is saved."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"{len(outcome.warnings)} warnings")
        self.outcome = outcome


@dataclass(slots=True)
class Plan:
    """What an import would store, and its outcome."""

    outcome: Outcome
    matches: list[Match] = field(default_factory=list)
    changed_people: list[Person] = field(default_factory=list)
    details: Details = field(default_factory=Details)


def preview_roster(content: bytes, filename: str, *, today: date, facts_from: date | None) -> Outcome:
    """What `import_roster` would do, with all problems and warnings; writes nothing."""
    return _plan(
        read_any(content, filename), Places.of_county(), today=today, facts_from=facts_from, lock=False
    ).outcome


def import_roster(
    content: bytes,
    filename: str,
    *,
    actor: User | None,
    today: date,
    facts_from: date | None,
    accept_warnings: bool = False,
) -> Outcome:
    """Store every row of the file, or nothing.

    A person is found by the id number, a posting by person, place, position and start, or else by an overlapping
    period. Blank cells leave what is stored; a blank 离岗日期 means still on post. `facts_from` None: no run is
    approved yet, so a wage is corrected in place; else a changed wage holds from that day.
    ImportRefusedError with all problems, UnacceptedWarningsError with all warnings; SpreadsheetError for the file.
    """
    table = read_any(content, filename)
    with transaction.atomic():
        list(County.objects.select_for_update())  # one import at a time
        plan = _plan(table, Places.of_county(), today=today, facts_from=facts_from, lock=True)
        outcome = plan.outcome
        if outcome.problems:
            raise ImportRefusedError(outcome.problems, outcome.notes)
        if outcome.warnings and not accept_warnings:
            raise UnacceptedWarningsError(outcome)
        if outcome.new or outcome.changed:
            batch = ImportBatch.objects.create(
                kind="roster",
                sha256=digest(content),
                imported_by=actor,
                created_count=outcome.new,
                changed_count=outcome.changed,
            )
            save(plan.matches, plan.changed_people, plan.details, batch)
            audit.record(
                actor=actor,
                action="import_roster",
                subject=batch,
                after={
                    "sha256": batch.sha256,
                    "new": outcome.new,
                    "changed": outcome.changed,
                    "same": outcome.same,
                    "accepted_warnings": len(outcome.warnings),
                },
            )
    return outcome


def _plan(table: Table, places: Places, *, today: date, facts_from: date | None, lock: bool) -> Plan:
    header = match_header(table, COLUMNS)
    plan = Plan(Outcome(problems=list(header.problems)))
    outcome = plan.outcome
    if outcome.problems:
        outcome.notes += _notes(header.unknown, [], [])
        return plan
    entries, problems = read_rows(table, header, places, today=today)
    outcome.problems += problems
    outcome.notes += _notes(header.unknown, header.missing_optional, entries)
    if not entries and not problems:
        outcome.problems.append(Problem(None, "", "表头下面没有内容", "请填写人员后再导入"))
    indexes = [roster_stored.index_of(entry) for entry in entries]
    stored = roster_stored.load(entries, indexes, lock=lock)
    plan.matches, found = roster_matching.match_rows(entries, indexes, stored)
    outcome.problems += found
    _revise(plan, stored, facts_from)
    outcome.warnings += roster_warnings.place_warnings(plan.matches, places)
    outcome.warnings += roster_warnings.overlap_warnings(plan.matches, stored, places)
    outcome.problems.sort(key=lambda problem: problem.row or 0)
    outcome.warnings.sort(key=lambda problem: problem.row or 0)
    outcome.new = sum(match.is_new for match in plan.matches)
    outcome.changed = sum(match.is_changed and not match.is_new for match in plan.matches)
    outcome.same = len(plan.matches) - outcome.new - outcome.changed
    return plan


def _revise(plan: Plan, stored: roster_stored.Stored, facts_from: date | None) -> None:
    matches, details, problems = plan.matches, plan.details, plan.outcome.problems
    for match in matches:
        if match.person.pk is None and match.person.national_id_index is None and match.entry.national_id is not None:
            identify(match.person, match.entry.national_id)
    known = [match.posting for match in matches if not match.is_new]
    contracts, wages = roster_stored.contracts_of(known), roster_stored.wages_of(known)
    plan.changed_people = revise_people(matches, problems, plan.outcome.warnings)
    roster_details.revise_postings(matches, details)
    roster_details.revise_contracts(matches, contracts, details, problems)
    roster_details.revise_wages(matches, wages, details, facts_from=facts_from)
    problems += roster_matching.overlap_problems(matches, stored)
    if details.without_contract:
        plan.outcome.notes.append(f"{details.without_contract} 行只有合同类型或用工单位,没有合同起始,未建立合同。")


def _notes(unknown: Sequence[str], missing: Sequence[str], entries: Sequence[RosterEntry]) -> list[str]:
    notes = []
    if unknown:
        notes.append(f"未识别的列已忽略:{'、'.join(unknown)}。")
    if missing:
        notes.append(f"文件没有这些可选的列,按未知处理:{'、'.join(missing)}。")
    zero = [entry.row for entry in entries if entry.national_id is not None and entry.national_id.has_zero_sequence]
    if zero:
        rows = "、".join(str(row) for row in zero[:10]) + (" 等" if len(zero) > 10 else "")
        notes.append(f"{len(zero)} 行的身份证号顺序码是 000(第 {rows} 行),一般不会编到,请核对。")
    return notes
