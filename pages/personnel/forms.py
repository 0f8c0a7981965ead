"""Short forms of the verbs of personnel: other dates, a contract, a wage, a corrected suspension, a withdrawal."""

from datetime import timedelta

from django import forms

from foundation.fields import DayField, ReasonField, WordsField, YuanField
from staffing.enums import ContractKind, SuspensionKind
from staffing.models import Contract, Posting, Suspension


class DatesForm(forms.Form):
    """First and last day on post, why somebody left, and why the dates are changed."""

    started_on = DayField(label="到岗日期(第一天)")
    ended_on = DayField(label="离岗日期(最后一天,仍在岗的不填)", required=False)
    end_reason = ReasonField(label="离岗原因(可不填)", max_length=200, required=False)
    reason = ReasonField(
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


class CorrectSuspensionForm(forms.Form):
    """Kind, days and cause of a suspension as they should stand, and why they are changed."""

    kind = forms.TypedChoiceField(label="种类", choices=SuspensionKind.choices(), coerce=SuspensionKind)
    started_on = DayField(label="停发起始(第一天)")
    ended_on = DayField(label="停发终止(最后一天,第二天起恢复;未定的不填)", required=False)
    cause = ReasonField(label="停发的原因", max_length=200, error_messages={"required": "请填写停发的原因。"})
    reason = ReasonField(
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


class ContractForm(forms.Form):
    """Term, number and kind of a labour contract, and the employer where it is not the township."""

    started_on = DayField(label="合同起始(第一天)")
    ended_on = DayField(label="合同终止(最后一天,无固定期限的不填)", required=False)
    number = WordsField(label="合同编号(没有的不填)", max_length=80, required=False)
    kind = forms.TypedChoiceField(
        label="合同类型",
        choices=[*ContractKind.choices(), ("", "不清楚")],
        coerce=ContractKind,
        empty_value=None,
        required=False,
    )
    employer = WordsField(label="用工单位(不是镇街聘用的填)", max_length=100, required=False)

    @classmethod
    def of(cls, posting: Posting) -> "ContractForm":
        """Filled for a renewal: from the day after the end of the latest contract, of the same kind and employer."""
        latest = posting.contracts.order_by("-started_on").first()
        if latest is None:
            return cls(initial={"started_on": posting.started_on})
        return cls(
            initial={
                "started_on": latest.ended_on + timedelta(days=1) if latest.ended_on else None,
                "kind": latest.kind,
                "employer": latest.employer,
            }
        )


class CorrectContractForm(ContractForm):
    """A contract as the paper has it, and why it is changed."""

    reason = ReasonField(
        label="更正的原因", max_length=300, error_messages={"required": "请填写原因,例如“按合同原件更正”。"}
    )

    @classmethod
    def of_contract(cls, contract: Contract) -> "CorrectContractForm":
        names = ("started_on", "ended_on", "number", "kind", "employer")
        return cls(initial={name: getattr(contract, name) for name in names})


class WageForm(forms.Form):
    """The wage from a day on, and what it is raised or corrected by."""

    effective_from = DayField(label="执行日期(从这一天起)")
    monthly_wage = YuanField(label="月工资(元)", min_value=0)
    employer_insurance = YuanField(label="单位社保(元,不清楚的不填)", required=False, min_value=0)
    housing_fund = YuanField(label="住房公积金(元,没有或不清楚的不填)", required=False, min_value=0)
    reason = ReasonField(label="依据文件或原因", max_length=300, error_messages={"required": "请填写依据文件或原因。"})

    @classmethod
    def of(cls, posting: Posting) -> "WageForm":
        """With the parts of the latest wage; the day is left to be filled in."""
        latest = posting.wages.order_by("-effective_from").first()
        parts = ("monthly_wage", "employer_insurance", "housing_fund")
        return cls(initial={part: getattr(latest, part) for part in parts} if latest else {})


class WithdrawForm(forms.Form):
    """A posting or a suspension that was entered by mistake."""

    reason = ReasonField(label="撤销的原因", max_length=200, error_messages={"required": "请填写撤销的原因。"})
