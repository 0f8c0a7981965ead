"""Importing the roster in the browser: upload, all problems or a preview, confirmation; nothing is saved before it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.audit import as_download, as_refusal
from accounts.permissions import Permission, requires
from accounts.requests import UserRequest
from foundation.asked import whole_number
from foundation.excel.marked import marked_up
from foundation.excel.reader import SpreadsheetError
from foundation.excel.table import Limits
from foundation.http import http_methods
from pages.forms.imports import ConfirmImportForm, UploadForm
from staffing.events import StaffingEvent
from staffing.imports import pending as uploads
from staffing.imports.result_page import result_page
from staffing.imports.roster import UnacceptedWarningsError, header_of, preview_roster, roster_table
from staffing.imports.roster_confirming import confirm_roster
from staffing.imports.roster_template import column_guides, roster_template
from staffing.models import PendingImport
from subsidies.known_runs import first_open_day
from subsidies.sheets.files import file_answer
from townships.entries import ImportRefusedError
from townships.models import GrassrootsUnit, Township

EXPIRED = "这次上传已超过 1 小时,文件已经清除,没有导入;请重新上传。"
REFUSED = "这份文件有问题,不能导入;请改正后重新上传。"
UNTICKED = "还有须核对的情况没有确认;请逐条核对,在方框里打勾后再点确认导入。"


@requires(Permission.IMPORT_ROSTER)
@http_methods("GET", "POST", in_transaction=False)
def import_roster(request: UserRequest) -> HttpResponse:
    """What a file must look like; a good one leads to its preview, a bad one to all its problems."""
    if request.method != "POST":
        return _upload_page(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, form, status=400)
    file, now = form.cleaned_data["file"], timezone.now()
    content, filename = file.read(), file.name or ""
    try:
        outcome = preview_roster(
            content,
            filename,
            today=timezone.localdate(),
            facts_from=first_open_day(),
            only_township=request.user.township_id,
        )
    except SpreadsheetError as error:
        form.add_error("file", str(error))
        return _upload_page(request, form, status=400)
    pending = uploads.hold(
        kind="roster", content=content, filename=filename, outcome=outcome, owner=request.user, now=now
    )
    return redirect("pending_import", pending.pk)


@requires(Permission.IMPORT_ROSTER)
@http_methods("GET")
def template(request: UserRequest) -> HttpResponse:
    """The workbook to fill in, with the own units to choose from."""
    township = get_object_or_404(Township.objects.visible_to(request.user), pk=request.user.township_id)
    units = GrassrootsUnit.objects.visible_to(request.user).filter(closed_on=None).order_by("code")
    content = roster_template(township, list(units.values_list("name", flat=True)))
    return as_download(file_answer(content, f"{township.name}花名册模板.xlsx"), "花名册模板")


@requires(Permission.IMPORT_ROSTER)
@http_methods("GET", "POST")
def pending_import(request: UserRequest, pk: int) -> HttpResponse:
    """What was found in an upload of one's own; POST confirms it."""
    pending = _own(request, pk)
    if (done := _done(request, pending)) is not None:
        return done
    if request.method != "POST":
        return _result_page(request, pending)
    form = ConfirmImportForm(request.POST)
    try:
        return _confirmed(request, pending, accepted=form.is_valid() and form.cleaned_data["accept_warnings"])
    except UnacceptedWarningsError:
        return _result_page(request, pending, problem=UNTICKED, status=400)
    except SpreadsheetError as error:
        return _result_page(request, pending, problem=str(error), status=400)
    except ImportRefusedError:
        return _result_page(request, pending, problem=REFUSED, status=409)


@requires(Permission.IMPORT_ROSTER)
@http_methods("GET")
def marked_import(request: UserRequest, pk: int) -> HttpResponse:
    """The uploaded file given back with a column 问题, for mending and uploading again."""
    pending = _own(request, pk)
    if (done := _done(request, pending)) is not None:
        return done
    result = uploads.result_of(pending)
    try:
        table = roster_table(uploads.file_of(pending), result.filename)
    except SpreadsheetError as error:
        return _result_page(request, pending, problem=str(error), status=400)
    content = marked_up(table, header_of(table), [*result.outcome.problems, *result.outcome.warnings])
    name = result.filename.rpartition(".")[0].removesuffix("(已标注)")
    return as_download(file_answer(content, f"{name}(已标注).xlsx"), f"花名册标注问题 {pending.pk}")


def _confirmed(request: UserRequest, pending: PendingImport, *, accepted: bool) -> HttpResponse:
    """Where a confirmation leads, or a second one of the same moment."""
    confirmation = confirm_roster(
        pending=pending,
        actor=request.user,
        now=timezone.now(),
        today=timezone.localdate(),
        facts_from=first_open_day(),
        accept_warnings=accepted,
    )
    if not confirmation.is_stored:
        changed = redirect("pending_import", pending.pk)
        return as_refusal(
            changed,
            StaffingEvent.IMPORT_PENDING_ROSTER,
            subject=pending,
            reason="预览以后系统里的记录有变动,没有导入。",
        )
    if confirmation.outcome is None:
        return redirect("pending_import", pending.pk)
    messages.success(request, f"导入完成:{confirmation.outcome.sentence}。")
    return _where_it_went(confirmation.pending)


def _own(request: UserRequest, pk: int) -> PendingImport:
    return get_object_or_404(PendingImport.objects.visible_to(request.user).filter(kind="roster"), pk=pk)


def _done(request: UserRequest, pending: PendingImport) -> HttpResponse | None:
    """The answer for an upload that is confirmed already or out of date; None while it waits."""
    if pending.confirmed_at is not None:
        when = timezone.localtime(pending.confirmed_at)
        messages.info(request, f"这份文件已于 {when:%H:%M} 导入,没有重复导入。")
        return _where_it_went(pending)
    if pending.is_expired(timezone.now()):
        form = UploadForm()
        return _upload_page(request, form, problem=EXPIRED, status=410)
    return None


def _where_it_went(pending: PendingImport) -> HttpResponse:
    return redirect("import_roster") if pending.batch_id is None else redirect("import_batch", pending.batch_id)


def _upload_page(request: UserRequest, form: UploadForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "problem": problem,
        "guides": column_guides(),
        "township": request.user.township,
        "limits": Limits(),
    }
    return render(request, "pages/import_upload.html", context, status=status)


def _result_page(
    request: UserRequest, pending: PendingImport, *, problem: str = "", status: int = 200
) -> HttpResponse:
    page = result_page(
        uploads.result_of(pending),
        show=request.GET.get("show", ""),
        column=request.GET.get("column", ""),
        start=whole_number(request.GET, "from") or 0,
    )
    context: dict[str, Any] = {"page": page, "pending": pending, "problem": problem, "form": UploadForm()}
    return render(request, "pages/import_result.html", context, status=status)
