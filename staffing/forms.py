"""Short forms of the verbs of personnel: another date, a suspension, a withdrawal."""

from django import forms

from foundation.fields import DayField, PersonalField, YuanField
from staffing.enums import SuspensionKind
from staffing.models import Posting, Suspension


class DatesForm(forms.Form):
    """First and last day on post, why somebody left, and why the dates are changed."""

    started_on = DayField(label="到岗日期(第一天)")
    ended_on = DayField(label="离岗日期(最后一天,仍在岗的不填)", required=False)
    end_reason = PersonalField(label="离岗原因(可不填)", max_length=200, required=False)
    reason = PersonalField(
        label="更正或办理的原因", max_length=300, error_messages={"required": "请填写原因,例如“按考勤表更正”。"}
    )

    @classmethod
    def of(cls, posting: Posting) -> "DatesForm":
        return cls(
            initial={
                "started_on": posting.started_on,
                "ended_on": posting.ended_on,
                "end_reason": posting.end_reason,
            }
        )


class DaysOffForm(forms.Form):
    """Kind, days and reason of a suspension."""

    kind = forms.ChoiceField(label="种类", choices=SuspensionKind.choices())
    started_on = DayField(label="停发起始(第一天)")
    ended_on = DayField(label="停发终止(最后一天,未定的不填)", required=False)
    reason = PersonalField(label="原因", max_length=200, error_messages={"required": "请填写停发的原因。"})


class CorrectSuspensionForm(forms.Form):
    """Kind, days and cause of a suspension as they should stand, and why they are changed."""

    kind = forms.ChoiceField(label="种类", choices=SuspensionKind.choices())
    started_on = DayField(label="停发起始(第一天)")
    ended_on = DayField(label="停发终止(最后一天,第二天起恢复;未定的不填)", required=False)
    cause = PersonalField(label="停发的原因", max_length=200, error_messages={"required": "请填写停发的原因。"})
    reason = PersonalField(
        label="更正或办理的原因", max_length=300, error_messages={"required": "请填写原因,例如“病愈上岗”。"}
    )

    @classmethod
    def of(cls, suspension: Suspension) -> "CorrectSuspensionForm":
        return cls(
            initial={
                "kind": suspension.kind,
                "started_on": suspension.started_on,
                "ended_on": suspension.ended_on,
                "cause": suspension.reason,
            }
        )


class WageForm(forms.Form):
    """The wage from a day on, and what it is raised or corrected by."""

    effective_from = DayField(label="执行日期(从这一天起)")
    monthly_wage = YuanField(label="月工资(元)", min_value=0)
    employer_insurance = YuanField(label="单位社保(元,不清楚的不填)", required=False, min_value=0)
    housing_fund = YuanField(label="住房公积金(元,没有或不清楚的不填)", required=False, min_value=0)
    reason = PersonalField(
        label="依据文件或原因", max_length=300, error_messages={"required": "请填写依据文件或原因。"}
    )

    @classmethod
    def of(cls, posting: Posting) -> "WageForm":
        """With the parts of the latest wage; the day is left to be filled in."""
        latest = posting.wages.order_by("-effective_from").first()
        parts = ("monthly_wage", "employer_insurance", "housing_fund")
        return cls(initial={part: getattr(latest, part) for part in parts} if latest else {})


class WithdrawForm(forms.Form):
    """A posting or a suspension that was entered by mistake."""

    reason = PersonalField(label="撤销的原因", max_length=200, error_messages={"required": "请填写撤销的原因。"})
