"""Uploads are kept in memory up to a limit, and never in a file."""

import tempfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory

from foundation.uploads import MOST_BYTES


def request_with(*sizes: int) -> HttpRequest:
    files = [SimpleUploadedFile(f"{number}.xlsx", b"x" * size) for number, size in enumerate(sizes)]
    return RequestFactory().post("/", {"file": files})


@pytest.fixture(autouse=True)
def _no_temporary_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))


def test_a_file_is_kept_whole() -> None:
    [file] = request_with(300_000).FILES.getlist("file")
    assert (file.size, file.name, file.read()) == (300_000, "0.xlsx", b"x" * 300_000)


def test_of_one_that_is_too_large_the_size_is_kept_and_nothing_else() -> None:
    [file] = request_with(MOST_BYTES + 1).FILES.getlist("file")
    assert (file.size, file.read()) == (MOST_BYTES + 1, b"")


def test_the_limit_is_for_all_files_of_a_request() -> None:
    first, second = request_with(MOST_BYTES - 10, 100).FILES.getlist("file")
    assert (len(first.read()), len(second.read())) == (MOST_BYTES - 10, 0)
