"""Forms of the import of a roster: upload, confirmation, undoing."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from foundation.excel.table import Limits, SpreadsheetError, check_size
from foundation.fields import ReasonField


class UploadForm(forms.Form):
    """A file to import."""

    file = forms.FileField(
        label="文件",
        allow_empty_file=True,  # the reader of spreadsheets has a sentence of its own
        widget=forms.FileInput({"accept": ".xlsx,.xls,.xlsm,.et,.csv,.txt"}),
        error_messages={"required": "还没有选择文件;请先选择填好的花名册,再点上传。"},
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        try:
            check_size(file.size or 0, Limits())
        except SpreadsheetError as error:
            raise ValidationError(str(error)) from error
        return file


class ConfirmImportForm(forms.Form):
    """That the warnings of an import were looked at."""

    accept_warnings = forms.BooleanField(required=False)


class UndoImportForm(forms.Form):
    """Why an import is undone."""

    reason = ReasonField(
        label="撤销原因",
        max_length=200,
        error_messages={"required": "请写明撤销的原因。", "max_length": "撤销原因最多 200 个字。"},
    )
