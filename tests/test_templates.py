"""What templates carry: Django's token in every form that posts, and nothing that they do not use.

A template that is included with `only` does not get the token.
"""

import re
from pathlib import Path

from django.conf import settings
from django.template import engines
from django.template.backends.django import DjangoTemplates

from accounts.routes import walk

TEMPLATES = Path(settings.BASE_DIR) / "templates"
INCLUDES = re.compile(r'{%\s*include\s+"([^"]+)"[^%]*\bonly\s*%}')
LOADS = re.compile(r"{%\s*load\s+([\w ]+?)\s*%}")
OWN = ("figures", "forms", "people", "ledger")
# From the ground up; a folder of templates belongs to the floor of its name, each tag library to that of its app.
FLOORS = ["components", "accounts", "townships", "staffing", "subsidies", "pages"]
FLOOR_OF_LIBRARY = {"figures": "components", "forms": "accounts", "people": "staffing", "ledger": "subsidies"}


def words_of(library: str) -> tuple[set[str], set[str]]:
    """The filters and the tags that a library brings."""
    engine = engines["django"]
    assert isinstance(engine, DjangoTemplates)
    found = engine.engine.template_libraries[library]
    return set(found.filters), set(found.tags)


def used(text: str, library: str) -> set[str]:
    """The filters and tags of the library that the text uses."""
    filters, tags = words_of(library)
    return (filters & set(re.findall(r"\|(\w+)", text))) | (tags & set(re.findall(r"{%\s*(\w+)", text)))


def texts() -> dict[str, str]:
    return {str(path.relative_to(TEMPLATES)): path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")}


# Pages that the menu leads to; that of units is reached from a township, too.
ENTRIES = {"approvals", "desk", "months", "people", "policy", "townships"}


ROUTE = re.compile(r"""{%\s*url\s+["']([^"']+)["']""")
SWALLOWED = re.compile(r"{%\s*url\s[^%]*\sas\s+\w+\s*%}")


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
    assert posts(TEMPLATES / "subsidies" / "runs" / "step_form.html")
    assert INCLUDES.findall('{% include "subsidies/runs/step_form.html" with run=run only %}')


def test_a_template_loads_what_it_uses_and_nothing_else() -> None:
    loads = [
        (name, library) for name, text in texts().items() for found in LOADS.findall(text) for library in found.split()
    ]
    assert {*OWN, "static"} <= {library for _, library in loads}
    assert [f"{name} loads {library}" for name, library in loads if not used(texts()[name], library)] == []


def test_every_filter_and_tag_is_used_by_some_template() -> None:
    for library in OWN:
        filters, tags = words_of(library)
        everything = "\n".join(texts().values())
        assert used(everything, library) == filters | tags


def test_every_class_has_a_rule() -> None:
    """Those of badges are states, most of them without a colour of their own."""
    styled = set(re.findall(r"\.([a-z][\w-]*)", (Path(settings.BASE_DIR) / "static" / "app.css").read_text()))
    for name, text in texts().items():
        said = " ".join(re.findall(r'class="([^"]*)"', text))
        assert set(re.sub(r"{{.*?}}|{%.*?%}", " ", said).split()) <= styled, name


def test_no_browser_keeps_the_reasons_that_were_typed() -> None:
    for name, text in texts().items():
        fields = re.findall(r'<(?:input|textarea) [^>]*name="reason[^>]*>', text)
        assert [field for field in fields if 'autocomplete="off"' not in field] == [], name


def test_a_page_that_no_menu_leads_to_says_where_it_belongs() -> None:
    pages = {name for name, text in texts().items() if 'extends "base.html"' in text and "/" in name}
    without = {name for name in pages if 'class="trail"' not in texts()[name] and not name.startswith("accounts/")}
    assert {Path(name).stem for name in without} == ENTRIES


def floor_of(name: str) -> int:
    """How high a template stands; pages of errors and the frame of all pages stand on the ground."""
    return FLOORS.index(name.split("/")[0]) if "/" in name else 0


def reaches_up(name: str, text: str) -> list[str]:
    """What a template includes or loads from a floor above its own."""
    included = [other for other in re.findall(r'{%\s*include\s+"([^"]+)"', text) if floor_of(other) > floor_of(name)]
    loaded = [library for found in LOADS.findall(text) for library in found.split() if library in FLOOR_OF_LIBRARY]
    return included + [library for library in loaded if FLOORS.index(FLOOR_OF_LIBRARY[library]) > floor_of(name)]


def test_no_template_reaches_above_its_floor() -> None:
    assert {name: found for name, text in texts().items() if (found := reaches_up(name, text))} == {}


def test_a_template_that_reaches_up_would_be_found() -> None:
    assert reaches_up("staffing/planted.html", "{% load ledger people %}") == ["ledger"]
    assert reaches_up("components/planted.html", '{% include "pages/people_table.html" %}') == [
        "pages/people_table.html"
    ]


def test_every_library_stands_on_the_floor_of_its_app() -> None:
    engine = engines["django"]
    assert isinstance(engine, DjangoTemplates)
    for library in OWN:
        app = FLOOR_OF_LIBRARY[library].replace("components", "foundation")
        assert engine.engine.libraries[library] == f"{app}.templatetags.{library}"


def test_a_link_to_a_page_that_is_not_there_raises() -> None:
    """`{% url … as address %}` would leave the link empty."""
    assert [name for name, text in texts().items() if SWALLOWED.search(text)] == []
    assert SWALLOWED.search('{% url "person" pk as address %}')


def test_templates_name_routes_that_there_are() -> None:
    known = {name for name, _, _ in walk()}
    named = {(name, route) for name, text in texts().items() for route in ROUTE.findall(text)}
    assert len(named) > 50
    assert {(name, route) for name, route in named if route not in known} == set()
