"""Forms of the pages of townships and units: the day looked at, which units, a new household count."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from foundation.fields import DayField
from pages.units import Shown
from townships.models import Township, TownshipQuerySet


class DayForm(forms.Form):
    """The day that a page about places looks at; empty means the usual one."""

    on = DayField(label="查看日期", required=False)


class HouseholdsForm(forms.Form):
    """A new household count of a unit; a month goes by the one in force on its first day (二.1)."""

    households = forms.IntegerField(
        label="户籍户数", min_value=0, max_value=99_999, error_messages={"required": "请填写户籍户数,没有住户的填 0。"}
    )
    residents = forms.IntegerField(label="户籍人口(可不填)", min_value=0, max_value=999_999, required=False)
    counted_on = DayField(label="统计日期", error_messages={"required": "请填写统计日期。"})
    effective_from = DayField(label="执行日期", error_messages={"required": "请填写执行日期。"})

    def clean_counted_on(self) -> date:
        day: date = self.cleaned_data["counted_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("统计日期不能晚于今天。")
        return day


class TownshipDayForm(DayForm):
    """The day, and one township of those that a reader of several may see; empty means all of them."""

    township = forms.ModelChoiceField(
        queryset=Township.objects.none(),
        label="镇乡(街道)",
        required=False,
        to_field_name="code",
        empty_label="全部",
        error_messages={"invalid_choice": "没有这个镇乡(街道),请从列表中选择。"},
    )

    def __init__(self, *args: Any, townships: TownshipQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if townships.count() > 1:
            self.fields["township"].queryset = townships  # type: ignore[attr-defined]  # a ModelChoiceField's
        else:
            del self.fields["township"]


class UnitFilterForm(TownshipDayForm):
    """Which units the list shows."""

    show = forms.ChoiceField(
        label="显示",
        required=False,
        choices=Shown.choices(),
        error_messages={"invalid_choice": "没有这个选项,请从列表中选择。"},
    )
