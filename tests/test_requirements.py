"""What is installed: pinned, checked by hash, from whatever package index the machine has been given."""

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FILES = ["requirements.txt", "requirements-dev.txt"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def requirements(file: str) -> list[str]:
    """Each requirement as one line, without comments."""
    text = (ROOT / file).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def pins(file: str) -> dict[str, str]:
    """Version by name."""
    found = (re.match(r"([a-z0-9-]+)==(\S+)", line) for line in requirements(file))
    return {match[1]: match[2] for match in found if match}


def asked_for(*extras: str) -> set[str]:
    """Names in pyproject.toml as the lists write them."""
    lines = PROJECT["dependencies"] + [line for extra in extras for line in PROJECT["optional-dependencies"][extra]]
    return {re.split(r"[\[<>=!~; ]", line)[0].lower().replace("_", "-") for line in lines}


@pytest.mark.parametrize("file", FILES)
def test_every_requirement_is_one_version_with_hashes(file: str) -> None:
    lines = requirements(file)
    assert lines
    for line in lines:
        assert re.match(r"[a-z0-9-]+==\S+ ( *;.*?)?( *--hash=sha256:[0-9a-f]{64})+ *$", line), line[:80]


@pytest.mark.parametrize("file", FILES)
def test_no_address_of_a_package_index(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted-host|@ ", text)


def test_all_that_the_project_asks_for_is_pinned() -> None:
    assert asked_for("server") <= set(pins("requirements.txt"))
    assert asked_for("server", "dev") <= set(pins("requirements-dev.txt"))


def test_tools_for_development_are_not_installed_in_a_county() -> None:
    assert not (asked_for("dev") - asked_for()) & set(pins("requirements.txt"))


def test_development_and_installation_have_the_same_versions() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()
