"""Imports of files: what waits to be confirmed, what was brought, what was changed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from staffing.enums import BatchKind
from townships.models import Township, seen_by

if TYPE_CHECKING:
    from accounts.models import User


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, user: User) -> ImportBatchQuerySet:
        """The county's readers see every import, a clerk those of the own township."""
        return seen_by(user, self)


class ImportBatch(models.Model):
    """One import of a file, or one verb done for many, so that what it brought can be named and undone.

    `township` is the one the import was limited to; none for the whole county. Undoing withdraws the postings it
    brought and puts back what it changed of others, which `changes` tell.
    """

    kind = models.CharField("种类", max_length=20)
    # Empty where there was no file.
    sha256 = models.CharField(max_length=64, blank=True, default="")
    document = models.CharField("依据文件", max_length=200, blank=True, default="", db_default="")
    township = models.ForeignKey(Township, models.PROTECT, null=True, blank=True, related_name="import_batches")
    imported_at = models.DateTimeField("导入时间", auto_now_add=True)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_count = models.PositiveIntegerField("新增", default=0)
    changed_count = models.PositiveIntegerField("变更", default=0)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    undone_reason = models.CharField("撤销原因", max_length=200, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_reason="")
                | (Q(undone_at__isnull=False) & ~Q(undone_reason="")),
                name="import_undone_with_a_reason",
                violation_error_message="撤销一次导入须写明原因。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {timezone.localtime(self.imported_at):%Y-%m-%d %H:%M}"

    @property
    def kind_label(self) -> str:
        return BatchKind(self.kind).label

    @property
    def is_of_file(self) -> bool:
        return self.kind in (BatchKind.ROSTER, BatchKind.GRANTS)


class PendingImportQuerySet(models.QuerySet["PendingImport"]):
    def visible_to(self, user: User) -> PendingImportQuerySet:
        """The user's own uploads: nobody sees those of others."""
        return self.filter(owner=user.pk)


class PendingImport(models.Model):
    """An uploaded file that waits to be confirmed, with what its import would do; both encrypted, for an hour.

    Once confirmed only the fact remains, so that a second click finds it done. `batch`: what it brought, if anything.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField("种类", max_length=20)
    uploaded_at = models.DateTimeField("上传时间")
    expires_at = models.DateTimeField("失效时间", db_index=True)
    file_encrypted = models.BinaryField(null=True, editable=False)
    result_encrypted = models.BinaryField(null=True, editable=False)
    confirmed_at = models.DateTimeField("确认时间", null=True)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+")

    objects = PendingImportQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, file_encrypted__isnull=False, result_encrypted__isnull=False)
                | Q(confirmed_at__isnull=False, file_encrypted__isnull=True, result_encrypted__isnull=True),
                name="pending_import_is_emptied_by_confirming",
                violation_error_message="已确认的导入不再保留文件。",
            ),
        )

    def __str__(self) -> str:
        return f"待确认的导入 {self.pk}"

    def is_expired(self, now: datetime) -> bool:
        return self.expires_at <= now


class ImportedChange(models.Model):
    """What an import changed of a row that belongs to `posting`, in words and in values.

    The row is `subject_type` with `subject_id`; `before` and `after` hold the fields that the import changed,
    encrypted. Without `before` the import added the row to a posting that was there. Changes of older imports have
    words only.
    """

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="changes")
    posting = models.ForeignKey("staffing.Posting", models.PROTECT, related_name="imported_changes")
    words = models.TextField("变更内容")
    subject_type = models.CharField(max_length=30, blank=True, default="", db_default="", editable=False)
    subject_id = models.BigIntegerField(null=True, editable=False)
    before_encrypted = models.BinaryField(null=True, editable=False)
    after_encrypted = models.BinaryField(null=True, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("batch", "posting"),
                condition=Q(subject_type=""),
                name="imported_change_once",
                violation_error_message="一次导入对一条在岗记录只记一条变更。",
            ),
            models.UniqueConstraint(
                fields=("batch", "subject_type", "subject_id"),
                condition=~Q(subject_type=""),
                name="imported_change_once_a_row",
                violation_error_message="一次导入对一条记录只记一次变更前后的内容。",
            ),
            models.CheckConstraint(
                condition=Q(
                    subject_type="",
                    subject_id__isnull=True,
                    before_encrypted__isnull=True,
                    after_encrypted__isnull=True,
                )
                | (~Q(subject_type="") & Q(subject_id__isnull=False, after_encrypted__isnull=False)),
                name="imported_change_of_a_row_has_values",
                violation_error_message="记明是哪条记录的变更,须有变更后的内容。",
            ),
        )

    def __str__(self) -> str:
        return self.words
