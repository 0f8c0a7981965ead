"""Forms of the month and of the reports."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from foundation.dates import Month
from subsidies.enums import ReportAction


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
    expected = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)


class StepForm(forms.Form):
    """A step with a run: the revision that was seen, and the reason where one is asked for."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = forms.CharField(label="原因", max_length=500, required=False)


class SubmitForm(forms.Form):
    """A month that is sent up: how often it was before, and a note."""

    submission = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    note = forms.CharField(label="说明", max_length=300, required=False)


class AcknowledgeForm(forms.Form):
    """One reason for the findings that are ticked."""

    reason = forms.CharField(label="情况说明", max_length=300)


class DecisionForm(forms.Form):
    """The bureau's word on a report."""

    submission = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        choices=[(action.value, action.label) for action in (ReportAction.ACCEPT, ReportAction.RETURN)]
    )
    reason = forms.CharField(label="退回原因", max_length=500, required=False)
