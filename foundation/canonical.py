"""A value as bytes in one form, the same on every machine, database and Python: what digests are made over. Pure.

The form is MessagePack, smallest numbers, keys in order: whoever has the values makes the bytes without this system.
"""

from typing import Any

from msgspec.msgpack import Encoder

_ENCODER = Encoder(order="deterministic")


def canonical(value: Any) -> bytes:
    """Of numbers, text, bytes, truth, nothing, and sequences and mappings by text of them.

    Each says what it is and how long: different values never look the same. ValueError for a number beyond 64 bits and
    for text that is none, TypeError for anything else that has no such form.
    """
    try:
        return _ENCODER.encode(value)
    except OverflowError as error:
        raise ValueError("a number beyond 64 bits") from error
