"""While the database is not ready every page says so by 503; what watches the server is told without a login."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.enums import Role
from config.database_keys import demand_keys_of_database
from foundation.keyring import fresh
from subsidies.models import SubsidyRun
from tests.builders import a_posting, a_township
from tests.subsidies.policies import a_policy
from tests.users import ClientOf

pytestmark = [pytest.mark.django_db, pytest.mark.both]
CONDITIONS = ("database", "migrations", "keys", "seal_file")


@pytest.fixture
def as_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has asked nothing yet, and asks each time."""
    monkeypatch.setattr("foundation.schema.TRUSTED_SECONDS", 0.0)
    monkeypatch.setattr("foundation.schema._Trust.until", 0.0)
    monkeypatch.setattr("config.ready._Process.knows_keys", False)


def of_another_version() -> None:
    MigrationRecorder(connection).record_applied("staffing", "9999_later")


@pytest.mark.usefixtures("as_started")
def test_a_database_of_another_version_answers_503_in_a_sentence(client_of: ClientOf) -> None:
    officer = client_of(Role.BUREAU_OFFICER)
    assert officer.get("/months/").status_code == 200
    of_another_version()
    for browser, path in ((officer, "/months/"), (Client(), "/login/")):
        page = browser.get(path)
        assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
        assert "数据库与程序的版本不一致" in page.content.decode()
        assert "<nav" not in page.content.decode()
    answer = officer.get("/api/months/")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_version")
    MigrationRecorder(connection).record_unapplied("staffing", "9999_later")
    assert officer.get("/months/").status_code == 200


@pytest.mark.usefixtures("as_started")
def test_other_keys_answer_503_in_a_sentence(settings: Settings) -> None:
    demand_keys_of_database()
    a_township()
    settings.KEYS = fresh()
    page = Client().get("/login/")
    assert (page.status_code, "密钥与数据库不符" in page.content.decode()) == (503, True)


def test_under_the_ledgers_lock_it_is_asked_whatever_was_trusted(client_of: ClientOf) -> None:
    a_policy()
    a_posting(township=a_township())
    officer = client_of(Role.BUREAU_OFFICER)
    of_another_version()
    assert officer.get("/months/").status_code == 200  # trusted for a moment
    page = officer.post("/months/calculate/", {"month": "2009-06", "expected": "0"})
    assert (page.status_code, "数据库与程序的版本不一致" in page.content.decode()) == (503, True)
    assert not SubsidyRun.objects.exists()


def ready() -> tuple[int, dict[str, bool | None]]:
    answer = Client().get("/readyz")
    found = answer.json()
    assert set(found) == {"ready", *CONDITIONS}
    assert found.pop("ready") is (answer.status_code == 200)
    return answer.status_code, found


def test_a_ready_server_says_so_to_whoever_asks(ledger: SubsidyRun) -> None:
    assert ready() == (200, dict.fromkeys(CONDITIONS, True))


def test_what_is_not_as_it_has_to_be_is_named(ledger: SubsidyRun, settings: Settings) -> None:
    demand_keys_of_database()
    settings.SEAL_FILE.unlink()
    assert ready() == (503, {"database": True, "migrations": True, "keys": True, "seal_file": False})
    settings.KEYS = fresh()
    assert ready() == (503, {"database": True, "migrations": True, "keys": False, "seal_file": None})
    of_another_version()
    assert ready() == (503, {"database": True, "migrations": False, "keys": None, "seal_file": None})
    assert Client().get("/healthz").json() == {"alive": True}


def test_both_are_answered_without_tls(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert [Client().get(path).status_code for path in ("/healthz", "/readyz", "/login/")] == [200, 200, 301]
