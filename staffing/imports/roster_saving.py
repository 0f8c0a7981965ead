"""Writing a planned roster import: a fixed number of statements for new rows, ids in the order of the file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from django.db.models import Model

from foundation.bulk import insert_rows, next_ids, update_rows
from staffing.imports.changes import imported_change
from staffing.imports.roster_changes import Change
from staffing.imports.roster_details import Details
from staffing.imports.roster_matching import Match
from staffing.models import Contract, ImportBatch, ImportedChange, Person, Posting, Wage, WorkingTime
from staffing.people.facts import PERSON_COLUMNS, fact, save_facts
from staffing.people.stated import save_stated

_POSTING = (
    "person_id",
    "township_id",
    "unit_id",
    "position",
    "started_on",
    "ended_on",
    "end_reason",
    "source",
    "recruitment_round_id",
    "note",
    "withdrawn_reason",
    "import_batch_id",
)
_CONTRACT = ("posting_id", "number", "started_on", "ended_on", "kind", "employer")
_CHANGE = (
    *("batch_id", "posting_id", "words", "subject_type", "subject_id"),
    *("before_encrypted", "after_encrypted"),
)
_WAGE = ("posting_id", "effective_from", "monthly_wage", "employer_insurance", "housing_fund")
# Of a row that an import adds to a posting that was there, what it said.
_ADDED: Mapping[type[Model], Sequence[str]] = {
    Contract: _CONTRACT[1:],
    Wage: _WAGE[1:],
    WorkingTime: ("effective_from", "is_full_time", "document"),
}
_REVISED_POSTING = ("started_on", "ended_on", "end_kind", "end_reason", "source", "recruitment_round_id", "note")
_WORKING_TIME = ("posting_id", "effective_from", "is_full_time", "document", "withdrawn_reason")
Row = TypeVar("Row", bound=Model)


def save(matches: Sequence[Match], changed_people: Sequence[Person], details: Details, batch: ImportBatch) -> None:
    """Store the plan inside the caller's transaction."""
    new_people = _unsaved_people(matches)
    save_facts(changed_people, batch)
    _insert(Person, new_people, PERSON_COLUMNS)
    save_stated(new_people, batch)
    _insert_rounds(matches, details)
    # Changed postings make room first: the database asks after each statement whether any overlap.
    update_rows(Posting, details.changed_postings, _REVISED_POSTING)
    postings = [match.posting for match in matches if match.is_new]
    for posting in postings:
        posting.person_id = posting.person.pk
        posting.import_batch = batch
    _insert(Posting, postings, _POSTING)
    for contract in details.new_contracts:
        contract.posting_id = contract.posting.pk
    update_rows(Contract, details.changed_contracts, _CONTRACT)
    _insert(Contract, details.new_contracts, _CONTRACT)
    for wage in details.new_wages:
        wage.posting_id = wage.posting.pk
    update_rows(Wage, details.changed_wages, _WAGE)
    _insert(Wage, details.new_wages, _WAGE)
    for working_time in details.new_working_times:
        working_time.posting_id = working_time.posting.pk
    update_rows(WorkingTime, details.withdrawn_working_times, ("withdrawn_at", "withdrawn_reason"))
    _insert(WorkingTime, details.new_working_times, _WORKING_TIME)
    _insert(ImportedChange, list(_imported_changes(matches, batch)), _CHANGE)


def _insert_rounds(matches: Iterable[Match], details: Details) -> None:
    """A round for each notice that the file names first: few."""
    for round_ in details.new_rounds:
        round_.save()
    for match in matches:
        # Assigned again, so that the posting has the number that its round has got.
        match.posting.recruitment_round = match.posting.recruitment_round


def _imported_changes(matches: Iterable[Match], batch: ImportBatch) -> Iterator[ImportedChange]:
    """What was changed of rows that were there, a row each; what belongs to a new posting goes with it."""
    for match in matches:
        of_row: dict[int, list[Change]] = {}
        for change in match.changes:
            if isinstance(change.row, Person) or not match.is_new:
                of_row.setdefault(id(change.row), []).append(change)
        for changes in of_row.values():
            row, is_added = changes[0].row, changes[0].is_added
            fields = _ADDED[type(row)] if is_added else [change.field for change in changes]
            yield imported_change(
                batch=batch,
                row=row,
                before=None if is_added else {change.field: change.before for change in changes},
                after={name: fact(row, name) if isinstance(row, Person) else getattr(row, name) for name in fields},
                words=";".join(dict.fromkeys(change.words for change in changes)),
                posting=match.posting,
            )


def _unsaved_people(matches: Iterable[Match]) -> list[Person]:
    return list({id(match.person): match.person for match in matches if match.person.pk is None}.values())


def _insert(model: type[Row], rows: Sequence[Row], columns: Sequence[str]) -> None:
    if not rows:
        return
    for row, key in zip(rows, next_ids(model, len(rows)), strict=True):
        row.pk = key
    insert_rows(model, ["id", *columns], ([row.pk, *(getattr(row, name) for name in columns)] for row in rows))
