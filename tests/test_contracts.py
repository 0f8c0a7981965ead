"""The direction of imports is guarded: each contract of pyproject.toml is seen to fail on a planted import."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TOOL = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
NAMES = {contract["id"]: contract["name"] for contract in TOOL["contracts"]}

# Contract, file and line that break it; a file that does not exist yet is made.
PLANTED = [
    ("floors", "foundation/dates.py", "import accounts.enums"),
    ("floors", "townships/enums.py", "import staffing.enums"),
    ("floors", "staffing/postings/services.py", "import subsidies.enums"),
    ("floors", "subsidies/runs/services.py", "import pages.tasks"),
    ("rooms", "subsidies/models/runs.py", "import subsidies.known_runs"),
    ("rooms", "subsidies/posts/places.py", "import subsidies.calculation.calculated"),
    ("rooms", "subsidies/verification/chain.py", "import subsidies.runs.services"),
    ("rooms", "subsidies/planted.py", '"""A room that no floor names."""'),
    ("subjects", "subsidies/reports/services.py", "import subsidies.reports.views.page"),
    ("pages", "pages/people.py", "import pages.tasks"),
    ("pages", "pages/personnel/views.py", "import pages.transfers.words"),
    ("pages", "pages/planted.py", '"""A page that no floor names."""'),
    ("personnel", "pages/personnel/forms.py", "import pages.personnel.views"),
    ("many", "pages/personnel/many/forms.py", "import pages.personnel.many.verbs"),
    ("many", "pages/personnel/many/planted.py", '"""A page that no floor names."""'),
    ("registry", "staffing/postings/services.py", "import staffing.imports.roster"),
    ("registry", "accounts/models.py", "import accounts.forms"),
    ("circles", "foundation/excel/sheet.py", "import foundation.excel.writer"),
    ("pure", "subsidies/rules/days.py", "import django.utils.timezone"),
    ("pure", "subsidies/rules/checks.py", "import staffing.models"),
    ("pure", "foundation/excel/text.py", "from django.conf import settings"),
    ("spreadsheets", "subsidies/sheets/planted.py", "import openpyxl"),
    ("spreadsheets", "foundation/rmb.py", "import python_calamine"),
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The packages and their contracts, to be broken."""
    for package in TOOL["root_packages"]:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-logo", "--no-cache", *arguments],
        cwd=project,
        env={"COLUMNS": "300", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_code_keeps_every_contract(project: Path) -> None:
    found = lint(project)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(("contract", "file", "line"), PLANTED)
def test_a_planted_import_breaks_its_contract(project: Path, contract: str, file: str, line: str) -> None:
    with (project / file).open("a", encoding="utf-8") as planted:
        planted.write(f"\n{line}\n")
    found = lint(project, "--contract", contract)
    assert found.returncode == 1, found.stderr
    assert f"{NAMES[contract]} BROKEN" in found.stdout


def test_every_contract_has_been_seen_to_fail() -> None:
    assert {contract for contract, _, _ in PLANTED} == set(NAMES)
