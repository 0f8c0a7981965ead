"""Databases that cannot serve now: what is told to whoever uses a page, and to whoever runs the server.

Not the moment in which somebody else holds a lock: that is foundation/busy.py.
"""

import sqlite3

import psycopg
from django.db import Error, InterfaceError

_CHECK = "如果刚才在办理事项,恢复后请先核对有没有办成。请稍后再试;仍然不行时,请告诉系统管理员。"


class DatabaseNotReady(Exception):
    """Nothing can be done with this database until somebody mends what the sentences say.

    `code` is for programs, `page` for whoever uses the system, `operator` for whoever runs the server.
    """

    code = "database_not_ready"

    def __init__(self, page: str, operator: str) -> None:
        super().__init__(operator)
        self.page = page
        self.operator = operator


class DatabaseUnreachable(DatabaseNotReady):
    code = "database_unreachable"

    def __init__(self) -> None:
        super().__init__(
            f"现在连不上数据库。{_CHECK}",
            "连不上数据库:请确认数据库正在运行、连接数没有用完,并核对 DATABASE_URL 的主机、端口、用户、口令和库名。",
        )


class DatabaseReadOnly(DatabaseNotReady):
    code = "database_read_only"

    def __init__(self) -> None:
        super().__init__(
            "数据库现在只能查看,不能保存,刚才的操作没有保存。请稍后再试;仍然不行时,请告诉系统管理员。",
            "数据库是只读的:请确认连接的是主库,并且没有设成只读。",
        )


class DatabaseFull(DatabaseNotReady):
    code = "database_full"

    def __init__(self) -> None:
        super().__init__(
            f"数据库的磁盘或内存不够。{_CHECK}",
            "数据库的磁盘或内存不够,或者磁盘读写出错:请腾出空间,检查磁盘,再试一次。",
        )


class DatabaseRightMissing(DatabaseNotReady):
    code = "database_right_missing"

    def __init__(self) -> None:
        super().__init__(
            "系统缺少数据库的权限,没有办理。请告诉系统管理员。",
            "程序的数据库用户缺少权限:请以库的所有者执行 manage.py grant_application_role 用户名。",
        )


class DatabaseDamaged(DatabaseNotReady):
    code = "database_damaged"

    def __init__(self) -> None:
        super().__init__(
            "数据库损坏,没有办理。请告诉系统管理员。", "数据库文件损坏,或不是数据库:请停止使用,从备份恢复。"
        )


# By the states of PostgreSQL, the longer first; a class of states is its first two characters.
_BY_STATE: dict[str, type[DatabaseUnreachable | DatabaseReadOnly | DatabaseFull | DatabaseRightMissing]] = {
    "25006": DatabaseReadOnly,  # read_only_sql_transaction
    "25P03": DatabaseUnreachable,  # idle_in_transaction_session_timeout
    "53300": DatabaseUnreachable,  # too_many_connections
    "53": DatabaseFull,  # insufficient_resources
    "58": DatabaseFull,  # system_error
    "57P": DatabaseUnreachable,  # admin_shutdown, crash_shutdown, cannot_connect_now, database_dropped
    "08": DatabaseUnreachable,  # connection_exception
    "42501": DatabaseRightMissing,  # insufficient_privilege
}
_BY_SQLITE_CODE: dict[int, type[DatabaseUnreachable | DatabaseReadOnly | DatabaseFull | DatabaseDamaged]] = {
    sqlite3.SQLITE_READONLY: DatabaseReadOnly,
    sqlite3.SQLITE_FULL: DatabaseFull,
    sqlite3.SQLITE_IOERR: DatabaseFull,
    sqlite3.SQLITE_CANTOPEN: DatabaseUnreachable,
    sqlite3.SQLITE_CORRUPT: DatabaseDamaged,
    sqlite3.SQLITE_NOTADB: DatabaseDamaged,
}


def not_ready(error: BaseException | None) -> DatabaseNotReady | None:
    """What is the matter with the database where `error` says so; None for any other fault, a busy one included."""
    if isinstance(error, DatabaseNotReady):
        return error
    if not isinstance(error, Error):
        return None
    cause = error.__cause__  # the driver's own
    if isinstance(cause, sqlite3.Error):
        # The lowest byte; the others say more of the same. Faults of the module itself have none.
        kind = _BY_SQLITE_CODE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
        return kind() if kind else None
    if isinstance(error, InterfaceError) and cause is None:
        return DatabaseUnreachable()  # Django's own: the connection was lost in this transaction
    if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError) and cause.sqlstate is None:
        return DatabaseUnreachable()  # no connection was made, or it was lost: no server was left to give a state
    state = getattr(cause, "sqlstate", None) or ""
    return next((kind() for prefix, kind in _BY_STATE.items() if state.startswith(prefix)), None)
