"""The frame around every page: first page, navigation, headers, and error pages in words."""

import re

import pytest
from django.conf import settings as project_settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django.fixtures import Settings

from accounts.context import entries_for
from accounts.enums import Role
from accounts.models import User
from accounts.permissions import Permission, for_anyone_logged_in, may
from accounts.routes import routes
from config import urls as project_urls
from foundation.http import http_methods
from tests.users import ClientOf, MakeUser


@for_anyone_logged_in
@http_methods("GET")
def broken(request: HttpRequest) -> HttpResponse:
    raise LookupError


urlpatterns = [path("broken/", broken, name="broken"), *project_urls.urlpatterns]
EXAMPLES = {"month": "2009-06", "int": "1", "slug": "x", "action": "send", "sheet": "T1"}
# Below these stand files and what programs ask for, and what belongs to no entry.
NO_PAGES = ("/api/", "/sheets/", "/people/export/", "/establishment/export/", "/login/", "/logout/")


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (Role.TOWNSHIP_CLERK, ["工作台", "本月上报", "月度", "人员", "村(社区)"]),
        (Role.BUREAU_OFFICER, ["工作台", "月度", "待审核", "人员", "镇乡", "政策"]),
        (Role.BUREAU_APPROVER, ["工作台", "月度", "待审核", "人员", "镇乡", "政策"]),
        (Role.FINANCE_OFFICER, ["工作台", "月度", "待审核", "政策"]),
        (Role.AUDITOR, ["工作台", "月度", "待审核", "人员", "镇乡", "政策"]),
        (Role.SYSTEM_ADMIN, []),
        (Role.SECURITY_ADMIN, []),
    ],
)
def test_a_role_sees_pages_that_it_may_open(make_user: MakeUser, role: Role, labels: list[str]) -> None:
    assert [entry.label for entry in entries_for(make_user(role))] == labels


@pytest.mark.parametrize("role", Role)
def test_every_page_that_a_role_may_open_belongs_to_one_entry(make_user: MakeUser, role: Role) -> None:
    user = make_user(role)
    pages = [
        re.sub(r"<(\w+):\w+>", lambda found: EXAMPLES[found[1]], route.path)
        for route in routes()
        if "GET" in route.methods and route.path != "/" and not route.path.startswith(NO_PAGES)
        if route.permission and may(user, Permission(route.permission))
    ]
    assert bool(pages) is bool(entries_for(user))
    for page in pages:
        assert [entry.is_current for entry in entries_for(user, path=page)].count(True) == 1, page


def test_every_entry_is_open_to_whoever_sees_it(client_of: ClientOf) -> None:
    for role in Role:
        client = client_of(role)
        for entry in entries_for(User.objects.get(role=role)):
            assert client.get(entry.url).status_code < 400, (role, entry.label)


def test_home_leads_to_the_desk_of_whoever_has_one(client_of: ClientOf) -> None:
    led = {role: client_of(role).get("/").headers.get("Location") for role in Role}
    assert {role for role, first in led.items() if first != "/desk/"} == {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_an_administrator_reads_what_the_account_is_for_and_whom_to_ask(client_of: ClientOf, role: Role) -> None:
    page = client_of(role).get("/").content.decode()
    assert role.label in page
    assert "不查看人员信息" in page
    assert "请联系县局经办" in page


@pytest.mark.django_db
def test_every_answer_carries_the_headers() -> None:
    for address in ("/login/", "/", "/no-such-page/"):
        headers = Client().get(address).headers
        assert headers["Content-Security-Policy"] == project_settings.CONTENT_SECURITY_POLICY
        assert "camera=()" in headers["Permissions-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Frame-Options"] == "DENY"


def test_pages_hold_nothing_inline(client_of: ClientOf) -> None:
    pages = [Client().get("/login/"), client_of(Role.SYSTEM_ADMIN).get("/")]
    for page in pages:
        text = page.content.decode()
        assert "<style" not in text
        assert " style=" not in text
        assert "<script>" not in text
        assert " onclick=" not in text


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_so() -> None:
    response = Client().get("/no-such-page/")
    assert response.status_code == 404
    assert "找不到页面" in response.content.decode()


def test_an_error_says_that_nothing_was_saved_and_shows_no_insides(client_of: ClientOf, settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    client = client_of(Role.AUDITOR)
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    assert "系统出错" in response.content.decode()
    assert "LookupError" not in response.content.decode()
