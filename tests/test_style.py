"""Colours of the style sheet: which state has which, and that each can be read on its ground."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from foundation.labels import Labelled
from subsidies.enums import RunState
from subsidies.policy.history import VersionState
from subsidies.reports.statuses import Progress

CSS = (Path(settings.BASE_DIR) / "static" / "app.css").read_text(encoding="utf-8")
COLOURS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", CSS))
# The page, and a row that the mouse is over.
GROUNDS = ("#ffffff", "#f8fafc")
STATES = {
    RunState: {"calculated": "warn", "in_review": "warn", "approved": "good", "returned": "bad", "voided": "bad"},
    Progress: {
        "late": "warn",
        "submitted": "warn",
        "returned": "bad",
        "accepted": "good",
        "stale": "warn",
        "settled": "good",
    },
    VersionState: {"waiting": "warn", "current": "good"},
}


def colour_of_badge(state: str) -> str:
    """The name of its colour; empty for a state in the colour of the text."""
    rules = re.findall(r"^([^{}\n]*\.badge\.[^{}]*){ color: var\(--(\w+)\); }$", CSS, re.MULTILINE)
    found = [colour for selectors, colour in rules if f".badge.{state}" in re.split(r",\s*", selectors.strip())]
    assert len(found) <= 1
    return found[0] if found else ""


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("states", STATES, ids=lambda states: states.__name__)
def test_a_badge_has_the_colour_of_its_state(states: type[Labelled]) -> None:
    colours = {state.value: colour_of_badge(state.value) for state in states}
    assert {state: colour for state, colour in colours.items() if colour} == STATES[states]


def test_colours_can_be_read() -> None:
    for name in ("ink", "quiet", "accent", "good", "warn", "bad"):
        for ground in (*GROUNDS, COLOURS["shade"]):
            assert contrast(COLOURS[name], ground) >= 4.5, (name, ground)
    assert contrast(COLOURS["warn"], COLOURS["warn-ground"]) >= 4.5
    assert contrast(COLOURS["bad"], COLOURS["bad-ground"]) >= 4.5
