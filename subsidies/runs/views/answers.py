"""Answering on the month's page, one reason for many: old differences, and findings that no report answers."""

from collections.abc import Callable
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.audit import as_refusal
from accounts.idempotency import idempotent
from accounts.permissions import Permission, requires
from accounts.requests import UserRequest
from foundation.dates import Month
from foundation.http import http_methods
from subsidies.events import SubsidyEvent
from subsidies.refusals import RunRefused
from subsidies.revisions.answering import acknowledge_old_differences
from subsidies.runs.answering import acknowledge_findings
from subsidies.runs.forms import FindingsForm, OldDifferencesForm
from subsidies.runs.views.months import NOTHING_TYPED, Typed, month_response, run_or_404
from subsidies.steps import Seen


class _Kind(NamedTuple):
    """What is answered for: its form, its service, the event of a refusal; `what` it is called, and what of it has to
    change before it is asked again."""

    form: type[OldDifferencesForm | FindingsForm]
    acknowledge: Callable[..., int]
    event: SubsidyEvent
    what: str
    changing: str


_DIFFERENCES = _Kind(
    OldDifferencesForm, acknowledge_old_differences, SubsidyEvent.ACKNOWLEDGE_OLD_DIFFERENCES, "差额", "差额"
)
_FINDINGS = _Kind(FindingsForm, acknowledge_findings, SubsidyEvent.ACKNOWLEDGE_FINDINGS_OF_RUN, "提示", "事实")


@requires(Permission.SEND_RUN)
@http_methods("POST")
@idempotent
def old_differences(request: UserRequest, period: Month, number: int) -> HttpResponse:
    """One reason for the differences that are ticked, or for all that have none."""
    return _answer(request, period, number, _DIFFERENCES)


@requires(Permission.SEND_RUN)
@http_methods("POST")
@idempotent
def findings(request: UserRequest, period: Month, number: int) -> HttpResponse:
    """One reason for the findings that are ticked, or for all that have none."""
    return _answer(request, period, number, _FINDINGS)


def _answer(request: UserRequest, period: Month, number: int, kind: _Kind) -> HttpResponse:
    found = run_or_404(request.user, period, number)
    form = kind.form(request.POST)
    if not form.is_valid():
        typed = Typed(request.POST.get("reason", ""), form.chosen or ())
        return month_response(
            request,
            found,
            problem=f"请勾选要说明的{kind.what},并填写情况说明。",
            differences=typed if kind is _DIFFERENCES else NOTHING_TYPED,
            findings=typed if kind is _FINDINGS else NOTHING_TYPED,
            status=400,
        )
    try:
        given = kind.acknowledge(
            run=found.run,
            chosen=form.chosen,
            reason=form.cleaned_data["reason"],
            actor=request.user,
            seen=Seen(form.cleaned_data["revision"]),
        )
    except RunRefused as error:
        page = month_response(request, found, problem=str(error), status=409)
        return as_refusal(page, kind.event, subject=found.run, reason=str(error)[:500])
    messages.success(request, f"已为 {given} 条{kind.what}填写情况说明;{kind.changing}变化以前一直有效。")
    return redirect("month", period, number)
