"""Writing a planned roster import: a fixed number of statements for new rows, ids in the order of the file."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db.models import Model

from accounts.audit import masked
from foundation.bulk import insert_rows, next_ids
from staffing.imports.roster_details import Details
from staffing.imports.roster_matching import Match
from staffing.models import Contract, ImportBatch, ImportedChange, Person, Posting, Wage

_PERSON = (
    "name",
    "initials",
    "national_id_encrypted",
    "national_id_masked",
    "national_id_index",
    "national_id_tail_index",
    "sex",
    "born_on",
    "education",
    "has_computer_skill",
    "phone_encrypted",
)
_POSTING = (
    "person_id",
    "township_id",
    "unit_id",
    "position",
    "is_full_time",
    "started_on",
    "ended_on",
    "end_reason",
    "recruitment_source",
    "recruitment_notice",
    "recruitment_recorded",
    "note",
    "withdrawn_reason",
    "import_batch_id",
)
_CONTRACT = ("posting_id", "number", "started_on", "ended_on", "kind", "employer")
_CHANGE = ("batch_id", "posting_id", "words")
_WAGE = ("posting_id", "effective_from", "monthly_wage", "employer_insurance", "housing_fund")
_REVISED_POSTING = (
    "is_full_time",
    "started_on",
    "ended_on",
    "end_reason",
    "recruitment_source",
    "recruitment_notice",
    "recruitment_recorded",
    "note",
)
Row = TypeVar("Row", bound=Model)


def save(matches: Sequence[Match], changed_people: Sequence[Person], details: Details, batch: ImportBatch) -> None:
    """Store the plan inside the caller's transaction."""
    _update(Person, changed_people, _PERSON)
    _insert(Person, _unsaved_people(matches), _PERSON)
    # Changed postings make room first: the database asks after each statement whether any overlap.
    _update(Posting, details.changed_postings, _REVISED_POSTING)
    postings = [match.posting for match in matches if match.is_new]
    for posting in postings:
        posting.person_id = posting.person.pk
        posting.import_batch = batch
    _insert(Posting, postings, _POSTING)
    for contract in details.new_contracts:
        contract.posting_id = contract.posting.pk
    _update(Contract, details.changed_contracts, _CONTRACT)
    _insert(Contract, details.new_contracts, _CONTRACT)
    for wage in details.new_wages:
        wage.posting_id = wage.posting.pk
    _update(Wage, details.changed_wages, _WAGE)
    _insert(Wage, details.new_wages, _WAGE)
    _insert(ImportedChange, [_in_words(match, batch) for match in matches if _is_worth_telling(match)], _CHANGE)


def _is_worth_telling(match: Match) -> bool:
    return match.is_changed and not match.is_new


def _in_words(match: Match, batch: ImportBatch) -> ImportedChange:
    return ImportedChange(batch=batch, posting=match.posting, words=masked(";".join(match.changes)))


def _unsaved_people(matches: Iterable[Match]) -> list[Person]:
    return list({id(match.person): match.person for match in matches if match.person.pk is None}.values())


def _insert(model: type[Row], rows: Sequence[Row], columns: Sequence[str]) -> None:
    if not rows:
        return
    for row, key in zip(rows, next_ids(model, len(rows)), strict=True):
        row.pk = key
    insert_rows(model, ["id", *columns], ([row.pk, *(getattr(row, name) for name in columns)] for row in rows))


def _update(model: type[Row], rows: Sequence[Row], columns: Sequence[str]) -> None:
    if not rows:
        return
    names = [model._meta.get_field(name.removesuffix("_id")).name for name in columns]
    # An upsert on rows that are there: one statement for many rows, where bulk_update writes a CASE for each value.
    model._default_manager.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=names)
