"""Rows by the hundred thousand, with the model's defaults in the columns that nobody names."""

from collections.abc import Iterable, Sequence

from django.db import models

from foundation.bulk import insert_rows


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Insert `rows`, values in the order of `columns`; what is left out is as in a model made without it."""
    named = {model._meta.get_field(name) for name in columns}
    others = [field for field in model._meta.concrete_fields if field not in named and not field.primary_key]
    defaults = tuple(field.get_default() for field in others)
    insert_rows(model, [*columns, *(field.name for field in others)], ((*row, *defaults) for row in rows))
