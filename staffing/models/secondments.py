"""Secondments 借调 of platform staff from their home units (一.1)."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Exists, OuterRef, Q

from foundation.constraints import PostgresExclusion
from staffing.enums import SecondmentKind
from staffing.models.constraints import ends_after_it_starts, inclusive_range, withdrawn_with_a_reason
from staffing.models.postings import Posting


class SecondmentQuerySet(models.QuerySet["Secondment"]):
    def live(self) -> SecondmentQuerySet:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def over_on(self, day: date) -> SecondmentQuerySet:
        """The last ones of whoever is on post on `day` all the same: nobody has prolonged them."""
        later = Secondment.objects.live().filter(posting=OuterRef("posting"), started_on__gt=OuterRef("started_on"))
        on_post = Posting.objects.in_service_on(day)
        return self.live().filter(~Exists(later), ended_on__lt=day, posting__in=on_post)


class Secondment(models.Model):
    """借调: platform staff on loan from a home unit; both dates inclusive, no end means until further notice."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="secondments")
    home_unit = models.CharField("原单位", max_length=100)
    kind = models.CharField("编制性质", max_length=20, choices=SecondmentKind.choices())
    started_on = models.DateField("借调起始")
    ended_on = models.DateField("借调终止", null=True, blank=True)
    document = models.CharField("依据文件", max_length=200, blank=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤销原因", max_length=200, blank=True)

    objects = SecondmentQuerySet.as_manager()

    class Meta:
        constraints = (
            ends_after_it_starts("secondment_ends_after_it_starts"),
            PostgresExclusion(
                name="secondments_of_a_posting_do_not_overlap",
                expressions=[("posting", RangeOperators.EQUAL), (inclusive_range(), RangeOperators.OVERLAPS)],
                condition=Q(withdrawn_at__isnull=True),
                deferrable=models.Deferrable.IMMEDIATE,
            ),
            withdrawn_with_a_reason("secondment_withdrawn_with_a_reason", "借调"),
        )

    def __str__(self) -> str:
        return f"{self.home_unit}({self.started_on} 起)"
