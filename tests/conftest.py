"""What every test stands on: quick passwords, a flush that gets past our triggers, users of every role, the
demonstration county and a small ledger."""

from collections.abc import Iterator
from math import inf
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from foundation.triggers import declared_guards, statements_to_create, statements_to_drop
from subsidies.demo.county import DemoCounty
from subsidies.models import SubsidyRun
from tests.ledgers import small_ledger
from tests.subsidies.months import JUNE
from tests.subsidies.snapshot import lay_down, lay_down_demo
from tests.users import ClientOf, MakeUser, a_user, browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that are refused a database say so: once is enough for them, on whatever database. Long ones come first,
    the others in whatever order they were put."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    for item in items:
        asks_for_it = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
        if not asks_for_it and item.get_closest_marker("django_db") is None:
            item.add_marker("no_database")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL promises it")


@pytest.fixture(autouse=True, scope="session")
def _flush_past_triggers() -> Iterator[None]:
    """Transactional tests empty all tables; those that refuse it lose their triggers for that moment."""
    operations = connection.ops
    flush = operations.sql_flush

    def past_triggers(*args: object, **kwargs: object) -> list[str]:
        guards = declared_guards()
        return [
            *statements_to_drop(guards, connection.vendor),
            *flush(*args, **kwargs),  # type: ignore[arg-type]  # handed on as they are
            *statements_to_create(guards, connection.vendor),
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", past_triggers)
        yield


@pytest.fixture(autouse=True)
def _database_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables of tests were made by this program's migrations: no page is a statement dearer for asking."""
    monkeypatch.setattr("foundation.schema.TRUSTED_SECONDS", inf)
    monkeypatch.setattr("foundation.schema._Trust.until", inf)
    monkeypatch.setattr("config.ready._Process.knows_keys", True)


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _heads_of_its_own(settings: Settings, tmp_path: Path) -> None:
    """Each test writes the heads of its chain of seals to a file of its own."""
    settings.SEAL_FILE = tmp_path / "seals.txt"


@pytest.fixture
def make_user(db: None) -> MakeUser:
    """`a_user`, for tests that use the database."""
    return a_user


@pytest.fixture
def client_of(make_user: MakeUser) -> ClientOf:
    """client_of(role): a browser in which a new user of that role has logged in."""

    return lambda role: browser(make_user(role))


@pytest.fixture
def demo(db: None) -> DemoCounty:
    """The demonstration county: two months approved, the third in review, the fourth being reported."""
    return lay_down_demo()


@pytest.fixture
def waiting(demo: DemoCounty) -> SubsidyRun:
    """The run of the demonstration that waits for approval."""
    return SubsidyRun.objects.select_related("current_revision").get(state="in_review")


@pytest.fixture
def ledger(db: None) -> SubsidyRun:
    """The small ledger."""
    lay_down(small_ledger)
    return SubsidyRun.objects.get(month=(JUNE + 1).first)
