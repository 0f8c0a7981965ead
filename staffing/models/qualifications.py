"""Qualifications 资格 of people: education, computer skill, certificates; each from the day it was obtained."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, Q, When

from staffing.enums import ComputerLevel, Education, QualificationKind
from staffing.models.constraints import withdrawn_with_a_reason
from staffing.models.imports import ImportBatch
from staffing.models.people import Person

if TYPE_CHECKING:
    from accounts.models import User

_EDUCATION, _COMPUTER, _CERTIFICATE = (kind.value for kind in QualificationKind)


class QualificationQuerySet(models.QuerySet["Qualification"]):
    def visible_to(self, user: User) -> QualificationQuerySet:
        """Those of the people whom the user sees."""
        return self.filter(person__in=Person.objects.visible_to(user))

    def live(self) -> QualificationQuerySet:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def held_on(self, day: date) -> QualificationQuerySet:
        """Live ones obtained by then; of an unknown day means held always."""
        return self.live().filter(Q(obtained_on__isnull=True) | Q(obtained_on__lte=day))

    def educations_on(self, day: date) -> QualificationQuerySet:
        """The educations held by then, the highest first."""
        ranks = [When(level=level.value, then=rank) for rank, level in enumerate(Education)]
        highest = Case(*ranks, output_field=models.IntegerField()).desc()
        return self.held_on(day).filter(kind=_EDUCATION).order_by(highest, "pk")


class Qualification(models.Model):
    """资格 of a person, held from `obtained_on`; without that day it counts always.

    The level of an education is one of Education, that of a computer skill one of ComputerLevel, whose `none` says
    that there is none; a certificate has a name and no level. A withdrawn one was entered by mistake and never counts.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="qualifications")
    kind = models.CharField("种类", max_length=20, choices=QualificationKind.choices())
    level = models.CharField(
        "程度", max_length=20, blank=True, choices=(*Education.choices(), *ComputerLevel.choices())
    )
    name = models.CharField("证书名称", max_length=100, blank=True)
    obtained_on = models.DateField("取得日期", null=True, blank=True)
    paper = models.CharField("证明材料", max_length=200, blank=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤销原因", max_length=200, blank=True)
    import_batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True, related_name="qualifications")

    objects = QualificationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind=_EDUCATION, level__in=[level.value for level in Education])
                | Q(kind=_COMPUTER, level__in=[level.value for level in ComputerLevel])
                | (Q(kind=_CERTIFICATE, level="") & ~Q(name="")),
                name="qualification_level_is_of_its_kind",
                violation_error_message="学历和计算机操作须选择程度,证书须填写名称。",
            ),
            models.UniqueConstraint(
                fields=("person", "kind", "level", "name", "obtained_on"),
                condition=Q(withdrawn_at__isnull=True),
                name="qualification_once_a_day",
                violation_error_message="这项资格已经登记过。",
            ),
            models.UniqueConstraint(
                fields=("person", "kind", "name"),
                condition=Q(withdrawn_at__isnull=True, obtained_on__isnull=True),
                name="qualification_of_unknown_day_once",
                violation_error_message="同一种资格已有一条取得日期不明的登记,请先撤销那一条,或填写取得日期。",
            ),
            withdrawn_with_a_reason("qualification_withdrawn_with_a_reason", "资格"),
        )

    def __str__(self) -> str:
        return self.name or self.get_level_display()
