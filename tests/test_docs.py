"""What is written for readers is true: names, reasons, pages and files that the documents speak of."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import NoReverseMatch, reverse

from accounts.context import ENTRIES
from accounts.enums import Role
from subsidies.enums import RunState
from subsidies.rules.results import Reason

ROOT = Path(settings.BASE_DIR)
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "user-guide.md").read_text(encoding="utf-8")
GLOSSARY = README[README.index("| identifier | label |") : README.index("States of a run")]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
APPS = ("accounts", "townships", "staffing", "subsidies")


def is_built(name: str) -> bool:
    try:
        return bool(reverse(name))
    except NoReverseMatch:
        return False


def test_the_guide_explains_every_reason_for_getting_nothing() -> None:
    assert [reason.label for reason in Reason if f"| {reason.label} |" not in GUIDE] == []


def test_the_guide_describes_every_entry_of_the_menu_that_is_built() -> None:
    built = {label for label, name, *_ in ENTRIES if is_built(name)}
    assert {"月度", "政策"} <= built
    assert {label for label in built if f"| {label} |" not in GUIDE} == set()


def test_the_guide_names_every_state_and_every_role_that_works_with_it() -> None:
    business = [role for role in Role if role not in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)]
    assert [state.label for state in RunState if f"**{state.label}**" not in GUIDE] == []
    assert [role.label for role in business if f"### {role.label}" not in GUIDE] == []


def test_every_model_of_the_glossary_is_there() -> None:
    models = {model.__name__ for app in APPS for model in apps.get_app_config(app).get_models()}
    named = set(re.findall(r"`([A-Z]\w+)`", GLOSSARY))
    assert named
    assert named <= models


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_is_pointed_to_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = [document.parent / target for target in re.findall(r"\]\(([^)#:]+)\)", text)]
    paths = [ROOT / path for path in re.findall(r"`((?:docs|subsidies|tests)/[\w./-]+\.\w+)`", text)]
    assert [str(path) for path in (*links, *paths) if not path.exists()] == []
