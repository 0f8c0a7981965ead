"""Fresh databases for the children that measure: a file of SQLite, a database of the throw-away PostgreSQL."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

SQLITE, POSTGRESQL = "sqlite", "postgresql"


def available() -> list[str]:
    """SQLite, and PostgreSQL where DATABASE_URL names the server that `.ci/postgres` has started."""
    return [SQLITE, POSTGRESQL] if _server() else [SQLITE]


@contextmanager
def fresh(database: str, folder: Path, name: str) -> Iterator[Mapping[str, str]]:
    """The environment of a child that works in an empty database; it is gone afterwards."""
    common = {**os.environ, "VAR_DIR": str(folder), "KEY_FILE": str(folder / "keys.json"), "DEBUG": "0"}
    common["SEAL_FILE"] = str(folder / f"{name}.seals")
    if database == SQLITE:
        path = folder / f"{name}.sqlite3"
        yield {**common, "DATABASE_URL": f"sqlite:///{path}"}
        for file in folder.glob(f"{path.name}*"):
            file.unlink()
        return
    with psycopg.connect(_address("postgres"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield {**common, "DATABASE_URL": _address(name)}
        server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def version_of(database: str) -> str:
    if database == SQLITE:
        import sqlite3

        return f"SQLite {sqlite3.sqlite_version}"
    with psycopg.connect(_address("postgres")) as server:
        return f"PostgreSQL {server.info.server_version // 10000}"


def _address(database: str) -> str:
    """Of a database on the server; a socket is named in the query, and then no host stands before the name."""
    parts = urlsplit(_server())
    return f"{parts.scheme}://{parts.netloc}/{database}?{parts.query}"


def _server() -> str:
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else ""
