"""`grant_application_role`: a login role of PostgreSQL gets what the application does with its tables, and no more.

The owner of the tables migrates; the application runs as this role, which cannot change a table, switch a trigger
off, or touch what is only ever added to.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.recorder import MigrationRecorder

from accounts.audit import record
from accounts.events import AccountEvent
from foundation.triggers import POSTGRESQL, declared_guards

ORDINARY = ("SELECT", "INSERT", "UPDATE", "DELETE")


class Command(BaseCommand):
    help = (
        "授予 PostgreSQL 的一个登录角色运行本系统所需的权限,不多给:日志、封存、签发的表格只能新增和查看。"
        "以库表所有者执行,每次 migrate 之后再执行一次。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", help="已有的登录角色")

    def handle(self, *args: Any, **options: Any) -> None:  # Django's signature
        if connection.vendor != POSTGRESQL:
            raise CommandError("只有 PostgreSQL 有角色;SQLite 不需要这一步。")
        role = options["role"]
        with transaction.atomic(), connection.cursor() as cursor:
            _demand_a_modest_role(cursor, role)
            for statement in statements(role):
                cursor.execute(statement)
            record(actor=None, event=AccountEvent.GRANT_APPLICATION_ROLE, subject=role)
        self.stdout.write(f"角色 {role} 可以运行本系统;它不是库表的所有者,改不了表结构和触发器。")


def statements(role: str) -> Iterator[str]:
    """What it had in the schema is taken away first: twice is the same as once."""
    quote = connection.ops.quote_name
    to = quote(role)
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    for kind in ("TABLES", "SEQUENCES"):
        yield f"REVOKE ALL ON ALL {kind} IN SCHEMA public FROM PUBLIC, {to}"
    yield f"REVOKE ALL ON SCHEMA public FROM {to}"
    yield f"GRANT USAGE ON SCHEMA public TO {to}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {to}"
    kept = {guard.table: guard.privileges for guard in declared_guards()}
    # `migrate --check` reads which migrations were applied.
    kept[MigrationRecorder.Migration._meta.db_table] = ("SELECT",)
    for table in sorted(connection.introspection.table_names()):
        yield f"GRANT {', '.join(kept.get(table, ORDINARY))} ON {quote(table)} TO {to}"


def _demand_a_modest_role(cursor: CursorWrapper, role: str) -> None:
    """CommandError for one that there is not, or that may do more whatever is granted."""
    cursor.execute("SELECT rolsuper, rolcanlogin FROM pg_roles WHERE rolname = %s", [role])
    found = cursor.fetchone()
    if found is None:
        raise CommandError(f"没有角色 {role}:请先用 createuser 建立。")
    is_superuser, may_log_in = found
    if not may_log_in:
        raise CommandError(f"{role} 不能登录:请用 createuser 建立登录角色。")
    cursor.execute(
        "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND pg_has_role(%s, tableowner, 'MEMBER')", [role]
    )
    if is_superuser or cursor.fetchone()[0]:
        raise CommandError(f"{role} 是超级用户或库表的所有者,什么都能改:请另建一个角色给程序使用。")
