"""Scans are told by their bytes: what is one, what is none, what is cut off, and how a name is shown."""

import hashlib

import pytest

from foundation.scans import MOST_BYTES, NAME_LENGTH, ScanError, ScanKind, plain_name, read_scan
from tests.foundation.scan_files import JPEG, JPEG_HEAD, PDF, PNG, of_size


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, ScanKind.PDF),
        (PDF + b"\0" * 900, ScanKind.PDF),
        (JPEG, ScanKind.JPEG),
        (JPEG + b"what a camera adds", ScanKind.JPEG),
        (PNG, ScanKind.PNG),
    ],
)
def test_the_bytes_say_what_it_is_whatever_the_name(content: bytes, kind: ScanKind) -> None:
    scan = read_scan(content, "报表.exe")
    assert (scan.kind, scan.content, scan.name) == (kind, content, "报表.exe")
    assert scan.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\0" + b"\0" * 60,
        b"<!DOCTYPE html><html><script>alert(1)</script></html>",
        b'<svg xmlns="x"><script>alert(1)</script></svg>',
        b"PK\x03\x04" + b"\0" * 60,
        b"GIF89a" + b"\0" * 60,
        b"%PD",
        b" " + PDF,
        b"MZ" + PDF,
    ],
)
def test_what_is_no_scan_is_refused_under_a_scans_name(content: bytes) -> None:
    with pytest.raises(ScanError, match=r"^盖章\.pdf:不是 PDF、JPG 或 PNG 文件"):
        read_scan(content, "盖章.pdf")


@pytest.mark.parametrize(
    "content",
    [
        PDF[:-8],
        JPEG[:-1],
        JPEG_HEAD,
        JPEG[:30],
        JPEG[:3] + b"\xd9",
        PNG[:-1],
        PNG[:40],
        PNG[:8],
        b"%PDF-" + b"x" * 2000,
    ],
)
def test_what_ends_before_its_end_is_refused(content: bytes) -> None:
    with pytest.raises(ScanError, match="文件不完整"):
        read_scan(content, "盖章.pdf")


def test_a_small_picture_within_a_cut_off_one_does_not_make_it_whole() -> None:
    assert b"\xff\xd9" in JPEG_HEAD
    with pytest.raises(ScanError, match="文件不完整"):
        read_scan(JPEG[:-2], "1.jpg")


def test_five_megabytes_are_kept_and_one_byte_more_is_not() -> None:
    assert len(read_scan(of_size(MOST_BYTES), "1.pdf").content) == MOST_BYTES
    with pytest.raises(ScanError, match="超过 5 MB"):
        read_scan(of_size(MOST_BYTES + 1), "1.pdf")
    with pytest.raises(ScanError, match="空的"):
        read_scan(b"", "1.pdf")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("盖章.pdf", "盖章.pdf"),
        ("..\\..\\windows/五月 报表.pdf", "五月 报表.pdf"),
        ("a\0b\r\nc\u202efdp.exe", "a b c fdp.exe"),
        ("", "没有名称的文件"),
        ("/", "没有名称的文件"),
        ("长" * 200 + ".pdf", "长" * (NAME_LENGTH - 4) + ".pdf"),
    ],
)
def test_a_name_is_shown_in_printable_characters(name: str, shown: str) -> None:
    assert plain_name(name) == shown
