"""What can be done with people, their postings, contracts, wages and suspensions: a row and a page for each verb."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from pages.personnel import doubts, words
from pages.personnel.forms import (
    ContractForm,
    CorrectContractForm,
    CorrectSuspensionForm,
    CorrectWageForm,
    DatesForm,
    RetirementGroupForm,
    WageForm,
    WithdrawForm,
)
from pages.personnel.rows import Subject
from pages.personnel.words import Fields
from staffing.forms import DaysOffForm, LeavingForm
from staffing.labels import SETTLES_ITSELF
from staffing.models import Contract, Person, Posting, Suspension, Wage
from staffing.people.retirement import set_retirement_group
from staffing.postings import services as postings
from staffing.terms import contracts, suspensions, wages

WAGE_EFFECT = "更早执行的工资照旧保留;补助因此有变化的,差额在下一次核算中补发或扣回。"


class Verb(NamedTuple):
    """`name` is its route, `address` the page's after the number of the row of `subject`.

    `service` is given the row under the name of its model, the cleaned fields of `form`, and the actor. `done` is
    given what it returns and the fields: a sentence with dates and amounts that says what was saved. `doubts` of the
    row, the fields and today are asked back once. `filled` is the form as the page shows it first where it is not
    empty, `fit` leaves out of the form what this row has no use for; `effect` is what it means for the months.
    """

    name: str
    subject: type[Subject]
    address: str
    title: str
    form: type[forms.Form]
    service: Callable[..., object]
    done: Callable[[Any, Fields], str]
    doubts: Callable[[Any, Fields, date], Iterable[str]] = doubts.none
    # Both take a row of `subject`.
    filled: Callable[[Any], forms.Form] | None = None
    fit: Callable[[Any, forms.Form], None] | None = None
    effect: str = SETTLES_ITSELF
    permission: Permission = Permission.EDIT_PERSONNEL

    @property
    def subject_name(self) -> str:
        """person, posting, contract, wage or suspension."""
        return str(self.subject._meta.model_name)


def _retirement_group(*, person: Person, actor: User, **fields: Any) -> Person:
    return set_retirement_group(person=person, today=timezone.localdate(), actor=actor, **fields)


VERBS = (
    Verb(
        "retirement_group", Person, "retirement-group/", "更正退休年龄类别",
        RetirementGroupForm, _retirement_group, words.retirement_group_set, filled=RetirementGroupForm.of,
        effect="只影响退休提醒,不影响补助金额。", permission=Permission.CORRECT_PERSON,
    ),
    Verb(
        "end_posting", Posting, "end/", "离岗",
        LeavingForm, postings.end_posting, words.ended, doubts.of_leaving,
    ),
    Verb(
        "posting_dates", Posting, "dates/", "更正到岗、离岗日期",
        DatesForm, postings.correct_dates, words.dates_corrected, doubts.of_dates, DatesForm.of, DatesForm.fit,
    ),
    Verb(
        "posting_contract", Posting, "contract/", "签订、续签劳动合同",
        ContractForm, contracts.add_contract, words.contract_added, doubts.of_contract, ContractForm.of,
    ),
    Verb(
        "suspend_posting", Posting, "suspend/", "停发",
        DaysOffForm, suspensions.suspend, words.suspended, doubts.of_stop,
    ),
    Verb(
        "posting_wage", Posting, "wage/", "调整工资",
        WageForm, wages.set_wage, words.wage_set, doubts.of_new_wage, WageForm.of, effect=WAGE_EFFECT,
    ),
    Verb(
        "withdraw_posting", Posting, "withdraw/", "撤销在岗记录",
        WithdrawForm, postings.withdraw_posting, words.withdrawn,
    ),
    Verb(
        "correct_contract", Contract, "", "更正劳动合同",
        CorrectContractForm, contracts.correct_contract, words.contract_corrected, doubts.of_contract,
        CorrectContractForm.of_contract,
    ),
    Verb(
        "withdraw_contract", Contract, "withdraw/", "撤销劳动合同",
        WithdrawForm, contracts.withdraw_contract, words.contract_withdrawn,
    ),
    Verb(
        "correct_wage", Wage, "", "更正工资",
        CorrectWageForm, wages.correct_wage, words.wage_corrected, doubts.of_wage, CorrectWageForm.of_wage,
    ),
    Verb(
        "withdraw_wage", Wage, "withdraw/", "撤销工资",
        WithdrawForm, wages.withdraw_wage, words.wage_withdrawn,
    ),
    Verb(
        "correct_suspension", Suspension, "", "停发终止、更正",
        CorrectSuspensionForm, suspensions.correct_suspension, words.suspension_corrected, doubts.of_stop,
        CorrectSuspensionForm.of,
    ),
    Verb(
        "withdraw_suspension", Suspension, "withdraw/", "撤销停发",
        WithdrawForm, suspensions.withdraw_suspension, words.suspension_withdrawn,
    ),
)  # fmt: skip
