"""待审核: household counts, grants and versions of the policy that count only once they are approved."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.idempotency import idempotent
from accounts.models import User
from accounts.permissions import Permission, may, requires
from accounts.requests import UserRequest
from foundation.http import http_methods
from pages.approvals import approvals_for
from pages.approving import Seen, approve_entries, reject_entries
from pages.forms.approvals import EntriesForm
from subsidies.refusals import ReasonMissing, RunRefused

APPROVE, REJECT = "pages/approvals.html", "pages/approvals_reject.html"


@requires(Permission.VIEW_APPROVALS)
@http_methods("GET")
def approvals(request: UserRequest) -> HttpResponse:
    return _page(request)


@requires(Permission.APPROVE_POLICY)
@http_methods("POST")
@idempotent
def approve(request: UserRequest) -> HttpResponse:
    def work(seen: Sequence[Seen], actor: User, reason: str) -> str:
        number = approve_entries(seen=seen, actor=actor, now=timezone.now())
        return f"已审核通过 {number} 项。已经审批的月份有差额的,下次核算自动补发或扣回。"

    return _decided(request, work)


@requires(Permission.APPROVE_POLICY)
@http_methods("GET", "POST")
@idempotent
def reject(request: UserRequest) -> HttpResponse:
    """A page of its own, where nothing can be approved."""
    if request.method != "POST":
        return _page(request, template=REJECT)

    def work(seen: Sequence[Seen], actor: User, reason: str) -> str:
        return f"已退回 {reject_entries(seen=seen, actor=actor, reason=reason)} 项,请录入的人更正后重新导入。"

    return _decided(request, work, template=REJECT)


def _decided(
    request: UserRequest, work: Callable[[Sequence[Seen], User, str], str], *, template: str = APPROVE
) -> HttpResponse:
    form = EntriesForm(approvals_for(request.user), request.POST)
    if not form.is_valid():
        problem = " ".join(str(message) for found in form.errors.values() for message in found)
        return _page(request, problem, template=template, status=400)
    try:
        done = work([Seen.parse(key) for key in form.cleaned_data["entry"]], request.user, form.cleaned_data["reason"])
    except ReasonMissing as error:
        return _page(request, str(error), template=template, status=400)
    except RunRefused as error:
        return _page(request, str(error), template=template, status=409)
    messages.success(request, done)
    return redirect("approvals")


def _page(
    request: UserRequest,
    problem: str = "",
    *,
    template: str = APPROVE,
    status: int = 200,
) -> HttpResponse:
    """What waits, to be approved or to be given back."""
    page = approvals_for(request.user)
    context = {
        "page": page,
        "whole": page.whole,
        "ticked": [value for name in ("entry", "whole") for value in request.POST.getlist(name)],
        "reason": request.POST.get("reason", ""),
        "problem": problem,
        "sees_places": may(request.user, Permission.VIEW_PLACES),
    }
    return render(request, template, context, status=status)
