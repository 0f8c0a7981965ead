"""The verbs of personnel, each a page with a short form: dates, suspension, withdrawal of one posting."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

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
from staffing.enums import SuspensionKind
from staffing.forms import DatesForm, SuspendForm, WithdrawForm
from staffing.models import Posting

SETTLES_ITSELF = "涉及已审批月份的,差额在下一次核算中补发或扣回。"


class Verb(NamedTuple):
    """What a page does with a posting; `work` is given the posting, the cleaned fields and who does it."""

    title: str
    form: type[DatesForm] | type[SuspendForm] | type[WithdrawForm]
    work: Callable[[Posting, Mapping[str, Any], User], object]
    done: str


def _correct(posting: Posting, fields: Mapping[str, Any], actor: User) -> object:
    return services.correct_dates(posting=posting, actor=actor, **fields)


def _suspend(posting: Posting, fields: Mapping[str, Any], actor: User) -> object:
    return services.suspend(posting=posting, actor=actor, **{**fields, "kind": SuspensionKind(fields["kind"])})


def _withdraw(posting: Posting, fields: Mapping[str, Any], actor: User) -> object:
    return services.withdraw_posting(posting=posting, actor=actor, **fields)


DATES = Verb("到岗、离岗日期", DatesForm, _correct, "日期已登记。")
SUSPENSION = Verb("停发", SuspendForm, _suspend, "停发已登记。")
WITHDRAWAL = Verb("撤销在岗记录", WithdrawForm, _withdraw, "在岗记录已撤销。")


@requires(Permission.EDIT_PERSONNEL)
@http_methods("GET", "POST")
@idempotent
def posting_dates(request: UserRequest, pk: int) -> HttpResponse:
    return _page(request, pk, DATES)


@requires(Permission.EDIT_PERSONNEL)
@http_methods("GET", "POST")
@idempotent
def suspend_posting(request: UserRequest, pk: int) -> HttpResponse:
    return _page(request, pk, SUSPENSION)


@requires(Permission.EDIT_PERSONNEL)
@http_methods("GET", "POST")
@idempotent
def withdraw_posting(request: UserRequest, pk: int) -> HttpResponse:
    return _page(request, pk, WITHDRAWAL)


def _page(request: UserRequest, pk: int, verb: Verb) -> HttpResponse:
    live = Posting.objects.visible_to(request.user).filter(withdrawn_at__isnull=True)
    posting = get_object_or_404(live.select_related("person", "township", "unit"), pk=pk)
    form: forms.Form = verb.form.of(posting)
    if request.method == "POST":
        form = verb.form(request.POST)
        if form.is_valid():
            try:
                verb.work(posting, form.cleaned_data, request.user)
            except ValidationError as error:
                for message in error.messages:
                    form.add_error(None, message)
            else:
                messages.success(request, f"{posting.person.name}:{verb.done}{SETTLES_ITSELF}")
                return redirect(_back(request))
    context = {"posting": posting, "form": form, "verb": verb, "back": _back(request)}
    return render(request, "staffing/posting_verb.html", context, status=400 if form.errors else 200)


def _back(request: UserRequest) -> str:
    """The page of ours that the reader came from, else the first page."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("home")
