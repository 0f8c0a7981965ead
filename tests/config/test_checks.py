"""`check --deploy` refuses what only a try-out may do; and the switches are read strictly."""

from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pytest_django.fixtures import Settings

from config import env
from config.database_keys import demand_keys_of_database
from foundation.keyring import fresh
from tests.builders import a_township


@pytest.fixture
def production(db: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    settings.KEY_FILE = tmp_path / "keys.json"
    settings.HTTPS = True
    settings.DEBUG = False
    return settings


def problems() -> set[str]:
    return {str(message.id) for message in run_checks(include_deployment_checks=True) if "config." in str(message.id)}


def test_a_production_installation_passes(production: Settings) -> None:
    assert problems() == set()


def test_sqlite_is_refused(production: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(production.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert problems() == {"config.E001"}


@pytest.mark.parametrize(
    ("setting", "value", "problem"),
    [
        ("KEY_FILE", Path(env.__file__).parent.parent / "var" / "keys.json", "config.E002"),
        ("HTTPS", False, "config.E003"),
        ("DEBUG", True, "config.E004"),
    ],
)
def test_what_only_a_try_out_may_do_is_refused(
    production: Settings, setting: str, value: object, problem: str
) -> None:
    setattr(production, setting, value)
    assert problems() == {problem}


def test_a_database_of_another_version_is_refused(production: Settings) -> None:
    MigrationRecorder(connection).record_applied("staffing", "9999_later")
    assert problems() == {"config.E005"}


def test_other_keys_than_those_of_the_data_are_refused(production: Settings) -> None:
    a_township()
    demand_keys_of_database()
    assert problems() == set()
    production.KEYS = fresh()
    assert problems() == {"config.E005"}


def test_a_file_of_seals_that_could_not_be_made_is_refused(production: Settings, tmp_path: Path) -> None:
    production.SEAL_FILE = tmp_path / "nowhere" / "seals.txt"
    assert problems() == {"config.E006"}


def test_a_key_file_linked_from_outside_is_still_inside(production: Settings, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(Path(env.__file__).parent)
    production.KEY_FILE = link / "keys.json"
    assert problems() == {"config.E002"}


def test_development_is_not_bothered() -> None:
    assert not [message for message in run_checks() if "config." in str(message.id)]


@pytest.mark.django_db
def test_every_problem_says_what_to_do(settings: Settings) -> None:
    settings.HTTPS = False
    found = [message for message in run_checks(include_deployment_checks=True) if "config." in str(message.id)]
    assert found
    assert all(message.hint for message in found)


@pytest.mark.parametrize(("text", "value"), [("1", True), ("yes", True), ("0", False), ("", False), ("OFF", False)])
def test_a_switch_is_read(text: str, value: bool) -> None:
    assert env.flag("X", environ={"X": text}) is value


def test_a_switch_that_is_not_set_is_off() -> None:
    assert env.flag("X", environ={}) is False


def test_an_unreadable_switch_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="X 只能是 1 或 0"):
        env.flag("X", environ={"X": "ja"})


def test_a_list_drops_blanks() -> None:
    assert env.words("X", environ={"X": " a, ,b,"}) == ["a", "b"]


def test_no_url_is_sqlite_that_locks_at_once(tmp_path: Path) -> None:
    found = env.database("", default_path=tmp_path / "a.sqlite3")
    assert found["NAME"] == str(tmp_path / "a.sqlite3")
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p%40w@h:5433/n", {"USER": "u", "PASSWORD": "p@w", "HOST": "h", "PORT": "5433", "NAME": "n"}),
        (
            "postgresql:///n?host=/run/x&user=u",
            {"USER": "u", "PASSWORD": "", "HOST": "/run/x", "PORT": "", "NAME": "n"},
        ),
    ],
)
def test_a_postgresql_url_is_taken_apart(url: str, expected: dict[str, str]) -> None:
    found = env.database(url, default_path=Path("unused"))
    assert {key: found[key] for key in expected} == expected


def test_a_connection_to_postgresql_is_looked_at_before_it_is_used_again() -> None:
    assert env.database("postgresql:///n", default_path=None)["CONN_HEALTH_CHECKS"] is True


def test_an_installation_does_not_fall_back_to_sqlite() -> None:
    with pytest.raises(ImproperlyConfigured, match="没有设置环境变量 DATABASE_URL"):
        env.database("", default_path=None)


def test_a_refused_address_is_not_quoted() -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        env.database("postgresql://u:secret@h:port/n", default_path=None)
    assert "secret" not in str(refused.value)


def test_a_sqlite_url_names_its_file() -> None:
    assert env.database("sqlite:////srv/a.sqlite3", default_path=Path("unused"))["NAME"] == "/srv/a.sqlite3"


@pytest.mark.parametrize(
    "url", ["sqlite://", "mysql://u@h/n", "postgresql://u:p@h:port/n", "postgresql://u:p@[h/n", "postgresql://u@h/"]
)
def test_another_database_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        env.database(url, default_path=Path("unused"))
