"""The form of a round of open recruitment."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from foundation.fields import DayField, ReasonField, WordsField
from staffing.models import RecruitmentRound
from staffing.recruitment import FACTS
from townships.models import Township, TownshipQuerySet


class RoundForm(forms.Form):
    """What the papers of a round say, in the order in which they come; what is not there yet is left out.

    `townships` are asked for where there are several to choose from.
    """

    township = forms.ModelChoiceField(
        Township.objects.none(),
        label="镇乡(街道)",
        empty_label="请选择",
        error_messages={"required": "请选择镇乡(街道)。", "invalid_choice": "没有这个选项,请从列表中选择。"},
    )
    notice_title = WordsField(
        label="招聘公告的名称", max_length=200, error_messages={"required": "请填写招聘公告的名称。"}
    )
    notice_number = WordsField(label="公告文号", max_length=100, required=False)
    noticed_on = DayField(label="公告日期", required=False)
    publicised_from = DayField(label="拟聘公示(第一天)", required=False)
    publicised_until = DayField(label="拟聘公示(最后一天)", required=False)
    objections = WordsField(label="公示期间的异议(如“无异议”)", max_length=500, required=False)
    approval = WordsField(label="聘用批文(文号或名称)", max_length=200, required=False)
    paper = WordsField(label="存档材料(放在哪里)", max_length=200, required=False)
    remark = WordsField(label="备注", max_length=500, required=False)
    reason = ReasonField(label="更正的原因(补登的不填)", max_length=300, required=False)

    def __init__(self, data: Any = None, *, townships: TownshipQuerySet | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["township"]
        if townships is None:
            del self.fields["township"]
        elif isinstance(field, forms.ModelChoiceField):
            field.queryset = townships
            del self.fields["reason"]

    @classmethod
    def of(cls, round_: RecruitmentRound) -> "RoundForm":
        return cls(initial={name: getattr(round_, name) for name in FACTS})

    @property
    def stated(self) -> Mapping[str, str | date | None]:
        """What is said of the round, once it is valid."""
        return {name: self.cleaned_data[name] for name in FACTS}
