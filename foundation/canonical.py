"""A value as bytes in one form, the same on every machine, database and Python: what rows are digested in. Pure.

The form is MessagePack, smallest numbers, keys in order: whoever has the values makes the bytes without this system.
"""

from msgspec.msgpack import Encoder

_ENCODER = Encoder(order="deterministic")


def canonical(value: object) -> bytes:
    """Of whole numbers, text, bytes, truth, nothing, and lists and mappings by text of them.

    Each says what it is and how long: different values never look the same. Not so dates, amounts and members of
    enumerations, which pass as their text: they are to be plain values before. ValueError for a number beyond 64 bits
    and for half a surrogate pair, TypeError for what has no form at all.
    """
    try:
        return _ENCODER.encode(value)
    except OverflowError as error:
        raise ValueError("a number beyond 64 bits") from error
