"""Whether a database holds anybody's data, asked before there are settings: with the driver, not through Django."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import psycopg

# Whatever people or files bring in leaves a row in one of these.
TABLES = ("accounts_user", "accounts_auditevent", "townships_county", "staffing_person", "subsidies_seal")
_CONNECT_SECONDS = 5


class Cursor(Protocol):
    """What the cursors of both drivers and Django's have in common."""

    def execute(self, sql: Any, /) -> Any: ...
    def fetchone(self) -> Any: ...


class Unknown(Exception):
    """The database cannot be asked."""


def holds_data(database: Mapping[str, Any]) -> bool:
    """Whether the database that these settings of Django name holds data; one that does not exist holds none.

    Raises Unknown where it cannot be asked.
    """
    try:
        if "postgresql" in database["ENGINE"]:
            return _on_postgresql(database)
        return _on_sqlite(Path(database["NAME"]))
    except (psycopg.Error, sqlite3.Error, OSError) as error:
        raise Unknown from error


def has_rows(cursor: Cursor, there: set[str]) -> bool:
    """Whether one of TABLES has a row; `there` names the tables that exist."""
    for table in TABLES:
        if table in there:
            # Names from above.
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608
            if cursor.fetchone() is not None:
                return True
    return False


def _on_sqlite(path: Path) -> bool:
    if not path.exists():
        return False
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as opened:
        cursor = opened.cursor()
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return has_rows(cursor, {name for (name,) in cursor.fetchall()})


def _on_postgresql(database: Mapping[str, Any]) -> bool:
    try:
        opened = _connected(database, database["NAME"])
    except psycopg.OperationalError:
        if _is_there(database):
            raise
        return False
    with opened, opened.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE pg_table_is_visible(oid)")
        return has_rows(cursor, {name for (name,) in cursor.fetchall()})


def _is_there(database: Mapping[str, Any]) -> bool:
    """Whether the server, which every installation has a database `postgres` on, knows the name."""
    with _connected(database, "postgres") as server:
        found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database["NAME"]])
        return found.fetchone() is not None


def _connected(database: Mapping[str, Any], name: str) -> "psycopg.Connection[Any]":
    """No password or host is given where the settings have none: libpq has its own."""
    given = {"user": database["USER"], "password": database["PASSWORD"], "host": database["HOST"]}
    given["port"] = database["PORT"]
    options = {"connect_timeout": _CONNECT_SECONDS, **database["OPTIONS"]}
    return psycopg.connect(dbname=name, **options, **{key: value for key, value in given.items() if value})
