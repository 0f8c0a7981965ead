"""Append-only tables refuse every way of changing them; without their triggers they would not."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from accounts.models import AuditEvent
from foundation.triggers import (
    AppendOnly,
    InstallTriggers,
    declared_guards,
    declared_triggers,
    installed_triggers,
    statements_to_drop,
)

pytestmark = pytest.mark.both

TABLE = "accounts_auditevent"
CHANGES = [
    "UPDATE accounts_auditevent SET actor_name = 'x'",
    "DELETE FROM accounts_auditevent",
    "UPDATE accounts_auditevent SET id = id + 1",
]
REPLACE = (
    "INSERT OR REPLACE INTO accounts_auditevent (id, at, actor_name, role, address, action, subject_type,"
    " subject_label, reason, result, sequence, previous_digest, digest)"
    " VALUES (%s, '2009-01-01', 'x', '', '', '', '', '', '', '', %s, '', '')"
)


@pytest.fixture
def event(db: None) -> AuditEvent:
    return AuditEvent.objects.create(actor_name="甲", role="auditor", action="read", result="done", sequence=7)


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def without_triggers() -> None:
    execute(*statements_to_drop(declared_guards(), connection.vendor))


@pytest.mark.django_db
def test_what_is_declared_is_installed_and_nothing_else() -> None:
    assert installed_triggers(connection) == declared_triggers(connection.vendor)


@pytest.mark.parametrize("change", CHANGES)
def test_no_row_is_changed_or_removed(event: AuditEvent, change: str) -> None:
    with pytest.raises(IntegrityError, match=f"{TABLE} is append-only"), transaction.atomic():
        execute(change)
    assert AuditEvent.objects.get().actor_name == "甲"


@pytest.mark.parametrize("change", CHANGES)
def test_without_triggers_the_change_goes_through(event: AuditEvent, change: str) -> None:
    without_triggers()
    execute(change)
    assert not AuditEvent.objects.filter(pk=event.pk, actor_name="甲").exists()


def test_the_orm_is_refused_too(event: AuditEvent) -> None:
    for change in (event.delete, event.save, AuditEvent.objects.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_table_is_not_emptied() -> None:
    AuditEvent.objects.create(actor_name="甲", role="auditor", action="read", result="done")
    with pytest.raises(IntegrityError, match="append-only: TRUNCATE"):
        execute(f"TRUNCATE {TABLE} CASCADE")
    assert AuditEvent.objects.exists()


@pytest.mark.postgres
def test_an_upsert_is_refused(event: AuditEvent) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AuditEvent.objects.bulk_create(
            [AuditEvent(pk=event.pk, actor_name="x", result="")],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["actor_name"],
        )


@pytest.mark.postgres
@pytest.mark.parametrize("change", CHANGES)
def test_a_replica_session_is_refused_too(event: AuditEvent, change: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        execute("SET LOCAL session_replication_role = replica", change)


@pytest.mark.parametrize("by", ["id", "sequence"])
def test_no_row_is_replaced_on_sqlite(event: AuditEvent, by: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's")
    values = [event.pk, 8] if by == "id" else [event.pk + 1, 7]
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(REPLACE, values)
    assert AuditEvent.objects.get().actor_name == "甲"
    without_triggers()
    with connection.cursor() as cursor:
        cursor.execute(REPLACE, values)
    assert AuditEvent.objects.get().actor_name == "x"


@pytest.mark.django_db(transaction=True)
def test_installing_twice_is_the_same_as_once_and_backwards_drops() -> None:
    operation = InstallTriggers(declared_guards())
    before = installed_triggers(connection)
    with connection.schema_editor() as editor:
        operation.database_forwards("accounts", editor, None, None)
    assert installed_triggers(connection) == before
    with connection.schema_editor() as editor:
        operation.database_backwards("accounts", editor, None, None)
    assert not installed_triggers(connection)
    with connection.schema_editor() as editor:
        operation.database_forwards("accounts", editor, None, None)
    assert installed_triggers(connection) == before


@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_leaves_the_triggers_standing_one() -> None:
    AuditEvent.objects.create(actor_name="甲", role="auditor", action="read", result="done")
    assert AuditEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_leaves_the_triggers_standing_two() -> None:
    AuditEvent.objects.create(actor_name="甲", role="auditor", action="read", result="done")
    assert AuditEvent.objects.count() == 1
    with pytest.raises(IntegrityError):
        execute(CHANGES[0])


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_switched_off_trigger_is_seen() -> None:
    execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER {TABLE}_append_only")
    assert installed_triggers(connection) != declared_triggers(connection.vendor)


def test_every_unique_column_of_an_append_only_table_is_declared() -> None:
    tables = {model._meta.db_table: model._meta for model in apps.get_models()}
    for guard in declared_guards():
        if isinstance(guard, AppendOnly):
            meta = tables[guard.table]
            single = {field.column for field in meta.fields if field.unique and not field.primary_key}
            several = {
                ",".join(str(getattr(meta.get_field(name), "column", "")) for name in constraint.fields)
                for constraint in meta.total_unique_constraints
            }
            assert set(guard.unique) == single | several


def test_an_unknown_database_gets_no_triggers() -> None:
    assert AppendOnly(TABLE).triggers("oracle") == ()
