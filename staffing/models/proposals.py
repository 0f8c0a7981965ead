"""Proposals 更正申请: what somebody says otherwise of a person whose facts others write, until an officer decides."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.crypto import decrypt
from staffing.enums import ProposalKind, ProposalState
from staffing.models.imports import ImportBatch
from staffing.models.people import Person
from townships.models import Township, seen_by

if TYPE_CHECKING:
    from accounts.models import User

PURPOSE = "person_proposal"


class PersonProposalQuerySet(models.QuerySet["PersonProposal"]):
    def visible_to(self, user: User) -> PersonProposalQuerySet:
        """The county's readers see every proposal, a clerk those of the own township."""
        return seen_by(user, self)

    def waiting(self) -> PersonProposalQuerySet:
        return self.filter(state=ProposalState.WAITING.value)


class PersonProposal(models.Model):
    """更正申请: other facts of a person, or that the record is the same person as another one (`into`).

    `before` and `after` hold the facts by name, encrypted; `content_index` is the same for the same proposal.
    `township` is the proposer's.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="proposals")
    kind = models.CharField("种类", max_length=20, choices=ProposalKind.choices())
    into = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    before_encrypted = models.BinaryField(editable=False)
    after_encrypted = models.BinaryField(editable=False)
    content_index = models.CharField(max_length=64, editable=False)
    reason = models.CharField("原因", max_length=300)
    township = models.ForeignKey(Township, models.PROTECT, null=True, related_name="person_proposals")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField("提出时间")
    import_batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True, related_name="proposals")
    state = models.CharField(
        "状态", max_length=20, choices=ProposalState.choices(), default=ProposalState.WAITING.value
    )
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    decision_reason = models.CharField("审核意见", max_length=300, blank=True)

    objects = PersonProposalQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("state", "proposed_at"), name="proposal_by_state"),)
        constraints = (
            models.UniqueConstraint(
                fields=("person", "content_index"),
                condition=Q(state="waiting"),
                name="proposal_waits_once",
                violation_error_message="同样的更正申请已在等待审核。",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="proposal_decided_when_it_no_longer_waits",
                violation_error_message="更正申请的状态与审核时间不符。",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(decision_reason=""),
                name="proposal_refused_with_a_reason",
                violation_error_message="不予采纳须写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "withdrawn"])
                | Q(decided_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(decided_by=F("proposed_by")),
                name="proposal_decided_by_another",
                violation_error_message="更正申请不能由提出的人自己审核。",
            ),
            models.CheckConstraint(
                condition=Q(kind="correct", into__isnull=True) | Q(kind="merge", into__isnull=False),
                name="proposal_of_merging_names_the_other_record",
                violation_error_message="合并的申请须写明与哪一条记录合并。",
            ),
        )

    def __str__(self) -> str:
        return f"更正申请 {self.pk}"

    @property
    def before(self) -> dict[str, Any]:
        """The facts as they were when it was proposed, numbers in full."""
        return _opened(self.before_encrypted)

    @property
    def after(self) -> dict[str, Any]:
        """The facts as they should be, numbers in full."""
        return _opened(self.after_encrypted)

    @property
    def is_waiting(self) -> bool:
        return self.state == ProposalState.WAITING

    @property
    def state_label(self) -> str:
        return ProposalState(self.state).label


def _opened(stored: bytes | memoryview) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(decrypt(PURPOSE, bytes(stored)))
    return values
