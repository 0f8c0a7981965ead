"""Forms of the pages of months, policy and places, and of imports."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator

from foundation.dates import Month
from foundation.excel.table import Limits, SpreadsheetError, check_size
from subsidies.selectors.unit_pages import Shown
from townships.models import FIRST_STATUS_FROM, Township, TownshipQuerySet


class MonthField(forms.CharField):
    """A month written YYYY-MM, as a Month."""

    widget = forms.TextInput({"type": "month", "placeholder": "2009-06"})

    def to_python(self, value: Any) -> Any:  # Django's signature
        text = super().to_python(value)
        if not text or isinstance(value, Month):
            return value or None
        try:
            return Month.parse(text)
        except ValueError as error:
            raise ValidationError("月份请写成 2009-06 的形式。", code="invalid") from error


class CalculateForm(forms.Form):
    """Which month to calculate."""

    month = MonthField(label="月份", error_messages={"required": "请填写要核算的月份。"})


class ApproveForm(forms.Form):
    """The revision that the approver has seen."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class PolicyDayForm(forms.Form):
    """The day whose rules are looked up, and where a page of older versions begins."""

    on = forms.DateField(
        label="查看哪一天的规定",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期请写成 2009-06-15 的形式。"},
    )
    before = forms.DateField(required=False, widget=forms.HiddenInput)


class DayForm(forms.Form):
    """The day that a page about places looks at; empty means the usual one."""

    on = forms.DateField(
        label="查看日期",
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        validators=[
            MinValueValidator(FIRST_STATUS_FROM, f"日期不能早于 {FIRST_STATUS_FROM}。"),
            MaxValueValidator(date(2999, 12, 31), "日期不能晚于 2999-12-31。"),
        ],
        error_messages={"invalid": "日期请写成 2009-06-15 的形式。"},
    )


class UnitFilterForm(DayForm):
    """Which units the list shows; `township` is there for readers of several townships."""

    township = forms.ModelChoiceField(
        queryset=Township.objects.none(),
        label="镇乡(街道)",
        required=False,
        to_field_name="code",
        empty_label="全部",
        error_messages={"invalid_choice": "没有这个镇乡(街道),请从列表中选择。"},
    )
    show = forms.ChoiceField(
        label="显示",
        required=False,
        choices=Shown.choices(),
        error_messages={"invalid_choice": "没有这个选项,请从列表中选择。"},
    )

    def __init__(self, *args: Any, townships: TownshipQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if townships.count() > 1:
            self.fields["township"].queryset = townships  # type: ignore[attr-defined]  # a ModelChoiceField's
        else:
            del self.fields["township"]


class UploadForm(forms.Form):
    """A file to import."""

    file = forms.FileField(
        label="文件",
        allow_empty_file=True,  # the reader of spreadsheets has a sentence of its own
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
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

    reason = forms.CharField(
        label="撤销原因",
        max_length=200,
        widget=forms.TextInput({"size": 40}),
        error_messages={"required": "请写明撤销的原因。", "max_length": "撤销原因最多 200 个字。"},
    )
