"""Exclusion constraints that stand in Meta and exist on PostgreSQL only.

On SQLite the same rule is a check of the service that writes, under the lock of its transaction.
"""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.models import Model


class PostgresExclusion(ExclusionConstraint):
    """An ExclusionConstraint that other databases pass over."""

    def create_sql(  # type: ignore[override]  # the stubs know PostgreSQL's schema editor only
        self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> Statement | None:
        if schema_editor is None or schema_editor.connection.vendor != "postgresql":
            return None
        return super().create_sql(model, schema_editor)  # type: ignore[return-value]  # a Statement, whatever the stubs say

    def remove_sql(  # type: ignore[override]
        self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> Statement | None:
        if schema_editor is None or schema_editor.connection.vendor != "postgresql":
            return None
        return super().remove_sql(model, schema_editor)  # type: ignore[return-value]

    def constraint_sql(self, model: type[Model] | None, schema_editor: Any) -> Any:
        if schema_editor is None or schema_editor.connection.vendor != "postgresql":
            return None
        return super().constraint_sql(model, schema_editor)

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Left to the database and to the services: a form sees the sentence of the service."""
