"""The page of one township's report, as an answer: what its links and its forms lead to."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from typing import TypeVar

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Permission, may
from accounts.requests import UserRequest
from foundation.asked import whole_numbers
from foundation.dates import Month
from subsidies.reports.forms.exceptions import LeaveForm, SuspensionForm
from subsidies.reports.forms.scans import ScansForm
from subsidies.reports.pages import report_page
from subsidies.rules.rulebook import MissingParameter
from townships.models import Township

ExceptionForm = TypeVar("ExceptionForm", LeaveForm, SuspensionForm)


@dataclass(frozen=True, slots=True)
class Entered:
    """What somebody had entered on the page, to be shown again where it was turned down.

    `reason` answers the ticked `findings`, or is why the report is given back, for single people `posting_reasons`;
    `absent` are postings ticked as not on post, the forms say what happened to them.
    `asks_for_exceptions`: the place for those who are not on post is opened in any case.
    """

    reason: str = ""
    findings: Set[str] = frozenset()
    posting_reasons: Mapping[int, str] | None = None
    note: str | None = None
    absent: Set[int] = frozenset()
    leave: LeaveForm | None = None
    suspension: SuspensionForm | None = None
    asks_for_exceptions: bool = False

    @property
    def has_exceptions(self) -> bool:
        return bool(self.asks_for_exceptions or self.absent or self.leave or self.suspension)


NOTHING = Entered()


def township_or_404(request: UserRequest, code: str) -> Township:
    township = Township.objects.visible_to(request.user).filter(code=code).first()
    if township is None:
        raise Http404
    return township


def entered_with(fields: QueryDict, period: Month) -> Entered:
    """What the form of the people held: who was ticked as absent, and what was begun to be said of them."""
    return Entered(
        note=fields.get("note"),
        absent=whole_numbers(fields, "absent"),
        leave=_begun(LeaveForm, fields, period),
        suspension=_begun(SuspensionForm, fields, period),
    )


def _begun(form: type[ExceptionForm], fields: QueryDict, period: Month) -> ExceptionForm | None:
    """The form with what was typed into it; None where that is nothing. A kind is always chosen."""
    typed = {name: text for name in form.base_fields if (text := fields.get(f"{form.prefix}-{name}"))}
    return form(period, initial=typed) if typed.keys() - {"kind"} else None


def report_answer(
    request: UserRequest,
    township: Township,
    period: Month,
    *,
    problem: str = "",
    entered: Entered = NOTHING,
    status: int = 200,
) -> HttpResponse:
    """The page; where something was turned down with its `problem` and what was `entered`."""
    try:
        page = report_page(township, period, today=timezone.localdate())
    except MissingParameter as error:
        return render(request, "409.html", {"detail": str(error)}, status=409)
    if entered.posting_reasons is not None:
        given = entered.posting_reasons
        page = replace(page, rows=[replace(row, returned=given.get(row.posting.id, "")) for row in page.rows])
    place = (period, township.code)
    note = page.report.note if page.report else ""
    context = {
        "page": page,
        "problem": problem,
        "entered": entered,
        "note": note if entered.note is None else entered.note,
        "back": reverse("report", args=place),
        "leave_form": entered.leave or LeaveForm(period),
        "leave_action": reverse("register_leave", args=place),
        "suspension_form": entered.suspension or SuspensionForm(period),
        "suspension_action": reverse("register_suspension", args=place),
        "scans_form": ScansForm(),
        "may_submit": may(request.user, Permission.SUBMIT_REPORT),
        "may_review": may(request.user, Permission.REVIEW_REPORT),
        "may_acknowledge": may(request.user, Permission.ACKNOWLEDGE) and not page.status.is_closed,
        "may_change_scans": may(request.user, Permission.SUBMIT_REPORT) and not page.status.is_closed,
        "may_edit": may(request.user, Permission.EDIT_PERSONNEL),
    }
    return render(request, "subsidies/reports/report.html", context, status=status)
