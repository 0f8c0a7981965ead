"""What a database that cannot serve says, told apart by the states that the drivers give."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from foundation.busy import is_busy
from foundation.outages import not_ready

pytestmark = pytest.mark.both

NO_OUTAGE = None


def code_of(error: BaseException | None) -> str | None:
    found = not_ready(error)
    return found.code if found is not None else None


def of_django(cause: BaseException) -> OperationalError:
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (sqlite3.SQLITE_READONLY, "database_read_only"),
        (sqlite3.SQLITE_FULL, "database_full"),
        (sqlite3.SQLITE_IOERR | 3 << 8, "database_full"),
        (sqlite3.SQLITE_CANTOPEN, "database_unreachable"),
        (sqlite3.SQLITE_NOTADB, "database_damaged"),
        (sqlite3.SQLITE_BUSY, NO_OUTAGE),
        (sqlite3.SQLITE_ERROR, NO_OUTAGE),
    ],
)
def test_of_sqlite_the_code_tells(code: int, told: str | None) -> None:
    cause = sqlite3.OperationalError()
    cause.sqlite_errorcode = code
    assert code_of(of_django(cause)) == told


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError) as found:
        sqlite3.connect(tmp_path).execute("SELECT 1")
    assert code_of(of_django(found.value)) == "database_unreachable"


def test_a_server_that_is_not_there_is_unreachable() -> None:
    with pytest.raises(psycopg.OperationalError) as found:
        psycopg.connect("postgresql://u:secret@127.0.0.1:1/county")
    trouble = not_ready(of_django(found.value))
    assert trouble is not None
    assert trouble.code == "database_unreachable"
    assert "secret" not in trouble.operator + trouble.page


def test_a_connection_that_was_lost_is_unreachable() -> None:
    assert code_of(InterfaceError("connection already closed")) == "database_unreachable"


def test_nothing_and_what_is_no_fault_of_a_database_is_no_outage() -> None:
    assert code_of(None) is NO_OUTAGE
    assert code_of(OSError()) is NO_OUTAGE
    assert code_of(DatabaseError()) is NO_OUTAGE


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("25006", "database_read_only"),  # read_only_sql_transaction
        ("53100", "database_full"),  # disk_full
        ("53300", "database_unreachable"),  # too_many_connections
        ("57P01", "database_unreachable"),  # admin_shutdown
        ("08006", "database_unreachable"),  # connection_failure
        ("42501", "database_right_missing"),  # insufficient_privilege
        ("57014", NO_OUTAGE),  # query_canceled
        ("42P01", NO_OUTAGE),  # undefined_table
        ("55P03", NO_OUTAGE),  # lock_not_available
    ],
)
def test_of_postgresql_the_state_tells(state: str, told: str | None) -> None:
    with pytest.raises(DatabaseError) as found, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$")
    assert code_of(found.value) == told
    assert not (told and is_busy(found.value))
