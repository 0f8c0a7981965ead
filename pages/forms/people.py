"""Forms about id numbers: the tail somebody is looked up by, and why a whole one has to be seen."""

import re

from django import forms
from django.core.exceptions import ValidationError

from foundation.fields import ReasonField, WordsField
from staffing.national_id import normalise


class NumberTailForm(forms.Form):
    """The last characters of an id number; posted, so that they stand in no address and no log."""

    tail = WordsField(
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

    reason = ReasonField(
        label="查看完整身份证号的原因",
        max_length=200,
        error_messages={
            "required": "请写明为什么要看完整的身份证号,这会记入日志。",
            "max_length": "原因最多 200 个字。",
        },
    )
