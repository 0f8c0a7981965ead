"""Small scans of every kind, whole and broken, for the tests of what becomes of them."""

import struct
import zlib

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\0"))
    + _chunk(b"IEND", b"")
)


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


# With a small picture, which has an end mark of its own, before the picture itself.
JPEG_HEAD = (
    b"\xff\xd8"
    + _segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
    + _segment(0xE1, b"Exif\0\0\xff\xd8small\xff\xd9")
    + _segment(0xDA, b"\1\1\0\0\x3f\0")
)
JPEG = JPEG_HEAD + b"\x12\x34\xff\x00\x56" + b"\xff\xd9"


def of_size(size: int) -> bytes:
    """A PDF of exactly so many bytes."""
    return PDF[:9] + b"%" * (size - len(PDF)) + PDF[9:]
