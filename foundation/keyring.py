"""The key file: signing secret, encryption keys by id, the key of the blind indexes, and the key of the seals."""

import base64
import hashlib
import hmac
import json
import os
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Hex digits of a key's id: enough to tell two keys apart, nothing that helps to guess one.
KEY_ID_DIGITS = 16
SEAL, INDEX = "seal", "index"
# Others may not read the file, and its group may not change it.
_FOR_OTHERS = stat.S_IRWXO | stat.S_IWGRP


class KeysUnusable(ValueError):
    """The key file cannot be used; the message says why and what to do, in a sentence for who runs the server."""


class KeysMissing(KeysUnusable):
    """There is no key file."""


@dataclass(frozen=True)
class Keyring:
    """Secrets of one installation; `encryption` maps a key id to 32 bytes, `current` is the id used to encrypt.

    `seal` never changes, or no seal could be verified again; the others can be replaced.
    """

    secret_key: str
    current: str
    encryption: Mapping[str, bytes]
    index: bytes
    seal: bytes

    def __repr__(self) -> str:
        return f"Keyring(current={self.current!r})"

    def key_ids(self) -> dict[str, str]:
        """By 16 hex digits each, which tell nothing of them, all keys that stored data depends on.

        They are named `seal`, `index`, and `encryption ` with each key's own name. Seals hold the id of theirs.
        """
        keys = {SEAL: self.seal, INDEX: self.index}
        keys |= {f"encryption {name}": key for name, key in self.encryption.items()}
        return {name: _id_of(name, key) for name, key in keys.items()}


def fresh() -> Keyring:
    """New keys, stored nowhere yet."""
    index, seal, encryption = (secrets.token_bytes(32) for _ in range(3))
    return Keyring(secrets.token_urlsafe(64), "1", {"1": encryption}, index, seal)


def load(path: Path) -> Keyring:
    """Read the key file.

    Raises KeysMissing where there is none, and KeysUnusable when it cannot be read, may be read by everybody, or is
    not a key file. A file from before seals had a key of their own gets that entry: their key was that of the indexes.
    """
    stored = _content(path)
    has_seal = SEAL in stored
    try:
        keys = {key_id: base64.b64decode(text) for key_id, text in stored["encryption"].items()}
        index = base64.b64decode(stored[INDEX])
        seal = base64.b64decode(stored[SEAL]) if has_seal else index
        ring = Keyring(stored["secret_key"], stored["current"], keys, index, seal)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise KeysUnusable(f"{_named(path)}不是本系统的密钥文件,或内容已损坏;请从备份取回。") from error
    if ring.current not in keys or any(len(key) != 32 for key in (*keys.values(), index, seal)):
        raise KeysUnusable(f"{_named(path)}缺少正在使用的密钥,或密钥长度不对;请从备份取回。")
    if not has_seal:
        # Where it cannot be written the key is the same one all the same.
        with suppress(OSError):
            _replace(path, stored | {SEAL: stored[INDEX]})
    return ring


def create(path: Path, ring: Keyring) -> None:
    """Write new keys to a file that only its owner may read; FileExistsError where there is one."""

    def text(key: bytes) -> str:
        return base64.b64encode(key).decode()

    content = {
        "secret_key": ring.secret_key,
        "current": ring.current,
        "encryption": {name: text(key) for name, key in ring.encryption.items()},
        INDEX: text(ring.index),
        SEAL: text(ring.seal),
    }
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Written aside and linked: nobody reads half a file, and of two that start together the second finds the first's.
    scratch = _written_aside(path, content)
    try:
        os.link(scratch, path)
    finally:
        scratch.unlink()


def _content(path: Path) -> dict[str, Any]:
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise KeysMissing(f"{_named(path)}不存在。") from error
    except (OSError, UnicodeDecodeError) as error:
        raise KeysUnusable(
            f"{_named(path)}读不出;请检查文件和目录的所有者、权限,文件应归运行程序的用户所有。"
        ) from error
    if mode & _FOR_OTHERS:
        raise KeysUnusable(
            f"{_named(path)}其他用户也能读写;请改为只有运行程序的用户能读(chmod 600),并考虑是否已经泄露。"
        )
    try:
        stored = json.loads(text)
    except json.JSONDecodeError:
        stored = None
    if not isinstance(stored, dict):
        raise KeysUnusable(f"{_named(path)}不是本系统的密钥文件,或内容已损坏;请从备份取回。")
    return stored


def _replace(path: Path, content: Mapping[str, Any]) -> None:
    """Put other content into the file, all or nothing; it stays its owner's, whoever runs this."""
    path = path.resolve()
    owner = path.stat()
    scratch = _written_aside(path, content)
    try:
        if (owner.st_uid, owner.st_gid) != (scratch.stat().st_uid, scratch.stat().st_gid):
            os.chown(scratch, owner.st_uid, owner.st_gid)
        scratch.chmod(stat.S_IMODE(owner.st_mode))
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)


def _written_aside(path: Path, content: Mapping[str, Any]) -> Path:
    scratch = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(content, stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    return scratch


def _id_of(name: str, key: bytes) -> str:
    return hmac.new(key, f"{name} key\0".encode(), hashlib.sha256).hexdigest()[:KEY_ID_DIGITS]


def _named(path: Path) -> str:
    return f"密钥文件 {path.name} "
