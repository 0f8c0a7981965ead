"""Who is no longer on post, registered on the page of the report: several people at once, all or none of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from accounts.idempotency import idempotent
from accounts.permissions import Permission, requires
from accounts.requests import UserRequest
from foundation.dates import Month
from foundation.http import http_methods
from staffing import several
from staffing.labels import SETTLES_ITSELF
from staffing.models import Posting
from subsidies.reports.forms.exceptions import LeaveForm, SuspensionForm
from subsidies.reports.views.page import entered_with, report_answer, township_or_404
from townships.models import Township

NAMES_TOLD = 20
NOBODY = "还没有勾选谁:请先在人员表里勾选不在岗的人,再登记。"
LOOK_BELOW = "没有登记:请看“有人不在岗”一栏里的提示,改好再登记。"


@requires(Permission.SUBMIT_REPORT)
@http_methods("GET", "POST")
def off_post(request: UserRequest, period: Month, code: str) -> HttpResponse:
    """The page of the report again, with what was ticked and typed; Enter in the form of the people comes here."""
    if request.method != "POST":
        return redirect("report", period, code)
    entered = replace(entered_with(request.POST, period), asks_for_exceptions=True)
    return report_answer(request, township_or_404(request, code), period, entered=entered)


@requires(Permission.EDIT_PERSONNEL)
@http_methods("POST")
@idempotent
def register_leave(request: UserRequest, period: Month, code: str) -> HttpResponse:
    township = township_or_404(request, code)
    form = LeaveForm(period, request.POST)

    def end(postings: Sequence[Posting]) -> Sequence[Posting]:
        return several.end_postings(postings=postings, actor=request.user, **form.cleaned_data)

    return _registered(request, township, period, form, end, _left)


@requires(Permission.EDIT_PERSONNEL)
@http_methods("POST")
@idempotent
def register_suspension(request: UserRequest, period: Month, code: str) -> HttpResponse:
    township = township_or_404(request, code)
    form = SuspensionForm(period, request.POST)

    def suspend(postings: Sequence[Posting]) -> Sequence[Posting]:
        return several.suspend_postings(postings=postings, actor=request.user, **form.cleaned_data)

    return _registered(request, township, period, form, suspend, _stopped)


def _left(fields: Mapping[str, Any]) -> str:
    reason = ",".join(filter(None, (fields["kind"].label, fields["words"])))
    return f"{fields['ended_on']} 离岗({reason})"


def _stopped(fields: Mapping[str, Any]) -> str:
    until = f"{fields['ended_on']} " if fields["ended_on"] else "另行通知"
    return f"{fields['started_on']} 至 {until}停发({fields['kind'].label})"


def _registered(
    request: UserRequest,
    township: Township,
    period: Month,
    form: LeaveForm | SuspensionForm,
    work: Callable[[Sequence[Posting]], Sequence[Posting]],
    told: Callable[[Mapping[str, Any]], str],
) -> HttpResponse:
    """Do `work` with everybody who was ticked and go back to the report, where `told` says what was entered, or say
    there for whom it cannot be done."""
    entered = entered_with(request.POST, period)
    entered = replace(entered, leave=form) if isinstance(form, LeaveForm) else replace(entered, suspension=form)
    postings = list(Posting.objects.visible_to(request.user).filter(township=township, pk__in=entered.absent))
    if len(postings) != len(entered.absent):
        raise Http404
    if not postings:
        return report_answer(request, township, period, problem=NOBODY, entered=entered, status=400)
    if not form.is_valid():
        return report_answer(request, township, period, problem=LOOK_BELOW, entered=entered, status=400)
    try:
        done = work(postings)
    except ValidationError as error:
        problem = f"一个也没有登记。{' '.join(error.messages)}"
        return report_answer(request, township, period, problem=problem, entered=entered, status=400)
    names = "、".join(posting.person.name for posting in done[:NAMES_TOLD])
    more = "等" if len(done) > NAMES_TOLD else ""
    messages.success(request, f"已登记 {len(done)} 人 {told(form.cleaned_data)}:{names}{more}。{SETTLES_ITSELF}")
    return redirect("report", period, township.code)
