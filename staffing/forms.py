"""Forms that pages of several subjects use: days on which somebody is not on post."""

from django import forms

from foundation.fields import DayField, ReasonField
from staffing.enums import SuspensionKind


class DaysOffForm(forms.Form):
    """Kind, days and reason of a suspension."""

    kind = forms.TypedChoiceField(label="种类", choices=SuspensionKind.choices(), coerce=SuspensionKind)
    started_on = DayField(label="停发起始(第一天)")
    ended_on = DayField(label="停发终止(最后一天,未定的不填)", required=False)
    reason = ReasonField(label="原因", max_length=200, error_messages={"required": "请填写停发的原因。"})
