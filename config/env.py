"""Switches read from the environment: typed, closed by default, refused when unreadable."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"", "0", "false", "no", "off"}


def flag(name: str, *, default: bool = False, environ: Mapping[str, str] = os.environ) -> bool:
    """The switch `name` as a boolean."""
    if name not in environ:
        return default
    text = environ[name].strip().lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {environ[name]!r}")


def choice(name: str, *options: str, environ: Mapping[str, str] = os.environ) -> str:
    """One of `options`; the first where the switch is not set."""
    text = environ.get(name, "").strip() or options[0]
    if text not in options:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(options)}, not {text!r}")
    return text


def words(name: str, *, default: str = "", environ: Mapping[str, str] = os.environ) -> list[str]:
    """The comma-separated list `name`, blanks dropped."""
    return [word.strip() for word in environ.get(name, default).split(",") if word.strip()]


def database(url: str, *, default_path: Path) -> dict[str, Any]:
    """Django's settings for a database URL.

    Empty: SQLite at `default_path`. `sqlite:///relative/path`, `sqlite:////absolute/path`,
    `postgresql://user:password@host:port/name` and `postgresql:///name?host=/socket/folder&user=name`.
    """
    if not url:
        return _sqlite(default_path)
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path)[1:]
        if not path:
            raise ImproperlyConfigured("DATABASE_URL names no SQLite file")
        return _sqlite(Path(path))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:// or postgresql://")
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path).lstrip("/"),
        "USER": unquote(parts.username or options.pop("user", "")),
        "PASSWORD": unquote(parts.password or options.pop("password", "")),
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": options.pop("port", "") or (str(parts.port) if parts.port else ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
        },
    }
