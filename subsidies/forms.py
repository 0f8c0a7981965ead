"""Forms of the month and policy pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from foundation.dates import Month


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
