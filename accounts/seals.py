"""What a seal is made of: a digest over the rows that it covers, and a keyed link to the seal before. No database."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from foundation.canonical import canonical
from foundation.crypto import keyed_digest

PURPOSE = "seal"
CURRENT_FORMAT = 2
"""The format of seals that are made now; formats are added, never edited."""
# Bytes kept of each row's digest: enough to name the row that was changed.
MARK_BYTES = 4


class Content(NamedTuple):
    """`digest` is SHA-256 over all rows in 64 hex digits; `marks` the first bytes of each row's own."""

    digest: str
    marks: bytes


class Link(NamedTuple):
    """What the keyed digest of a seal covers from format 2 on, in this order.

    `subject_type` and `subject_id` say what is sealed, `step` is what the event of the step tells, `key` names the
    seal key.
    """

    format: int
    sequence: int
    subject_type: str
    subject_id: int
    action: str
    content: str
    marks: str
    step: Any  # what JSON can say
    previous: str
    sealed_at: str
    sealed_by: int | None
    key: str


def content_of(rows: Iterable[tuple[str, tuple[Any, ...]]]) -> Content:
    """The content of what is sealed, from (what it is, values) of its rows in order.

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
    return keyed_digest(PURPOSE, hashlib.sha256(canonical(link)).hexdigest())
