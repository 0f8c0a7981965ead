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
