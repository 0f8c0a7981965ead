"""What the lists of the API can be narrowed to, each a parameter of the address."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter
from django_filters.rest_framework import FilterSet

from foundation.dates import FIRST_MONTH, LAST_MONTH, Month
from foundation.fields import DayField, MonthField, WordsField
from staffing.enums import SUBSIDISED
from subsidies.enums import RunState
from subsidies.models import AllocationLine, SubsidyRun
from townships.models import Township, TownshipQuerySet


class MonthFilter(CharFilter):  # type: ignore[misc]  # the library is not typed
    """A month written YYYY-MM; its rows carry the first of it."""

    field_class = MonthField

    def filter(self, qs: QuerySet[Any], value: Month | None) -> Any:
        return qs if value is None else qs.filter(**{self.field_name: value.first})


class WordsFilter(CharFilter):  # type: ignore[misc]  # the library is not typed
    field_class = WordsField


class MonthQuery(forms.Form):
    """The month that an address has to name."""

    month = MonthField(error_messages={"required": "请写明月份,例如 2009-06。"})


class YearQuery(forms.Form):
    """The year that an address may name."""

    year = forms.IntegerField(
        min_value=FIRST_MONTH.year,
        max_value=LAST_MONTH.year,
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "年份请写成 2010 的形式。"),
    )


class TownshipDayQuery(forms.Form):
    """The day that an address has to name, and one of the townships that the user may see."""

    on = DayField(error_messages={"required": "请写明日期,例如 2009-06-15。"})
    township = forms.ModelChoiceField(
        queryset=Township.objects.none(),
        required=False,
        to_field_name="code",
        error_messages={"invalid_choice": "没有这个镇乡(街道),请核对代码。"},
    )

    def __init__(self, asked: Mapping[str, Any], *, townships: TownshipQuerySet) -> None:
        super().__init__(asked)
        self.fields["township"].queryset = townships  # type: ignore[attr-defined]  # a ModelChoiceField's


class RunFilter(FilterSet):  # type: ignore[misc]  # the library is not typed
    month = MonthFilter(help_text="月份,YYYY-MM")
    state = ChoiceFilter(choices=RunState.choices(), help_text="状态")

    class Meta:
        model = SubsidyRun
        fields: tuple[str, ...] = ()


class LineFilter(FilterSet):  # type: ignore[misc]  # the library is not typed
    township = WordsFilter(field_name="allocation__township_code", help_text="镇乡(街道)代码")
    position = ChoiceFilter(
        choices=[(position.value, position.label) for position in SUBSIDISED], help_text="岗位类别"
    )
    for_month = MonthFilter(help_text="所属月份,YYYY-MM")

    class Meta:
        model = AllocationLine
        fields: tuple[str, ...] = ()
