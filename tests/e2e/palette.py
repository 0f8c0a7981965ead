"""A screenshot with few colours, so that a manual does not weigh much: PNG in, PNG with a palette out."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# The eight-bit values of a channel that are told apart.
_STEP = 17


def with_palette(png: bytes) -> bytes:
    """The picture in at most 256 colours, those that it has most of. Takes what Chromium writes: eight bits, RGB or
    RGBA, not interlaced."""
    chunks = list(_chunks(png))
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if depth != 8 or kind not in (2, 6) or interlaced:
        raise ValueError("not a picture as Chromium takes it")
    size = 4 if kind == 6 else 3
    data = zlib.decompress(b"".join(content for name, content in chunks if name == b"IDAT"))
    rows = [_coarse(row, size) for row in _rows(data, width * size, height, size)]
    counted = Counter(colour for row in rows for colour in row)
    palette = [colour for colour, _ in counted.most_common(256)]
    places = {colour: place for place, colour in enumerate(palette)}
    for colour in counted:
        if colour not in places:
            places[colour] = min(range(len(palette)), key=lambda place: _apart(palette[place], colour))
    pixels = b"".join(b"\0" + bytes(places[colour] for colour in row) for row in rows)
    return (
        _SIGNATURE
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
        + _chunk(b"PLTE", bytes(channel for colour in palette for channel in colour))
        + _chunk(b"IDAT", zlib.compress(pixels, 9))
        + _chunk(b"IEND", b"")
    )


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_SIGNATURE)
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        yield png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        place += length + 12


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _rows(data: bytes, length: int, height: int, size: int) -> Iterator[bytes]:
    """The rows without the filters that PNG puts before them."""
    above = bytes(length)
    for number in range(height):
        start = number * (length + 1)
        above = _plain(data[start], bytearray(data[start + 1 : start + 1 + length]), above, size)
        yield above


def _plain(how: int, row: bytearray, above: bytes, size: int) -> bytes:
    for place in range(len(row)):
        left = row[place - size] if place >= size else 0
        if how == 1:
            guess = left
        elif how == 2:
            guess = above[place]
        elif how == 3:
            guess = (left + above[place]) // 2
        elif how == 4:
            guess = _paeth(left, above[place], above[place - size] if place >= size else 0)
        else:
            return bytes(row)
        row[place] = (row[place] + guess) & 255
    return bytes(row)


def _paeth(left: int, up: int, corner: int) -> int:
    straight = left + up - corner
    return min((left, up, corner), key=lambda one: abs(straight - one))


def _coarse(row: bytes, size: int) -> list[tuple[int, ...]]:
    coarse = bytes((value + _STEP // 2) // _STEP * _STEP for value in row)
    return [tuple(coarse[place : place + 3]) for place in range(0, len(coarse), size)]


def _apart(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
