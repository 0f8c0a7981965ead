"""Rows of a query as named fields, read as quickly as tuples."""

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar

from django.db.models import QuerySet
from django.db.models.expressions import Combinable

R = TypeVar("R", bound=NamedTuple)


def named_rows(row: type[R], rows: QuerySet[Any], **columns: str | Combinable) -> Iterator[R]:
    """The rows of a query as `row`s: each field the column of its name, or the one that `columns` give for it."""
    return map(row._make, rows.values_list(*(columns.get(name, name) for name in row._fields)))
