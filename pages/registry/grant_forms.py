"""The forms in which a grant 增配批复, and its end, are entered."""

from collections.abc import Sequence
from datetime import date

from django import forms

from foundation.fields import DayField, ReasonField, WordsField
from staffing.models import EstablishmentGrant, Posting

MOST_PLACES = 99


class GrantForm(forms.Form):
    """How many places more, between which days, on which document."""

    extra = forms.IntegerField(
        label="增配人数",
        min_value=1,
        max_value=MOST_PLACES,
        widget=forms.TextInput({"inputmode": "numeric", "size": 6}),
        error_messages={
            "required": "请填写增配几人。",
            **dict.fromkeys(("invalid", "min_value", "max_value"), f"请填写 1 到 {MOST_PLACES} 的整数。"),
        },
    )
    effective_from = DayField(label="执行日期(第一天)")
    ended_on = DayField(label="终止日期(最后一天,批复没有写的不填)", required=False)
    document = WordsField(
        label="批复文件",
        max_length=200,
        widget=forms.TextInput({"size": 40}),
        error_messages={"required": "请填写批复的文号或标题。"},
    )


class EndGrantForm(forms.Form):
    """An earlier last day of a grant, on a document of its own, and who is known to go on after it."""

    last_day = DayField(label="最后一天")
    document = WordsField(
        label="依据文件",
        max_length=200,
        widget=forms.TextInput({"size": 40}),
        error_messages={"required": "请填写终止增配所依据的文件。"},
    )
    reason = ReasonField(label="终止原因", max_length=200, error_messages={"required": "请填写终止的原因。"})
    still_on_post = forms.TypedMultipleChoiceField(
        label="以后仍在岗、知道不再计发补助的",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "名单变了,请核对后再保存。"},
    )

    @property
    def entered_day(self) -> date | None:
        """The last day as far as it can be read."""
        try:
            found: date | None = self.fields["last_day"].clean(self.data.get("last_day", ""))
        except forms.ValidationError:
            return None
        return found

    def offer(self, staying: Sequence[Posting]) -> None:
        """Those of whom it is asked; nobody is asked about where there is none."""
        field = self.fields["still_on_post"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101
        field.choices = [(row.pk, f"{row.person.name}({row.started_on} 到岗)") for row in staying]
        if not staying:
            del self.fields["still_on_post"]


def told(grant: EstablishmentGrant) -> str:
    until = f"至 {grant.ended_on}" if grant.ended_on else "起长期"
    return f"增配 {grant.extra} 人,{grant.effective_from} {until},{grant.document}"
