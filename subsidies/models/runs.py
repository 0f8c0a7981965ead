"""Monthly runs with their revisions, and the lines that say what was due and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Seal
from foundation.dates import Month
from foundation.money import ZERO, MoneyField
from staffing.models import Person, Posting
from subsidies.enums import RunAction, RunState
from subsidies.models.states import state_agrees_with_its_times
from subsidies.workflow import APPROVED_STATES, RUN_STATES, UNAPPROVED_STATES
from townships.models import County, Township, seen_by

if TYPE_CHECKING:
    from accounts.models import User


class LedgerParameters(models.Model):
    """Installation parameters of the ledger. `first_month` is fixed by the first approval.

    `report_due_day` is the day of a month by which its reports are due (the last one of a shorter month).
    """

    county = models.OneToOneField(County, models.PROTECT, related_name="ledger")
    first_month = models.DateField("账目起始月", null=True)
    retro_months = models.PositiveSmallIntegerField("追溯月数", default=12)
    reports_required = models.BooleanField("须有镇街月报", default=False)
    report_due_day = models.PositiveSmallIntegerField("月报截止日", default=25)

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
    sent_at = models.DateTimeField("送审时间", null=True)
    approved_at = models.DateTimeField("审批时间", null=True)
    returned_at = models.DateTimeField("退回时间", null=True)
    voided_at = models.DateTimeField("作废时间", null=True)

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
                condition=Q(state__in=list(UNAPPROVED_STATES)),
                name="one_unapproved_run",
                violation_error_message="还有一次核算未审批。",
            ),
            models.CheckConstraint(
                condition=state_agrees_with_its_times(RUN_STATES),
                name="run_state_agrees_with_its_times",
                violation_error_message="状态与送审、审批、退回、作废的时间不符。",
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
        return self.state in APPROVED_STATES

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an approval."""
        return self.state in UNAPPROVED_STATES

    @property
    def state_label(self) -> str:
        return RunState(self.state).label


class Revision(models.Model):
    """核算版次: one result of calculating a run; rows are added, never changed.

    Once sent it keeps its lines for ever. One that was never sent keeps its totals and digest when the next takes
    its place.
    """

    run = models.ForeignKey(SubsidyRun, models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField("版次")
    digest = models.CharField(max_length=64)
    calculated_at = models.DateTimeField(auto_now_add=True)
    calculated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    total = MoneyField("合计")
    basis = models.JSONField("依据", default=dict)
    sent_at = models.DateTimeField("送审时间", null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("run", "number"), name="revision_number_once", violation_error_message="版次重复。"
            ),
        )

    def __str__(self) -> str:
        return f"{self.run} 第 {self.number} 版"

    @property
    def was_approved(self) -> bool:
        """Whether it was approved at some time, withdrawn since or not."""
        return Seal.objects.of_revisions([self.pk]).filter(action=RunAction.APPROVE.value).exists()


class Explanation(models.Model):
    """Why an amount is what it is: the steps that all lines with the same key share."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="explanations")
    steps = models.JSONField()
    sentence = models.CharField(max_length=500)

    def __str__(self) -> str:
        return self.sentence


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def visible_to(self, user: User) -> AllocationQuerySet:
        return seen_by(user, self)


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
    settled_until = models.DateField("已结算至", null=True)
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
        return seen_by(user, self, "allocation__township")


class AllocationLine(models.Model):
    """补助明细: one posting, one month it pays for, with everything the figure was made of.

    Day masks have bit 0 for the first of the month. `amount` = `due` - `posted_before`, plus nothing else.
    `order` is the place of the line in its revision; `details` are those of line_details.py, empty for lines from
    before they were kept.

    From the second method on: `component` is what of the subsidy the line pays; all of the amount comes from the fund
    source `source_id`, or `by_source` says from which how much, as [[source, fen], …]; `township_share` and `surplus`
    are what changes of them, `share_level` and `surplus_level` what they come to (domain 3.9).
    """

    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="lines", db_index=False)
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
    details = models.JSONField("登记情况", default=list)
    # From the second method on; empty in lines of the first.
    component = models.CharField("构成", max_length=12, null=True)  # noqa: DJ001  # NULL in lines of the first method
    source_id = models.BigIntegerField("资金来源", null=True)
    by_source = models.JSONField("分来源金额", null=True)
    share_level = MoneyField("镇街承担(累计)", null=True)
    surplus_level = MoneyField("结余(累计)", null=True)

    objects = AllocationLineQuerySet.as_manager()

    class Meta:
        ordering = ("allocation", "order")
        indexes = (
            # What is asked of every line of the window: answered without reading the lines.
            models.Index(
                fields=("allocation", "for_month", "source_id", "amount", "posting"), name="amounts_of_lines"
            ),
            models.Index(
                fields=("allocation", "for_month"),
                condition=Q(by_source__isnull=False),
                name="lines_of_several_sources",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("allocation", "posting", "for_month"),
                condition=Q(component__isnull=True),
                name="one_line_a_posting_and_month",
                violation_error_message="同一在岗记录同一所属月份只能有一条明细。",
            ),
            models.UniqueConstraint(
                fields=("allocation", "posting", "for_month", "component"),
                name="one_line_a_posting_month_and_component",
                violation_error_message="同一在岗记录同一所属月份的每项补助只能有一条明细。",
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
    def changes(self) -> bool:
        """Whether it moves money, changes a share or surplus, or moves money between sources."""
        return bool(self.amount or self.township_share or self.surplus or self.by_source)

    @property
    def source_name(self) -> str:
        """What the revision calls the line's fund source; empty for a line of the first method."""
        names: dict[str, str] = self.allocation.revision.basis.get("source_names", {})
        return names.get(str(self.source_id), "")

    @property
    def settles_earlier_month(self) -> bool:
        """Back-pay or clawback: the line pays for an earlier month than its run's."""
        return self.for_month < self.allocation.revision.run.month


class AdjustmentQuerySet(models.QuerySet["Adjustment"]):
    def visible_to(self, user: User) -> AdjustmentQuerySet:
        return seen_by(user, self)


class Adjustment(models.Model):
    """其他调整: an amount beside what the rules give, to a township and perhaps for a person, on a document.

    It enters every calculation of `month` or later until an approved run holds it. One that settles a difference older
    than the window names the `posting` whose difference it is (domain 4).
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="adjustments")
    month = models.DateField("月份")
    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    posting = models.ForeignKey(Posting, models.PROTECT, null=True, blank=True, related_name="+")
    source = models.ForeignKey("FundSource", models.PROTECT, null=True, blank=True, related_name="+")
    for_month = models.DateField("所属月份")
    amount = MoneyField("金额")
    document = models.CharField("依据文件", max_length=200)
    reason = models.CharField("原因", max_length=300)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(amount=0),
                name="adjustment_is_an_amount",
                violation_error_message="调整金额不能为零。",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1, for_month__day=1, for_month__lte=F("month")),
                name="adjustment_months_are_firsts",
                violation_error_message="所属月份不能晚于核算月份。",
            ),
        )

    def __str__(self) -> str:
        return f"其他调整 {self.amount}"


class AdjustmentLineQuerySet(models.QuerySet["AdjustmentLine"]):
    def visible_to(self, user: User) -> AdjustmentLineQuerySet:
        return seen_by(user, self, "allocation__township")


class AdjustmentLine(models.Model):
    """An adjustment as one revision holds it."""

    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="adjustments")
    adjustment = models.ForeignKey(Adjustment, models.PROTECT, related_name="lines")
    person_name = models.CharField(max_length=60, blank=True)
    for_month = models.DateField("所属月份")
    amount = MoneyField("金额")
    document = models.CharField("依据文件", max_length=200)
    reason = models.CharField("原因", max_length=300)
    # From the second method on.
    posting_id = models.BigIntegerField("在岗记录", null=True)
    source_id = models.BigIntegerField("资金来源", null=True)

    objects = AdjustmentLineQuerySet.as_manager()

    class Meta:
        ordering = ("allocation", "adjustment")
        constraints = (
            models.UniqueConstraint(
                fields=("allocation", "adjustment"),
                name="one_line_an_adjustment",
                violation_error_message="同一调整每版只能有一条。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.for_month:%Y-%m} {self.amount}"
