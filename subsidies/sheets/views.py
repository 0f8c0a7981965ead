"""Sheets as files: of the townships that the user may see, or of one of them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.audit import as_download
from accounts.idempotency import idempotent
from accounts.permissions import Permission, requires
from accounts.requests import UserRequest
from foundation.dates import Month
from foundation.http import http_methods
from subsidies.known_runs import run_and_revision
from subsidies.models import Allocation, SheetFile
from subsidies.refusals import RunRefused
from subsidies.sheets.files import file_answer, sheet_answer
from subsidies.sheets.issuing import issue_sheet
from subsidies.sheets.page_words import banner_of
from subsidies.sheets.register import sheet_bytes
from townships.models import Township


@requires(Permission.EXPORT_SHEET)
@http_methods("GET")
def sheet(request: UserRequest, period: Month, number: int, kind: str, code: str | None = None) -> HttpResponse:
    """`kind` is the number of the sheet, `code` the township where it is of one only."""
    allocations = Allocation.objects.visible_to(request.user)
    if code is not None:
        allocations = allocations.filter(township_code=code)
    found = run_and_revision(allocations, period, number)
    if found is None:
        raise Http404
    return sheet_answer(found.revision, kind, allocations)


@requires(Permission.ISSUE_SHEET)
@http_methods("POST")
@idempotent
def issue(request: UserRequest, period: Month, number: int, kind: str, code: str | None = None) -> HttpResponse:
    """Keep the sheet of an approved run, of the county or of one township, with a number and its SHA-256."""
    allocations = Allocation.objects.visible_to(request.user)
    found = run_and_revision(allocations, period, number)
    if found is None:
        raise Http404
    run, revision, _ = found
    township = None
    if code is not None:
        township = get_object_or_404(Township.objects.visible_to(request.user), code=code)
    try:
        kept = issue_sheet(
            revision=revision,
            sheet=kind,
            township=township,
            make=sheet_bytes,
            actor=request.user,
            now=timezone.now(),
        )
    except RunRefused as error:
        return render(request, "409.html", {"detail": str(error)}, status=409)
    messages.success(request, f"表格已出具,编号 {kept.number}。以后每次下载都是同一份文件。")
    of_township = () if code is None else (code,)
    return redirect("township_sheet" if of_township else "month", run.period, run.number, *of_township)


@requires(Permission.EXPORT_SHEET)
@http_methods("GET")
def issued(request: UserRequest, pk: int) -> HttpResponse:
    """A sheet as it was issued, the same bytes every time; of a run returned since, a sheet with the banner 已撤回."""
    kept = get_object_or_404(SheetFile.objects.visible_to(request.user).select_related("revision__run__county"), pk=pk)
    revision = kept.revision
    if banner_of(revision):
        allocations = Allocation.objects.visible_to(request.user)
        if kept.township_id is not None:
            allocations = allocations.filter(township=kept.township_id)
        where = kept.township.name if kept.township else ""
        content, name = sheet_bytes(revision, kept.sheet, allocations, where)
    else:
        content, name = bytes(kept.content), kept.filename
    return as_download(file_answer(content, name), f"{kept.sheet} {kept.number}")
