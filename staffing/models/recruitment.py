"""Rounds of open recruitment 公开招聘 of a township (一.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from staffing.models.constraints import withdrawn_with_a_reason
from townships.models import Township, seen_by

if TYPE_CHECKING:
    from accounts.models import User


class RecruitmentRoundQuerySet(models.QuerySet["RecruitmentRound"]):
    def visible_to(self, user: User) -> RecruitmentRoundQuerySet:
        return seen_by(user, self)

    def live(self) -> RecruitmentRoundQuerySet:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class RecruitmentRound(models.Model):
    """公开招聘: the notice, the publication of who is to be engaged, and the approval of it; both dates inclusive.

    An `is_historical` one 历史登记 stands for what the roster said before rounds were kept; `stated_source` is what
    it said of where these people came from.
    """

    township = models.ForeignKey(Township, models.PROTECT, related_name="recruitment_rounds")
    notice_title = models.CharField("招聘公告", max_length=200)
    notice_number = models.CharField("公告文号", max_length=100, blank=True)
    noticed_on = models.DateField("公告日期", null=True, blank=True)
    publicised_from = models.DateField("拟聘公示起", null=True, blank=True)
    publicised_until = models.DateField("拟聘公示止", null=True, blank=True)
    objections = models.CharField("公示异议", max_length=500, blank=True)
    approval = models.CharField("聘用批文", max_length=200, blank=True)
    paper = models.CharField("存档材料", max_length=200, blank=True)
    is_historical = models.BooleanField("历史登记", default=False)
    stated_source = models.CharField("原登记的人员来源", max_length=100, blank=True)
    remark = models.CharField("备注", max_length=500, blank=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤销原因", max_length=200, blank=True)

    objects = RecruitmentRoundQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(publicised_until__isnull=True)
                | Q(publicised_from__isnull=False, publicised_until__gte=F("publicised_from")),
                name="recruitment_publication_ends_after_it_starts",
                violation_error_message="拟聘公示止不能早于拟聘公示起。",
            ),
            models.UniqueConstraint(
                fields=("township", "notice_title", "notice_number"),
                condition=Q(withdrawn_at__isnull=True, is_historical=False),
                name="recruitment_notice_once",
                violation_error_message="这份招聘公告已经登记过。",
            ),
            withdrawn_with_a_reason("recruitment_withdrawn_with_a_reason", "公开招聘"),
        )

    def __str__(self) -> str:
        return f"{self.notice_title}({self.notice_number})" if self.notice_number else self.notice_title
