"""Forms that pages of several subjects use: why and when somebody leaves, days on which somebody is not on post."""

from typing import Any

from django import forms

from foundation.fields import DayField, ReasonField
from staffing.enums import EndKind, SuspensionKind


class LeavingForm(forms.Form):
    """The last day on post and why it is the last: one of the list, and words where those say more."""

    ended_on = DayField(label="离岗日期(在岗的最后一天)")
    kind = forms.TypedChoiceField(
        label="离岗原因",
        choices=[("", "请选择"), *EndKind.choices()],
        coerce=EndKind,
        error_messages={"required": "请选择离岗原因。", "invalid_choice": "没有这个选项,请从列表中选择。"},
    )
    words = ReasonField(label="说明(选“其他”的必填)", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        if fields.get("kind") is EndKind.OTHER and not fields.get("words"):
            self.add_error("words", "离岗原因选了“其他”,请写明是什么原因。")
        return fields


class DaysOffForm(forms.Form):
    """Kind, days and reason of a suspension."""

    kind = forms.TypedChoiceField(
        label="种类",
        choices=SuspensionKind.choices(),
        coerce=SuspensionKind,
        error_messages={"invalid_choice": "没有这个选项,请从列表中选择。"},
    )
    started_on = DayField(label="停发起始(第一天)")
    ended_on = DayField(label="停发终止(最后一天,未定的不填)", required=False)
    reason = ReasonField(label="原因", max_length=200, error_messages={"required": "请填写停发的原因。"})
