"""The page of one township's report, as an answer: what its links and its forms lead to."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.permissions import Permission, may
from accounts.requests import UserRequest
from foundation.dates import Month
from subsidies.forms.scans import ScansForm
from subsidies.rules.rulebook import MissingParameter
from subsidies.selectors.report_pages import report_page
from townships.models import Township


def township_or_404(request: UserRequest, code: str) -> Township:
    township = Township.objects.visible_to(request.user).filter(code=code).first()
    if township is None:
        raise Http404
    return township


def report_answer(
    request: UserRequest, township: Township, period: Month, *, problem: str = "", reason: str = "", status: int = 200
) -> HttpResponse:
    """The page; where something was turned down with its `problem`, and the `reason` that was typed."""
    try:
        page = report_page(township, period, today=timezone.localdate())
    except MissingParameter as error:
        return render(request, "409.html", {"detail": str(error)}, status=409)
    context = {
        "page": page,
        "problem": problem,
        "reason": reason,
        "may_submit": may(request.user, Permission.SUBMIT_REPORT),
        "may_review": may(request.user, Permission.REVIEW_REPORT),
        "may_acknowledge": may(request.user, Permission.ACKNOWLEDGE) and not page.is_settled,
        "may_change_scans": may(request.user, Permission.SUBMIT_REPORT) and not page.is_settled,
        "scans_form": ScansForm(),
        "may_edit": may(request.user, Permission.EDIT_PERSONNEL),
    }
    return render(request, "subsidies/report.html", context, status=status)
