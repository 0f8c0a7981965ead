"""Which faults of a database pass by themselves."""

import sqlite3
from pathlib import Path

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from foundation.busy import is_busy

pytestmark = pytest.mark.both


def of_django(cause: BaseException | None) -> OperationalError:
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


def test_a_file_that_somebody_else_writes_to_is_busy(tmp_path: Path) -> None:
    one, other = (sqlite3.connect(tmp_path / "it", timeout=0, isolation_level=None) for _ in range(2))
    one.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as locked:
        other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as missing:
        one.execute("SELECT * FROM nothing")
    one.close()
    other.close()
    assert is_busy(of_django(locked.value))
    assert not is_busy(of_django(missing.value))
    assert not is_busy(locked.value)  # only what Django raises for it


def test_nothing_and_what_is_no_fault_of_a_database_is_not_busy() -> None:
    assert not is_busy(None)
    assert not is_busy(LookupError())
    assert not is_busy(of_django(None))


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "busy"),
    [
        ("40001", True),  # serialization_failure
        ("40P01", True),  # deadlock_detected
        ("55P03", True),  # lock_not_available
        ("57014", False),  # query_canceled
        ("53100", False),  # disk_full
        ("23505", False),  # unique_violation
    ],
)
def test_of_postgresql_only_what_another_transaction_brought_about(state: str, busy: bool) -> None:
    with pytest.raises(DatabaseError) as found, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$")
    assert is_busy(found.value) is busy
