"""Forms of the pages of months, reports, policy and places."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from accounts.models import User
from foundation.excel.table import Limits, SpreadsheetError, check_size
from foundation.fields import MonthField
from staffing.models import Person
from staffing.national_id import normalise
from subsidies.enums import ReportAction, RunState
from subsidies.selectors.days import DAY_LIMITS
from subsidies.selectors.unit_pages import Shown
from townships.models import Township, TownshipQuerySet


class CalculateForm(forms.Form):
    """Which month to calculate."""

    month = MonthField(label="月份", error_messages={"required": "请填写要核算的月份。"})
    expected = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)


class StepForm(forms.Form):
    """A step with a run: the revision and the state that were seen, and the reason where one is asked for."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    state = forms.ChoiceField(choices=RunState.choices, required=False, widget=forms.HiddenInput)
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
