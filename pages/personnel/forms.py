"""Short forms of the verbs of personnel: other dates, a contract, a wage, a corrected suspension, a withdrawal."""

from datetime import date, timedelta
from typing import Any

from django import forms

from foundation.dates import add_months
from foundation.fields import DayField, ReasonField, WordsField, YuanField
from staffing.enums import RECORDED_GROUPS, ContractKind, RetirementGroup, SuspensionKind
from staffing.models import Contract, Person, Posting, Suspension, Wage

NO_SUCH_CHOICE = {"invalid_choice": "没有这个选项,请从列表中选择。"}
_TERMS = ("started_on", "ended_on", "number", "kind", "employer")
_PARTS = ("monthly_wage", "employer_insurance", "housing_fund")


class DatesForm(forms.Form):
    """First and last day on post as the papers have them, and why they are changed."""

    started_on = DayField(label="到岗日期(第一天)")
    ended_on = DayField(label="离岗日期(最后一天;其实没有离岗的清空)", required=False)
    reason = ReasonField(
        label="更正的原因", max_length=300, error_messages={"required": "请填写原因,例如“按考勤表更正”。"}
    )

    @classmethod
    def of(cls, posting: Posting) -> "DatesForm":
        return cls(initial={"started_on": posting.started_on, "ended_on": posting.ended_on})

    @staticmethod
    def fit(posting: Posting, form: forms.Form) -> None:
        """Whoever is on post is not made to leave here: that has a reason of its own."""
        if posting.ended_on is None:
            del form.fields["ended_on"]

    def clean(self) -> dict[str, Any]:
        return {"ended_on": None, **(super().clean() or self.cleaned_data)}


class CorrectSuspensionForm(forms.Form):
    """Kind, days and cause of a suspension as they should stand, and why they are changed."""

    kind = forms.TypedChoiceField(
        label="种类", choices=SuspensionKind.choices(), coerce=SuspensionKind, error_messages=NO_SUCH_CHOICE
    )
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
        error_messages=NO_SUCH_CHOICE,
    )
    employer = WordsField(label="用工单位(不是镇街聘用的填)", max_length=100, required=False)

    @classmethod
    def of(cls, posting: Posting) -> "ContractForm":
        """Filled for a renewal: from the day after the end of the latest contract, as long, of the same kind and
        employer."""
        latest = posting.contracts.live().order_by("-started_on").first()
        if latest is None:
            return cls(initial={"started_on": posting.started_on})
        filled: dict[str, object] = {"kind": latest.kind, "employer": latest.employer}
        if latest.ended_on is not None:
            filled |= {"started_on": latest.ended_on + timedelta(days=1), "ended_on": _as_long_again(latest)}
        return cls(initial=filled)


class CorrectContractForm(ContractForm):
    """A contract as the paper has it, and why it is changed."""

    reason = ReasonField(
        label="更正的原因", max_length=300, error_messages={"required": "请填写原因,例如“按合同原件更正”。"}
    )

    @classmethod
    def of_contract(cls, contract: Contract) -> "CorrectContractForm":
        return cls(initial={name: getattr(contract, name) for name in _TERMS})


class WageForm(forms.Form):
    """The wage from a day on, and the document that sets it, or what else it is for."""

    effective_from = DayField(label="执行日期(从这一天起)")
    monthly_wage = YuanField(label="月工资(元)", min_value=0)
    employer_insurance = YuanField(label="单位社保(元,不清楚的不填)", required=False, min_value=0)
    housing_fund = YuanField(label="住房公积金(元,没有或不清楚的不填)", required=False, min_value=0)
    document = WordsField(label="依据文件(文号或名称)", max_length=200, required=False)
    reason = ReasonField(label="原因(没有文件的填)", max_length=300, required=False)

    @classmethod
    def of(cls, posting: Posting) -> "WageForm":
        """With the parts of the latest wage; the day is left to be filled in."""
        latest = posting.wages.live().order_by("-effective_from").first()
        return cls(initial={part: getattr(latest, part) for part in _PARTS} if latest else {})

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        if not fields.get("document") and not fields.get("reason"):
            self.add_error("document", "请填写依据文件;没有文件的,请在下面写明原因。")
        return fields


class CorrectWageForm(WageForm):
    """A wage as the paper has it, and why it is changed."""

    reason = ReasonField(
        label="更正的原因", max_length=300, error_messages={"required": "请填写原因,例如“按工资审批表更正”。"}
    )

    @classmethod
    def of_wage(cls, wage: Wage) -> "CorrectWageForm":
        return cls(initial={name: getattr(wage, name) for name in ("effective_from", *_PARTS, "document")})


def _as_long_again(contract: Contract) -> date | None:
    """The last day of a contract of as many whole months after this one; None where it does not last whole months."""
    if contract.ended_on is None:
        return None
    first = contract.ended_on + timedelta(days=1)
    months = (first.year - contract.started_on.year) * 12 + first.month - contract.started_on.month
    if add_months(contract.started_on, months) != first:
        return None
    return add_months(first, months) - timedelta(days=1)


class RetirementGroupForm(forms.Form):
    """Whether a woman retires as a cadre or as a worker, and why it is said."""

    retirement_group = forms.TypedChoiceField(
        label="退休年龄类别",
        choices=[
            ("", "按岗位(平台工作人员为女干部,其他为女工人)"),
            *((row.value, row.label) for row in RECORDED_GROUPS),
        ],
        coerce=RetirementGroup,
        empty_value=None,
        required=False,
        error_messages=NO_SUCH_CHOICE,
    )
    reason = ReasonField(
        label="更正的原因", max_length=300, error_messages={"required": "请填写原因,例如“聘用合同写明为管理岗位”。"}
    )

    @classmethod
    def of(cls, person: Person) -> "RetirementGroupForm":
        return cls(initial={"retirement_group": person.retirement_group})


class WithdrawForm(forms.Form):
    """What was entered by mistake."""

    reason = ReasonField(label="撤销的原因", max_length=200, error_messages={"required": "请填写撤销的原因。"})
