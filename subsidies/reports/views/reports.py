"""镇街月报: the clerk's month, all townships of a month, and the bureau's decision on one of them."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.audit import as_download, as_refusal
from accounts.history import About, history
from accounts.idempotency import idempotent
from accounts.permissions import Permission, may, requires
from accounts.requests import UserRequest
from foundation.asked import whole_number, whole_numbers
from foundation.dates import Month
from foundation.http import http_methods
from subsidies.enums import ReportAction
from subsidies.events import REFUSED_REPORT_STEPS
from subsidies.models import TownshipReport
from subsidies.refusals import ReasonMissing, RunRefused
from subsidies.reports import services as reports
from subsidies.reports.forms.report import AcceptForm, AcknowledgeForm, DecisionForm, SubmitForm
from subsidies.reports.outstanding import month_to_report
from subsidies.reports.overview import overview
from subsidies.reports.t0 import t0_workbook
from subsidies.reports.views.page import NOTHING, Entered, entered_with, report_answer, township_or_404
from subsidies.rules.rulebook import MissingParameter
from subsidies.sheets.files import file_answer
from subsidies.steps import Seen
from townships.models import Township

NOT_REGISTERED = "“有人不在岗”一栏填了内容,还没有登记:要登记的,点“登记离岗”或“登记停发”;不登记的,清空那一栏,再上报。"


@requires(Permission.SUBMIT_REPORT)
@http_methods("GET")
def my_month(request: UserRequest) -> HttpResponse:
    """To the month that the clerk has to report, a stale one first; an officer of a small bureau chooses where."""
    township = request.user.township
    if township is None:
        return redirect("reports", Month.of(timezone.localdate()))
    return redirect("report", month_to_report(township, today=timezone.localdate()), township.code)


@requires(Permission.VIEW_REPORT)
@http_methods("GET")
def month_reports(request: UserRequest, period: Month) -> HttpResponse:
    return _overview(request, period)


@requires(Permission.REVIEW_REPORT)
@http_methods("POST")
@idempotent
def accept(request: UserRequest, period: Month) -> HttpResponse:
    """Accept all the reports that are ticked; those that changed meanwhile are left out and named."""
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return _overview(request, period, problem=" ".join(map(str, form.non_field_errors())), status=400)
    seen = form.seen
    visible = TownshipReport.objects.visible_to(request.user).select_related("township")
    found = list(visible.filter(month=period.first, township__code__in=seen))
    if len(found) != len(seen):
        raise Http404
    try:
        done = reports.accept_reports(
            reports=found,
            seen={report.pk: seen[report.township.code] for report in found},
            actor=request.user,
            now=timezone.now(),
        )
    except MissingParameter as error:
        return _overview(request, period, problem=str(error), status=409)
    if done.accepted:
        names = "、".join(report.township.name for report in done.accepted)
        messages.success(request, f"{period.label}月报审核通过 {len(done.accepted)} 份:{names}。")
    for report, why in done.left_out:
        messages.warning(request, f"{report.township.name}没有审核通过:{why}")
    return redirect("reports", period)


def _overview(request: UserRequest, period: Month, *, problem: str = "", status: int = 200) -> HttpResponse:
    user = request.user
    told = overview(
        period, Township.objects.visible_to(user), today=timezone.localdate(), reads_county=user.reads_county
    )
    context = {
        "told": told,
        "page": told.page,
        "problem": problem,
        "may_review": may(user, Permission.REVIEW_REPORT) and told.acceptable,
    }
    return render(request, "subsidies/reports/reports.html", context, status=status)


@requires(Permission.VIEW_REPORT)
@http_methods("GET")
def report(request: UserRequest, period: Month, code: str) -> HttpResponse:
    return report_answer(request, township_or_404(request, code), period)


@requires(Permission.VIEW_REPORT)
@http_methods("GET")
def report_history(request: UserRequest, period: Month, code: str) -> HttpResponse:
    """Who sent it up, gave it back and why, accepted it, explained findings and attached scans."""
    reported = TownshipReport.objects.visible_to(request.user).select_related("township")
    found = get_object_or_404(reported, township__code=code, month=period.first)
    told = history({("townshipreport", found.pk): About()}, before=whole_number(request.GET, "before"))
    return render(request, "subsidies/reports/report_history.html", {"report": found, "history": told})


@requires(Permission.EXPORT_SHEET)
@http_methods("GET")
def sheet(request: UserRequest, period: Month, code: str) -> HttpResponse:
    """T0 for the stamp: what was sent up last."""
    reported = TownshipReport.objects.visible_to(request.user).filter(submitted_at__isnull=False)
    found = get_object_or_404(
        reported.select_related("township", "submitted_by"), township__code=code, month=period.first
    )
    name = f"{found}T0 第{found.submission}次.xlsx"
    return as_download(file_answer(t0_workbook(found), name), f"T0 {found} 第 {found.submission} 次")


@requires(Permission.SUBMIT_REPORT)
@http_methods("POST")
@idempotent
def submit(request: UserRequest, period: Month, code: str) -> HttpResponse:
    township = township_or_404(request, code)
    form = SubmitForm(request.POST)
    if not form.is_valid():
        return report_answer(request, township, period, problem="表单不完整,请刷新页面后再办。", status=400)
    entered = entered_with(request.POST, period)
    if entered.leave or entered.suspension:
        return report_answer(request, township, period, problem=NOT_REGISTERED, entered=entered, status=400)

    def send() -> TownshipReport:
        return reports.submit_report(
            township=township,
            month=period,
            confirmed=_confirmed(request.POST),
            note=form.cleaned_data["note"],
            actor=request.user,
            now=timezone.now(),
            seen=Seen(form.cleaned_data["submission"]),
        )

    return _done(request, township, period, send, ReportAction.SUBMIT, "已上报,等待县局审核。", entered)


def _confirmed(fields: QueryDict) -> set[int]:
    """Who stood on the page and was not ticked as absent, and whose absence is registered already."""
    standing = whole_numbers(fields, "standing") - whole_numbers(fields, "absent")
    return standing | whole_numbers(fields, "confirmed")


@requires(Permission.ACKNOWLEDGE)
@http_methods("POST")
@idempotent
def acknowledge(request: UserRequest, period: Month, code: str) -> HttpResponse:
    """One reason for all the findings that are ticked."""
    township = township_or_404(request, code)
    form = AcknowledgeForm(request.POST)
    if not form.is_valid():
        problem = "请勾选要说明的提示,并填写情况说明。"
        entered = Entered(reason=request.POST.get("reason", ""), findings=form.chosen | form.checks)
        return report_answer(request, township, period, problem=problem, entered=entered, status=400)
    try:
        given = reports.acknowledge(
            township=township,
            month=period,
            chosen=form.names,
            reason=form.cleaned_data["reason"],
            actor=request.user,
        )
    except (RunRefused, MissingParameter) as error:
        return report_answer(request, township, period, problem=str(error), status=409)
    messages.success(request, f"已为 {len(given)} 条提示填写情况说明;事实变化以前一直有效。")
    return redirect("report", period, code)


@requires(Permission.REVIEW_REPORT)
@http_methods("POST")
@idempotent
def decide(request: UserRequest, period: Month, code: str) -> HttpResponse:
    """Accept one township's report or give it back, with a reason in general or for single people."""
    township = township_or_404(request, code)
    found = get_object_or_404(TownshipReport.objects.visible_to(request.user), township=township, month=period.first)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        problem = " ".join(map(str, form.non_field_errors())) or "表单不完整,请刷新页面后再办。"
        return report_answer(request, township, period, problem=problem, status=400)
    submission, now = form.cleaned_data["submission"], timezone.now()
    if form.cleaned_data["decision"] == ReportAction.ACCEPT:
        return _done(
            request,
            township,
            period,
            lambda: reports.accept_report(report=found, actor=request.user, now=now, seen=Seen(submission)),
            ReportAction.ACCEPT,
            "审核通过。",
        )
    return _done(
        request,
        township,
        period,
        lambda: reports.return_report(
            report=found,
            reason=form.cleaned_data["reason"],
            posting_reasons=form.cleaned_data["posting_reasons"],
            actor=request.user,
            now=now,
            seen=Seen(submission, form.cleaned_data["state"]),
        ),
        ReportAction.RETURN,
        "已退回,镇街会看到原因。",
        Entered(reason=form.cleaned_data["reason"], posting_reasons=form.cleaned_data["posting_reasons"]),
    )


def _done(
    request: UserRequest,
    township: Township,
    period: Month,
    work: Callable[[], TownshipReport],
    action: ReportAction,
    success: str,
    entered: Entered = NOTHING,
) -> HttpResponse:
    """Do it and go to the page, or say on the page why not."""
    try:
        work()
    except (RunRefused, MissingParameter) as error:
        status = 400 if isinstance(error, ReasonMissing) else 409
        page = report_answer(request, township, period, problem=str(error), entered=entered, status=status)
        return as_refusal(page, REFUSED_REPORT_STEPS[action], subject=township, reason=str(error)[:500])
    messages.success(request, f"{township.name}{period.label}月报{success}")
    if action is ReportAction.SUBMIT:
        return redirect("report", period, township.code)
    return redirect("reports", period)
