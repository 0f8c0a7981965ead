"""Forms that find somebody by name or by the tail of an id number, and why a whole one has to be seen."""

import re

from django import forms
from django.core.exceptions import ValidationError

from foundation.fields import PersonalField, ReasonField, WordsField
from staffing.national_id import normalise

_TAIL = re.compile("[0-9]{3,5}[0-9X]")


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
        if _TAIL.fullmatch(tail) is None:
            raise ValidationError("请填写身份证号的末 4 至 6 位,只有数字,末位可以是 X。", code="invalid")
        return tail


class FindForm(forms.Form):
    """Who is looked for: a name or its initials, or the tail of an id number; posted for the sake of the latter."""

    who = PersonalField(
        label="姓名、拼音首字母或身份证号末 4 至 6 位",
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off", "size": 16}),
        error_messages={"required": "请填写要找的人的姓名。", "max_length": "姓名最多 60 个字。"},
    )

    def clean_who(self) -> str:
        """A name with a digit is none: a number must not get into an address as one."""
        who: str = self.cleaned_data["who"]
        if any(character.isdigit() for character in who) and not self._is_tail(who):
            raise ValidationError("身份证号请只填末 4 至 6 位;姓名里没有数字。", code="invalid")
        return who

    @property
    def tail(self) -> str:
        """The tail of an id number, where that was typed and no name."""
        who = self.cleaned_data["who"]
        return normalise(who) if self._is_tail(who) else ""

    @staticmethod
    def _is_tail(text: str) -> bool:
        return _TAIL.fullmatch(normalise(text)) is not None


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
