"""Every form that posts carries Django's token: a template that is included with `only` does not get it."""

import re
from pathlib import Path

from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
INCLUDES = re.compile(r'{%\s*include\s+"([^"]+)"[^%]*\bonly\s*%}')


def posts(path: Path, seen: frozenset[Path] = frozenset()) -> bool:
    """Whether the template, or one that it includes, has a form that posts."""
    text = path.read_text(encoding="utf-8")
    if "csrf_token" in text:
        return True
    included = {TEMPLATES / name for name in re.findall(r'{%\s*include\s+"([^"]+)"', text)} - seen
    return any(posts(other, seen | included) for other in included)


def test_no_form_is_included_without_its_token() -> None:
    pages = sorted(TEMPLATES.rglob("*.html"))
    wrong = [
        f"{page.name} includes {name}"
        for page in pages
        for name in INCLUDES.findall(page.read_text(encoding="utf-8"))
        if posts(TEMPLATES / name)
    ]
    assert pages
    assert wrong == []


def test_a_form_without_its_token_would_be_found() -> None:
    assert posts(TEMPLATES / "components" / "step_form.html")
    assert INCLUDES.findall('{% include "components/step_form.html" with run=run only %}')
