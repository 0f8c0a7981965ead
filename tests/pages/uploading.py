"""Uploading rosters as a browser does, for the tests of what comes of it."""

import re
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.reading import text_of
from tests.staffing.rosters import HEADER, a_roster

UPLOAD = "/people/import/"
Response = Any  # of the test client, whose own type the stubs keep to themselves


def upload(client: Client, content: bytes, name: str = "名册.xlsx", **more: Any) -> Response:
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)}, **more)


def page_of(client: Client, *rows: dict[str, Any], header: Sequence[str] = HEADER) -> tuple[str, str]:
    """The address and the text of the page that an upload leads to."""
    response = upload(client, a_roster(*rows, header=tuple(header)))
    assert response.status_code == 302
    return response.headers["Location"], text_of(client, response.headers["Location"])


def said(response: Response) -> str:
    return "".join(re.findall(r'class="problem"[^>]*>([^<]*)', response.content.decode()))
