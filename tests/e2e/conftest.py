"""A real browser before the demonstration county: Debian's Chromium, driven by Playwright."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.db import connection
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, Response, ViewportSize, sync_playwright
from pytest_django.live_server_helper import LiveServer

from subsidies.demo.seed import logins
from tests.subsidies.snapshot import lay_down_demo

CHROMIUM = shutil.which("chromium")
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


@pytest.fixture(scope="session")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """Opened after the test database is there, closed before it goes.

    Playwright's loop runs in this thread, where Django then hands out another connection and, without the switch,
    refuses to use it.
    """
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    flush = connection.ops.sql_flush  # gets past the triggers: tests/conftest.py
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        patch.setattr(connection.ops, "sql_flush", flush)
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield opened
        opened.close()
        connection.close()


@pytest.fixture
def passwords(browser: Browser, transactional_db: None) -> dict[str, str]:
    """The demonstration county; password by username."""
    lay_down_demo()
    return {login.username: login.password for login in logins()}


@pytest.fixture
def visit(browser: Browser, passwords: dict[str, str], live_server: LiveServer) -> Iterator[Visit]:
    """visit(username): a window of its own in which that user has logged in through the form."""
    yield from _visits(browser, passwords, live_server, has_scripts=True)


@pytest.fixture
def visit_without_scripts(browser: Browser, passwords: dict[str, str], live_server: LiveServer) -> Iterator[Visit]:
    """As `visit`, in a browser that runs no script."""
    yield from _visits(browser, passwords, live_server, has_scripts=False)


def _visits(
    browser: Browser, passwords: dict[str, str], live_server: LiveServer, *, has_scripts: bool
) -> Iterator[Visit]:
    contexts = []

    def opened(username: str) -> Visitor:
        context = browser.new_context(locale="zh-CN", viewport=OFFICE_SCREEN, java_script_enabled=has_scripts)
        context.set_default_timeout(10_000)
        contexts.append(context)
        visitor = Visitor(context.new_page(), live_server.url)
        watch(visitor)
        visitor.open("/login/")
        visitor.page.get_by_label("用户名").fill(username)
        visitor.page.get_by_label("密码").fill(passwords[username])
        visitor.page.get_by_role("button", name="登录").click()
        visitor.page.wait_for_url(lambda url: "/login/" not in url)
        return visitor

    yield opened
    for context in contexts:
        context.close()


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
