"""Proposals 更正申请: the list, one with what it would change, and the officer's decision."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.idempotency import idempotent
from accounts.permissions import Permission, may, requires
from accounts.requests import UserRequest
from foundation.asked import whole_number
from foundation.http import http_methods
from pages.merging import merging_page
from pages.personnel.person_forms import RefuseProposalForm
from pages.proposals import proposal_page, proposals_page
from staffing.models import PersonProposal
from staffing.people.proposals import accept_proposal, refuse_proposal


@requires(Permission.VIEW_PEOPLE)
@http_methods("GET")
def proposals(request: UserRequest) -> HttpResponse:
    visible = PersonProposal.objects.visible_to(request.user)
    page = proposals_page(visible, user=request.user, before=whole_number(request.GET, "before"))
    context = {"page": page, "may_decide": may(request.user, Permission.DECIDE_PROPOSALS)}
    return render(request, "pages/personnel/proposals.html", context)


@requires(Permission.VIEW_PEOPLE)
@http_methods("GET")
def proposal(request: UserRequest, pk: int) -> HttpResponse:
    return _page(request, _visible(request, pk), RefuseProposalForm())


@requires(Permission.DECIDE_PROPOSALS)
@http_methods("POST")
@idempotent
def accept(request: UserRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    try:
        accept_proposal(proposal=found, actor=request.user)
    except ValidationError as error:
        return _page(request, found, RefuseProposalForm(), problems=error.messages, status=409)
    messages.success(request, f"{found.person.name}:更正申请已采纳。")
    return redirect("proposals")


@requires(Permission.DECIDE_PROPOSALS)
@http_methods("POST")
@idempotent
def refuse(request: UserRequest, pk: int) -> HttpResponse:
    found, form = _visible(request, pk), RefuseProposalForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    try:
        refuse_proposal(proposal=found, reason=form.cleaned_data["reason"], actor=request.user)
    except ValidationError as error:
        return _page(request, found, form, problems=error.messages, status=409)
    messages.success(request, f"{found.person.name}:更正申请不予采纳,原因已告知提出的镇街。")
    return redirect("proposals")


def _visible(request: UserRequest, pk: int) -> PersonProposal:
    related = ("person", "into", "township", "proposed_by", "decided_by")
    return get_object_or_404(PersonProposal.objects.visible_to(request.user).select_related(*related), pk=pk)


def _page(
    request: UserRequest,
    found: PersonProposal,
    form: RefuseProposalForm,
    *,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    may_decide = may(request.user, Permission.DECIDE_PROPOSALS)
    merging = None
    if found.into is not None and found.is_waiting and may_decide:
        merging = merging_page(found.person, found.into, day=timezone.localdate(), user=request.user)
    context = {
        "page": proposal_page(found, user=request.user),
        "merging": merging,
        "form": form,
        "problems": problems or [],
        "may_decide": may_decide and found.is_waiting,
    }
    return render(request, "pages/personnel/proposal.html", context, status=status)
