"""What is done, refused or handed out leaves an event, and no event holds a personal number."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import include, path
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts import middleware
from accounts.audit import ChainLink, answering, as_download, client_address, masked, record
from accounts.enums import Role
from accounts.events import AccountEvent
from accounts.models import AuditEvent
from accounts.permissions import for_anyone_logged_in
from foundation.http import http_methods
from staffing.events import StaffingEvent
from staffing.models import Person
from tests.users import ClientOf, MakeUser

NUMBER = "339900199001010012"
HIDDEN = "339900********0012"


@for_anyone_logged_in
@http_methods("GET")
def sheet(request: HttpRequest) -> HttpResponse:
    return as_download(HttpResponse("sheet"), "T1 2009-06")


urlpatterns = [path("sheet/", sheet, name="sheet"), path("", include("config.urls"))]


@pytest.mark.django_db
def test_a_command_is_recorded_as_one() -> None:
    event = record(event=AccountEvent.DOWNLOAD, actor=None, subject="2009年6月", reason="每月核算")
    assert (event.actor, event.role, event.actor_name, event.address) == (None, "command", "命令行", "")
    assert (event.subject_type, event.subject_id, event.subject_label) == ("", None, "2009年6月")
    assert (event.reason, event.result) == ("每月核算", "done")


def test_a_user_is_recorded_with_role_and_address(make_user: MakeUser) -> None:
    user = make_user(Role.BUREAU_OFFICER)
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.7")
    event = record(event=AccountEvent.ADD_USER, actor=user, subject=user, request=request)
    assert (event.actor, event.role, event.actor_name, event.address) == (
        user,
        "bureau_officer",
        "县局经办",
        "10.0.0.7",
    )
    assert (event.subject_type, event.subject_id, event.subject_label) == ("user", user.pk, "县局经办")


def test_an_event_tells_in_whose_stead_it_was_done(make_user: MakeUser) -> None:
    user, other = make_user(Role.BUREAU_OFFICER), make_user(Role.BUREAU_APPROVER)
    event = record(event=AccountEvent.LOGOUT, actor=user, on_behalf_of=other)
    assert (event.actor, event.on_behalf_of, event.on_behalf_of_name) == (user, other, "县局审核")
    assert str(event).endswith("县局经办代县局审核 退出")
    alone = record(event=AccountEvent.LOGOUT, actor=user)
    assert (alone.on_behalf_of, alone.on_behalf_of_name) == (None, None)
    assert str(alone).endswith("县局经办 退出")


def test_an_event_is_about_what_it_is_declared_to_be_about(make_user: MakeUser) -> None:
    user = make_user(Role.BUREAU_OFFICER)
    for subject in (user, None):
        event = AccountEvent.LOGIN if subject else AccountEvent.ADD_USER
        with pytest.raises(ValueError, match="is about"):
            record(event=event, actor=user, subject=subject)
    assert not AuditEvent.objects.exists()


def test_a_whole_number_is_seen_with_a_reason_only() -> None:
    with pytest.raises(ValueError, match="without a reason"):
        record(event=StaffingEvent.REVEAL_NATIONAL_ID, actor=None, subject=Person(), reason=" ")


@pytest.mark.django_db
def test_a_visitor_is_recorded_as_one() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert record(event=AccountEvent.LOGIN_FAILED_OF_NOBODY, actor=None, request=request).role == "anonymous"


@pytest.mark.django_db
def test_before_and_after_keep_amounts_dates_and_flags() -> None:
    after = {"amount": Decimal("1530.00"), "day": date(2009, 6, 1), "open": True, "none": None, "list": [1, "甲"]}
    record(event=AccountEvent.LOGOUT, actor=None, after=after)
    assert AuditEvent.objects.get().after == {
        "amount": "1530.00",
        "day": "2009-06-01",
        "open": True,
        "none": None,
        "list": [1, "甲"],
    }


@pytest.mark.django_db
def test_id_numbers_are_masked_wherever_they_stand() -> None:
    record(
        event=AccountEvent.DOWNLOAD,
        actor=None,
        subject=f"张三({NUMBER})",
        before={NUMBER: [{"id": f"身份证{NUMBER},"}]},
        after=int(NUMBER),
        reason=f"更正 {NUMBER[:17]}x",
    )
    event = AuditEvent.objects.get()
    assert event.subject_label == f"张三({HIDDEN})"
    assert event.before == {HIDDEN: [{"id": f"身份证{HIDDEN},"}]}
    assert event.after == HIDDEN
    assert event.reason == "更正 339900********001x"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (NUMBER, HIDDEN),
        ("339900900101001", "339900*****1001"),
        ("330226001001", "330226001001"),
        ("13800000000", "13800000000"),
        ("2009-06-15 1530.00", "2009-06-15 1530.00"),
        (f"a{NUMBER}b" + "0" * 44, f"a{NUMBER}b" + "0" * 44),  # inside a digest
    ],
)
def test_only_what_looks_like_an_id_number_is_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


@given(st.text("甲 ,:/-"), st.from_regex(r"[0-9]{17}[0-9Xx]", fullmatch=True), st.text("甲 ,:/-"))
def test_no_id_number_survives(before: str, number: str, after: str) -> None:
    assert number not in masked(before + number + after)


def test_a_reason_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="500"):
        record(event=AccountEvent.LOGOUT, actor=None, reason="长" * 501)


@pytest.mark.django_db
def test_an_event_may_be_a_link_of_the_chain() -> None:
    sealed_at = datetime(2009, 6, 30, tzinfo=UTC)
    record(event=AccountEvent.LOGOUT, actor=None, chain=ChainLink(1, "", "d" * 64, sealed_at))
    assert AuditEvent.objects.get().at == sealed_at
    assert AuditEvent.objects.values_list("sequence", "previous_digest", "digest").get() == (1, "", "d" * 64)


@pytest.mark.django_db(transaction=True)
def test_an_event_goes_with_the_transaction_of_its_change() -> None:
    with transaction.atomic():
        record(event=AccountEvent.LOGOUT, actor=None)
        transaction.set_rollback(True)
    assert not AuditEvent.objects.exists()


def test_a_download_is_recorded(client_of: ClientOf, settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    assert client_of(Role.AUDITOR).get("/sheet/").content == b"sheet"
    event = AuditEvent.objects.get()
    assert (event.action, event.subject_label, event.role, event.result) == (
        "download",
        "T1 2009-06",
        "auditor",
        "done",
    )


@pytest.mark.parametrize("is_stored", [True, False])
def test_a_download_is_sent_only_after_its_event_is_stored(
    client_of: ClientOf, settings: Settings, monkeypatch: pytest.MonkeyPatch, is_stored: bool
) -> None:
    def cannot(**kwargs: object) -> None:
        raise DatabaseError

    settings.ROOT_URLCONF = __name__
    client = client_of(Role.AUDITOR)
    client.raise_request_exception = False
    if not is_stored:
        monkeypatch.setattr(middleware, "record", cannot)
    response = client.get("/sheet/")
    assert (response.status_code, response.content == b"sheet") == ((200, True) if is_stored else (500, False))
    assert AuditEvent.objects.exists() is is_stored


@pytest.mark.django_db
def test_within_a_request_an_event_carries_its_address_unasked() -> None:
    with answering(RequestFactory().get("/", REMOTE_ADDR="10.0.0.7")):
        assert record(event=AccountEvent.LOGOUT, actor=None).address == "10.0.0.7"
    assert record(event=AccountEvent.LOGOUT, actor=None).address == ""


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "expected"),
    [
        (False, "1.2.3.4", "10.0.0.7"),
        (True, "1.2.3.4", "1.2.3.4"),
        (True, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (True, "", "10.0.0.7"),
        (True, "1.2.3.4, not an address", "10.0.0.7"),
        (True, "fe80::1", "fe80::1"),
    ],
)
def test_an_address_is_believed_from_our_own_proxy_only(
    settings: Settings, behind_proxy: bool, forwarded: str, expected: str
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if behind_proxy else None
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.7", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == expected
