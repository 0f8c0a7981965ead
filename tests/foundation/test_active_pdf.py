"""A PDF that would do or carry more than its pages is not kept."""

import zlib

import pytest

from foundation.scans import ScanError, read_scan


def _pdf(body: bytes) -> bytes:
    return b"%PDF-1.7\n" + body + b"\n%%EOF\n"


def _packed(objects: bytes) -> bytes:
    packed = zlib.compress(objects)
    return b"5 0 obj\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\n" + packed + b"\nendstream\nendobj"


@pytest.mark.parametrize(
    "body",
    [
        b"1 0 obj << /S /JavaScript /JS (app.alert) >> endobj",
        b"1 0 obj << /OpenAction << /S /Launch /F (a.exe) >> >> endobj",
        b"1 0 obj << /Names << /EmbeddedFiles 2 0 R >> >> endobj",
        b"1 0 obj << /S /J#61vaScript >> endobj",
        _packed(b"<< /S /JavaScript >>"),
    ],
)
def test_pdf_that_is_active_is_refused(body: bytes) -> None:
    with pytest.raises(ScanError, match="脚本"):
        read_scan(_pdf(body), "批复.pdf")


@pytest.mark.parametrize(
    "body",
    [
        b"1 0 obj << /OpenAction [3 0 R /Fit] >> endobj",
        b"1 0 obj << /Subtype /Image >>\nstream\n\x01/JS (\x02\nendstream\nendobj",
        _packed(b"<< /Type /Page >>"),
    ],
)
def test_pdf_of_pages_is_kept(body: bytes) -> None:
    assert read_scan(_pdf(body), "批复.pdf").name == "批复.pdf"
