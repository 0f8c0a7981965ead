"""Sealing a revision: one more link of the chain, kept in the database, in the event, and in a file beside it."""

import json
import os
from datetime import UTC, datetime
from typing import IO

from django.conf import settings
from django.db import transaction

from accounts.audit import ChainLink, masked, who_acts
from accounts.models import User
from subsidies.enums import RunAction
from subsidies.models import Seal
from subsidies.refusals import RunRefused
from subsidies.revisions.stored import StoredRevision, moment_as_text
from subsidies.seals import Link, Step, content_of, digest_of_marks, link_digest


def seal(
    *,
    stored: StoredRevision,
    action: RunAction,
    actor: User | None,
    now: datetime,
    reports_required: bool,
    reason: str = "",
) -> Seal:
    """Seal a revision as it is stored; the caller holds the ledger's lock and has sent the revision.

    Who, why and how much are sealed with it, as the event tells them.
    RunRefused where the head could not be written down afterwards.
    """
    _demand_file_of_heads()
    head = Seal.objects.order_by("sequence").last()
    content = content_of(stored.rows())
    name, role = who_acts(actor)
    step = Step(
        actor_name=name,
        role=role,
        reason=masked(reason.strip()),
        total=str(stored.revision.total),
        sent_at=moment_as_text(stored.revision.run.sent_at),
        reports_required=reports_required,
    )
    row = Seal(
        sequence=head.sequence + 1 if head else 1,
        revision=stored.revision,
        action=action.value,
        content=content.digest,
        marks=content.marks,
        step=step._asdict(),
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
    """What the digest of a stored seal covers."""
    run = row.revision.run
    return Link(
        sequence=row.sequence,
        revision=row.revision_id,
        run=run.pk,
        month=str(run.period),
        number=run.number,
        action=row.action,
        content=row.content,
        marks=digest_of_marks(bytes(row.marks)),
        step=json.dumps(row.step, ensure_ascii=False, sort_keys=True),
        previous=row.previous,
        sealed_at=row.sealed_at.astimezone(UTC).isoformat(),
        sealed_by=row.sealed_by_id,
    )


def chain_link(row: Seal) -> ChainLink:
    """The seal's place in the chain, as its event carries it."""
    return ChainLink(row.sequence, row.previous, row.digest, row.sealed_at)


def heads_written_down() -> list[tuple[int, str]]:
    """(sequence, digest) of every line of the file outside the database; ValueError where a line is unreadable."""
    path = settings.SEAL_FILE
    if not path.exists():
        return []
    found = []
    for line in path.read_text(encoding="ascii").splitlines():
        sequence, digest, *_ = line.split()
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


def _demand_file_of_heads() -> None:
    try:
        heads_written_down()
        _appending().close()
    except (OSError, ValueError) as error:
        raise RunRefused(
            "数据库外的封存记录文件读不出或写不进,没有办理。请系统管理员按安装运行手册“封存记录文件”处理后再办理。"
        ) from error
