"""Differences older than the window of a run: kept with its revision as hints, paid by none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from foundation.dates import Month
from foundation.money import MoneyField
from staffing.models import Posting
from subsidies.models.runs import Allocation
from townships.models import seen_by

if TYPE_CHECKING:
    from accounts.models import User


class OldDifferenceQuerySet(models.QuerySet["OldDifference"]):
    def visible_to(self, user: User) -> OldDifferenceQuerySet:
        return seen_by(user, self, "allocation__township")


class OldDifference(models.Model):
    """超出追溯期的差额: one posting and one month whose due is no longer what approved runs posted.

    Names and amounts are those of the calculation. `difference` = `due` - `posted_before` stands in no total.
    """

    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="old_differences")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="old_differences")
    person_id = models.BigIntegerField()
    person_name = models.CharField(max_length=60)
    position = models.CharField(max_length=30)
    unit_name = models.CharField(max_length=60, blank=True)
    for_month = models.DateField("所属月份")
    due = MoneyField("应补")
    posted_before = MoneyField("已补")
    difference = MoneyField("差额")
    cause = models.CharField(max_length=30)

    objects = OldDifferenceQuerySet.as_manager()

    class Meta:
        ordering = ("allocation", "for_month", "posting")
        constraints = (
            models.UniqueConstraint(
                fields=("allocation", "posting", "for_month"),
                name="one_old_difference_a_posting_and_month",
                violation_error_message="同一在岗记录同一所属月份只能有一条差额。",
            ),
            models.CheckConstraint(
                condition=Q(difference=F("due") - F("posted_before")) & ~Q(difference=0),
                name="old_difference_is_due_minus_posted",
                violation_error_message="差额须等于应补减已补,不能为零。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.for_month:%Y-%m} {self.difference}"

    @property
    def period(self) -> Month:
        return Month.of(self.for_month)
