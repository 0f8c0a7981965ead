"""Forms of the pages of months, policy and places."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from foundation.dates import Month
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
