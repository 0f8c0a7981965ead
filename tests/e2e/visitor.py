"""A user who looks at pages in a real browser, and what goes wrong there."""

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Error, Page, Request, Response, ViewportSize

OFFICE_SCREEN = ViewportSize(width=1366, height=768)


@dataclass
class Visitor:
    """A logged-in user's page, and what went wrong on the pages that were visited."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> int:
        """The status of the page at `path`."""
        response = self.fetch(path)
        assert response is not None, f"{path} is a file"
        return response.status

    def fetch(self, path: str) -> Response | None:
        """The answer at `path`; None where it is a file to download."""
        try:
            return self.page.goto(self.address + path)
        except Error as error:
            if "Download is starting" not in error.message:
                raise
            return None

    def text(self) -> str:
        return self.page.locator("main").inner_text()


Visit = Callable[[str], Visitor]


def watch(visitor: Visitor) -> None:
    """Collects errors of the console and of scripts, requests to other hosts, and what was not found."""
    page, complaints = visitor.page, visitor.complaints
    page.on("console", lambda said: complaints.append(_sentence(said)) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda sent: None if _is_ours(sent.url, visitor.address) else complaints.append(sent.url))
    page.on("requestfailed", lambda failed: None if _is_abandoned(failed) else complaints.append(failed.url))


def _sentence(said: ConsoleMessage) -> str:
    return f"{said.location['url']}: {said.text}"


def _is_abandoned(failed: Request) -> bool:
    """What the browser gave up itself: a page that became a file, an icon when the reader went on."""
    return failed.failure == "net::ERR_ABORTED"


def _is_ours(url: str, address: str) -> bool:
    return url.startswith((address + "/", "data:", "blob:"))
