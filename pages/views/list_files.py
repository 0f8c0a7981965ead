"""A list as the answer to a request for its file; each is an event."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from accounts.audit import as_download
from foundation.lists.columns import Column, Row
from foundation.lists.sheet import list_workbook
from subsidies.sheets.register import XLSX


def list_file(name: str, columns: Sequence[Column[Row]], rows: Sequence[Row], words: Sequence[str]) -> HttpResponse:
    """The rows and columns that the page shows; `words` say what was asked for, and stand in the event."""
    content = list_workbook(name, columns, rows, words, made_at=timezone.now())
    disposition = content_disposition_header(as_attachment=True, filename=f"{name}名单.xlsx")
    response = HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})
    return as_download(response, f"{name}名单 {len(rows)} 条:{'、'.join(words)}"[:200])
