"""What takes long to bring about: built once a process, and laid down again as rows in a tenth of the time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from random import Random
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, transaction

from accounts.chain import write_down_heads
from foundation.triggers import declared_guards, statements_to_create, statements_to_drop
from subsidies.demo.county import DemoCounty, demo_county
from subsidies.demo.seed import seed

SEED = 1

Build = Callable[[], object]


class TableRows(NamedTuple):
    """`rows` as this kind of database takes them in."""

    table: str
    columns: list[str]
    rows: Any
    last_id: int | None


_kept: dict[Build, list[TableRows]] = {}


@cache
def the_demo() -> DemoCounty:
    return demo_county(Random(SEED))  # invented data, not a secret


def lay_down_demo() -> DemoCounty:
    """The demonstration into an empty database, as `seed` leaves it."""
    lay_down(_seeded)
    return the_demo()


def _seeded() -> None:
    seed(seed_number=SEED, say=lambda sentence: None)


def lay_down(build: Build) -> None:
    """Into an empty database, what `build` leaves in one: built when it is asked for the first time.

    Its seals are in the file of heads, as when the transaction has ended that made them.
    """
    if build not in _kept:
        assert all_rows() == [], "what is there already would be kept with it"
        build()
        _kept[build] = all_rows()
    else:
        put_back(_kept[build])
    with connection.cursor() as cursor:
        _count_now(cursor, _kept[build])
    write_down_heads()
    connection.run_on_commit.clear()


def put_back(tables: list[TableRows]) -> None:
    """Rows of `all_rows`, into an empty database."""
    with transaction.atomic(), connection.cursor() as cursor, _past_triggers(cursor):
        for kept in tables:
            _insert(cursor, kept)


@contextmanager
def _past_triggers(cursor: Any) -> Iterator[None]:
    """Our triggers are away meanwhile. Where a superuser asks, PostgreSQL does not look at foreign keys either: what
    was built once need not be checked again."""
    guards, may_pass = declared_guards(), _is_superuser(cursor)
    for statement in statements_to_drop(guards, connection.vendor):
        cursor.execute(statement)
    if may_pass:
        cursor.execute("SET LOCAL session_replication_role = replica")
    yield
    if may_pass:
        cursor.execute("SET LOCAL session_replication_role = origin")
    else:
        _check_now(cursor)
    for statement in statements_to_create(guards, connection.vendor):
        cursor.execute(statement)


def _is_superuser(cursor: Any) -> bool:
    if connection.vendor != "postgresql":
        return False
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    return bool(cursor.fetchone()[0])


def _count_now(cursor: Any, kept: list[TableRows]) -> None:
    """PostgreSQL counts rows when it cleans up; between tests that is when there are none, and it plans for none."""
    if connection.vendor == "postgresql":
        cursor.execute(f"ANALYZE {', '.join(connection.ops.quote_name(each.table) for each in kept)}")


def _check_now(cursor: Any) -> None:
    """No trigger is made while foreign keys wait to be checked; afterwards each constraint waits as it did before."""
    connection.check_constraints()
    if connection.vendor == "postgresql":
        cursor.execute("SELECT conname FROM pg_constraint WHERE condeferrable AND NOT condeferred")
        at_once = ", ".join(connection.ops.quote_name(name) for (name,) in cursor.fetchall())
        cursor.execute(f"SET CONSTRAINTS {at_once} IMMEDIATE")


def all_rows() -> list[TableRows]:
    """Of every table of ours that holds any."""
    with connection.cursor() as cursor:
        models = [model for model in apps.get_models() if model._meta.app_label not in {"contenttypes", "auth"}]
        found = [_rows_of(cursor, model._meta.db_table) for model in models]
    return [kept for kept in found if kept.rows]


def _rows_of(cursor: Any, name: str) -> TableRows:
    table = connection.ops.quote_name(name)
    # Names from the models.
    cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
    columns = [column[0] for column in cursor.description]
    rows: Any = cursor.fetchall()
    last_id = max((row[columns.index("id")] for row in rows), default=None) if "id" in columns else None
    if rows and connection.vendor == "postgresql":
        with cursor.copy(f"COPY {table} ({_listed(columns)}) TO STDOUT") as copy:
            rows = b"".join(copy)
    return TableRows(name, columns, rows, last_id)


def _insert(cursor: Any, kept: TableRows) -> None:
    table = connection.ops.quote_name(kept.table)
    if connection.vendor != "postgresql":
        places = ", ".join(["%s"] * len(kept.columns))
        cursor.executemany(
            f"INSERT INTO {table} ({_listed(kept.columns)}) VALUES ({places})",  # noqa: S608
            kept.rows,
        )
        return
    with cursor.copy(f"COPY {table} ({_listed(kept.columns)}) FROM STDIN") as copy:
        copy.write(kept.rows)
    if kept.last_id is not None:
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [kept.table, kept.last_id])


def _listed(columns: list[str]) -> str:
    return ", ".join(connection.ops.quote_name(column) for column in columns)
