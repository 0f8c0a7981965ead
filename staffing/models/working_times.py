"""Full or part-time 专职/兼职 of a posting, from a day on."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from staffing.models.constraints import withdrawn_with_a_reason
from staffing.models.postings import Posting


class WorkingTimeQuerySet(models.QuerySet["WorkingTime"]):
    def live(self) -> WorkingTimeQuerySet:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def begun_by(self, day: date) -> WorkingTimeQuerySet:
        """Live ones that began by then, the one in force first."""
        begun = self.live().filter(Q(effective_from__isnull=True) | Q(effective_from__lte=day))
        return begun.order_by(F("effective_from").desc(nulls_last=True))


class WorkingTime(models.Model):
    """专兼职 of a posting from a day on, without a day from its first; the next one ends it."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="working_times")
    effective_from = models.DateField("执行日期", null=True, blank=True)
    is_full_time = models.BooleanField("专职")
    document = models.CharField("依据文件", max_length=200, blank=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤销原因", max_length=200, blank=True)

    objects = WorkingTimeQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("posting", "effective_from"),
                condition=Q(withdrawn_at__isnull=True),
                name="working_time_once_a_day",
                violation_error_message="同一天只能有一条专兼职登记。",
            ),
            models.UniqueConstraint(
                fields=("posting",),
                condition=Q(withdrawn_at__isnull=True, effective_from__isnull=True),
                name="working_time_from_the_first_day_once",
                violation_error_message="到岗时的专兼职只能有一条登记。",
            ),
            withdrawn_with_a_reason("working_time_withdrawn_with_a_reason", "专兼职登记"),
        )

    def __str__(self) -> str:
        return "专职" if self.is_full_time else "兼职"
