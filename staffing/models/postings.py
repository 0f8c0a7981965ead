"""Postings 在岗记录, and what belongs to one: contracts, wages, suspensions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from foundation.constraints import PostgresExclusion
from foundation.money import MoneyField
from staffing.enums import ContractKind, EndKind, Position, PostingSource, SuspensionKind
from staffing.models.constraints import ends_after_it_starts, inclusive_range, withdrawn_with_a_reason
from staffing.models.imports import ImportBatch
from staffing.models.recruitment import RecruitmentRound
from townships.models import GrassrootsUnit, Township, seen_by

if TYPE_CHECKING:
    from accounts.models import User


class PostingQuerySet(models.QuerySet["Posting"]):
    def visible_to(self, user: User) -> PostingQuerySet:
        return seen_by(user, self)

    def of_person(self, person: int) -> PostingQuerySet:
        """Of the record with this key and of those that are merged into it."""
        return self.filter(Q(person=person) | Q(person__merged_into=person))

    def in_service_on(self, day: date) -> PostingQuerySet:
        """Between first and last day, suspended or not."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day), withdrawn_at=None, started_on__lte=day)

    def going_on_after(self, day: date) -> PostingQuerySet:
        """In service on some day after this one."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), withdrawn_at=None)

    def contract_ending_within(self, number: int, day: date) -> PostingQuerySet:
        """Whose contract in force on `day` ends on one of the next `number` days and has no successor yet."""
        contracts = Contract.objects.live().filter(posting=OuterRef("pk"))
        in_force = contracts.filter(started_on__lte=day).order_by("-started_on")
        later = contracts.filter(started_on__gt=day)
        ending = self.alias(contract_ends=Subquery(in_force.values("ended_on")[:1]))
        return ending.filter(~Exists(later), contract_ends__range=(day, day + timedelta(days=number)))


class Posting(models.Model):
    """在岗记录: one person on one post of one township or unit; both dates are days on post."""

    person = models.ForeignKey("staffing.Person", models.PROTECT, related_name="postings")
    township = models.ForeignKey(Township, models.PROTECT, related_name="postings")
    unit = models.ForeignKey(GrassrootsUnit, models.PROTECT, null=True, blank=True, related_name="postings")
    position = models.CharField("岗位类别", max_length=30, choices=Position.choices())
    started_on = models.DateField("到岗日期")
    ended_on = models.DateField("离岗日期", null=True, blank=True)
    # Older records and rosters have words only.
    end_kind = models.CharField(
        "离岗原因", max_length=30, blank=True, choices=EndKind.choices(), default="", db_default=""
    )
    end_reason = models.CharField("离岗说明", max_length=200, blank=True)
    source = models.CharField(
        "人员来源", max_length=30, blank=True, choices=PostingSource.choices(), default="", db_default=""
    )
    recruitment_round = models.ForeignKey(
        RecruitmentRound, models.PROTECT, null=True, blank=True, related_name="postings", verbose_name="公开招聘"
    )
    note = models.CharField("备注", max_length=500, blank=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤销原因", max_length=200, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    import_batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True, related_name="postings")

    objects = PostingQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("township", "position", "started_on"), name="posting_by_place"),)
        constraints = (
            ends_after_it_starts("posting_ends_after_it_starts"),
            models.CheckConstraint(
                condition=(
                    Q(position__in=[Position.PLATFORM_STAFF.value, Position.ASSISTANT.value], unit__isnull=True)
                    | Q(
                        position__in=[Position.COMMUNITY_COORDINATOR.value, Position.VILLAGE_COORDINATOR.value],
                        unit__isnull=False,
                    )
                ),
                name="posting_has_the_place_of_its_position",
                violation_error_message="协管员必须填写村(社区),协理员和平台工作人员不填。",
            ),
            models.CheckConstraint(
                condition=Q(recruitment_round__isnull=True) | Q(source=PostingSource.OPEN_RECRUITMENT.value),
                name="posting_of_a_round_is_openly_recruited",
                violation_error_message="选择了公开招聘场次的,人员来源须为公开招聘。",
            ),
            models.CheckConstraint(
                condition=Q(end_kind="") | Q(ended_on__isnull=False),
                name="posting_end_kind_with_an_end",
                violation_error_message="选了离岗原因的,请填写离岗日期。",
            ),
            withdrawn_with_a_reason("posting_withdrawn_with_a_reason", "在岗记录"),
            PostgresExclusion(
                name="posting_not_twice_at_once",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("township", RangeOperators.EQUAL),
                    (Coalesce(F("unit"), Value(0), output_field=models.BigIntegerField()), RangeOperators.EQUAL),
                    ("position", RangeOperators.EQUAL),
                    (inclusive_range(), RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at__isnull=True),
                # Asked at the end of a statement, so that one statement may move two postings past each other.
                deferrable=Deferrable.IMMEDIATE,
            ),
        )

    def __str__(self) -> str:
        return f"在岗记录 {self.pk}"

    @property
    def why_it_ended(self) -> str:
        """辞职(回原籍), or what was written before there was a list; empty where nothing is recorded."""
        kind = EndKind(self.end_kind).label if self.end_kind else ""
        return f"{kind}({self.end_reason})" if kind and self.end_reason else kind or self.end_reason


class ContractQuerySet(models.QuerySet["Contract"]):
    def live(self) -> ContractQuerySet:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Contract(models.Model):
    """劳动合同 of a posting; no end means an open-ended one.

    A withdrawn one was entered by mistake and stays to be read.
    """

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="contracts")
    number = models.CharField("合同编号", max_length=80, blank=True)
    started_on = models.DateField("合同起始")
    ended_on = models.DateField("合同终止", null=True, blank=True)
    kind = models.CharField("合同类型", max_length=20, blank=True, choices=ContractKind.choices())
    employer = models.CharField("用工单位", max_length=100, blank=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤销原因", max_length=200, blank=True, default="", db_default="")

    objects = ContractQuerySet.as_manager()

    class Meta:
        constraints = (
            ends_after_it_starts("contract_ends_after_it_starts"),
            withdrawn_with_a_reason("contract_withdrawn_with_a_reason", "劳动合同"),
            PostgresExclusion(
                name="contracts_of_a_posting_do_not_overlap",
                expressions=[("posting", RangeOperators.EQUAL), (inclusive_range(), RangeOperators.OVERLAPS)],
                condition=Q(withdrawn_at__isnull=True),
                deferrable=Deferrable.IMMEDIATE,
            ),
        )

    def __str__(self) -> str:
        return self.number or f"合同 {self.pk}"


class WageQuerySet(models.QuerySet["Wage"]):
    def live(self) -> WageQuerySet:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Wage(models.Model):
    """工资 of a posting from a day on, in yuan a month; the next one ends it. Unknown parts are empty.

    A withdrawn one was entered by mistake and stays to be read: until the next one the wage before it goes on.
    """

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="wages")
    effective_from = models.DateField("执行日期")
    monthly_wage = MoneyField("月工资", null=True, blank=True)
    employer_insurance = MoneyField("单位社保", null=True, blank=True)
    housing_fund = MoneyField("住房公积金", null=True, blank=True)
    document = models.CharField("依据文件", max_length=200, blank=True, default="", db_default="")
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤销原因", max_length=200, blank=True, default="", db_default="")

    objects = WageQuerySet.as_manager()

    class Meta:
        constraints = (
            withdrawn_with_a_reason("wage_withdrawn_with_a_reason", "工资"),
            models.UniqueConstraint(
                fields=("posting", "effective_from"),
                condition=Q(withdrawn_at__isnull=True),
                name="wage_once_a_day",
                violation_error_message="同一天只能有一条工资记录。",
            ),
        )

    def __str__(self) -> str:
        return f"工资 {self.effective_from}"


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def live(self) -> SuspensionQuerySet:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Suspension(models.Model):
    """停发: days on which a posting is not on post; both dates inclusive, no end means until further notice.

    A withdrawn one was entered by mistake and stays to be read.
    """

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="suspensions")
    kind = models.CharField("种类", max_length=20, choices=SuspensionKind.choices())
    started_on = models.DateField("停发起始")
    ended_on = models.DateField("停发终止", null=True, blank=True)
    reason = models.CharField("原因", max_length=200, blank=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤销原因", max_length=200, blank=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        constraints = (
            ends_after_it_starts("suspension_ends_after_it_starts"),
            withdrawn_with_a_reason("suspension_withdrawn_with_a_reason", "停发"),
        )

    def __str__(self) -> str:
        return f"停发 {self.started_on}"
