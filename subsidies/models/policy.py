"""Dated policy: minimum wages, standards with their bands, and where the money comes from."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.money import MoneyField
from staffing.enums import Position, RetirementGroup
from townships.models import PolicyDocument


class MinimumWage(models.Model):
    """最低工资标准 in yuan a month, from a day on; a correction is a new row of the same day that replaces it.

    It counts once both have approved it: `approved_by` for the bureau, `finance_approved_by` for finance (二.1).
    """

    effective_from = models.DateField("执行日期")
    amount = MoneyField("月最低工资")
    document = models.ForeignKey(PolicyDocument, models.PROTECT)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    finance_approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("effective_from", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("effective_from",),
                condition=Q(replaces__isnull=True),
                name="minimum_wage_once_a_day",
                violation_error_message="同一天只能有一个最低工资标准;更正请注明替换哪一条。",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="minimum_wage_is_positive",
                violation_error_message="最低工资标准须大于零。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.effective_from} 起 {self.amount} 元"


class RetirementAge(models.Model):
    """退休年龄 of a group from a day on, later for those born from `first_birth_month` on; it pays nothing.

    A correction is a new row of the same group and day that replaces it.

    It counts once both have approved it: `approved_by` for the bureau, `finance_approved_by` for finance.
    """

    effective_from = models.DateField("执行日期")
    group = models.CharField("类别", max_length=20, choices=RetirementGroup.choices())
    base_years = models.PositiveSmallIntegerField("原退休年龄(周岁)")
    first_birth_month = models.DateField("延迟起始出生月份", null=True, blank=True)
    months_per_step = models.PositiveSmallIntegerField("每几个月延迟一个月", null=True, blank=True)
    cap_months = models.PositiveSmallIntegerField("最多延迟月数", null=True, blank=True)
    document = models.ForeignKey(PolicyDocument, models.PROTECT)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    finance_approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("effective_from", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("group", "effective_from"),
                condition=Q(replaces__isnull=True),
                name="retirement_age_once_a_day",
                violation_error_message="同一类别同一天只能有一个退休年龄;更正请注明替换哪一条。",
            ),
            models.CheckConstraint(
                condition=Q(first_birth_month__isnull=True, months_per_step__isnull=True, cap_months__isnull=True)
                | Q(first_birth_month__isnull=False, months_per_step__gte=1, cap_months__gte=1),
                name="retirement_age_is_delayed_in_whole",
                violation_error_message="延迟退休须写全起始出生月份、每几个月延迟一个月、最多延迟月数。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.effective_from} 起{RetirementGroup(self.group).label}的退休年龄"


class FundSource(models.Model):
    """资金来源: where the money comes from, on which document and until when (二.1)."""

    key = models.SlugField("标识", max_length=80, unique=True)
    name = models.CharField("名称", max_length=100)
    document = models.ForeignKey(PolicyDocument, models.PROTECT)
    valid_until = models.DateField("有效期至", null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    def is_valid_on(self, day: date) -> bool:
        return self.valid_until is None or day <= self.valid_until


class SubsidyStandard(models.Model):
    """补助标准: every number of the calculation from a day on (一.1, 一.2, 二.1); never edited once used.

    It counts once both have approved it: `approved_by` for the bureau, `finance_approved_by` for finance (二.1).
    """

    effective_from = models.DateField("执行日期")
    document = models.ForeignKey(PolicyDocument, models.PROTECT)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    finance_approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    assistant_percent = models.DecimalField("协理员比例", max_digits=7, decimal_places=2, null=True)
    assistant_fixed = MoneyField("协理员定额", null=True)
    community_percent = models.DecimalField("社区协管员比例", max_digits=7, decimal_places=2, null=True)
    community_fixed = MoneyField("社区协管员定额", null=True)
    village_percent = models.DecimalField("村书记报酬比例", max_digits=7, decimal_places=2, null=True)
    wage_floor = MoneyField("月工资下限", null=True)
    proration = models.CharField("折算方法", max_length=20)
    proration_day = models.PositiveSmallIntegerField("在岗基准日", null=True)
    assistant_base_a = models.PositiveSmallIntegerField("甲类协理员基数")
    assistant_base_b = models.PositiveSmallIntegerField("乙类协理员基数")
    assistant_extra_max = models.PositiveSmallIntegerField("增配上限")
    platform_minimum_a = models.PositiveSmallIntegerField("甲类平台人员下限")
    platform_minimum_b = models.PositiveSmallIntegerField("乙类平台人员下限")
    contract_min_months = models.PositiveSmallIntegerField("合同最短月数", default=36)
    contract_ending_days = models.PositiveSmallIntegerField("合同到期提前提示天数", default=90)
    checks = models.JSONField("检查力度", default=dict, blank=True)
    checks_from = models.DateField("学历和招聘检查起始", null=True)
    cap_at_cost = models.BooleanField("补助不超过用工成本", default=False)
    counting_suspensions = models.JSONField("停发期间照发的种类", default=list, blank=True)

    class Meta:
        ordering = ("effective_from", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("effective_from",),
                condition=Q(replaces__isnull=True),
                name="standard_once_a_day",
                violation_error_message="同一天只能有一个补助标准;更正请注明替换哪一条。",
            ),
            models.CheckConstraint(
                condition=(
                    Q(assistant_percent__isnull=True, assistant_fixed__isnull=False)
                    | Q(assistant_percent__isnull=False, assistant_fixed__isnull=True)
                )
                & (
                    Q(community_percent__isnull=True, community_fixed__isnull=False)
                    | Q(community_percent__isnull=False, community_fixed__isnull=True)
                ),
                name="standard_is_percent_or_fixed",
                violation_error_message="补助标准须填比例或定额之一。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.effective_from} 起的补助标准"


class HouseholdBand(models.Model):
    """户数档次 of a standard: from a number of households on, the secretary's pay or a fixed amount (二.1)."""

    standard = models.ForeignKey(SubsidyStandard, models.CASCADE, related_name="bands")
    from_households = models.PositiveIntegerField("户数下限")
    secretary_pay = MoneyField("村党组织书记月报酬", null=True)
    amount = MoneyField("定额", null=True)

    class Meta:
        ordering = ("standard", "from_households")
        constraints = (
            models.UniqueConstraint(
                fields=("standard", "from_households"),
                name="band_begins_once",
                violation_error_message="户数档次的下限不能重复。",
            ),
            models.CheckConstraint(
                condition=Q(secretary_pay__isnull=True, amount__isnull=False)
                | Q(secretary_pay__isnull=False, amount__isnull=True),
                name="band_is_pay_or_amount",
                violation_error_message="每档须填书记报酬或定额之一。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.from_households} 户起"


class StandardFunding(models.Model):
    """The fund source of one position under one standard (二.1)."""

    standard = models.ForeignKey(SubsidyStandard, models.CASCADE, related_name="funding")
    position = models.CharField("岗位类别", max_length=30, choices=Position.choices())
    source = models.ForeignKey(FundSource, models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("standard", "position"),
                name="one_source_a_position",
                violation_error_message="每个岗位类别只能有一个资金来源。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.position}: {self.source}"
