"""Ledgers that were sealed by an earlier release, laid down in the database of this one as they were stored then."""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.loader import MigrationLoader

from foundation.keyring import load

FOLDER = Path(__file__).parent / "fixtures"


# Columns that the fixtures have and the tables have no more, and the migration that makes rows of them.
_GONE = {
    "staffing_person": {"education": "varchar(20)", "has_computer_skill": "boolean"},
    "staffing_posting": {
        "is_full_time": "boolean",
        "recruitment_source": "varchar(100)",
        "recruitment_notice": "varchar(200)",
        "recruitment_recorded": "boolean",
    },
    # Empty in every kept ledger.
    "townships_grassrootsunit": {"predecessor_id": "bigint"},
}
_CARRIED_OVER_BY = ("staffing", "0015_rows_of_qualifications")


def lay_down_kept_ledger(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    number: int = 1,
    *,
    altered: Sequence[str] = (),
    meanwhile: Callable[[], None] | None = None,
) -> None:
    """The ledger of that format for this database, with its keys and its file of heads.

    Every value is stored as it was: the first format digests stored JSON by its text. What stood in columns that are
    gone is carried over by the migration that took them; `altered` are statements on the ledger as it was before, and
    `meanwhile` is called then.
    """
    kept = json.loads((FOLDER / f"format-{number}-{connection.vendor}.json").read_text(encoding="utf-8"))
    keys = folder / "keys.json"
    keys.touch(mode=0o600)
    keys.write_text(json.dumps(kept["keys"]), encoding="utf-8")
    monkeypatch.setattr(settings, "KEYS", load(keys))
    settings.SEAL_FILE.write_text("".join(f"{line}\n" for line in kept["seals"]), encoding="ascii")
    quote = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor, past_triggers(cursor), _with_columns_gone(cursor):
        for table, of_table in kept["tables"].items():
            if not of_table["rows"]:
                continue
            columns = ", ".join(map(quote, of_table["columns"]))
            places = ", ".join(["%s"] * len(of_table["columns"]))
            cursor.executemany(
                f"INSERT INTO {quote(table)} ({columns}) VALUES ({places})",  # noqa: S608  # names from the fixture
                [[_stored(value) for value in row] for row in of_table["rows"]],
            )
        for table, last in kept["sequences"].items():
            _go_on_from(cursor, table, last)
        for statement in altered:
            cursor.execute(statement)
        if meanwhile is not None:
            meanwhile()
        migration = import_module(".".join((_CARRIED_OVER_BY[0], "migrations", _CARRIED_OVER_BY[1])))
        migration.carry_over(_apps_before_it(), None)


@cache
def _apps_before_it() -> Any:  # the registry of historical models has no type of its own
    loader = MigrationLoader(connection)
    return loader.project_state(_CARRIED_OVER_BY, at_end=False).apps


@contextmanager
def _with_columns_gone(cursor: CursorWrapper) -> Iterator[None]:
    """The columns stand while the ledger is laid down, and are taken afterwards."""
    for table, columns in _GONE.items():
        for name, kind in columns.items():
            cursor.execute(f'ALTER TABLE "{table}" ADD COLUMN "{name}" {kind} NULL')
    yield
    if connection.vendor == "postgresql":
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table, columns in _GONE.items():
        for name in columns:
            cursor.execute(f'ALTER TABLE "{table}" DROP COLUMN "{name}"')
    if connection.vendor == "postgresql":
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def past_triggers(cursor: CursorWrapper) -> Iterator[None]:
    """No trigger stands in the way; afterwards each stands as the database had it."""
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        installed = cursor.fetchall()
        for name, _ in installed:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _, sql in installed:
            cursor.execute(sql, None)
        return
    cursor.execute(
        "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
    )
    installed = cursor.fetchall()
    # No table is altered while foreign keys wait to be checked.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table, name in installed:
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER "{name}"')
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    yield
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table, name in installed:
        cursor.execute(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{name}"')
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def change(sql: str) -> None:
    """One statement behind the triggers, as the owner of the database could."""
    with transaction.atomic(), connection.cursor() as cursor, past_triggers(cursor):
        cursor.execute(sql)


def change_row(table: str, assignment: str, pk: int | None) -> None:
    """The same of one row: `assignment` is SQL such as "due = due + 1"."""
    change(f"UPDATE {table} SET {assignment} WHERE id = {pk}")  # noqa: S608  # words of a test


def _stored(value: Any) -> Any:
    """Bytes stand in the fixture as {"base64": …}; nothing else is an object."""
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value


def _go_on_from(cursor: CursorWrapper, table: str, last: int) -> None:
    """The next row of the table gets an id above `last`."""
    if connection.vendor == "postgresql":
        quoted = connection.ops.quote_name(table)
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [quoted, last])
        return
    cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last, table])
    if not cursor.rowcount:
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
