"""Dated policy, monthly runs with their revisions, and the lines that say what was due and why."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.dates import Month
from foundation.money import ZERO, MoneyField
from staffing.enums import Position
from staffing.models import Posting
from subsidies.enums import RunState
from townships.models import County, PolicyDocument, Township

if TYPE_CHECKING:
    from accounts.models import User


class MinimumWage(models.Model):
    """最低工资标准 in yuan a month, from a day on; a correction is a new row of the same day that replaces it."""

    effective_from = models.DateField("执行日期")
    amount = MoneyField("月最低工资")
    document = models.ForeignKey(PolicyDocument, models.PROTECT)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
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
    """补助标准: every number of the calculation from a day on (一.1, 一.2, 二.1); never edited once used."""

    effective_from = models.DateField("执行日期")
    document = models.ForeignKey(PolicyDocument, models.PROTECT)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
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


class LedgerParameters(models.Model):
    """Installation parameters of the ledger. `first_month` is fixed by the first approval."""

    county = models.OneToOneField(County, models.PROTECT, related_name="ledger")
    first_month = models.DateField("账目起始月", null=True)
    retro_months = models.PositiveSmallIntegerField("追溯月数", default=12)
    reports_required = models.BooleanField("须有镇街月报", default=False)

    def __str__(self) -> str:
        return f"{self.county} 账目参数"


class SubsidyRun(models.Model):
    """月度核算: one month, one number; its figures are those of the current revision."""

    county = models.ForeignKey(County, models.PROTECT, related_name="runs")
    month = models.DateField("月份")
    number = models.PositiveSmallIntegerField("次数", default=1)
    state = models.CharField("状态", max_length=20, choices=RunState.choices(), default=RunState.CALCULATED.value)
    retro_months = models.PositiveSmallIntegerField("追溯月数")
    current_revision = models.OneToOneField(
        "Revision", models.PROTECT, null=True, blank=True, related_name="current_for"
    )
    approved_at = models.DateTimeField("审批时间", null=True)

    class Meta:
        ordering = ("-month", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=("county", "month", "number"),
                name="run_number_once_a_month",
                violation_error_message="这个月已有该次核算。",
            ),
            models.UniqueConstraint(
                fields=("county",),
                condition=Q(state=RunState.CALCULATED.value),
                name="one_unapproved_run",
                violation_error_message="还有一次核算未审批。",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=RunState.CALCULATED.value, approved_at__isnull=True)
                    | Q(state=RunState.APPROVED.value, approved_at__isnull=False)
                ),
                name="run_state_agrees_with_its_times",
                violation_error_message="状态与审批时间不符。",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="run_month_is_a_first", violation_error_message="月份须为当月一日。"
            ),
        )

    def __str__(self) -> str:
        return f"{self.period.label}" + (f"第 {self.number} 次" if self.number > 1 else "")

    @property
    def period(self) -> Month:
        return Month.of(self.month)

    @property
    def is_approved(self) -> bool:
        return self.state == RunState.APPROVED.value

    @property
    def state_label(self) -> str:
        return RunState(self.state).label


class Revision(models.Model):
    """核算版次: one result of calculating a run; rows are added, never changed."""

    run = models.ForeignKey(SubsidyRun, models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField("版次")
    digest = models.CharField(max_length=64)
    calculated_at = models.DateTimeField(auto_now_add=True)
    calculated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    total = MoneyField("合计")
    basis = models.JSONField("依据", default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("run", "number"), name="revision_number_once", violation_error_message="版次重复。"
            ),
        )

    def __str__(self) -> str:
        return f"{self.run} 第 {self.number} 版"


class Explanation(models.Model):
    """Why an amount is what it is: the steps that all lines with the same key share."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="explanations")
    steps = models.JSONField()
    sentence = models.CharField(max_length=500)

    def __str__(self) -> str:
        return self.sentence


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def visible_to(self, user: User) -> AllocationQuerySet:
        return self.filter(township__in=Township.objects.visible_to(user))


class Allocation(models.Model):
    """镇街补助: one township in one revision, with what its lines cannot tell: places, units, the report's state.

    Class, places and units are those of the month's last day; `places_by_day` maps a number of places to the days
    that have it, as a mask with bit 0 for the first.
    """

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="allocations")
    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    township_code = models.CharField(max_length=12)
    township_name = models.CharField(max_length=60)
    township_class = models.CharField(max_length=1, blank=True)
    places = models.PositiveSmallIntegerField("协理员补助名额")
    places_by_day = models.JSONField("逐日补助名额")
    communities = models.PositiveSmallIntegerField("社区数")
    villages = models.PositiveSmallIntegerField("村居数")
    is_late = models.BooleanField("未报", default=False)
    total = MoneyField("合计", default=ZERO)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        ordering = ("revision", "township_code")
        constraints = (
            models.UniqueConstraint(
                fields=("revision", "township"),
                name="one_allocation_a_township",
                violation_error_message="每个镇乡(街道)每版只有一条。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.revision} {self.township_name}"


class AllocationLineQuerySet(models.QuerySet["AllocationLine"]):
    def visible_to(self, user: User) -> AllocationLineQuerySet:
        return self.filter(allocation__township__in=Township.objects.visible_to(user))


class AllocationLine(models.Model):
    """补助明细: one posting, one month it pays for, with everything the figure was made of.

    Day masks have bit 0 for the first of the month. `amount` = `due` - `posted_before`, plus nothing else.
    `order` is the place of the line in its revision.
    """

    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="lines")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="allocation_lines")
    explanation = models.ForeignKey(Explanation, models.PROTECT, related_name="+")
    order = models.PositiveIntegerField()
    person_id = models.BigIntegerField()
    person_name = models.CharField(max_length=60)
    position = models.CharField(max_length=30)
    unit_code = models.CharField(max_length=12, blank=True)
    unit_name = models.CharField(max_length=60, blank=True)
    for_month = models.DateField("所属月份")
    month_days = models.PositiveSmallIntegerField()
    in_service = models.BigIntegerField()
    suspended = models.BigIntegerField()
    without_post = models.BigIntegerField()
    duplicate = models.BigIntegerField()
    over_quota = models.BigIntegerField()
    counted_days = models.PositiveSmallIntegerField("计发天数")
    on_post_at_end = models.BooleanField("月末在岗")
    households = models.PositiveIntegerField(null=True)
    band = models.PositiveIntegerField(null=True)
    findings = models.CharField(max_length=300, blank=True)
    blocked_by = models.CharField(max_length=30, blank=True)
    rate = MoneyField("补助标准", null=True)
    due = MoneyField("应补")
    posted_before = MoneyField("已补")
    amount = MoneyField("本次金额")
    reason = models.CharField(max_length=30, blank=True)
    cause = models.CharField(max_length=30, blank=True)
    cost = MoneyField("用工成本", null=True)
    township_share = MoneyField("镇街承担", null=True)
    surplus = MoneyField("结余", null=True)

    objects = AllocationLineQuerySet.as_manager()

    class Meta:
        ordering = ("allocation", "order")
        constraints = (
            models.UniqueConstraint(
                fields=("allocation", "posting", "for_month"),
                name="one_line_a_posting_and_month",
                violation_error_message="同一在岗记录同一所属月份只能有一条明细。",
            ),
            models.CheckConstraint(
                condition=Q(amount=F("due") - F("posted_before")),
                name="amount_is_due_minus_posted",
                violation_error_message="本次金额须等于应补减已补。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.for_month:%Y-%m} {self.amount}"

    @property
    def period(self) -> Month:
        return Month.of(self.for_month)

    @property
    def settles_earlier_month(self) -> bool:
        """Back-pay or clawback: the line pays for an earlier month than its run's."""
        return self.for_month < self.allocation.revision.run.month
