"""Short forms of what is done for many at once."""

from typing import Any

from django import forms

from foundation.fields import DayField, WordsField, YuanField
from staffing.enums import WageWay
from staffing.models import Election

_NO_SUCH_CHOICE = {"invalid_choice": "没有这个选项,请从列表中选择。"}
_DOCUMENT = {"required": "请填写依据文件,例如文号或会议名称。"}
MOST_MONTHS = 240


class ElectionForm(forms.Form):
    """The first day of the elected, and the paper; both may be filled in later."""

    elected_on = DayField(label="新任到岗日期(第一天;现任做到前一天)", required=False)
    document = WordsField(label="依据文件", max_length=200, required=False, widget=forms.TextInput({"size": 40}))

    @classmethod
    def of(cls, election: Election | None) -> "ElectionForm":
        if election is None:
            return cls()
        return cls(initial={"elected_on": election.elected_on, "document": election.document})


class WagesForm(forms.Form):
    """From when on, by how much, on which document."""

    effective_from = DayField(label="执行日期(从这一天起)")
    way = forms.TypedChoiceField(
        label="怎样调整", choices=WageWay.choices(), coerce=WageWay, error_messages=_NO_SUCH_CHOICE
    )
    figure = YuanField(label="金额(元)或百分数(%,只填数字;减少的填负数)")
    document = WordsField(
        label="依据文件", max_length=200, widget=forms.TextInput({"size": 40}), error_messages=_DOCUMENT
    )

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        figure, way = fields.get("figure"), fields.get("way")
        if figure is not None and way is WageWay.AMOUNT and figure < 0:
            self.add_error("figure", "工资不能小于零。")
        if figure is not None and way is WageWay.PERCENT and not -100 < figure <= 1000:
            self.add_error("figure", "百分数应在 -100 和 1000 之间。")
        return fields


class RenewForm(forms.Form):
    """How long the new contracts run: so many months, or up to one day."""

    months = forms.IntegerField(
        label="续签几个月(从每人上一份终止的次日起)",
        min_value=1,
        max_value=MOST_MONTHS,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "size": 6}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), f"请填写 1 到 {MOST_MONTHS} 的整数。"),
    )
    ended_on = DayField(label="或者统一的终止日期(最后一天)", required=False)
    document = WordsField(
        label="依据文件", max_length=200, widget=forms.TextInput({"size": 40}), error_messages=_DOCUMENT
    )

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        if not self.errors and (fields["months"] is None) == (fields["ended_on"] is None):
            self.add_error("months", "续签几个月、统一的终止日期,请填其中一项。")
        return fields
