"""What is written for readers is true: names, reasons, pages and files that the documents speak of."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from accounts.context import ENTRIES
from accounts.enums import Role
from staffing.enums import EndKind, SuspensionKind
from subsidies.enums import ReportState, RunState
from subsidies.reports.forms.scans import ScansForm
from subsidies.reports.scanning import MOST_FILES
from subsidies.rules.results import Reason
from subsidies.sheets.register import SHEETS

ROOT = Path(settings.BASE_DIR)
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "user-guide.md").read_text(encoding="utf-8")
PEOPLE_GUIDE = (ROOT / "docs" / "user-guide-people.md").read_text(encoding="utf-8")
PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 60_000  # of a picture
GLOSSARY = README[README.index("| identifier | label |") : README.index("States of a run")]
NOT_BUILT = README[README.index("Names that are settled for what is not built yet") :]
API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
APPS = ("accounts", "townships", "staffing", "subsidies")
LAYERS = (*APPS, "pages", "templates")
MODELS = {model.__name__ for app in APPS for model in apps.get_app_config(app).get_models()}


def test_the_guide_explains_every_reason_for_getting_nothing() -> None:
    assert [reason.label for reason in Reason if f"| {reason.label} |" not in GUIDE] == []


def test_the_guide_tells_the_limits_of_scans() -> None:
    (limits,) = re.findall("每个不超过 \\d+ MB,一次合计不超过 \\d+ MB", str(ScansForm.base_fields["scans"].label))
    assert f"{limits},一次上报最多 {MOST_FILES} 份" in GUIDE


def test_the_guide_describes_every_entry_of_the_menu() -> None:
    assert [label for label, *_ in ENTRIES if f"| {label} |" not in GUIDE] == []


def test_the_guide_names_every_state_and_every_role_that_works_with_it() -> None:
    business = [role for role in Role if role not in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)]
    assert [state.label for state in RunState if f"**{state.label}**" not in GUIDE] == []
    assert [role.label for role in business if f"### {role.label}" not in GUIDE] == []


def test_the_guide_to_personnel_speaks_in_the_words_of_the_pages() -> None:
    quoted = set(re.findall("「([^」]+)」", PEOPLE_GUIDE)) - {" "}
    files = [path for layer in LAYERS for path in (ROOT / layer).rglob("*") if path.suffix in {".py", ".html"}]
    said = "\n".join(path.read_text(encoding="utf-8") for path in files)
    assert len(quoted) > 60
    assert sorted(words for words in quoted if words not in said) == []


def test_the_guide_to_personnel_names_every_reason_for_leaving_and_every_kind_of_suspension() -> None:
    for kinds in (EndKind, SuspensionKind):
        assert "、".join(kind.label for kind in kinds) in PEOPLE_GUIDE


def test_every_picture_is_shown_and_light() -> None:
    shown = {
        name for page in DOCUMENTS for name in re.findall(r"!\[[^\]]+\]\(pictures/([^)]+)\)", page.read_text("utf-8"))
    }
    assert shown == {path.name for path in PICTURES.iterdir()}
    assert [path.name for path in PICTURES.iterdir() if path.stat().st_size > MOST_BYTES] == []


def test_every_model_of_the_glossary_is_there() -> None:
    named = set(re.findall(r"`([A-Z]\w+)`", GLOSSARY))
    assert named
    assert named <= MODELS


def test_the_readme_names_every_state_of_a_run_and_of_a_report() -> None:
    for states, title in ((RunState, "States of a run"), (ReportState, "States of a report")):
        line = README[README.index(title) :].partition("\n")[0]
        assert line == f"{title}: {' · '.join(f'`{state.value}` {state.label}' for state in states)}."


def test_nothing_that_is_not_built_yet_is_there() -> None:
    names = set(re.findall(r"`(\w+)`", NOT_BUILT))
    assert names
    assert names.isdisjoint(MODELS | {state.value for state in (*RunState, *ReportState)})


def test_documents_name_the_sheets_that_there_are() -> None:
    """The T0 of a township's report is no sheet of a run."""
    guide = dict(re.findall(r"^\| (T\d+) (\S+) \|", GUIDE, re.MULTILINE))
    assert guide.pop("T0") == "镇街月报表"
    assert guide == {number: kind.title for number, kind in SHEETS.items()}
    listed = re.search(r"表号 ([T\d、]+)", API)
    assert listed is not None
    assert listed[1].split("、") == list(SHEETS)
    command = re.search(r"`export YYYY-MM .*\(([^)]*)\)", README)
    assert command is not None
    assert _numbers(command[1]) == list(SHEETS)


def _numbers(words: str) -> list[str]:
    """T1, T2, T3, T6 of "T1 to T3, T6"."""
    found = []
    for part in words.split(", "):
        first, _, last = part.replace("T", "").partition(" to ")
        found += [f"T{number}" for number in range(int(first), int(last or first) + 1)]
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_is_pointed_to_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = [document.parent / target for target in re.findall(r"\]\(([^)#:]+)\)", text)]
    paths = [ROOT / path for path in re.findall(r"`((?:docs|subsidies|tests)/[\w./-]+\.\w+)`", text)]
    assert [str(path) for path in (*links, *paths) if not path.exists()] == []
