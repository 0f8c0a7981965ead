"""Forms of the scans of a stamped report: attached and withdrawn."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from foundation import uploads
from foundation.fields import ReasonField
from foundation.scans import MOST_BYTES, Scan, ScanError, check_size, plain_name, read_scan

_MEGABYTE = 1024 * 1024
_LIMITS = f"每个不超过 {MOST_BYTES // _MEGABYTE} MB,一次合计不超过 {uploads.MOST_BYTES // _MEGABYTE} MB"


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ScansField(forms.Field):
    """One scan or several, as `Scan`s; every wrong file is named."""

    widget = SeveralFilesInput({"accept": ".pdf,.jpg,.jpeg,.png"})

    def to_python(self, value: Any) -> list[Scan]:  # Django's signature
        files: Sequence[UploadedFile[bytes]] = value or ()
        if sum(file.size or 0 for file in files) > uploads.MOST_BYTES:
            raise ValidationError([*_too_large(files)] or f"文件合计太大({_LIMITS});请分几次上传。")
        scans, problems = [], []
        for file in files:
            try:
                scans.append(read_scan(file.read(), file.name or ""))
            except ScanError as error:
                problems.append(str(error))
        if problems:
            raise ValidationError(problems)
        return scans


def _too_large(files: Sequence["UploadedFile[bytes]"]) -> Iterator[str]:
    """What is wrong with single files of which nothing was kept in memory."""
    for file in files:
        try:
            check_size(file.size or 0, plain_name(file.name or ""))
        except ScanError as error:
            yield str(error)


class ScansForm(forms.Form):
    """Scans of the stamped sheet, and the submission that the clerk saw."""

    submission = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    scans = ScansField(
        label=f"选择扫描件(PDF、JPG 或 PNG,可以多选;{_LIMITS})",
        error_messages={"required": "还没有选择文件;请先选择盖章的扫描件,再点上传。"},
    )


class WithdrawScanForm(forms.Form):
    reason = ReasonField(
        label="撤下的原因",
        max_length=200,
        error_messages={"required": "请写明撤下扫描件的原因。", "max_length": "撤下的原因最多 200 个字。"},
    )
