"""Who waits too long for another writer is told so: nothing is saved, and the same form or key may come again."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.http import HttpResponse
from django.test import Client

from accounts.enums import Role
from accounts.models import AnsweredRequest, AuditEvent, User
from foundation.dates import Month
from subsidies.locks import locked_ledger
from subsidies.models import LedgerParameters, Revision, SubsidyRun
from tests.builders import a_posting, a_township
from tests.subsidies.policies import a_policy
from tests.users import PASSWORD, a_user

pytestmark = pytest.mark.both

BUSY = "系统正忙,请稍后再试;刚才的操作没有保存。"
JUNE = Month(2009, 6)
on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="of the lock on SQLite's file")


def a_county() -> None:
    """Ready for the calculation of June, with the two accounts that are needed."""
    a_policy()
    township = a_township()
    a_posting(township=township)
    LedgerParameters.objects.create(county=township.county)
    for role in (Role.BUREAU_OFFICER, Role.SYSTEM_ADMIN):
        a_user(role)


def logged_in(role: Role = Role.BUREAU_OFFICER) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(role=role), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def file(db: None, tmp_path: Path) -> Iterator[Path]:
    """A county in a file, as an installation has it; who writes waits for a twentieth of a second."""
    path = tmp_path / "county.sqlite3"
    of_tests = connections["default"]
    options = {**of_tests.settings_dict["OPTIONS"], "timeout": 0.05}
    opened = type(of_tests)({**of_tests.settings_dict, "NAME": str(path), "OPTIONS": options}, "default")
    opened.ensure_connection()  # its functions stand in the constraints
    tables = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
    opened.connection.executescript(";\n".join(sql for (sql,) in of_tests.connection.execute(tables)))
    migrations = of_tests.connection.execute("SELECT id, app, name, applied FROM django_migrations")
    opened.connection.executemany("INSERT INTO django_migrations VALUES (?, ?, ?, ?)", migrations.fetchall())
    connections["default"] = opened
    try:
        a_county()
        yield path
    finally:
        opened.close()
        connections["default"] = of_tests


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Somebody else, in the middle of writing."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


@contextmanager
def holding(table: str) -> Iterator[None]:
    """The same on PostgreSQL: nobody else writes to the table meanwhile."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        yield
    finally:
        other.close()


def calculate(client: Client) -> HttpResponse:
    fields = {"month": str(JUNE), "expected": "0", "token": "one"}
    return client.post("/months/calculate/", fields)  # type: ignore[return-value]  # the client's answers are more


def calculate_by_program(client: Client) -> HttpResponse:
    return client.post(  # type: ignore[return-value]  # the client's answers are more
        f"/api/months/{JUNE}/calculate/",
        {"expected": 0},
        content_type="application/json",
        headers={"Idempotency-Key": "one"},
    )


def assert_told(response: HttpResponse) -> None:
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    page = response.content.decode()
    assert BUSY in page
    assert "<nav" in page


def assert_nothing_saved() -> None:
    counts = [model.objects.count() for model in (SubsidyRun, Revision, AnsweredRequest)]
    assert counts == [0, 0, 0]
    assert not AuditEvent.objects.filter(action="calculate").exists()


@on_sqlite
def test_a_person_is_told_and_sends_the_same_form_again(file: Path) -> None:
    officer = logged_in()
    with writing(file):
        assert_told(calculate(officer))
        assert officer.get("/months/").status_code == 200  # reading goes on
    assert_nothing_saved()
    assert calculate(officer).status_code == 302
    assert (Revision.objects.count(), AnsweredRequest.objects.count()) == (1, 1)


@on_sqlite
def test_a_program_is_told_in_its_own_shape_and_uses_the_same_key_again(file: Path) -> None:
    officer = logged_in()
    with writing(file):
        response = calculate_by_program(officer)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert response.json() == {"code": "database_busy", "detail": BUSY, "errors": []}  # type: ignore[attr-defined]
    assert_nothing_saved()
    assert calculate_by_program(officer).status_code == 201


@on_sqlite
def test_what_is_written_beside_a_view_is_no_fault_of_ours_either(file: Path) -> None:
    """The event of a refusal, in a middleware; and the login."""
    administrator = logged_in(Role.SYSTEM_ADMIN)
    with writing(file):
        assert administrator.get("/months/").status_code == 503
        anonymous = Client(raise_request_exception=False)
        answer = anonymous.post("/login/", {"username": Role.BUREAU_OFFICER.value, "password": PASSWORD})
        assert (answer.status_code, BUSY in answer.content.decode()) == (503, True)
        assert "sessionid" not in anonymous.cookies
    assert administrator.get("/months/").status_code == 403


@on_sqlite
def test_another_fault_of_the_database_stays_one(file: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE subsidies_revision RENAME TO gone")
    answers = [calculate(logged_in()), calculate_by_program(logged_in())]
    assert [(answer.status_code, answer.headers.get("Retry-After")) for answer in answers] == [(500, None)] * 2
    assert BUSY not in answers[0].content.decode()


@on_sqlite
def test_a_table_that_is_broken_is_not_called_busy_by_whoever_wants_its_lock(file: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE subsidies_ledgerparameters RENAME TO gone")
    with pytest.raises(OperationalError, match="no such table"):
        locked_ledger()


@pytest.mark.postgres
def test_a_connection_that_was_lost_is_not_called_busy(transactional_db: None) -> None:
    a_county()
    try:
        with pytest.raises(OperationalError):
            _lock_over_a_lost_connection()
    finally:
        connection.close()


@transaction.atomic
def _lock_over_a_lost_connection() -> None:
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    locked_ledger()


@pytest.mark.postgres
def test_a_lock_that_is_not_got_in_time_is_told_on_postgresql_too(transactional_db: None) -> None:
    a_county()
    officer = logged_in()
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    try:
        with holding("subsidies_revision"):
            assert_told(calculate(officer))
            answer = calculate_by_program(officer)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert_nothing_saved()
        assert calculate(officer).status_code == 302
    finally:
        connection.close()
