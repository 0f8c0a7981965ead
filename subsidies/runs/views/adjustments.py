"""其他调整 of a month: those that wait for its approval, and the form for one more."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.idempotency import idempotent
from accounts.permissions import Permission, may, requires
from accounts.requests import UserRequest
from foundation.asked import whole_number
from foundation.dates import Month
from foundation.http import http_methods
from subsidies.calculation import adjusting as service
from subsidies.calculation.adjustments import adjustments_of
from subsidies.known_runs import run_and_revision
from subsidies.models import Adjustment, Allocation, OldDifference
from subsidies.refusals import RunRefused
from subsidies.runs.forms import AdjustmentForm


@requires(Permission.VIEW_MONTH)
@http_methods("GET")
def adjustments(request: UserRequest, period: Month) -> HttpResponse:
    return _page(request, period, AdjustmentForm(request.user, initial=_suggested(request) or {"for_month": period}))


@requires(Permission.ADJUST_RUN)
@http_methods("POST")
@idempotent
def add_adjustment(request: UserRequest, period: Month) -> HttpResponse:
    form = AdjustmentForm(request.user, request.POST)
    if not form.is_valid():
        return _page(request, period, form, status=400)
    try:
        service.adjust(month=period, actor=request.user, **form.cleaned_data)
    except ValidationError as error:
        for message in error.messages:
            form.add_error(None, message)
        return _page(request, period, form, status=400)
    except RunRefused as error:
        form.add_error(None, str(error))
        return _page(request, period, form, status=409)
    messages.success(request, "调整已登记,重新核算后列入合计。")
    return redirect("adjustments", period)


@requires(Permission.ADJUST_RUN)
@http_methods("POST")
@idempotent
def withdraw_adjustment(request: UserRequest, period: Month, pk: int) -> HttpResponse:
    row = get_object_or_404(Adjustment.objects.visible_to(request.user), pk=pk)
    try:
        service.withdraw_adjustment(adjustment=row, actor=request.user)
    except RunRefused as error:
        form = AdjustmentForm(request.user, initial={"for_month": period})
        return _page(request, period, form, problem=str(error), status=409)
    messages.success(request, "调整已撤销,重新核算后不再列入合计。")
    return redirect("adjustments", period)


def _suggested(request: UserRequest) -> dict[str, object]:
    """The fields for the difference that the address names; none where the user sees no such difference."""
    asked = whole_number(request.GET, "difference")
    if asked is None:
        return {}
    row = (
        OldDifference.objects.visible_to(request.user).filter(pk=asked).select_related("allocation__township").first()
    )
    if row is None:
        return {}
    return {
        "township": row.allocation.township,
        "posting": row.posting_id,
        "person": row.person_name,
        "namesake": row.person_id,
        "for_month": row.period,
        "amount": row.difference,
        "reason": f"{row.period.label}超出追溯期的差额",
    }


def _page(
    request: UserRequest, period: Month, form: AdjustmentForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "month": period,
        "has_run": run_and_revision(Allocation.objects.visible_to(request.user), period, None) is not None,
        "rows": adjustments_of(period, Adjustment.objects.visible_to(request.user)),
        "form": form if may(request.user, Permission.ADJUST_RUN) else None,
        "problem": problem,
    }
    return render(request, "subsidies/runs/adjustments.html", context, status=status)
