"""The verbs of personnel, each a page with a short form: dates, contract, wage, suspension, withdrawal."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.idempotency import idempotent
from accounts.models import User
from accounts.permissions import Permission, requires
from accounts.requests import UserRequest
from foundation.http import http_methods
from staffing import services
from staffing.enums import ContractKind, SuspensionKind
from staffing.forms import (
    ContractForm,
    CorrectContractForm,
    CorrectSuspensionForm,
    DatesForm,
    DaysOffForm,
    WageForm,
    WithdrawForm,
)
from staffing.models import Contract, Posting, PostingQuerySet, Suspension

Subject = TypeVar("Subject", Posting, Contract, Suspension)
SETTLES_ITSELF = "涉及已审批月份的,差额在下一次核算中补发或扣回。"
WAGE_EFFECT = "更早执行的工资照旧保留;补助因此有变化的,差额在下一次核算中补发或扣回。"


class Verb(NamedTuple, Generic[Subject]):
    """What a page does with a posting, or a contract or suspension of one; `work` is given it, the cleaned fields and
    who does it.

    `filled` is the form as the page shows it first, `effect` says what the work means for the months.
    """

    title: str
    form: type[forms.Form]
    filled: Callable[[Subject], forms.Form]
    work: Callable[[Subject, Mapping[str, Any], User], object]
    done: str
    effect: str = SETTLES_ITSELF


def _correct(posting: Posting, fields: Mapping[str, Any], actor: User) -> object:
    return services.correct_dates(posting=posting, actor=actor, **fields)


def _suspend(posting: Posting, fields: Mapping[str, Any], actor: User) -> object:
    return services.suspend(posting=posting, actor=actor, **{**fields, "kind": SuspensionKind(fields["kind"])})


def _withdraw(posting: Posting, fields: Mapping[str, Any], actor: User) -> object:
    return services.withdraw_posting(posting=posting, actor=actor, **fields)


def _set_wage(posting: Posting, fields: Mapping[str, Any], actor: User) -> object:
    return services.set_wage(posting=posting, actor=actor, **fields)


def _add_contract(posting: Posting, fields: Mapping[str, Any], actor: User) -> object:
    return services.add_contract(posting=posting, actor=actor, **_with_kind(fields))


def _correct_contract(contract: Contract, fields: Mapping[str, Any], actor: User) -> object:
    return services.correct_contract(contract=contract, actor=actor, **_with_kind(fields))


def _with_kind(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {**fields, "kind": ContractKind(fields["kind"]) if fields["kind"] else None}


def _correct_suspension(suspension: Suspension, fields: Mapping[str, Any], actor: User) -> object:
    known = {**fields, "kind": SuspensionKind(fields["kind"])}
    return services.correct_suspension(suspension=suspension, actor=actor, **known)


def _withdraw_suspension(suspension: Suspension, fields: Mapping[str, Any], actor: User) -> object:
    return services.withdraw_suspension(suspension=suspension, actor=actor, **fields)


def _empty(form: type[forms.Form]) -> Callable[[object], forms.Form]:
    return lambda subject: form()


DATES = Verb[Posting]("到岗、离岗日期", DatesForm, DatesForm.of, _correct, "日期已登记。")
SUSPENSION = Verb[Posting]("停发", DaysOffForm, _empty(DaysOffForm), _suspend, "停发已登记。")
WITHDRAWAL = Verb[Posting]("撤销在岗记录", WithdrawForm, _empty(WithdrawForm), _withdraw, "在岗记录已撤销。")
WAGE = Verb[Posting]("工资", WageForm, WageForm.of, _set_wage, "工资已登记。", WAGE_EFFECT)
CONTRACT = Verb[Posting]("登记劳动合同", ContractForm, ContractForm.of, _add_contract, "合同已登记。")
CONTRACT_CORRECTION = Verb[Contract](
    "更正劳动合同", CorrectContractForm, CorrectContractForm.of_contract, _correct_contract, "合同已更正。"
)
RESUMPTION = Verb[Suspension](
    "停发终止、更正", CorrectSuspensionForm, CorrectSuspensionForm.of, _correct_suspension, "停发已更正。"
)
SUSPENSION_WITHDRAWAL = Verb[Suspension](
    "撤销停发", WithdrawForm, _empty(WithdrawForm), _withdraw_suspension, "停发已撤销。"
)


@requires(Permission.EDIT_PERSONNEL)
@http_methods("GET", "POST")
@idempotent
def posting_dates(request: UserRequest, pk: int) -> HttpResponse:
    return _of_posting(request, pk, DATES)


@requires(Permission.EDIT_PERSONNEL)
@http_methods("GET", "POST")
@idempotent
def suspend_posting(request: UserRequest, pk: int) -> HttpResponse:
    return _of_posting(request, pk, SUSPENSION)


@requires(Permission.EDIT_PERSONNEL)
@http_methods("GET", "POST")
@idempotent
def posting_wage(request: UserRequest, pk: int) -> HttpResponse:
    return _of_posting(request, pk, WAGE)


@requires(Permission.EDIT_PERSONNEL)
@http_methods("GET", "POST")
@idempotent
def posting_contract(request: UserRequest, pk: int) -> HttpResponse:
    return _of_posting(request, pk, CONTRACT)


@requires(Permission.EDIT_PERSONNEL)
@http_methods("GET", "POST")
@idempotent
def correct_contract(request: UserRequest, pk: int) -> HttpResponse:
    contract = get_object_or_404(Contract, pk=pk, posting__in=_live_postings(request).values("pk"))
    posting = _live_postings(request).get(pk=contract.posting_id)
    return _page(request, CONTRACT_CORRECTION, contract, posting, contract=contract)


@requires(Permission.EDIT_PERSONNEL)
@http_methods("GET", "POST")
@idempotent
def withdraw_posting(request: UserRequest, pk: int) -> HttpResponse:
    return _of_posting(request, pk, WITHDRAWAL)


@requires(Permission.EDIT_PERSONNEL)
@http_methods("GET", "POST")
@idempotent
def correct_suspension(request: UserRequest, pk: int) -> HttpResponse:
    return _of_suspension(request, pk, RESUMPTION)


@requires(Permission.EDIT_PERSONNEL)
@http_methods("GET", "POST")
@idempotent
def withdraw_suspension(request: UserRequest, pk: int) -> HttpResponse:
    return _of_suspension(request, pk, SUSPENSION_WITHDRAWAL)


def _of_posting(request: UserRequest, pk: int, verb: Verb[Posting]) -> HttpResponse:
    posting = get_object_or_404(_live_postings(request), pk=pk)
    return _page(request, verb, posting, posting)


def _of_suspension(request: UserRequest, pk: int, verb: Verb[Suspension]) -> HttpResponse:
    found = get_object_or_404(
        Suspension.objects.live().filter(posting__in=_live_postings(request).values("pk")), pk=pk
    )
    return _page(request, verb, found, _live_postings(request).get(pk=found.posting_id), stop=found)


def _live_postings(request: UserRequest) -> PostingQuerySet:
    live = Posting.objects.visible_to(request.user).filter(withdrawn_at__isnull=True)
    return live.select_related("person", "township", "unit")


def _page(
    request: UserRequest,
    verb: Verb[Subject],
    subject: Subject,
    posting: Posting,
    *,
    stop: Suspension | None = None,
    contract: Contract | None = None,
) -> HttpResponse:
    """The form for `subject`, which is the posting or a suspension or contract of it; once it is sent, back."""
    form = verb.filled(subject)
    if request.method == "POST":
        form = verb.form(request.POST)
        if form.is_valid():
            try:
                verb.work(subject, form.cleaned_data, request.user)
            except ValidationError as error:
                for message in error.messages:
                    form.add_error(None, message)
            else:
                messages.success(request, f"{posting.person.name}:{verb.done}{verb.effect}")
                return redirect(_back(request))
    context = {
        "posting": posting,
        "form": form,
        "verb": verb,
        "back": _back(request),
        "stop": stop,
        "contract": contract,
        "contracts": posting.contracts.order_by("-started_on"),
        "wages": posting.wages.order_by("-effective_from"),
        "stops": posting.suspensions.live().order_by("-started_on"),
    }
    return render(request, "staffing/posting_verb.html", context, status=400 if form.errors else 200)


def _back(request: UserRequest) -> str:
    """The page of ours that the reader came from, else the first page."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("home")
