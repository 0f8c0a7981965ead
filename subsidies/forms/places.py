"""Forms of the pages of townships and units: the day looked at, and which units."""

from typing import Any

from django import forms

from subsidies.selectors.days import DAY_LIMITS
from subsidies.selectors.unit_pages import Shown
from townships.models import Township, TownshipQuerySet


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
