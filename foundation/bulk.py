"""The one road for many rows: COPY on PostgreSQL, executemany on SQLite, the same rows on both."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias, TypeVar, cast

from django.db import connection, models, transaction

from foundation.http import refuse_while_reading
from foundation.money import MoneyField
from foundation.remembered import Remembered

# A value as the model has it → as the driver takes it; None where the driver takes it as it is.
Prepare = Callable[[Any], Any] | None
ModelField: TypeAlias = "models.Field[Any, Any]"
Row = TypeVar("Row", bound=models.Model)

_AS_IT_IS = (
    models.CharField,
    models.TextField,
    models.IntegerField,
    models.BooleanField,
    models.ForeignKey,  # the id of the other row
)
# Of these a county month has few distinct values.
_FEW_VALUES = (MoneyField, models.DateField)


def insert_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[object]], *, are_stored: bool = False
) -> int:
    """Insert `rows`, values in the order of `columns` (field names or attnames); the number of rows.

    All or nothing. Neither `save()` nor the model's defaults are consulted: a column left out takes the database's
    default. Values have their field's type; where they `are_stored`, amounts, dates and booleans are as the database
    has them: whole fen, YYYY-MM-DD, 0 or 1. Database errors are Django's; a row of another length is a ValueError, a
    request that may only read a WriteInReadError.
    """
    refuse_while_reading()
    fields = [_field(model, name) for name in columns]
    prepared = _Prepared(rows, [_preparer(field, is_stored=are_stored) for field in fields])
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(_quoted_column(field) for field in fields)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in prepared:
                    copy.write_row(row)
        else:
            placeholders = ", ".join(["%s"] * len(fields))
            # Quoted names come from the model, values are parameters.
            statement = f"INSERT INTO {table} ({names}) VALUES ({placeholders})"  # noqa: S608
            # The driver takes any iterable; the stubs want a sequence.
            cursor.executemany(statement, cast("list[list[Any]]", prepared))
    return prepared.count


def next_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """`count` rising primary keys that no other row will get, so that rows can be linked before they are written.

    On PostgreSQL there may be gaps, left to those who insert at the same time. On SQLite it needs a transaction, which
    locks out the others (TransactionManagementError otherwise).
    """
    refuse_while_reading()
    table, key = model._meta.db_table, model._meta.pk
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), key.column, count],
            )
            return [row[0] for row in cursor.fetchall()]
        if not connection.in_atomic_block:
            raise transaction.TransactionManagementError("next_ids needs a transaction on SQLite")
        quoted, column = connection.ops.quote_name(table), _quoted_column(key)
        cursor.execute(
            f"SELECT max(coalesce((SELECT max({column}) FROM {quoted}), 0),"  # noqa: S608
            " coalesce((SELECT max(seq) FROM sqlite_sequence WHERE name = %s), 0))",
            [table],
        )
        last = cursor.fetchone()[0]
        # Remembered where AUTOINCREMENT remembers it, so that the next call goes on from here.
        cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last + count, table])
        if not cursor.rowcount:  # nothing was ever inserted
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last + count])
        return range(last + 1, last + count + 1)


def update_rows(model: type[Row], rows: Sequence[Row], columns: Sequence[str]) -> None:
    """Write these columns of rows that are stored already, read whole before: one statement for many rows, where
    bulk_update writes a CASE for each value."""
    if rows and columns:
        names = [_field(model, name).name for name in columns]
        model._default_manager.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=names)


class _Prepared:
    """The rows as the driver takes them, counted as they go by."""

    def __init__(self, rows: Iterable[Sequence[object]], preparers: Sequence[Prepare]) -> None:
        self.rows = rows
        self.width = len(preparers)
        # Most columns the driver takes as they are.
        self.preparers = [(place, prepare) for place, prepare in enumerate(preparers) if prepare is not None]
        self.count = 0

    def __iter__(self) -> Iterator[list[Any]]:
        for row in self.rows:
            if len(row) != self.width:
                raise ValueError(f"a row of {len(row)} values for {self.width} columns")
            self.count += 1
            values = list(row)
            for place, prepare in self.preparers:
                if values[place] is not None:
                    values[place] = prepare(values[place])
            yield values


def _field(model: type[models.Model], name: str) -> ModelField:
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise ValueError(f"{model.__name__}.{name} is no column")
    return field


def _quoted_column(field: ModelField) -> str:
    return connection.ops.quote_name(cast("str", field.column))


def _preparer(field: ModelField, *, is_stored: bool) -> Prepare:
    def prepare(value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    if isinstance(field, models.JSONField) and field.encoder is None:
        return json.dumps  # what the field comes to on both databases
    if isinstance(field, _FEW_VALUES) and not isinstance(field, models.DateTimeField):
        return None if is_stored else Remembered(prepare).__getitem__
    return None if isinstance(field, _AS_IT_IS) else prepare
