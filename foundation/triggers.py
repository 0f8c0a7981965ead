"""Triggers that refuse what must not be: declared once per table, installed by migrations on both databases.

An app lists its guards in `guards.py` as `GUARDS`. A guard names its table and says which triggers it wants from a
vendor. Every migration that touches a guarded table ends with `InstallTriggers(GUARDS)`: Django remakes tables on
SQLite and loses their triggers. A test compares `installed_triggers` with what is declared.
"""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.utils.module_loading import module_has_submodule

POSTGRESQL = "postgresql"
SQLITE = "sqlite"


@dataclass(frozen=True)
class Trigger:
    """One trigger of one database. `source` is what the database gives back of it: on SQLite the CREATE TRIGGER
    statement, on PostgreSQL the body of its function."""

    name: str
    table: str
    source: str
    create: tuple[str, ...]
    drop: tuple[str, ...]


class Guard(Protocol):
    """Something that guards a table."""

    @property
    def table(self) -> str: ...

    @property
    def privileges(self) -> Sequence[str]:
        """What the application does with its rows: the privileges of the role that it runs as."""

    def triggers(self, vendor: str) -> Sequence[Trigger]:
        """The triggers it wants on this vendor; none on one it does not know."""


class Installed(NamedTuple):
    table: str
    source: str
    always: bool  # fires whatever session_replication_role says; on SQLite there is no other way


def postgres_trigger(name: str, table: str, event: str, body: str) -> Trigger:
    """A trigger that fires ALWAYS; `event` is all that stands around the table's name.

    `event` like "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"; `body` is PL/pgSQL from BEGIN to END.
    """
    clause = event.format(table=f'"{table}"')
    return Trigger(
        name=name,
        table=table,
        source=body,
        create=(
            f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $guard${body}$guard$',
            f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"',
            f'CREATE TRIGGER "{name}" {clause} EXECUTE FUNCTION "{name}"()',
            f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{name}"',
        ),
        drop=(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"', f'DROP FUNCTION IF EXISTS "{name}"()'),
    )


def sqlite_trigger(name: str, table: str, event: str, body: str, *, when: str = "") -> Trigger:
    """`event` like "BEFORE UPDATE"; `body` is one statement, mostly a SELECT RAISE(ABORT, …)."""
    condition = f" WHEN {when}" if when else ""
    source = f'CREATE TRIGGER "{name}" {event} ON "{table}" FOR EACH ROW{condition} BEGIN {body}; END'
    drop = f'DROP TRIGGER IF EXISTS "{name}"'
    return Trigger(name=name, table=table, source=source, create=(drop, source), drop=(drop,))


@dataclass(frozen=True)
class AppendOnly:
    """Rows are added, never changed or removed: whoever tries gets an IntegrityError that names the table.

    `unique` lists the unique columns besides `id`, several for one rule joined by a comma: on SQLite INSERT OR REPLACE
    removes the row it collides with, and no delete trigger sees it.
    """

    table: str
    unique: tuple[str, ...] = ()
    privileges: Sequence[str] = ("SELECT", "INSERT")

    def triggers(self, vendor: str) -> Sequence[Trigger]:
        if vendor == POSTGRESQL:
            return self._on_postgresql()
        return self._on_sqlite() if vendor == SQLITE else ()

    def _on_postgresql(self) -> Sequence[Trigger]:
        body = (
            f"BEGIN RAISE EXCEPTION '{self.table} is append-only: % refused', TG_OP"
            " USING ERRCODE = 'restrict_violation'; END"
        )
        rows = "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"
        return (
            postgres_trigger(f"{self.table}_append_only", self.table, rows, body),
            postgres_trigger(
                f"{self.table}_no_truncate", self.table, "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT", body
            ),
        )

    def _on_sqlite(self) -> Sequence[Trigger]:
        def refuse(what: str) -> str:
            return f"SELECT RAISE(ABORT, '{self.table} is append-only: {what} refused')"

        collisions = " OR ".join(
            "(" + " AND ".join(f'"{column}" = NEW."{column}"' for column in columns.split(",")) + ")"
            for columns in ("id", *self.unique)
        )
        return (
            sqlite_trigger(f"{self.table}_no_update", self.table, "BEFORE UPDATE", refuse("UPDATE")),
            sqlite_trigger(f"{self.table}_no_delete", self.table, "BEFORE DELETE", refuse("DELETE")),
            sqlite_trigger(
                f"{self.table}_no_replace",
                self.table,
                "BEFORE INSERT",
                refuse("REPLACE"),
                # Names from the declaration, no values.
                when=f'EXISTS (SELECT 1 FROM "{self.table}" WHERE {collisions})',  # noqa: S608
            ),
        )


class InstallTriggers(Operation):
    """Installs the triggers of these guards, as often as you like; backwards it drops them."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, guards: Sequence[Guard]) -> None:
        self.guards = guards

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Models stay as they are."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        # A guard whose table a later migration makes is left to that one.
        tables = set(schema_editor.connection.introspection.table_names())
        guards = [guard for guard in self.guards if guard.table in tables]
        for statement in statements_to_create(guards, schema_editor.connection.vendor):
            # No parameters: a percent sign in PL/pgSQL stays one.
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        tables = set(schema_editor.connection.introspection.table_names())
        guards = [guard for guard in self.guards if guard.table in tables]
        for statement in statements_to_drop(guards, schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        return f"Install the triggers of {', '.join(guard.table for guard in self.guards)}"


class RemoveTriggers(Operation):
    """Drops the triggers of these guards, so that tables they look at can be remade; a later `InstallTriggers` in the
    same run of migrations brings them back."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, guards: Sequence[Guard]) -> None:
        self.guards = guards

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Models stay as they are."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        tables = set(schema_editor.connection.introspection.table_names())
        guards = [guard for guard in self.guards if guard.table in tables]
        for statement in statements_to_drop(guards, schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """What the migration before installs stands by then."""

    def describe(self) -> str:
        return f"Remove the triggers of {', '.join(guard.table for guard in self.guards)}"


def statements_to_create(guards: Sequence[Guard], vendor: str) -> list[str]:
    return [sql for guard in guards for trigger in guard.triggers(vendor) for sql in trigger.create]


def statements_to_drop(guards: Sequence[Guard], vendor: str) -> list[str]:
    return [sql for guard in guards for trigger in guard.triggers(vendor) for sql in trigger.drop]


def declared_guards() -> list[Guard]:
    """The guards of every installed app."""
    return [
        guard
        for config in apps.get_app_configs()
        if config.module is not None and module_has_submodule(config.module, "guards")
        for guard in importlib.import_module(f"{config.name}.guards").GUARDS
    ]


def declared_triggers(vendor: str) -> dict[str, Installed]:
    """What `installed_triggers` must answer, by name."""
    return {
        trigger.name: Installed(trigger.table, trigger.source, always=True)
        for guard in declared_guards()
        for trigger in guard.triggers(vendor)
    }


def installed_triggers(connection: BaseDatabaseWrapper) -> dict[str, Installed]:
    """The triggers that stand in the database, by name."""
    with connection.cursor() as cursor:
        if connection.vendor == POSTGRESQL:
            cursor.execute(
                "SELECT tgname, relname, prosrc, tgenabled = 'A' FROM pg_trigger"
                " JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid"
                " WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
            )
        else:
            cursor.execute("SELECT name, tbl_name, sql, 1 FROM sqlite_master WHERE type = 'trigger'")
        return {name: Installed(table, source, bool(always)) for name, table, source, always in cursor.fetchall()}
