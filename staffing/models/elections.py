"""Elections 换届: what a township's clerk has typed so far, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from staffing.enums import ElectionState
from staffing.models.imports import ImportBatch
from townships.models import Township, seen_by

if TYPE_CHECKING:
    from accounts.models import User


class ElectionQuerySet(models.QuerySet["Election"]):
    def visible_to(self, user: User) -> ElectionQuerySet:
        return seen_by(user, self)


class Election(models.Model):
    """换届 of a township's villages and communities.

    While it is being prepared `typed_encrypted` holds the table as it was typed, numbers of people among it; `saved`
    counts how often it was stored, so that two clerks do not write over each other. Once carried out the table is
    emptied: `batch` tells what came of it.
    """

    township = models.ForeignKey(Township, models.PROTECT, related_name="elections")
    elected_on = models.DateField("新任到岗日期", null=True, blank=True)
    document = models.CharField("依据文件", max_length=200, blank=True)
    state = models.CharField(
        "状态", max_length=20, choices=ElectionState.choices(), default=ElectionState.PREPARING.value
    )
    typed_encrypted = models.BinaryField(null=True, editable=False)
    saved = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField("保存时间", null=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    batch = models.OneToOneField(ImportBatch, models.PROTECT, null=True, blank=True, related_name="election")

    objects = ElectionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("township",),
                condition=Q(state="preparing"),
                name="election_prepared_once",
                violation_error_message="这个镇乡(街道)已有一次换届正在填写。",
            ),
            models.CheckConstraint(
                condition=Q(state="preparing", batch__isnull=True)
                | Q(state__in=["done", "undone"], batch__isnull=False, typed_encrypted__isnull=True),
                name="election_is_emptied_by_carrying_it_out",
                violation_error_message="办理过的换届不再保留填写的内容。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.township}换届"
