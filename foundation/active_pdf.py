"""What a PDF would do or carry beyond its pages: scripts, programs to start, files inside it."""

import re
import zlib
from collections.abc import Iterator

_MOST_INFLATED = 8 * 1024 * 1024
_STREAM = re.compile(rb">>\s*stream\r?\n(.*?)endstream", re.DOTALL)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(rb"/(?:JS|JavaScript|Launch|EmbeddedFiles?)(?![A-Za-z0-9_.#-])")


def is_active(content: bytes) -> bool:
    """Whether a name of something active stands among the objects, plain, escaped or in a stream of objects."""
    return any(_ACTIVE.search(_plain(part)) for part in _objects(content))


def _objects(content: bytes) -> Iterator[bytes]:
    # Pictures are streams too: chance bytes in them are no names, so a stream is read only if it holds objects.
    start = 0
    for stream in _STREAM.finditer(content):
        before = content[start : stream.start()]
        yield before
        if b"ObjStm" in _plain(before.rpartition(b" obj")[2]):
            yield _inflated(stream[1])
        start = stream.end()
    yield content[start:]


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, _MOST_INFLATED)
    except zlib.error:
        return packed


def _plain(part: bytes) -> bytes:
    return _ESCAPED.sub(lambda escape: bytes([int(escape[1], 16)]), part)
