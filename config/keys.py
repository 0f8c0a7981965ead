"""The keys of this installation: read from their file, and made only where no data depends on others."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.content import Unknown, holds_data
from foundation import keyring
from foundation.keyring import Keyring, KeysMissing, KeysUnusable

_INSTALLED = "新装的系统请执行 manage.py init_keys 生成;已有数据的,请从备份取回原来的密钥文件。"
_HAS_DATA = "数据库里已有数据,不能换新的密钥:请从备份取回原来的密钥文件。"
_UNKNOWN = "连不上数据库,不能确定里面有没有数据,因此没有生成新的密钥:请核对 DATABASE_URL 和 KEY_FILE。"


def keys_of_installation(path: Path, database: Mapping[str, Any], *, is_installed: bool, is_making: bool) -> Keyring:
    """The keys in the file at `path`.

    A missing file is made on first use of a try-out whose database, given by Django's settings, holds no data. The
    command `init_keys` (`is_making`) gets new ones that it stores itself. Anything else raises ImproperlyConfigured
    with one sentence for whoever runs the server.
    """
    try:
        return keyring.load(path)
    except KeysMissing as missing:
        if is_making:
            return keyring.fresh()
        refusal = _INSTALLED if is_installed else _why_none_may_be_made(database)
        if refusal:
            raise ImproperlyConfigured(f"{missing}{refusal}") from missing
    except KeysUnusable as error:
        raise ImproperlyConfigured(str(error)) from error
    try:
        with suppress(FileExistsError):  # another process was quicker
            keyring.create(path, keyring.fresh())
        return keyring.load(path)
    except (OSError, KeysUnusable) as error:
        raise ImproperlyConfigured(f"密钥文件 {path.name} 写不进:请检查目录的权限和磁盘空间。") from error


def _why_none_may_be_made(database: Mapping[str, Any]) -> str:
    try:
        return _HAS_DATA if holds_data(database) else ""
    except Unknown:
        return _UNKNOWN
