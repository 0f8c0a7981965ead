"""Expressions to read very many rows with few distinct values by, the same on SQLite and PostgreSQL."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, Expression, ExpressionWrapper, F, Field, TextField
from django.db.models.functions import Cast
from django.db.models.sql.compiler import SQLCompiler
from msgspec.json import Decoder

MOST_NAMED = 10_000
"""Rows that a statement names; when there are more, all rows are read."""

_NUMBERS = Decoder(list[int])


def as_stored(column: str) -> Expression:
    """A value as the database has it: what makes of it what the model says need not be called for every row."""
    return ExpressionWrapper(F(column), output_field=Field())


def as_text(column: str) -> Cast:
    """A date as YYYY-MM-DD, which SQLite need not make a date of in every row."""
    return Cast(column, TextField())


class Numbers(Aggregate):
    """The whole numbers in a column of the rows of a group, as one text: "7,8" of two rows; see `numbers_of`.

    Very many rows come over as few values, which is quicker. A row with NULL is left out; they come in no order.
    """

    name = "Numbers"
    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, ',')"
    output_field = TextField()

    def __init__(self, column: str, **extra: Any) -> None:
        super().__init__(Cast(column, TextField()), **extra)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **extra)


def numbers_of(text: str) -> list[int]:
    """The numbers in a text that `Numbers` gave."""
    return _NUMBERS.decode(f"[{text}]")
