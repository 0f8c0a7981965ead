"""The pages of the policy: the rules in force on a day, and one version of the standard."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.permissions import Permission, requires
from accounts.requests import UserRequest
from foundation.http import http_methods
from subsidies.policy import pages as policy_pages
from subsidies.policy.forms import PolicyDayForm


@requires(Permission.VIEW_POLICY)
@http_methods("GET")
def policy(request: UserRequest) -> HttpResponse:
    """Today's rules, or those of the day asked for; today's with an error at the field for a day that is none."""
    today = timezone.localdate()
    form = PolicyDayForm({"on": request.GET.get("on") or str(today), "before": request.GET.get("before", "")})
    is_valid = form.is_valid()
    day, before = form.cleaned_data.get("on") or today, form.cleaned_data.get("before")
    context = {"page": policy_pages.policy_page(day, today=today, before=before), "form": form}
    return render(request, "subsidies/policy/policy.html", context, status=200 if is_valid else 400)


@requires(Permission.VIEW_POLICY)
@http_methods("GET")
def standard(request: UserRequest, pk: int) -> HttpResponse:
    """One version of the standard in full."""
    page = policy_pages.standard_page(pk, today=timezone.localdate())
    if page is None:
        raise Http404
    return render(request, "subsidies/policy/standard.html", {"page": page})
