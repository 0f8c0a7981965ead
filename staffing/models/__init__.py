"""People, their postings and what belongs to a posting: contracts, wages, suspensions; imports; grants of places."""

from staffing.models.elections import Election, ElectionQuerySet
from staffing.models.grants import EstablishmentGrant, GrantEnding
from staffing.models.imports import (
    ImportBatch,
    ImportBatchQuerySet,
    ImportedChange,
    PendingImport,
    PendingImportQuerySet,
)
from staffing.models.kin import KinDeclaration, KinDeclarationQuerySet
from staffing.models.people import Person, PersonQuerySet, phone_tail_index, tail_index
from staffing.models.postings import Contract, Posting, PostingQuerySet, Suspension, SuspensionQuerySet, Wage
from staffing.models.proposals import PersonProposal, PersonProposalQuerySet
from staffing.models.qualifications import Qualification, QualificationQuerySet
from staffing.models.recruitment import RecruitmentRound, RecruitmentRoundQuerySet
from staffing.models.secondments import Secondment, SecondmentQuerySet
from staffing.models.transfers import Transfer, TransferQuerySet
from staffing.models.working_times import WorkingTime, WorkingTimeQuerySet

__all__ = [
    "Contract",
    "Election",
    "ElectionQuerySet",
    "EstablishmentGrant",
    "GrantEnding",
    "ImportBatch",
    "ImportBatchQuerySet",
    "ImportedChange",
    "KinDeclaration",
    "KinDeclarationQuerySet",
    "PendingImport",
    "PendingImportQuerySet",
    "Person",
    "PersonProposal",
    "PersonProposalQuerySet",
    "PersonQuerySet",
    "Posting",
    "PostingQuerySet",
    "Qualification",
    "QualificationQuerySet",
    "RecruitmentRound",
    "RecruitmentRoundQuerySet",
    "Secondment",
    "SecondmentQuerySet",
    "Suspension",
    "SuspensionQuerySet",
    "Transfer",
    "TransferQuerySet",
    "Wage",
    "WorkingTime",
    "WorkingTimeQuerySet",
    "phone_tail_index",
    "tail_index",
]
