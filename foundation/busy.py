"""Telling a database that is busy in this moment from one that is broken."""

import sqlite3

from django.db import OperationalError

# Another connection holds the lock: of the file, or of a table in shared memory.
_SQLITE_CODES = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
# A failure to serialise, a deadlock, a lock that is not available (after lock_timeout, or at once with NOWAIT).
_POSTGRESQL_STATES = {"40001", "40P01", "55P03"}


def is_busy(error: BaseException | None) -> bool:
    """Whether the same again, a little later, may well succeed; nothing of the transaction was saved."""
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__  # the driver's own
    if isinstance(cause, sqlite3.OperationalError):
        # The lowest byte; the others say more of the same.
        return cause.sqlite_errorcode & 0xFF in _SQLITE_CODES
    return getattr(cause, "sqlstate", None) in _POSTGRESQL_STATES
