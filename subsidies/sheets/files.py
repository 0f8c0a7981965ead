"""Files as answers: what pages and API hand out, byte for byte the same."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from accounts.audit import as_download
from subsidies.models import AllocationQuerySet, Revision
from subsidies.sheets.register import XLSX, issued_or_made


def file_answer(content: bytes, name: str, content_type: str = XLSX) -> HttpResponse:
    """The file, to be saved under `name` and opened in no page of ours."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": disposition or ""})


def sheet_answer(revision: Revision, kind: str, allocations: AllocationQuerySet) -> HttpResponse:
    """A sheet over the given allocations, named after the township where it is one only; its event is stored."""
    run = revision.run
    names = list(allocations.filter(revision=revision).values_list("township_name", flat=True)[:2])
    where = names[0] if len(names) == 1 else ""
    content, name = issued_or_made(revision, kind, allocations, where)
    return as_download(
        file_answer(content, name), f"{kind} {where}{run.period} 第 {run.number} 次 第 {revision.number} 版"
    )
