"""Switches read from the environment: typed, closed by default, refused when unreadable.

A refusal is an ImproperlyConfigured with one sentence for whoever runs the server; it quotes no password.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"", "0", "false", "no", "off"}
_SHAPE = "写法:postgresql://用户:口令@主机:端口/库名。"


def flag(name: str, *, default: bool = False, environ: Mapping[str, str] = os.environ) -> bool:
    """The switch `name` as a boolean."""
    if name not in environ:
        return default
    text = environ[name].strip().lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ImproperlyConfigured(f"环境变量 {name} 只能是 1 或 0,现在是“{environ[name]}”。")


def choice(name: str, *options: str, environ: Mapping[str, str] = os.environ) -> str:
    """One of `options`; the first where the switch is not set."""
    text = environ.get(name, "").strip() or options[0]
    if text not in options:
        raise ImproperlyConfigured(f"环境变量 {name} 只能是 {'、'.join(options)} 之一,现在是“{text}”。")
    return text


def words(name: str, *, default: str = "", environ: Mapping[str, str] = os.environ) -> list[str]:
    """The comma-separated list `name`, blanks dropped."""
    return [word.strip() for word in environ.get(name, default).split(",") if word.strip()]


def folder(path: Path) -> Path:
    """The folder, made for its owner alone where there is none."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"目录 {path} 建不了:请核对环境变量 VAR_DIR 和上级目录的权限。") from error
    return path


def database(url: str, *, default_path: Path | None) -> dict[str, Any]:
    """Django's settings for a database URL.

    Empty: SQLite at `default_path`, refused where that is None. `sqlite:///relative/path`,
    `sqlite:////absolute/path`, `postgresql://user:password@host:port/name` and
    `postgresql:///name?host=/socket/folder&user=name`.
    """
    if not url:
        if default_path is None:
            raise ImproperlyConfigured(f"没有设置环境变量 DATABASE_URL,正式安装不会自己换用别的数据库。{_SHAPE}")
        return _sqlite(default_path)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(
            f"环境变量 DATABASE_URL 的主机或端口写得不对,口令里的特殊字符须写成百分号编码。{_SHAPE}"
        ) from error
    if parts.scheme == "sqlite":
        path = unquote(parts.path)[1:]
        if not path:
            raise ImproperlyConfigured("环境变量 DATABASE_URL 没有写明 SQLite 文件。")
        return _sqlite(Path(path))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"环境变量 DATABASE_URL 须以 postgresql:// 或 sqlite:// 开头。{_SHAPE}")
    if not parts.path.strip("/"):
        raise ImproperlyConfigured(f"环境变量 DATABASE_URL 没有写明库名。{_SHAPE}")
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path).lstrip("/"),
        "USER": unquote(parts.username or options.pop("user", "")),
        "PASSWORD": unquote(parts.password or options.pop("password", "")),
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": options.pop("port", "") or (str(port) if port else ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        # A connection that a restart of the server has cut is replaced before it is used.
        "CONN_HEALTH_CHECKS": True,
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
