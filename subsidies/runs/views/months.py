"""The pages of the month: list, month, township's sheet, one line; calculating and approving."""

from collections.abc import Collection
from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.audit import as_refusal
from accounts.idempotency import idempotent
from accounts.models import User
from accounts.permissions import Permission, may, requires
from accounts.requests import UserRequest
from foundation.asked import whole_number
from foundation.dates import LAST_DAY, Month
from foundation.http import http_methods
from subsidies.enums import RunAction
from subsidies.events import RUN_STEPS, SubsidyEvent
from subsidies.known_runs import FoundRun, all_runs, changes_since, run_and_revision
from subsidies.models import Allocation, AllocationLine, LedgerParameters, SheetFile, SubsidyRun
from subsidies.posts.known_county import known_of_month
from subsidies.posts.month_facts import month_facts
from subsidies.refusals import ReasonMissing, RunRefused
from subsidies.reports.acknowledgements import answers_by_reason
from subsidies.reports.waiting import waiting_reports
from subsidies.revisions import line_pages
from subsidies.revisions.adjusted_and_settled import adjusted_and_settled
from subsidies.revisions.adjustment_lines import HeldAdjustments, adjustment_lines
from subsidies.revisions.beside_last_month import beside_last_month
from subsidies.revisions.compared import compared_allocations
from subsidies.revisions.differences import by_cause, changes_of
from subsidies.revisions.figures import figures_of, figures_of_both
from subsidies.revisions.old_differences import NO_OLD_DIFFERENCES, old_differences
from subsidies.revisions.unusual import unusual
from subsidies.rules.rulebook import MissingParameter
from subsidies.runs import pages
from subsidies.runs import services as runs
from subsidies.runs.answering import findings_of_page
from subsidies.runs.forms import CalculateForm, StepForm
from subsidies.runs.next_steps import last_return, next_step
from subsidies.steps import Seen


@requires(Permission.VIEW_MONTH)
@http_methods("GET")
def months(request: UserRequest) -> HttpResponse:
    return _months_page(request, form=None)


@requires(Permission.CALCULATE_MONTH)
@http_methods("POST")
@idempotent
def calculate(request: UserRequest) -> HttpResponse:
    form = CalculateForm(request.POST)
    if not form.is_valid():
        return _months_page(request, form=form, status=400)
    month = form.cleaned_data["month"]
    try:
        calculated = runs.calculate(month=month, actor=request.user, seen=Seen(form.cleaned_data["expected"]))
    except (RunRefused, MissingParameter) as error:
        form.add_error(None, str(error))
        page = _months_page(request, form=form, status=409)
        return as_refusal(page, SubsidyEvent.CALCULATE_FIRST, subject=month.label, reason=str(error)[:500])
    total = f"合计 {calculated.revision.total:,.2f} 元。"
    if calculated.is_new:
        messages.success(request, f"{calculated.revision}已算好,{total}请核对后送审。")
    else:
        messages.info(request, f"重新核算的结果与{calculated.revision}相同,没有写入新的版次。{total}")
    return redirect("month", calculated.run.period, calculated.run.number)


@requires(Permission.VIEW_MONTH)
@http_methods("GET")
def month(request: UserRequest, period: Month, number: int | None = None) -> HttpResponse:
    return month_response(request, run_or_404(request.user, period, number))


@requires(Permission.APPROVE_RUN)
@http_methods("GET")
def approve(request: UserRequest, period: Month, number: int) -> HttpResponse:
    """What an approval freezes: totals, differences by cause, reasons given, two buttons."""
    return approval_response(request, run_or_404(request.user, period, number))


@requires(Permission.VIEW_MONTH)
@http_methods("POST")
@idempotent
def step(request: UserRequest, period: Month, number: int, action: RunAction) -> HttpResponse:
    """One step of the table of states; the service asks for the permission of the step."""
    found = run_or_404(request.user, period, number)
    run, revision = found.run, found.revision
    form = StepForm(request.POST)
    if not form.is_valid():
        return month_response(request, found, problem="没有收到您看到的版次,请核对后再办一次。", status=400)
    try:
        done = runs.take_step(
            action,
            run=run,
            actor=request.user,
            now=timezone.now(),
            seen=Seen(form.cleaned_data["revision"], form.cleaned_data["state"]),
            reason=form.cleaned_data["reason"],
        )
    except (RunRefused, MissingParameter) as error:
        show = approval_response if action is RunAction.APPROVE else month_response
        page = show(request, found, problem=str(error), status=400 if isinstance(error, ReasonMissing) else 409)
        return as_refusal(page, RUN_STEPS[action], subject=run, reason=str(error)[:500])
    messages.success(request, f"{done}{done.state_label},合计 {revision.total:,.2f} 元。")
    return redirect("month", period, number)


@requires(Permission.VIEW_MONTH)
@http_methods("GET")
def township_sheet(request: UserRequest, period: Month, number: int, code: str) -> HttpResponse:
    allocations = Allocation.objects.visible_to(request.user).filter(township_code=code)
    run, revision, _ = run_or_404(request.user, period, number)
    page = line_pages.township_sheet(run, revision, allocations)
    if page is None:
        raise Http404
    context = {"page": page, **_issuing(request.user, run, code=code)}
    return render(request, "subsidies/runs/township_sheet.html", context)


@requires(Permission.VIEW_MONTH)
@http_methods("GET")
def line(request: UserRequest, pk: int) -> HttpResponse:
    """How one amount came about."""
    lines = AllocationLine.objects.visible_to(request.user)
    joined = lines.select_related("allocation__revision__run", "posting", "explanation")
    page = line_pages.line_page(get_object_or_404(joined, pk=pk))
    return render(request, "subsidies/revisions/line.html", {"page": page})


def _months_page(request: UserRequest, *, form: CalculateForm | None, status: int = 200) -> HttpResponse:
    """The list; for who may calculate also the form, with what was typed and what is wrong with it."""
    year = whole_number(request.GET, "year", most=LAST_DAY.year)
    listed = pages.month_list(Allocation.objects.visible_to(request.user), year)
    context: dict[str, object] = {"page": listed}
    if may(request.user, Permission.CALCULATE_MONTH):
        opening = pages.opening(timezone.localdate(), all_runs())
        context["opening"] = opening
        context["waiting"] = waiting_reports(opening.month)
        context["form"] = form or CalculateForm(initial={"month": opening.month})
        if listed.year is None:
            context["preparation"] = pages.preparation()
    return render(request, "subsidies/runs/months.html", context, status=status)


class Typed(NamedTuple):
    """A reason as it was typed, and what it was ticked for."""

    reason: str = ""
    ticked: Collection[int] | Collection[str] = ()


NOTHING_TYPED = Typed()


def month_response(
    request: UserRequest,
    found: FoundRun,
    *,
    problem: str = "",
    differences: Typed = NOTHING_TYPED,
    findings: Typed = NOTHING_TYPED,
    status: int = 200,
) -> HttpResponse:
    """The page of the month; what was typed for differences and for findings, and not taken, stands there again."""
    run, revision, runs = found
    allocations = Allocation.objects.visible_to(request.user)
    compared = compared_allocations(revision, allocations)
    following = next_step(run, request.user, runs)
    may_calculate = may(request.user, Permission.CALCULATE_MONTH)
    may_answer = following.may_take(RunAction.SEND)
    context = {
        "page": pages.month_page(run, revision, figures_of(compared), runs),
        "next_step": following,
        "old": old_differences(revision, allocations) if compared.has_old_differences else NO_OLD_DIFFERENCES,
        "may_answer": may_answer,
        "findings": findings_of_page(revision) if may_answer else None,
        "findings_reason": findings.reason,
        "ticked_findings": findings.ticked,
        "may_adjust": may(request.user, Permission.ADJUST_RUN) and run.is_open,
        "reason": differences.reason,
        "ticked": differences.ticked,
        "problem": problem,
        "changes": by_cause(changes_of(compared, supplementary=runs.is_supplementary(run))),
        **_issuing(request.user, run),
        "last_return": last_return(run),
        "waiting": waiting_reports(run.period) if run.is_open and may_calculate else None,
    }
    return render(request, "subsidies/runs/month.html", context, status=status)


def _issuing(user: User, run: SubsidyRun, *, code: str = "") -> dict[str, object]:
    """The sheets of a run that were issued, all that the user may see or those of one township."""
    issued = SheetFile.objects.visible_to(user).filter(revision__run=run)
    if code:
        issued = issued.filter(township__code=code)
    return {"issued": issued.select_related("issued_by"), "may_issue": may(user, Permission.ISSUE_SHEET)}


def approval_response(request: UserRequest, found: FoundRun, *, problem: str = "", status: int = 200) -> HttpResponse:
    run, revision, runs = found
    allocations = Allocation.objects.visible_to(request.user)
    compared = compared_allocations(revision, allocations)
    supplementary, before = runs.is_supplementary(run), runs.compared_with(run)
    townships, of_before = figures_of_both(compared, before)
    page = pages.month_page(run, revision, townships, runs)
    in_time = [row.township for row in compared.now if not row.is_late]
    parameters = getattr(run.county, "ledger", None) or LedgerParameters()
    answers = answers_by_reason(month_facts(run.period, known_of_month(run.period)), in_time)
    context = {
        "page": page,
        "unusual": unusual(
            compared,
            revision,
            adjustments=adjustment_lines(revision, allocations) if compared.has_adjustments else HeldAdjustments(()),
            settled=adjusted_and_settled(revision, allocations),
            reports_required=parameters.reports_required,
            supplementary=supplementary,
        ),
        "beside": beside_last_month(page.together, of_before),
        "next_step": next_step(run, request.user, runs),
        "problem": problem,
        "changes": by_cause(changes_of(compared, supplementary=supplementary)),
        "answers": answers,
        "findings_number": sum(row.number for row in answers),
        "old": old_differences(revision, allocations) if compared.has_old_differences else NO_OLD_DIFFERENCES,
        "changes_since": 0 if run.is_approved else changes_since(run),
    }
    return render(request, "subsidies/runs/approve.html", context, status=status)


def run_or_404(user: User, period: Month, number: int | None) -> FoundRun:
    """The run, or the last one of the month, if its revision holds a township that the user may see."""
    found = run_and_revision(Allocation.objects.visible_to(user), period, number)
    if found is None:
        raise Http404
    return found
