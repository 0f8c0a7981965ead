"""Scans of a township's stamped report: attached, handed out, withdrawn."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from accounts.audit import as_download, as_refusal
from accounts.idempotency import idempotent
from accounts.permissions import Permission, requires
from accounts.requests import UserRequest
from foundation.dates import Month
from foundation.http import http_methods
from subsidies.events import SubsidyEvent
from subsidies.models import ReportScan, ReportScanQuerySet, TownshipReport
from subsidies.refusals import FileRefused, ReasonMissing, RunRefused
from subsidies.reports import scanning as report_scans
from subsidies.reports.forms.scans import ScansForm, WithdrawScanForm
from subsidies.reports.views.page import report_answer, township_or_404
from subsidies.sheets.files import file_answer
from subsidies.steps import Seen
from townships.models import Township


@requires(Permission.SUBMIT_REPORT)
@http_methods("POST")
@idempotent
def attach_scans(request: UserRequest, period: Month, code: str) -> HttpResponse:
    """Keep the files that were chosen, all or none."""
    township = township_or_404(request, code)
    found = get_object_or_404(TownshipReport.objects.visible_to(request.user), township=township, month=period.first)
    form = ScansForm(request.POST, request.FILES)
    if not form.is_valid():
        problem = " ".join(map(str, form.errors.get("scans", []))) or "表单不完整,请刷新页面后再办。"
        return report_answer(request, township, period, problem=problem, status=400)
    try:
        kept = report_scans.attach_scans(
            report=found,
            scans=form.cleaned_data["scans"],
            actor=request.user,
            now=timezone.now(),
            seen=Seen(form.cleaned_data["submission"]),
        )
    except RunRefused as error:
        return _refused(request, township, period, SubsidyEvent.ATTACH_SCANS_OF_TOWNSHIP, error)
    messages.success(request, f"已上传 {len(kept)} 份扫描件,附在第 {kept[0].submission} 次上报后面。")
    return redirect("report", period, code)


@requires(Permission.VIEW_REPORT)
@http_methods("GET")
def scan(request: UserRequest, period: Month, code: str, pk: int) -> HttpResponse:
    """The file as it was uploaded."""
    found = get_object_or_404(_scans(request, period, code).offered(), pk=pk)
    label = f"月报扫描件 {found.report} 第 {found.submission} 次 {found.pk}"
    return as_download(file_answer(found.content, found.download_name, found.content_type), label)


@requires(Permission.SUBMIT_REPORT)
@http_methods("POST")
@idempotent
def withdraw_scan(request: UserRequest, period: Month, code: str, pk: int) -> HttpResponse:
    """Take a wrong one back, with a reason."""
    found = get_object_or_404(_scans(request, period, code).without_content(), pk=pk)
    township = found.report.township
    form = WithdrawScanForm(request.POST)
    if not form.is_valid():
        return report_answer(request, township, period, problem=" ".join(map(str, form.errors["reason"])), status=400)
    reason = form.cleaned_data["reason"]
    try:
        report_scans.withdraw_scan(scan=found, reason=reason, actor=request.user, now=timezone.now())
    except RunRefused as error:
        return _refused(request, township, period, SubsidyEvent.WITHDRAW_SCAN_OF_TOWNSHIP, error)
    messages.success(request, f"已撤下扫描件“{found.filename}”。")
    return redirect("report", period, code)


def _scans(request: UserRequest, period: Month, code: str) -> ReportScanQuerySet:
    visible = ReportScan.objects.visible_to(request.user).select_related("report__township")
    return visible.filter(report__township__code=code, report__month=period.first)


def _refused(
    request: UserRequest, township: Township, period: Month, event: SubsidyEvent, error: RunRefused
) -> HttpResponse:
    status = 400 if isinstance(error, FileRefused | ReasonMissing) else 409
    page = report_answer(request, township, period, problem=str(error), status=status)
    return as_refusal(page, event, subject=township, reason=str(error)[:500])
