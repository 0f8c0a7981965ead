"""Sheets as files: of the townships that the user may see, or of one of them."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from accounts.audit import as_download
from accounts.permissions import Permission, requires
from accounts.requests import UserRequest
from foundation.dates import Month
from foundation.http import http_methods
from subsidies.exports.sheets import file_name, workbook
from subsidies.models import Allocation
from subsidies.selectors.pages import run_and_revision

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    run, revision = found
    of_revision = allocations.filter(revision=revision)
    names = list(of_revision.values_list("township_name", flat=True)[:2])
    where = names[0] if len(names) == 1 else ""
    content = workbook(revision, kind, allocations, where=where)
    name = file_name(revision, kind, where=where)
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response = HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})
    return as_download(response, f"{kind} {where}{run.period} 第 {run.number} 次 第 {revision.number} 版")
