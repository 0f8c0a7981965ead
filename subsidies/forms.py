"""Forms of the pages of months, policy, places and people."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from foundation.dates import Month
from staffing.national_id import normalise
from subsidies.selectors.days import DAY_LIMITS
from subsidies.selectors.unit_pages import Shown
from townships.models import Township, TownshipQuerySet


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
        validators=DAY_LIMITS,
        error_messages={"invalid": "日期请写成 2009-06-15 的形式。"},
    )


class NumberTailForm(forms.Form):
    """The last characters of an id number; posted, so that they stand in no address and no log."""

    tail = forms.CharField(
        label="身份证号末 4 至 6 位",
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "size": 8}),
        error_messages={"required": "请填写身份证号的末 4 至 6 位。", "max_length": "请只填写末 4 至 6 位。"},
    )

    def clean_tail(self) -> str:
        tail = normalise(self.cleaned_data["tail"])
        if re.fullmatch(r"[0-9]{3,5}[0-9X]", tail) is None:
            raise ValidationError("请填写身份证号的末 4 至 6 位,只有数字,末位可以是 X。", code="invalid")
        return tail


class RevealForm(forms.Form):
    """Why a whole id number has to be seen; the reason stands in the audit log."""

    reason = forms.CharField(
        label="查看完整身份证号的原因",
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "size": 30}),
        error_messages={
            "required": "请写明为什么要看完整的身份证号,这会记入日志。",
            "max_length": "原因最多 200 个字。",
        },
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
