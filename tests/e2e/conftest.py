"""A real browser before the demonstration county: Debian's Chromium, driven by Playwright."""

import shutil
from collections.abc import Iterator

import pytest
from django.db import connection
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from subsidies.demo.seed import logins
from tests.e2e.visitor import OFFICE_SCREEN, Visit, Visitor, watch
from tests.subsidies.snapshot import lay_down_demo

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
