"""The frame around every page: first page, navigation, headers, and error pages in words."""

import pytest
from django.conf import settings as project_settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django.fixtures import Settings

from accounts import views
from accounts.context import entries_for
from accounts.enums import Role
from accounts.permissions import Permission, for_anyone_logged_in, requires
from foundation.http import http_methods
from tests.conftest import ClientOf, MakeUser


@requires(Permission.VIEW_MONTH)
@http_methods("GET")
def months(request: HttpRequest) -> HttpResponse:
    return HttpResponse("months")


@requires(Permission.APPROVE_RUN)
@http_methods("GET")
def policy(request: HttpRequest) -> HttpResponse:
    return HttpResponse("policy")


@for_anyone_logged_in
@http_methods("GET")
def broken(request: HttpRequest) -> HttpResponse:
    raise LookupError


urlpatterns = [
    path("a-month/", months, name="months"),
    path("policy/", policy, name="policy"),
    path("broken/", broken, name="broken"),
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("", views.home, name="home"),
]


@pytest.fixture
def _these_routes(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.mark.usefixtures("_these_routes")
@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (Role.TOWNSHIP_CLERK, ["月度"]),
        (Role.BUREAU_OFFICER, ["月度"]),
        (Role.BUREAU_APPROVER, ["月度", "政策"]),
        (Role.FINANCE_OFFICER, ["月度"]),
        (Role.AUDITOR, ["月度"]),
        (Role.SYSTEM_ADMIN, []),
        (Role.SECURITY_ADMIN, []),
    ],
)
def test_a_role_sees_pages_that_exist_and_that_it_may_open(make_user: MakeUser, role: Role, labels: list[str]) -> None:
    assert [entry.label for entry in entries_for(make_user(role))] == labels


@pytest.mark.usefixtures("_these_routes")
def test_the_page_being_shown_is_marked(make_user: MakeUser) -> None:
    user = make_user(Role.BUREAU_APPROVER)
    assert [entry.is_current for entry in entries_for(user, path="/a-month/2009-06/")] == [True, False]
    assert [entry.is_current for entry in entries_for(user, path="/lines/1/")] == [True, False]


@pytest.mark.usefixtures("_these_routes")
def test_home_leads_to_the_first_page(client_of: ClientOf) -> None:
    assert client_of(Role.BUREAU_OFFICER).get("/").headers["Location"] == "/a-month/"


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


@pytest.mark.usefixtures("_these_routes")
def test_an_error_says_that_nothing_was_saved_and_shows_no_insides(client_of: ClientOf) -> None:
    client = client_of(Role.AUDITOR)
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    assert "系统出错" in response.content.decode()
    assert "LookupError" not in response.content.decode()
