"""What a seal is made of: a digest over the rows of a revision, and a keyed link to the seal before. No database."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from foundation.canonical import canonical
from foundation.crypto import keyed_digest

PURPOSE = "seal"
# Bytes kept of each row's digest: enough to name the row that was changed.
MARK_BYTES = 4


class Content(NamedTuple):
    """`digest` is SHA-256 over all rows in 64 hex digits; `marks` the first bytes of each row's own."""

    digest: str
    marks: bytes


class Step(NamedTuple):
    """What the event of a step tells of it, when the run had been sent, whether reports were required."""

    actor_name: str
    role: str
    reason: str
    total: str
    sent_at: str | None
    reports_required: bool


class Link(NamedTuple):
    """What the keyed digest of a seal covers; `step` is JSON."""

    sequence: int
    revision: int
    run: int
    month: str
    number: int
    action: str
    content: str
    marks: str
    step: str
    previous: str
    sealed_at: str
    sealed_by: int | None


def content_of(rows: Iterable[tuple[str, tuple[Any, ...]]]) -> Content:
    """The content of a revision, from (what it is, values) of its rows in order.

    A row is digested as what it is and the list of its values, in their canonical form.
    """
    whole, marks = hashlib.sha256(), bytearray()
    for name, values in rows:
        digest = hashlib.sha256(canonical((name, values))).digest()
        whole.update(digest)
        marks += digest[:MARK_BYTES]
    return Content(whole.hexdigest(), bytes(marks))


def marks_of(stored: bytes) -> Iterator[bytes]:
    """The mark of each row."""
    for start in range(0, len(stored), MARK_BYTES):
        yield stored[start : start + MARK_BYTES]


def digest_of_marks(marks: bytes) -> str:
    return hashlib.sha256(marks).hexdigest()


def link_digest(link: Link) -> str:
    """64 hex digits that nobody makes without the key file."""
    return keyed_digest(PURPOSE, json.dumps(link, ensure_ascii=False))
