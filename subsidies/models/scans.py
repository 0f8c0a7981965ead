"""Scans of a township's stamped report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.crypto import decrypt_bytes, encrypt_bytes
from foundation.scans import ScanKind
from subsidies.models.reports import TownshipReport
from townships.models import seen_by

if TYPE_CHECKING:
    from accounts.models import User

_PURPOSE = "report_scan"


class ReportScanQuerySet(models.QuerySet["ReportScan"]):
    def visible_to(self, user: User) -> ReportScanQuerySet:
        return seen_by(user, self, "report__township")

    def offered(self) -> ReportScanQuerySet:
        """Those that nobody has withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def without_content(self) -> ReportScanQuerySet:
        """For lists: megabytes stay in the database."""
        return self.defer("content_encrypted")


class ReportScan(models.Model):
    """月报扫描件: a page or more of the stamped T0 of one submission of a report.

    The file is kept encrypted, `sha256` is that of the file itself. A row is never changed or removed: a wrong one is
    withdrawn, once and with a reason (subsidies/guards.py).
    """

    report = models.ForeignKey(TownshipReport, models.PROTECT, related_name="scans")
    submission = models.PositiveSmallIntegerField("第几次上报")
    filename = models.CharField("文件名", max_length=120)
    content_type = models.CharField("类型", max_length=20, choices=ScanKind.choices())
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField(max_length=64)
    content_encrypted = models.BinaryField(editable=False)
    attached_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    attached_at = models.DateTimeField("上传时间")
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField("撤下时间", null=True)
    withdrawn_reason = models.CharField("撤下原因", max_length=200, blank=True)

    objects = ReportScanQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("report", "submission", "sha256"),
                condition=Q(withdrawn_at__isnull=True),
                name="scan_once_a_submission",
                violation_error_message="这个文件已经上传过。",
            ),
            models.CheckConstraint(
                condition=Q(submission__gte=1, size__gte=1),
                name="scan_is_of_a_submission_and_not_empty",
                violation_error_message="扫描件须属于一次上报,不能是空的。",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="scan_withdrawn_with_a_reason",
                violation_error_message="撤下扫描件须写明原因。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.report}扫描件 {self.pk}"

    @property
    def kind(self) -> ScanKind:
        return ScanKind(self.content_type)

    @property
    def content(self) -> bytes:
        """The file as it was uploaded."""
        return decrypt_bytes(_PURPOSE, bytes(self.content_encrypted))

    @content.setter
    def content(self, file: bytes) -> None:
        self.content_encrypted = encrypt_bytes(_PURPOSE, file)

    @property
    def download_name(self) -> str:
        """What the file is called when it is handed out: nothing that somebody typed."""
        return f"{self.report}扫描件 第{self.submission}次上报-{self.pk}.{self.kind.label.lower()}"
