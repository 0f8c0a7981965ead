"""Declarations of near relatives 近亲属关系 signed at an appointment, where the installation asks for them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from foundation.crypto import decrypt, encrypt
from staffing.models.constraints import withdrawn_with_a_reason
from staffing.models.postings import Posting

_PURPOSE = "kin_declaration"
_NONE = "无"


class KinDeclarationQuerySet(models.QuerySet["KinDeclaration"]):
    def live(self) -> KinDeclarationQuerySet:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class KinDeclaration(models.Model):
    """近亲属关系声明 of a posting. Whether there are relatives, and who, is encrypted as one text."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="kin_declarations")
    declared_encrypted = models.BinaryField(editable=False)
    signed_on = models.DateField("签字日期")
    paper = models.CharField("存档材料", max_length=200, blank=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤销原因", max_length=200, blank=True)

    objects = KinDeclarationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("posting",),
                condition=Q(withdrawn_at__isnull=True),
                name="kin_declared_once",
                violation_error_message="这次到岗已有近亲属关系声明,请先撤销原来的。",
            ),
            withdrawn_with_a_reason("kin_declaration_withdrawn_with_a_reason", "近亲属关系声明"),
        )

    def __str__(self) -> str:
        return f"近亲属关系声明 {self.signed_on}"

    def declare(self, kin: str) -> None:
        """Set who the relatives are, in words; empty text says that there are none. Not saved."""
        self.declared_encrypted = encrypt(_PURPOSE, kin.strip() or _NONE)

    @property
    def kin(self) -> str:
        """Who the relatives are, in words; empty where there are none."""
        declared = decrypt(_PURPOSE, bytes(self.declared_encrypted))
        return "" if declared == _NONE else declared
