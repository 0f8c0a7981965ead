"""What an approval keeps beside the rows of its revision, and the sheets that were issued from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from subsidies.models.runs import Revision
from townships.models import Township, seen_by

if TYPE_CHECKING:
    from accounts.models import User


class KeptStaffing(models.Model):
    """Who was where when a revision was approved: places and people by township and position, for sheet T8.

    `rows` are lists as revisions.kept_staffing.StaffingRow has them.
    """

    revision = models.OneToOneField(Revision, models.PROTECT, related_name="staffing")
    rows = models.JSONField()

    def __str__(self) -> str:
        return f"{self.revision} 配备"


class SheetFileQuerySet(models.QuerySet["SheetFile"]):
    def visible_to(self, user: User) -> SheetFileQuerySet:
        """Sheets of the county for the county's readers, those of one township for whoever may see it."""
        return seen_by(user, self)


class SheetFile(models.Model):
    """A sheet of an approved revision as it was first issued; the same bytes ever after."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="sheet_files")
    sheet = models.CharField("表号", max_length=4)
    township = models.ForeignKey(Township, models.PROTECT, null=True, related_name="+")
    number = models.CharField("编号", max_length=40, unique=True)
    filename = models.CharField("文件名", max_length=120)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField()

    objects = SheetFileQuerySet.as_manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.number

    @property
    def is_withdrawn(self) -> bool:
        """Whether its revision is no longer the one that is approved: 已撤回."""
        run = self.revision.run
        return not run.is_approved or run.current_revision_id != self.revision_id
