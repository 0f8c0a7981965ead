"""What the scripts of .ci say of themselves before they begin."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

# What the first line is found out with.
TOOLS = ("bash", "dirname", "sort", "tail", "head", "grep", "id", "readlink")
PROGRAMS = {"chromium": "the browser journeys", "soffice": "LibreOffice", "libreoffice": "LibreOffice"}


def first_line(folder: Path, *programs: str) -> str:
    """What .ci/test says on a machine that has these programs besides its tools."""
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (folder / tool).symlink_to(found)
    for program in programs:
        (folder / program).symlink_to("/bin/true")
    done = subprocess.run(
        ["bash", ".ci/test", "--left-out"],
        cwd=settings.BASE_DIR,
        env={"PATH": str(folder), "HOME": os.environ.get("HOME", "/")},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    (line,) = done.stdout.splitlines()
    return line


@pytest.mark.parametrize("programs", [(), ("chromium",), ("soffice",), ("libreoffice",), ("chromium", "soffice")])
def test_whatever_is_not_there_is_named_in_the_first_line(tmp_path: Path, programs: tuple[str, ...]) -> None:
    line = first_line(tmp_path, *programs)
    there = {PROGRAMS[program] for program in programs}
    assert line.startswith("Left out: ")
    assert {what for what in PROGRAMS.values() if what in line} == set(PROGRAMS.values()) - there


def runs_of(folder: Path, database: str) -> list[str]:
    """What .ci/test hands to Python, each with its database: there is a browser, and no server but the named one."""
    shutil.copytree(Path(settings.BASE_DIR) / ".ci", folder / ".ci")
    (folder / ".ci" / "postgres").write_text('echo "no server"; exit 1', encoding="utf-8")
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "asked: ${DATABASE_URL:-SQLite} $*"\n', encoding="utf-8")
    python.chmod(0o755)
    (folder / "chromium").symlink_to("/bin/true")
    done = subprocess.run(
        ["bash", folder / ".ci" / "test"],
        env={"PATH": f"{folder}:{os.environ['PATH']}", "DATABASE_URL": database, "TEST_JOBS": "3"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    asked = [line.removeprefix("asked: ") for line in done.stdout.splitlines() if line.startswith("asked: ")]
    always = " -m pytest --dist worksteal --durations 10 -n 3"
    assert all(always in line for line in asked)
    return [line.replace(always, "") for line in asked]


def test_with_a_postgresql_it_runs_all_that_uses_a_database(tmp_path: Path) -> None:
    """SQLite what uses none and what each of them promises by itself."""
    assert runs_of(tmp_path, "postgresql:///county") == [
        "SQLite -m e2e tests/e2e",
        "SQLite -m not e2e and (no_database or both)",
        "postgresql:///county -m not e2e and not no_database",
    ]


def test_without_a_postgresql_everything_runs_on_sqlite(tmp_path: Path) -> None:
    assert runs_of(tmp_path, "") == ["SQLite -m e2e tests/e2e", "SQLite"]
