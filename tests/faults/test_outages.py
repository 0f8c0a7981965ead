"""Drills: what people and the operator see when PostgreSQL stops, restarts, refuses, or is another one than it was."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.installation import Answer, Installation, a_cluster

pytestmark = [pytest.mark.postgres, pytest.mark.django_db, pytest.mark.long]
PREPARE = """
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from accounts.enums import Role
from accounts.models import User
from tests.builders import a_township
a_township()
officer = User.objects.create_user(username="officer", password="correct-horse-battery", role=Role.BUREAU_OFFICER)
session = SessionStore()
session[SESSION_KEY] = str(officer.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = officer.get_session_auth_hash()
session.save()
import sys
sys.stdout.write("session " + session.session_key)
"""
LOGIN = {"username": "officer", "password": "wrong"}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """The path of a socket must be short."""
    made = Path(tempfile.mkdtemp(prefix="county-", dir="/tmp"))
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def installation(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Set up by the owner, run as the application's role."""
    with a_cluster(folder) as database:
        own = {"VAR_DIR": str(tmp_path_factory.mktemp("var")), "DATABASE_URL": database.url()}
        made = Installation(database, {"PATH": os.environ["PATH"], **own})
        assert made.manage("migrate", "--verbosity=0").returncode == 0
        database.execute("CREATE ROLE county LOGIN")
        assert made.manage("grant_application_role", "county").returncode == 0
        made.environ["DATABASE_URL"] = database.url(user="county")
        with made.served():
            yield made


@pytest.fixture(scope="module")
def session(installation: Installation) -> str:
    done = installation.manage("shell", "-c", PREPARE)
    assert done.returncode == 0, done.stderr
    return done.stdout.rpartition("session ")[2].strip()


def assert_told(answer: Answer, words: str) -> None:
    assert (answer.status, answer.retry_after, words in answer.text) == (503, "5", True), answer


def assert_works(installation: Installation, session: str) -> None:
    """At once: the first request."""
    assert installation.get("/months/", session=session).status == 200


def ready(installation: Installation) -> int:
    return installation.get("/readyz").status


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_database_that_stops_is_told_and_the_first_request_after_its_start_succeeds(
    installation: Installation, session: str, mode: str
) -> None:
    assert_works(installation, session)
    assert ready(installation) == 200
    installation.database.stop(mode)
    assert_told(installation.get("/months/", session=session), "连不上数据库")
    assert_told(installation.get("/api/months/", session=session), "database_unreachable")
    assert_told(installation.post("/login/", LOGIN), "连不上数据库")
    assert (installation.get("/healthz").status, ready(installation)) == (200, 503)
    asked = installation.manage("parameters")
    assert (asked.returncode, "连不上数据库" in asked.stderr, asked.stderr.count("\n")) == (1, True, 1)
    installation.database.start()
    assert_works(installation, session)
    assert ready(installation) == 200


def test_a_restart_that_nobody_noticed_costs_nobody_a_request(installation: Installation, session: str) -> None:
    assert_works(installation, session)
    installation.database.stop()
    installation.database.start()
    assert_works(installation, session)
    installation.database.hang_up()
    assert_works(installation, session)


def test_a_database_that_is_read_only_is_read_and_says_why_nothing_is_saved(
    installation: Installation, session: str
) -> None:
    database = installation.database
    database.execute("ALTER ROLE county SET default_transaction_read_only = on")
    database.hang_up()
    try:
        assert_works(installation, session)
        assert_told(installation.post("/login/", LOGIN), "只能查看")
        assert_told(installation.post("/months/calculate/", {"month": "2009-06"}, session=session), "只能查看")
    finally:
        database.execute("ALTER ROLE county RESET default_transaction_read_only")
        database.hang_up()
    assert_works(installation, session)


def test_a_server_without_a_connection_left_is_told(installation: Installation, session: str) -> None:
    database = installation.database
    database.execute("ALTER ROLE county CONNECTION LIMIT 0")
    database.hang_up()
    try:
        assert_told(installation.get("/months/", session=session), "连不上数据库")
    finally:
        database.execute("ALTER ROLE county CONNECTION LIMIT -1")
    assert_works(installation, session)


def test_a_right_that_is_missing_is_told(installation: Installation, session: str) -> None:
    database = installation.database
    database.execute("REVOKE SELECT ON django_session, subsidies_ledgerparameters FROM county")
    try:
        assert_told(installation.get("/months/", session=session), "缺少数据库的权限")
        asked = installation.manage("parameters")
        assert (asked.returncode, "grant_application_role" in asked.stderr) == (1, True)
        assert asked.stderr.count("\n") == 1
    finally:
        database.execute("GRANT SELECT ON django_session, subsidies_ledgerparameters TO county")
    assert_works(installation, session)


def test_a_database_whose_disk_is_full_is_told(installation: Installation, session: str) -> None:
    """Brought about by a trigger that raises what PostgreSQL raises."""
    database = installation.database
    database.execute(
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$"
    )
    database.execute("CREATE TRIGGER full_disk BEFORE INSERT ON accounts_auditevent EXECUTE FUNCTION full_disk()")
    try:
        assert_told(installation.post("/login/", LOGIN), "磁盘或内存不够")
    finally:
        database.execute("DROP FUNCTION full_disk() CASCADE")
    assert installation.post("/login/", LOGIN).status == 200


def test_a_key_file_that_was_lost_is_missed_and_no_new_one_made(installation: Installation, tmp_path: Path) -> None:
    lost = tmp_path / "keys.json"
    asked = installation.manage("parameters", KEY_FILE=str(lost))
    assert (asked.returncode, "数据库里已有数据" in asked.stderr) == (1, True)
    assert not lost.exists()
    made = installation.manage("init_keys", KEY_FILE=str(lost))
    assert (made.returncode, "已有数据" in made.stderr, lost.exists()) == (1, True, False)


def test_a_server_starts_before_its_database_and_serves_when_it_comes(
    installation: Installation, session: str
) -> None:
    late = Installation(installation.database, installation.environ)
    installation.database.stop()
    try:
        with late.served():
            assert_told(late.get("/months/", session=session), "连不上数据库")
            installation.database.start()
            assert_works(late, session)
            installation.database.stop()
    finally:
        installation.database.start()
