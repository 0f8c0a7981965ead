"""The month as a township reports it, and the reasons given for what the checks found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.dates import Month
from staffing.models import Posting
from subsidies.enums import ReportState
from subsidies.labels import finding_label
from subsidies.models.states import state_agrees_with_its_times
from subsidies.workflow import REPORT_STATES
from townships.models import GrassrootsUnit, Township, seen_by

if TYPE_CHECKING:
    from accounts.models import User


class TownshipReportQuerySet(models.QuerySet["TownshipReport"]):
    def visible_to(self, user: User) -> TownshipReportQuerySet:
        return seen_by(user, self)


class TownshipReport(models.Model):
    """镇街月报: a township's confirmation of one month.

    `facts` are what was confirmed, as reports.facts writes them, and `digest` their SHA-256: facts of the same format
    that say something else make the report stale. They are of the months from `since` on, which stays as it was when
    the report was sent up. `format` is how facts and digest are written, empty for the first. `submission` counts how
    often it was sent up.
    """

    township = models.ForeignKey(Township, models.PROTECT, related_name="reports")
    month = models.DateField("月份")
    state = models.CharField("状态", max_length=20, choices=ReportState.choices(), default=ReportState.DRAFT.value)
    submission = models.PositiveSmallIntegerField("上报次数", default=0)
    since = models.DateField("涉及月份起", null=True)
    format = models.PositiveSmallIntegerField("上报内容格式", null=True)
    facts = models.JSONField("上报内容", default=dict)
    digest = models.CharField(max_length=64, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField("上报时间", null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("审核时间", null=True)
    return_reason = models.CharField("退回原因", max_length=500, blank=True)
    posting_reasons = models.JSONField("逐人退回原因", default=dict)

    objects = TownshipReportQuerySet.as_manager()

    class Meta:
        ordering = ("-month", "township")
        constraints = (
            models.UniqueConstraint(
                fields=("township", "month"),
                name="one_report_a_township_and_month",
                violation_error_message="这个月的月报已经有了。",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="report_month_is_a_first", violation_error_message="月份须为当月一日。"
            ),
            models.CheckConstraint(
                condition=state_agrees_with_its_times(REPORT_STATES),
                name="report_state_agrees_with_its_times",
                violation_error_message="月报状态与上报、审核的时间不符。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.township}{self.period.label}月报"

    @property
    def period(self) -> Month:
        return Month.of(self.month)

    @property
    def facts_format(self) -> int:
        """The number of the format that `facts` are written in."""
        return self.format or 1

    @property
    def state_label(self) -> str:
        return ReportState(self.state).label


class AcknowledgementQuerySet(models.QuerySet["Acknowledgement"]):
    def visible_to(self, user: User) -> AcknowledgementQuerySet:
        return seen_by(user, self)


class Acknowledgement(models.Model):
    """情况说明: the reason given for a finding; it holds as long as the fact that the finding rests on.

    `check_name` is a Check or a RunHint.
    """

    township = models.ForeignKey(Township, models.PROTECT, related_name="acknowledgements")
    check_name = models.CharField("检查", max_length=30)
    posting = models.ForeignKey(Posting, models.PROTECT, null=True, blank=True, related_name="acknowledgements")
    unit = models.ForeignKey(GrassrootsUnit, models.PROTECT, null=True, blank=True, related_name="+")
    fact = models.CharField("事实", max_length=200)
    reason = models.CharField("说明", max_length=300)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(auto_now_add=True)

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("township", "check_name"), name="acknowledgement_by_check"),)

    def __str__(self) -> str:
        return f"{finding_label(self.check_name)}:{self.reason}"
