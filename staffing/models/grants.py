"""Grants of extra places 增配批复, and their ending (一.2)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from townships.models import Township


class EstablishmentGrant(models.Model):
    """增配批复: extra assistants of a township between two inclusive dates; counts once approved (一.2)."""

    township = models.ForeignKey(Township, models.PROTECT, related_name="grants")
    extra = models.PositiveSmallIntegerField("增配人数")
    effective_from = models.DateField("执行日期")
    ended_on = models.DateField("终止日期", null=True, blank=True)
    document = models.CharField("批复文件", max_length=200)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("effective_from")),
                name="grant_ends_after_it_starts",
                violation_error_message="终止日期不能早于执行日期。",
            ),
            models.CheckConstraint(
                condition=Q(extra__gte=1), name="grant_is_positive", violation_error_message="增配人数至少 1 人。"
            ),
        )

    def __str__(self) -> str:
        return f"{self.township} 增配 {self.extra} 人({self.effective_from})"


class GrantEnding(models.Model):
    """增配终止: an earlier last day of an approved grant, on a document of its own; the grant has it once approved."""

    grant = models.ForeignKey(EstablishmentGrant, models.PROTECT, related_name="endings")
    last_day = models.DateField("终止日期")
    document = models.CharField("依据文件", max_length=200)
    reason = models.CharField("终止原因", max_length=200)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("grant",),
                condition=Q(approved_at__isnull=True),
                name="grant_ending_waits_once",
                violation_error_message="这份批复已有一次终止在等待审核。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.grant}终止于 {self.last_day}"
