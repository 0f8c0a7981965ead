"""What must not be wrong with a page, whatever it tells."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Response, ViewportSize

from tests.e2e.visitor import OFFICE_SCREEN, Visitor

# With its style sheet, script and icon.
HEAVIEST_PAGE = 150_000
_FRAME = sum(path.stat().st_size for path in (Path(settings.BASE_DIR) / "static").iterdir())
# The office screen at 200 %.
ENLARGED = ViewportSize(width=683, height=384)
KEEPS_OUT = {"serious", "critical"}


def faults_at(visitor: Visitor, path: str, status: int) -> list[str]:
    answer = visitor.fetch(path)
    assert answer is not None
    return [*faults_of(visitor, answer, status), *faults_on_paper(visitor), *barriers(visitor)]


def faults_of(visitor: Visitor, answer: Response, status: int = 200) -> list[str]:
    page = visitor.page
    found: list[str] = []
    if answer.status != status:
        found.append(f"answers {answer.status}")
    if not page.title() or page.locator("h1").count() != 1:
        found.append("has no title, or not one heading")
    weight = len(answer.body()) + _FRAME
    if weight > HEAVIEST_PAGE:
        found.append(f"weighs {weight} bytes")
    for screen in (ENLARGED, OFFICE_SCREEN):
        page.set_viewport_size(screen)
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if beyond > 0:
            found.append(f"is {beyond} pixels wider than a window of {screen['width']}")
    return found


def faults_on_paper(visitor: Visitor) -> list[str]:
    """Tables that would be cut through a row where a page ends, and totals that would stand under every page."""
    visitor.page.emulate_media(media="print")
    wanted = {".fit": "block", "tfoot": "table-row-group"}
    found = [
        f"prints {name} as {display}"
        for name, display in visitor.page.eval_on_selector_all(
            ", ".join(wanted),
            """parts => parts.map(
                part => [part.matches("tfoot") ? "tfoot" : ".fit", getComputedStyle(part).display]
            )""",
        )
        if display not in {wanted[name], "none"}
    ]
    visitor.page.emulate_media(media="screen")
    return found


def barriers(visitor: Visitor) -> list[str]:
    """What axe finds that keeps somebody out; the script comes by evaluation, which the strict policy lets through."""
    violations = Axe().run(visitor.page).response["violations"]
    return [
        f"{violation['id']} at {', '.join(str(node['target'][0]) for node in violation['nodes'][:3])}"
        for violation in violations
        if violation["impact"] in KEEPS_OUT
    ]
