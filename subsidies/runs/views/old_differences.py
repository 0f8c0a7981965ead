"""Answering on the month's page for differences older than its window."""

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
from subsidies.runs.forms import OldDifferencesForm
from subsidies.runs.views.months import month_response, run_or_404
from subsidies.steps import Seen


@requires(Permission.SEND_RUN)
@http_methods("POST")
@idempotent
def acknowledge(request: UserRequest, period: Month, number: int) -> HttpResponse:
    """One reason for the differences that are ticked, or for all that have none."""
    found = run_or_404(request.user, period, number)
    form = OldDifferencesForm(request.POST)
    if not form.is_valid():
        return month_response(
            request,
            found,
            problem="请勾选要说明的差额,并填写情况说明。",
            reason=request.POST.get("reason", ""),
            ticked=form.chosen or (),
            status=400,
        )
    try:
        given = acknowledge_old_differences(
            run=found.run,
            chosen=form.chosen,
            reason=form.cleaned_data["reason"],
            actor=request.user,
            seen=Seen(form.cleaned_data["revision"]),
        )
    except RunRefused as error:
        page = month_response(request, found, problem=str(error), status=409)
        return as_refusal(page, SubsidyEvent.ACKNOWLEDGE_OLD_DIFFERENCES, subject=found.run, reason=str(error)[:500])
    messages.success(request, f"已为 {given} 条差额填写情况说明;差额变化以前一直有效。")
    return redirect("month", period, number)
