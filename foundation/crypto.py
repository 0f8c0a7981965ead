"""Encryption of single fields and files, the keyed indexes by which they are found again, and keyed digests of seals.

A stored value is: length of the key id (1 byte), key id, nonce (12 bytes), AES-256-GCM ciphertext with its tag.
The purpose and the key id are authenticated with it, so a value cannot be moved to another field.
"""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from foundation.keyring import SEAL, Keyring

_NONCE_BYTES = 12
_TAG_BYTES = 16


class CryptoError(Exception):
    """A stored value cannot be read: its key is unknown, or it is not what was stored for this purpose."""


def encrypt(purpose: str, text: str) -> bytes:
    """`text` under the current key; never twice the same bytes."""
    return encrypt_bytes(purpose, text.encode())


def decrypt(purpose: str, stored: bytes) -> str:
    """What `encrypt` was given for this purpose, under whichever key of the key file it was stored."""
    return decrypt_bytes(purpose, stored).decode()


def encrypt_bytes(purpose: str, content: bytes) -> bytes:
    """The same for what is no text, such as a file."""
    ring = _ring()
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(ring.encryption[ring.current]).encrypt(nonce, content, _bound(purpose, ring.current))
    key_id = ring.current.encode()
    return bytes((len(key_id),)) + key_id + nonce + sealed


def decrypt_bytes(purpose: str, stored: bytes) -> bytes:
    """What `encrypt_bytes` was given; CryptoError as for a text."""
    if not stored or len(stored) < 1 + stored[0] + _NONCE_BYTES + _TAG_BYTES:
        raise CryptoError("the stored value is too short")
    start = 1 + stored[0]
    key_id = stored[1:start].decode(errors="replace")
    key = _ring().encryption.get(key_id)
    if key is None:
        raise CryptoError(f"no key {key_id!r} in the key file")
    nonce, sealed = stored[start : start + _NONCE_BYTES], stored[start + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, sealed, _bound(purpose, key_id))
    except InvalidTag as error:
        raise CryptoError("the stored value was altered, or stored for another purpose") from error


def blind_index(purpose: str, text: str) -> str:
    """64 hex digits that are the same for the same purpose and text, and tell nothing without the key file."""
    return _keyed(_ring().index, purpose, text)


def keyed_digest(purpose: str, text: str) -> str:
    """64 hex digits under the key of the seals, which never changes: nobody without the key file can make them."""
    return _keyed(_ring().seal, purpose, text)


def seal_key_id() -> str:
    """16 hex digits that name the key of seals, and tell nothing of it."""
    return _ring().key_ids()[SEAL]


def _keyed(key: bytes, purpose: str, text: str) -> str:
    """HMAC-SHA-256."""
    return hmac.new(key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


def _ring() -> Keyring:
    ring: Keyring = settings.KEYS
    return ring


def _bound(purpose: str, key_id: str) -> bytes:
    return f"{purpose}\0{key_id}".encode()
