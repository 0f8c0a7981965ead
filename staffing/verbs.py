"""What can be done with a posting, its contracts and suspensions, each with a page of its own: a row a verb."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms

from accounts.permissions import Permission
from staffing.forms import (
    ContractForm,
    CorrectContractForm,
    CorrectSuspensionForm,
    DatesForm,
    DaysOffForm,
    WageForm,
    WithdrawForm,
)
from staffing.models import Contract, Posting, Suspension
from staffing.postings import services as postings
from staffing.terms import contracts, suspensions, wages

SETTLES_ITSELF = "涉及已审批月份的,差额在下一次核算中补发或扣回。"
WAGE_EFFECT = "更早执行的工资照旧保留;补助因此有变化的,差额在下一次核算中补发或扣回。"

Subject = Posting | Contract | Suspension


class Verb(NamedTuple):
    """`name` is its route, `address` the page's after the number of the row of `subject`.

    `service` is given the row under the name of its model, the cleaned fields of `form`, and the actor. `filled` is
    the form as the page shows it first where it is not empty; `done` is said when it is done, and `effect` is what
    that means for the months.
    """

    name: str
    subject: type[Subject]
    address: str
    title: str
    form: type[forms.Form]
    service: Callable[..., object]
    done: str
    # Takes a row of `subject`.
    filled: Callable[[Any], forms.Form] | None = None
    effect: str = SETTLES_ITSELF
    permission: Permission = Permission.EDIT_PERSONNEL

    @property
    def subject_name(self) -> str:
        """posting, contract or suspension."""
        return str(self.subject._meta.model_name)


VERBS = (
    Verb(
        "posting_dates", Posting, "dates/", "到岗、离岗日期",
        DatesForm, postings.correct_dates, "日期已登记。", DatesForm.of,
    ),
    Verb(
        "posting_contract", Posting, "contract/", "登记劳动合同",
        ContractForm, contracts.add_contract, "合同已登记。", ContractForm.of,
    ),
    Verb("suspend_posting", Posting, "suspend/", "停发", DaysOffForm, suspensions.suspend, "停发已登记。"),
    Verb(
        "posting_wage", Posting, "wage/", "工资",
        WageForm, wages.set_wage, "工资已登记。", WageForm.of, WAGE_EFFECT,
    ),
    Verb(
        "withdraw_posting", Posting, "withdraw/", "撤销在岗记录",
        WithdrawForm, postings.withdraw_posting, "在岗记录已撤销。",
    ),
    Verb(
        "correct_contract", Contract, "", "更正劳动合同",
        CorrectContractForm, contracts.correct_contract, "合同已更正。", CorrectContractForm.of_contract,
    ),
    Verb(
        "correct_suspension", Suspension, "", "停发终止、更正",
        CorrectSuspensionForm, suspensions.correct_suspension, "停发已更正。", CorrectSuspensionForm.of,
    ),
    Verb(
        "withdraw_suspension", Suspension, "withdraw/", "撤销停发",
        WithdrawForm, suspensions.withdraw_suspension, "停发已撤销。",
    ),
)  # fmt: skip
