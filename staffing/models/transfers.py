"""Transfers 调动: a posting that goes on elsewhere, from one township's word to the other's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from staffing.enums import TransferState
from staffing.models.postings import Posting
from townships.models import Township

if TYPE_CHECKING:
    from accounts.models import User

# What the receiving township sees: what waits for it, and what it has received.
_OF_RECEIVER = (TransferState.WAITING.value, TransferState.RECEIVED.value)


class TransferQuerySet(models.QuerySet["Transfer"]):
    def visible_to(self, user: User) -> TransferQuerySet:
        """The county's readers see all; a clerk those that the own township sends, and those sent to it while they
        wait or once they are received."""
        if user.reads_county:
            return self
        mine = Township.objects.visible_to(user)
        return self.filter(Q(posting__township__in=mine) | Q(to_township__in=mine, state__in=_OF_RECEIVER))

    def waiting(self) -> TransferQuerySet:
        return self.filter(state=TransferState.WAITING.value)


class Transfer(models.Model):
    """调动 of a posting: asked for by its township, received by another one, or by itself for another place there.

    Until it is received nothing of any posting changes. `decided_*` tell of the step that ended it, whichever it was.
    """

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="transfers")
    last_day = models.DateField("调出前最后一天")
    to_township = models.ForeignKey(Township, models.PROTECT, related_name="+", verbose_name="调入镇乡(街道)")
    document = models.CharField("调动原因或依据文件", max_length=200)
    state = models.CharField("状态", max_length=20, choices=TransferState.choices(), default=TransferState.WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField("登记时间")
    new_posting = models.OneToOneField(
        Posting, models.PROTECT, null=True, blank=True, related_name="received_by", verbose_name="调入后的在岗记录"
    )
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("办结时间", null=True, blank=True)
    decided_reason = models.CharField("退回或撤回的原因", max_length=200, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("posting",),
                condition=Q(state=TransferState.WAITING.value),
                name="transfer_waits_once",
                violation_error_message="这条在岗记录已有一次调动等待接收。",
            ),
            models.CheckConstraint(
                condition=Q(state=TransferState.WAITING.value, decided_at__isnull=True, new_posting__isnull=True)
                | Q(state=TransferState.RECEIVED.value, decided_at__isnull=False, new_posting__isnull=False)
                | (
                    Q(
                        state__in=[TransferState.REFUSED.value, TransferState.WITHDRAWN.value],
                        decided_at__isnull=False,
                        new_posting__isnull=True,
                    )
                    & ~Q(decided_reason="")
                ),
                name="transfer_state_agrees",
                violation_error_message="调动的状态与办理结果不一致。",
            ),
        )

    def __str__(self) -> str:
        return f"调动 {self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.state == TransferState.WAITING

    @property
    def is_within(self) -> bool:
        """Whether it is from one place of a township to another."""
        return self.to_township_id == self.posting.township_id
