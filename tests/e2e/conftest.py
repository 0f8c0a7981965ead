"""A real browser before the demonstration county: Debian's Chromium, driven by Playwright."""

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from subsidies.demo.county import DemoCounty
from subsidies.demo.seed import logins
from tests.e2e.visitor import OFFICE_SCREEN, Visit, Visitor, watch
from tests.subsidies.snapshot import lay_down_demo
from tests.users import logged_in

CHROMIUM = shutil.which("chromium")


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
def county(browser: Browser, transactional_db: None) -> DemoCounty:
    """The demonstration county, which the server of the test reads too."""
    return lay_down_demo()


@pytest.fixture
def passwords(county: DemoCounty) -> dict[str, str]:
    """By username."""
    return {login.username: login.password for login in logins()}


@pytest.fixture
def visit(browser: Browser, county: DemoCounty, live_server: LiveServer) -> Iterator[Visit]:
    """visit(username): a window of its own in which that user has logged in and sees the first page."""
    yield from _visits(browser, live_server, has_scripts=True)


@pytest.fixture
def visit_without_scripts(browser: Browser, county: DemoCounty, live_server: LiveServer) -> Iterator[Visit]:
    """As `visit`, in a browser that runs no script."""
    yield from _visits(browser, live_server, has_scripts=False)


def _visits(browser: Browser, live_server: LiveServer, *, has_scripts: bool) -> Iterator[Visit]:
    contexts = []

    def opened(username: str) -> Visitor:
        context = browser.new_context(locale="zh-CN", viewport=OFFICE_SCREEN, java_script_enabled=has_scripts)
        context.set_default_timeout(30_000)
        contexts.append(context)
        visitor = Visitor(context.new_page(), live_server.url)
        watch(visitor)
        session = logged_in(username).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        visitor.open("/")
        return visitor

    yield opened
    for context in contexts:
        context.close()
