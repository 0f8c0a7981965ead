"""People, their postings and what belongs to a posting: contracts, wages, suspensions; imports; grants of places."""

from staffing.models.grants import EstablishmentGrant, GrantEnding
from staffing.models.imports import (
    ImportBatch,
    ImportBatchQuerySet,
    ImportedChange,
    PendingImport,
    PendingImportQuerySet,
)
from staffing.models.people import Person, PersonQuerySet, tail_index
from staffing.models.postings import Contract, Posting, PostingQuerySet, Suspension, SuspensionQuerySet, Wage

__all__ = [
    "Contract",
    "EstablishmentGrant",
    "GrantEnding",
    "ImportBatch",
    "ImportBatchQuerySet",
    "ImportedChange",
    "PendingImport",
    "PendingImportQuerySet",
    "Person",
    "PersonQuerySet",
    "Posting",
    "PostingQuerySet",
    "Suspension",
    "SuspensionQuerySet",
    "Wage",
    "tail_index",
]
