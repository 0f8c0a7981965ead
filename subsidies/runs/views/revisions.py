"""核算版次: the revisions of a run, and what two of them say otherwise."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.permissions import Permission, requires
from accounts.requests import UserRequest
from foundation.dates import Month
from foundation.http import http_methods
from subsidies.models import Allocation
from subsidies.revisions.revision_differences import default_pair, revision_differences, why_not
from subsidies.revisions.run_history import run_history
from subsidies.runs.forms import RevisionsForm
from subsidies.runs.views.months import run_or_404


@requires(Permission.VIEW_MONTH)
@http_methods("GET")
def revisions(request: UserRequest, period: Month, number: int) -> HttpResponse:
    """`?from=1&to=2` chooses two revisions; without it the last two that keep their lines."""
    run = run_or_404(request.user, period, number).run
    allocations = Allocation.objects.visible_to(request.user)
    history = run_history(run, allocations)
    chosen, problem = default_pair(history), ""
    if "from" in request.GET or "to" in request.GET:
        form = RevisionsForm(request.GET)
        chosen = form.pair if form.is_valid() else None
        problem = why_not(history, chosen) if chosen else "请填写两个版次的号码。"
    found = None
    if chosen and not problem:
        by_number = {row.revision.number: row.revision for row in history.revisions}
        found = revision_differences(by_number[chosen[0]], by_number[chosen[1]], allocations)
    context = {
        "history": history,
        "kept": [row.revision.number for row in history.revisions if row.has_lines],
        "chosen": chosen,
        "found": found,
        "problem": problem,
    }
    return render(request, "subsidies/revisions/revisions.html", context, status=400 if problem else 200)
