"""The key file: signing secret, encryption keys by id, and the key of the blind indexes."""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Keyring:
    """Secrets of one installation; `encryption` maps a key id to 32 bytes, `current` is the id used to encrypt."""

    secret_key: str
    current: str
    encryption: dict[str, bytes]
    index: bytes

    def __repr__(self) -> str:
        return f"Keyring(current={self.current!r})"


def load_or_create(path: Path) -> Keyring:
    """Read the key file; make one, readable by its owner only, where there is none.

    Raises ValueError when the file is there but is not a key file.
    """
    if not path.exists():
        _create(path)
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        keys = {key_id: base64.b64decode(text) for key_id, text in stored["encryption"].items()}
        ring = Keyring(stored["secret_key"], stored["current"], keys, base64.b64decode(stored["index"]))
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path.name} is not a key file of this application") from error
    if ring.current not in keys or any(len(key) != 32 for key in keys.values()) or len(ring.index) != 32:
        raise ValueError(f"{path.name} lacks its current key, or a key is not 32 bytes long")
    return ring


def _create(path: Path) -> None:
    def fresh() -> str:
        return base64.b64encode(secrets.token_bytes(32)).decode()

    content = {"secret_key": secrets.token_urlsafe(64), "current": "1", "encryption": {"1": fresh()}, "index": fresh()}
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Written aside and linked: of two processes that start together, both read the same file.
    scratch = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(content, stream, indent=1)
    try:
        os.link(scratch, path)
    except FileExistsError:
        pass
    finally:
        scratch.unlink()
