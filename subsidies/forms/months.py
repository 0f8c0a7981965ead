"""Forms of the pages of months: what to calculate, a step, an amount beside the rules, reasons for old differences."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from accounts.models import User
from foundation.fields import MonthField
from staffing.models import Person
from subsidies.enums import RunState
from townships.models import Township


class CalculateForm(forms.Form):
    """Which month to calculate."""

    month = MonthField(label="月份", error_messages={"required": "请填写要核算的月份。"})
    expected = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)


class StepForm(forms.Form):
    """A step with a run: the revision and the state that were seen, and the reason where one is asked for."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    state = forms.ChoiceField(choices=RunState.choices, required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label="原因", max_length=500, required=False)


class AdjustmentForm(forms.Form):
    """An amount beside what the rules give."""

    township = forms.ModelChoiceField(Township.objects.none(), label="镇乡(街道)")
    person = forms.CharField(label="人员姓名(针对某一人的才填)", max_length=60, required=False)
    for_month = MonthField(label="所属月份", error_messages={"required": "请填写所属月份。"})
    amount = forms.DecimalField(
        label="金额(元,减少的写负数)",
        max_digits=11,
        decimal_places=2,
        widget=forms.TextInput({"inputmode": "decimal"}),
        error_messages={"invalid": "请填写金额,例如 -120.00。", "max_decimal_places": "金额最多两位小数。"},
    )
    document = forms.CharField(label="依据文件", max_length=200)
    reason = forms.CharField(label="原因", max_length=300)

    def __init__(self, user: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        townships = self.fields["township"]
        if isinstance(townships, forms.ModelChoiceField):
            townships.queryset = Township.objects.visible_to(user)

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        name, township = fields.get("person", ""), fields.get("township")
        fields["person"] = None
        if name and township:
            people = Person.objects.visible_to(self.user).filter(name=name, postings__township=township).distinct()
            if len(people) != 1:
                found = "没有这个人" if not people else "有几个同名的人"
                self.add_error("person", f"{township.name}{found},请核对姓名。")
            else:
                fields["person"] = people[0]
        return fields


class OldDifferencesForm(forms.Form):
    """One reason for the differences that are ticked, or for the `whole` of those without one, of a revision."""

    revision = forms.IntegerField(min_value=1)
    reason = forms.CharField(label="情况说明", max_length=300)
    whole = forms.BooleanField(required=False)

    @property
    def chosen(self) -> set[int] | None:
        """The ids that are ticked; None where the whole is meant."""
        if self.data.get("whole"):
            return None
        ticked = self.data.getlist("difference") if isinstance(self.data, QueryDict) else ()
        return {int(text) for text in ticked if text.isdecimal() and len(text) < 19}

    def clean(self) -> dict[str, Any] | None:
        if self.chosen == set():
            raise ValidationError("请勾选要说明的差额。", code="required")
        return super().clean()
