"""Keys are made for a try-out without data only; a database with data knows its own and takes no others."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django.fixtures import Settings

from accounts.enums import Role
from config.content import TABLES
from config.database_keys import KeysDiffer, demand_keys_of_database, demand_recorded_keys
from config.keys import keys_of_installation
from foundation.keyring import Keyring, create, fresh, load
from foundation.models import KnownKey
from staffing.people.registering import register_person
from subsidies.models import SubsidyRun
from tests.builders import a_national_id, a_township
from tests.kept_ledgers import lay_down_kept_ledger
from tests.users import MakeUser

pytestmark = pytest.mark.both


def on_sqlite(path: Path) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}


AWAY = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": "county",
    "USER": "u",
    "PASSWORD": "secret",
    "HOST": "127.0.0.1",
    "PORT": "1",
    "OPTIONS": {},
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with the tables and nothing in them."""
    path = tmp_path / "county.sqlite3"
    opened = sqlite3.connect(path)
    for table in TABLES:
        opened.execute(f"CREATE TABLE {table} (id)")
    opened.close()
    return path


def keys(file: Path, database: dict[str, Any], *, installed: bool = False, making: bool = False) -> object:
    return keys_of_installation(file, database, is_installed=installed, is_making=making)


def test_a_try_out_without_data_gets_keys_on_first_use(file: Path, database: Path, tmp_path: Path) -> None:
    made = keys(file, on_sqlite(database))
    assert load(file) == made
    assert keys(file, on_sqlite(database)) == made
    other = tmp_path / "other.json"
    keys(other, on_sqlite(tmp_path / "not made yet"))
    assert load(other) != made


@pytest.mark.parametrize("table", TABLES)
def test_none_are_made_where_there_is_data(file: Path, database: Path, table: str) -> None:
    with sqlite3.connect(database) as opened:
        opened.execute(f"INSERT INTO {table} VALUES (1)")  # noqa: S608
    opened.close()
    with pytest.raises(ImproperlyConfigured, match="数据库里已有数据"):
        keys(file, on_sqlite(database))
    assert not file.exists()


def test_none_are_made_where_the_database_cannot_be_asked(file: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="连不上数据库") as refused:
        keys(file, AWAY)
    assert "secret" not in str(refused.value)
    assert not file.exists()


def test_none_are_made_in_an_installed_folder(file: Path, database: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="init_keys"):
        keys(file, on_sqlite(database), installed=True)
    assert not file.exists()


def test_keys_that_cannot_be_written_are_told(tmp_path: Path, database: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ImproperlyConfigured, match="读不出"):
        keys(tmp_path / "file" / "keys.json", on_sqlite(database))


@pytest.mark.postgres
@pytest.mark.django_db
def test_postgresql_is_asked_for_data_too(file: Path, tmp_path: Path) -> None:
    made = dict(connection.settings_dict)
    keys(file, made | {"NAME": "there_is_no_such_database"})
    assert file.exists()
    with pytest.raises(ImproperlyConfigured, match="连不上数据库"):
        keys(tmp_path / "other.json", made | {"USER": "there_is_no_such_role"})


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_postgresql_with_data_gets_none(file: Path, make_user: MakeUser) -> None:
    make_user(Role.AUDITOR)
    with pytest.raises(ImproperlyConfigured, match="数据库里已有数据"):
        keys(file, dict(connection.settings_dict))


def test_the_command_makes_them_once(settings: Settings, file: Path, database: Path, monkeypatch: Any) -> None:
    monkeypatch.setitem(settings.DATABASES, "default", on_sqlite(database))
    settings.KEY_FILE = file
    settings.KEYS = keys(file, on_sqlite(database), installed=True, making=True)
    assert not file.exists()
    call_command("init_keys")
    assert load(file) == settings.KEYS
    with pytest.raises(CommandError, match="已有密钥文件"):
        call_command("init_keys")


def test_the_command_makes_none_where_there_is_data(
    settings: Settings, file: Path, database: Path, monkeypatch: Any
) -> None:
    with sqlite3.connect(database) as opened:
        opened.execute("INSERT INTO accounts_user VALUES (1)")
    opened.close()
    monkeypatch.setitem(settings.DATABASES, "default", on_sqlite(database))
    settings.KEY_FILE = file
    with pytest.raises(CommandError, match="已有数据"):
        call_command("init_keys")
    assert not file.exists()


def known() -> dict[str, str]:
    return dict(KnownKey.objects.values_list("name", "key_id"))


@pytest.mark.django_db
def test_a_new_database_takes_whatever_keys_there_are(settings: Settings) -> None:
    demand_keys_of_database()
    assert known() == project_settings.KEYS.key_ids()
    settings.KEYS = fresh()
    demand_recorded_keys()
    demand_keys_of_database()
    assert known() == settings.KEYS.key_ids()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changed",
    [
        lambda ring: replace(ring, seal=b"x" * 32),
        lambda ring: replace(ring, index=b"x" * 32),
        lambda ring: replace(ring, encryption={"1": b"x" * 32}),
    ],
)
def test_a_database_with_data_takes_no_others(settings: Settings, changed: Callable[[Keyring], Keyring]) -> None:
    demand_keys_of_database()
    a_township()
    ours = project_settings.KEYS
    settings.KEYS = changed(ours)
    for demand in (demand_keys_of_database, demand_recorded_keys):
        with pytest.raises(KeysDiffer, match="不是这个数据库的密钥文件"):
            demand()
    settings.KEYS = ours
    demand_keys_of_database()


@pytest.mark.django_db
def test_one_more_encryption_key_is_recorded_and_must_stay(settings: Settings) -> None:
    demand_keys_of_database()
    a_township()
    ours = project_settings.KEYS
    settings.KEYS = replace(ours, current="2", encryption={**ours.encryption, "2": b"y" * 32})
    demand_keys_of_database()
    assert known() == settings.KEYS.key_ids()
    settings.KEYS = ours
    with pytest.raises(KeysDiffer):
        demand_keys_of_database()


@pytest.fixture(params=["a seal", "a seal of the first format", "an id number", "neither"])
def data_of_old(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Data from before the ids of keys were recorded."""
    what: str = request.param
    if what == "a seal of the first format":
        request.getfixturevalue("db")
        lay_down_kept_ledger(monkeypatch, tmp_path)
    elif what == "a seal":
        request.getfixturevalue("ledger")
        assert SubsidyRun.objects.exists()
    else:
        request.getfixturevalue("db")
        a_township()
        if what == "an id number":
            register_person(name="张三", national_id=a_national_id(), actor=None)
    return what


def test_old_data_takes_over_the_keys_that_it_was_made_with(data_of_old: str, settings: Settings) -> None:
    assert known() == {}
    ours = project_settings.KEYS
    settings.KEYS = fresh()
    if data_of_old != "neither":
        with pytest.raises(KeysDiffer):
            demand_keys_of_database()
        assert known() == {}
        settings.KEYS = ours
    demand_keys_of_database()
    assert known() == settings.KEYS.key_ids()


@pytest.mark.django_db
def test_a_key_file_that_was_written_is_one_that_is_read(file: Path) -> None:
    ring = fresh()
    create(file, ring)
    assert keys(file, AWAY, installed=True) == ring
