"""Expressions to read very many rows with few distinct values by, the same on SQLite and PostgreSQL."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, Expression, ExpressionWrapper, F, Field, TextField
from django.db.models.functions import Cast
from django.db.models.sql.compiler import SQLCompiler


def as_stored(column: str) -> Expression:
    """A value as the database has it: what makes of it what the model says need not be called for every row."""
    return ExpressionWrapper(F(column), output_field=Field())


def as_text(column: str) -> Cast:
    """A date as YYYY-MM-DD, which SQLite need not make a date of in every row."""
    return Cast(column, TextField())


class Numbers(Aggregate):
    """The whole numbers of two columns or more, row after row of a group, as one text: "7 -200 8 300" of two rows.

    Very many rows come over as few values, which is quicker. A row with NULL is left out; rows come in no order.
    """

    name = "Numbers"
    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, ' ')"
    arg_joiner = " || ' ' || "
    output_field = TextField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **extra)


def columns_of(numbers: str, columns: int) -> list[list[int]]:
    """The columns, each a list with one number for each row, of a text that `Numbers` gave."""
    together = list(map(int, numbers.split()))
    return [together[column::columns] for column in range(columns)]
