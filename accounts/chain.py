"""The chain of seals: one more link for what was decided, kept in the database and in a file beside it."""

import os
from datetime import UTC, datetime
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction

from accounts.audit import ChainLink, record
from accounts.events import AccountEvent
from accounts.models import Seal, User
from accounts.seal_file import Agreement, agreement_of_heads
from accounts.seals import CURRENT_FORMAT, Content, Link, digest_of_marks, link_digest
from foundation.crypto import seal_key_id


class SealFileError(Exception):
    """The file of heads outside of the database cannot be read or written, or is not that of this chain: in words."""


_UNUSABLE = "数据库外的封存记录文件读不出或写不进,没有办理。请系统管理员按安装运行手册“封存记录文件”处理后再办理。"
_OF_ANOTHER_CHAIN = (
    "数据库外的封存记录文件与数据库里的封存不符,没有办理:数据库可能恢复过备份,或者文件丢失、被改动。"
    "请系统管理员按安装运行手册“封存记录文件”查明原因;查明后由县局审核人员用 accept_seal_file 接受,再办理。"
)


def append_seal(
    *,
    subject_type: str,
    subject_id: int,
    action: str,
    content: Content,
    step: Any,  # what JSON can say
    actor: User | None,
    now: datetime,
) -> Seal:
    """One more link of the chain; the caller holds the lock of the chain's head.

    `subject_type` and `subject_id` name what is sealed, `step` is what the event of the step tells. SealFileError
    where the head could not be written down afterwards, or the file is not that of this chain.
    """
    _demand_file_of_heads(actor)
    head = Seal.objects.order_by("sequence").last()
    row = Seal(
        format=CURRENT_FORMAT,
        key=seal_key_id(),
        sequence=head.sequence + 1 if head else 1,
        subject_type=subject_type,
        subject_id=subject_id,
        revision_id=subject_id if subject_type == Seal.OF_REVISION else None,
        action=action,
        content=content.digest,
        marks=content.marks,
        step=step,
        previous=head.digest if head else "",
        sealed_at=now,
        sealed_by=actor,
    )
    row.digest = link_digest(link_of(row))
    row.save(force_insert=True)
    # By then the step is taken: what still goes wrong is logged, told by verify_ledger, and made good by the next.
    transaction.on_commit(write_down_heads, robust=True)
    return row


def link_of(row: Seal) -> Link:
    """What the digest of a stored seal covers from format 2 on; ValueError for an earlier one."""
    if row.format is None or row.subject_type is None or row.subject_id is None or row.key is None:
        raise ValueError("a seal of the first format has a link of its own")
    return Link(
        format=row.format,
        sequence=row.sequence,
        subject_type=row.subject_type,
        subject_id=row.subject_id,
        action=row.action,
        content=row.content,
        marks=digest_of_marks(bytes(row.marks)),
        step=row.step,
        previous=row.previous,
        sealed_at=row.sealed_at.astimezone(UTC).isoformat(),
        sealed_by=row.sealed_by_id,
        key=row.key,
    )


def chain_link(row: Seal) -> ChainLink:
    """The seal's place in the chain, as its event carries it."""
    return ChainLink(row.sequence, row.previous, row.digest, row.sealed_at)


def heads_written_down() -> list[tuple[int, str]]:
    """(sequence, digest) of every line of the file outside the database; ValueError where a line is not whole."""
    path = settings.SEAL_FILE
    if not path.exists():
        return []
    text = path.read_text(encoding="ascii")
    if text and not text.endswith("\n"):
        raise ValueError("the last line was not written to its end")
    found = []
    for line in text.splitlines():
        sequence, digest, moment = line.split(" ")
        datetime.fromisoformat(moment)
        found.append((int(sequence), digest))
    return found


def write_down_heads() -> None:
    """Append to the file every seal that it does not have yet; one that a crash kept out is made good here."""
    written = {sequence for sequence, _ in heads_written_down()}
    seals = Seal.objects.order_by("sequence").values_list("sequence", "digest", "sealed_at")
    lines = [
        f"{sequence} {digest} {sealed_at.astimezone(UTC).isoformat()}\n"
        for sequence, digest, sealed_at in seals
        if sequence not in written
    ]
    if not lines:
        return
    with _appending() as stream:
        stream.writelines(lines)
        stream.flush()
        os.fsync(stream.fileno())


def _appending() -> IO[str]:
    """The file of heads, made where there is none."""
    handle = os.open(settings.SEAL_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    return os.fdopen(handle, "w", encoding="ascii")


def agreement_of_file() -> Agreement:
    """How the file and the chain agree; OSError or ValueError where the file cannot be read.

    What was sealed in this transaction is written down when it ends, and is left out.
    """
    chain = list(Seal.objects.order_by("sequence").values_list("sequence", "digest"))
    sealed_now = sum(waiting[1] is write_down_heads for waiting in connection.run_on_commit)
    before, now = chain[: len(chain) - sealed_now], set(chain[len(chain) - sealed_now :])
    written = heads_written_down() if settings.SEAL_FILE.exists() else None
    return agreement_of_heads(before, written and [head for head in written if head not in now])


def seal_file_is_writable() -> bool:
    """Whether a seal could be written down, as far as rights go; nothing is written."""
    file = settings.SEAL_FILE
    return os.access(file if file.exists() else file.parent, os.W_OK)


def _demand_file_of_heads(actor: User | None) -> None:
    """Whoever seals next to a file that lacks the last seal alone makes it good, and an event tells of it."""
    try:
        agreed = agreement_of_file()
        _appending().close()
    except (OSError, ValueError) as error:
        raise SealFileError(_UNUSABLE) from error
    if agreed is Agreement.DIFFERS:
        raise SealFileError(_OF_ANOTHER_CHAIN)
    if agreed is Agreement.LAST_MISSING:
        record(actor=actor, event=AccountEvent.MEND_SEAL_FILE, after={"sequence": Seal.objects.count()})
