"""Login, lockout, logout: the real form, answered in words."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.enums import Role
from accounts.models import AuditEvent, User
from tests.users import PASSWORD, ClientOf, MakeUser

WRONG = "用户名或密码不对,或账号已停用。"
LOCKED = "连续输错 5 次,请 15 分钟后再试"


@pytest.fixture
def officer(make_user: MakeUser) -> User:
    return make_user(Role.BUREAU_OFFICER, username="officer")


def attempt(password: str, *, username: str = "officer", address: str = "10.0.0.1", to: str = "") -> tuple[int, str]:
    """(status, page or where it leads) of one attempt."""
    form = {"username": username, "password": password, "next": to}
    response = Client().post("/login/", form, REMOTE_ADDR=address)
    return response.status_code, response.headers.get("Location", response.content.decode())


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("id").values_list("action", flat=True))


@pytest.mark.django_db
def test_the_page_asks_in_chinese_and_stands_ready_to_type() -> None:
    page = Client().get("/login/").content.decode()
    assert "用户名" in page
    assert "密码" in page
    assert "autofocus" in page


@pytest.mark.django_db
def test_empty_fields_are_named() -> None:
    _, page = attempt("", username="")
    assert "请填写用户名。" in page
    assert "请填写密码。" in page


def test_the_right_password_leads_to_the_first_page(officer: User) -> None:
    assert attempt(PASSWORD) == (302, "/")
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.address) == ("login", officer, "10.0.0.1")


def test_pages_say_how_long_the_session_lasts(officer: User, settings: Settings) -> None:
    settings.SESSION_COOKIE_AGE = 600
    visitor = Client()
    visitor.post("/login/", {"username": "officer", "password": PASSWORD})
    page = visitor.get("/desk/").content.decode()
    found = re.search(r'<body data-session-left="(\d+)" data-login="/login/">', page)
    assert found is not None
    assert 590 < int(found[1]) <= 600
    assert "data-session-left" not in Client().get("/login/").content.decode()


@pytest.mark.parametrize(("wanted", "reached"), [("/months/?page=2", "/months/?page=2"), ("", "/")])
def test_the_page_that_was_asked_for_is_reached_after_the_login(officer: User, wanted: str, reached: str) -> None:
    assert attempt(PASSWORD, to=wanted) == (302, reached)


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "/\t/elsewhere.example",
        "javascript:alert(1)",
        "abc",
        "desk/",
        "?next=/",
        " /desk/",
    ],
)
def test_no_page_but_our_own_is_reached_after_the_login(officer: User, wanted: str) -> None:
    status, page = attempt(PASSWORD, to=wanted)
    assert (status, "不是本系统的页面" in page) == (400, True)
    assert Client().get("/login/", {"next": wanted}).status_code == 400
    assert not AuditEvent.objects.exists()


def test_the_page_asked_for_survives_a_mistyped_password(officer: User) -> None:
    _, page = attempt("wrong", to="/months/")
    assert 'name="next" value="/months/"' in page


def test_wrong_password_unknown_name_and_closed_account_read_the_same(officer: User, make_user: MakeUser) -> None:
    closed = make_user(Role.AUDITOR, username="closed")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    for status, page in (
        attempt("wrong"),
        attempt("wrong", username="nobody"),
        attempt(PASSWORD, username="closed"),
    ):
        assert status == 200
        assert WRONG in page


def test_a_failed_login_is_recorded_without_what_was_typed(officer: User) -> None:
    attempt("wrong")
    attempt("wrong", username="my-secret-password")
    events = AuditEvent.objects.order_by("id")
    assert [(event.action, event.result, event.role) for event in events] == [
        ("login_failed", "refused", "anonymous"),
        ("login_failed", "refused", "anonymous"),
    ]
    assert [event.subject_label for event in events] == ["县局经办", "不存在的用户名"]


def test_five_wrong_passwords_lock_the_name_at_this_address(officer: User) -> None:
    answers = [attempt("wrong") for _ in range(5)]
    assert [status for status, _ in answers] == [200, 200, 200, 200, 429]
    assert LOCKED in answers[-1][1]
    status, page = attempt(PASSWORD)
    assert status == 429
    assert LOCKED in page
    assert actions() == ["login_failed"] * 4 + ["locked_out"] * 2


def test_nobody_can_lock_out_a_colleague(officer: User, make_user: MakeUser) -> None:
    make_user(Role.AUDITOR, username="auditor")
    for _ in range(5):
        attempt("wrong")
    assert attempt(PASSWORD, address="10.0.0.2")[0] == 302
    assert attempt(PASSWORD, username="auditor")[0] == 302


def test_behind_our_proxy_the_lock_is_by_the_visitors_own_address(officer: User, settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    form = {"username": "officer", "password": "wrong"}
    statuses = [Client().post("/login/", form, HTTP_X_FORWARDED_FOR=f"10.0.1.{n}").status_code for n in range(6)]
    assert statuses == [200] * 6


def test_another_browser_does_not_help(officer: User) -> None:
    form = {"username": "officer", "password": "wrong"}
    statuses = [Client().post("/login/", form, HTTP_USER_AGENT=f"browser {n}").status_code for n in range(5)]
    assert statuses[-1] == 429


def test_four_wrong_passwords_and_a_right_one_start_anew(officer: User) -> None:
    for _ in range(2):
        for _ in range(4):
            attempt("wrong")
        assert attempt(PASSWORD)[0] == 302


def test_after_a_quarter_of_an_hour_the_lock_is_over(officer: User) -> None:
    for _ in range(5):
        attempt("wrong")
    for row in AccessAttempt.objects.all():
        AccessAttempt.objects.filter(pk=row.pk).update(attempt_time=row.attempt_time - timedelta(minutes=16))
    assert attempt(PASSWORD)[0] == 302


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_words() -> None:
    response = Client(enforce_csrf_checks=True).post("/login/", {"username": "a", "password": "b"})
    assert response.status_code == 403
    assert "页面已过期" in response.content.decode()


def test_logout_ends_the_session_and_is_recorded(client_of: ClientOf) -> None:
    client = client_of(Role.AUDITOR)
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get("/").headers["Location"] == "/login/?next=/"
    assert actions() == ["logout"]


def test_a_link_cannot_log_out(client_of: ClientOf) -> None:
    assert client_of(Role.AUDITOR).get("/logout/").status_code == 405


def test_whoever_is_logged_in_needs_no_login_page(client_of: ClientOf) -> None:
    assert client_of(Role.AUDITOR).get("/login/").headers["Location"] == "/"


def test_the_words_of_the_lock_go_by_the_settings(officer: User, settings: Settings) -> None:
    settings.AXES_FAILURE_LIMIT, settings.AXES_COOLOFF_TIME = 3, 0.5
    for _ in range(3):
        _, page = attempt("wrong")
    assert "连续输错 3 次,请 30 分钟后再试。" in page
