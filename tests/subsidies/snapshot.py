"""The demonstration county, seeded once a process and laid down again as rows: a tenth of the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from random import Random
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, transaction

from foundation.triggers import declared_guards, statements_to_create, statements_to_drop
from subsidies.demo.county import DemoCounty, demo_county
from subsidies.demo.seed import seed

SEED = 1


class TableRows(NamedTuple):
    table: str
    columns: list[str]
    rows: list[tuple[Any, ...]]


_kept: list[TableRows] = []


@cache
def the_demo() -> DemoCounty:
    return demo_county(Random(SEED))  # invented data, not a secret


def lay_down_demo() -> DemoCounty:
    """The demonstration into an empty database, as `seed` leaves it."""
    if not _kept:
        seed(seed_number=SEED, say=lambda sentence: None)
        _kept.extend(_all_rows())
        with connection.cursor() as cursor:
            _count_now(cursor)
        return the_demo()
    with transaction.atomic(), connection.cursor() as cursor, _past_triggers(cursor):
        for kept in _kept:
            _insert(cursor, kept)
    with connection.cursor() as cursor:
        _count_now(cursor)
    return the_demo()


@contextmanager
def _past_triggers(cursor: Any) -> Iterator[None]:
    """Our triggers are away meanwhile. Where a superuser asks, PostgreSQL does not look at foreign keys either: what
    was seeded once need not be checked again."""
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


def _count_now(cursor: Any) -> None:
    """PostgreSQL counts rows when it cleans up; between tests that is when there are none, and it plans for none."""
    if connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(kept.table) for kept in _kept)
        cursor.execute(f"ANALYZE {tables}")


def _check_now(cursor: Any) -> None:
    """No trigger is made while foreign keys wait to be checked; afterwards each constraint waits as it did before."""
    connection.check_constraints()
    if connection.vendor == "postgresql":
        cursor.execute("SELECT conname FROM pg_constraint WHERE condeferrable AND NOT condeferred")
        at_once = ", ".join(connection.ops.quote_name(name) for (name,) in cursor.fetchall())
        cursor.execute(f"SET CONSTRAINTS {at_once} IMMEDIATE")


def _all_rows() -> list[TableRows]:
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            # Names from the models; what migrations filled in is there already.
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            rows = cursor.fetchall()
            if rows and model._meta.app_label not in {"contenttypes", "auth"}:
                found.append(TableRows(table, [column[0] for column in cursor.description], rows))
    return found


def _insert(cursor: Any, kept: TableRows) -> None:
    table = connection.ops.quote_name(kept.table)
    columns = ", ".join(connection.ops.quote_name(column) for column in kept.columns)
    if connection.vendor != "postgresql":
        places = ", ".join(["%s"] * len(kept.columns))
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", kept.rows)  # noqa: S608
        return
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in kept.rows:
            copy.write_row(row)
    if "id" in kept.columns:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
            [kept.table, max(row[kept.columns.index("id")] for row in kept.rows)],
        )
