"""The small script: small, asked for by attributes that it explains, and written for the oldest browser served."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
SCRIPT = (ROOT / "static" / "app.js").read_text(encoding="utf-8")
TEMPLATES = {path: path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html")}
HEAVIEST = 10_000
# What came after ES2020, or after Chromium 86.
NEWER = (
    *(r"(\|\||&&|\?\?)=", r"\.at\(", r"\.replaceAll\(", r"\bObject\.hasOwn\b", r"\bstructuredClone\b", r"\.findLast"),
    *(r"\.to(Sorted|Reversed|Spliced)\(", r"\bPromise\.any\b", r"\bWeakRef\b", r"\bstatic\s*\{", r"(this|\w)\.#\w"),
    *(r"\b\d+_\d+\b", r"/[gimsuy]*[dv][gimsuy]*[;,.)]", r"\bimport\b", r"\bexport\b", r"\bawait\b", r"\.groupBy\b"),
    *(
        r":has\(",
        r":is\(",
        r":where\(",
        r"\binert\b",
        r"\brandomUUID\b",
        r"checkVisibility",
        r"showPicker",
        r"navigator\.",
    ),
)
# What the policy of the pages would stop, or what keeps something after the tab is closed.
FORBIDDEN = (r"\beval\b", r"\bFunction\(", r"innerHTML", r"insertAdjacentHTML", r"document\.write", r"Storage\b")


def newer(text: str) -> list[str]:
    return [pattern for pattern in NEWER if re.search(pattern, text)]


def test_the_script_is_small() -> None:
    assert len(SCRIPT.encode()) <= HEAVIEST


def test_the_oldest_browser_reads_the_script() -> None:
    assert newer(SCRIPT) == []
    assert len(newer("left ||= row.at(-1).replaceAll('a', 'b'); this.#own = 1_000; await import('x')")) == 7


def test_the_script_runs_nothing_that_was_typed_and_keeps_nothing() -> None:
    assert [pattern for pattern in FORBIDDEN if re.search(pattern, SCRIPT)] == []


def test_behaviour_is_asked_for_by_attributes_that_the_script_explains() -> None:
    head, _, code = SCRIPT.partition("*/")
    explained = set(re.findall(r"\bdata-[a-z-]+", head))
    asked = {name for text in TEMPLATES.values() for name in re.findall(r"\bdata-[a-z-]+", text)}
    read = {
        re.sub(r"[A-Z]", lambda found: f"-{found[0].lower()}", name) for name in re.findall(r"dataset\.(\w+)", code)
    }
    assert {f"data-{name}" for name in read} | set(re.findall(r"\bdata-[a-z-]+", code)) == explained
    assert asked <= explained
    assert re.findall(r"getElementById|[\"'`]#\w", code) == []


def test_only_the_frame_of_all_pages_loads_it_and_none_waits_for_it() -> None:
    tags = [(path.name, tag) for path, text in TEMPLATES.items() for tag in re.findall(r"<script[^>]*>", text)]
    assert tags == [("base.html", '<script type="module" src="{% static "app.js" %}">')]
