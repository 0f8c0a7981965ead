"""Whether the migrations that a database has are exactly those of the program."""

import time
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from django.apps import apps
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.recorder import MigrationRecorder

from foundation.outages import DatabaseNotReady

Key = tuple[str, str]
# How long a process trusts that they were.
TRUSTED_SECONDS = 5.0

_PAGE = "系统正在升级,或数据库与程序的版本不一致,现在不能使用,没有办理。请稍后再试;仍然不行时,请告诉系统管理员。"


class SchemaDiffers(DatabaseNotReady):
    """The database is older than the program, or newer, or neither."""

    code = "database_version"


class _Trust:
    """When this process last found database and program to agree."""

    until = 0.0


def demand_program_schema() -> None:
    """Raises SchemaDiffers unless the database has every migration of the program and no other. One statement."""
    missing, unknown = differences(_applied(), _of_program())
    if missing or unknown:
        _Trust.until = 0.0
        raise SchemaDiffers(_PAGE, _in_words(missing, unknown))
    _Trust.until = time.monotonic() + TRUSTED_SECONDS


def demand_program_schema_lately() -> None:
    """The same, asked of the database once in five seconds; a difference is asked for each time."""
    if time.monotonic() >= _Trust.until:
        demand_program_schema()


def differences(applied: Iterable[Key], program: Mapping[Key, Sequence[Key]]) -> tuple[list[Key], list[Key]]:
    """(what the program has and the database lacks, what the database has and the program does not know).

    `program` maps each migration to those that it replaces. Apps that the program does not have are left alone.
    """
    applied = set(applied)
    replaced = {old for olds in program.values() for old in olds}
    missing = [key for key, olds in program.items() if key not in applied and not (olds and applied.issuperset(olds))]
    labels = {label for label, _ in program}
    unknown = [key for key in applied if key[0] in labels and key not in program and key not in replaced]
    return sorted(missing), sorted(unknown)


def _applied() -> list[Key]:
    recorder = MigrationRecorder(connection)
    try:
        return list(recorder.migration_qs.values_list("app", "name"))
    except DatabaseError:
        if connection.in_atomic_block or recorder.has_table():
            raise
        return []  # nothing was ever migrated


@cache
def _of_program() -> Mapping[Key, list[Key]]:
    loader = MigrationLoader(None)
    labels = {config.label for config in apps.get_app_configs()}
    found: dict[Key, Migration] = loader.disk_migrations
    return {key: list(migration.replaces) for key, migration in found.items() if key[0] in labels}


def _in_words(missing: list[Key], unknown: list[Key]) -> str:
    def named(keys: list[Key]) -> str:
        return f"{'.'.join(keys[0])} 等 {len(keys)} 项"

    if missing and unknown:
        return f"数据库与程序不是同一系列的版本(缺 {named(missing)},多 {named(unknown)}):请恢复与程序同版本的备份。"
    if missing:
        return f"数据库比程序旧(缺 {named(missing)}):请以库的所有者执行 manage.py migrate 和 grant_application_role。"
    return f"数据库比程序新(多 {named(unknown)}):请使用与数据库同版本的程序。"
