"""Uploads between preview and confirmation: kept encrypted for an hour, for their owner, and then swept."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import astuple, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.audit import masked
from accounts.models import User
from foundation.crypto import decrypt_bytes, encrypt_bytes
from foundation.excel.problems import Problem
from staffing.models import ImportBatch, PendingImport
from townships.entries import Outcome, RowOutcome, RowResult

KEPT_FOR = timedelta(hours=1)
_FILE, _RESULT = "pending_import_file", "pending_import_result"
_DIFFERENCES_TOLD = 20


@dataclass(frozen=True)
class Result:
    """What was found in an upload; `differences` from the preview shown before, when what is stored changed since."""

    filename: str
    outcome: Outcome
    differences: list[str] = field(default_factory=list)


@transaction.atomic
def hold(*, kind: str, content: bytes, filename: str, outcome: Outcome, owner: User, now: datetime) -> PendingImport:
    """Keep an upload with what its import would do, and delete all uploads that have expired, whoever's they are."""
    PendingImport.objects.filter(expires_at__lte=now).delete()
    return PendingImport.objects.create(
        owner=owner,
        kind=kind,
        uploaded_at=now,
        expires_at=now + KEPT_FOR,
        file_encrypted=encrypt_bytes(_FILE, content),
        result_encrypted=_sealed(Result(filename, outcome)),
    )


def file_of(pending: PendingImport) -> bytes:
    """The file as it was uploaded; ValueError once it is confirmed."""
    return decrypt_bytes(_FILE, _kept(pending.file_encrypted))


def result_of(pending: PendingImport) -> Result:
    """What was last found in the file; ValueError once it is confirmed."""
    stored = json.loads(zlib.decompress(decrypt_bytes(_RESULT, _kept(pending.result_encrypted))))
    return Result(stored["filename"], _outcome(stored), stored["differences"])


def replace_result(pending: PendingImport, outcome: Outcome) -> Result:
    """Keep what the import would do now, with what is different from before."""
    before = result_of(pending)
    result = Result(before.filename, outcome, list(_differences(before.outcome, outcome)))
    pending.result_encrypted = _sealed(result)
    pending.save(update_fields=["result_encrypted"])
    return result


def mark_confirmed(pending: PendingImport, *, batch: ImportBatch | None, now: datetime) -> None:
    """Note that the upload was imported, and delete the file and what was found in it."""
    pending.confirmed_at, pending.batch = now, batch
    pending.file_encrypted = pending.result_encrypted = None
    pending.save(update_fields=["confirmed_at", "batch", "file_encrypted", "result_encrypted"])


def _kept(stored: bytes | memoryview | None) -> bytes:
    if stored is None:
        raise ValueError("a confirmed import keeps no file")
    return bytes(stored)


def _sealed(result: Result) -> bytes:
    outcome = result.outcome
    stored = {
        "filename": masked(result.filename),
        "differences": result.differences,
        "problems": [astuple(problem) for problem in outcome.problems],
        "warnings": [astuple(warning) for warning in outcome.warnings],
        "notes": outcome.notes,
        "rows": [[row.row, row.subject, row.place, row.result.value, row.changes] for row in outcome.rows],
    }
    # Compressed: ten thousand problems, most of which say the same, take some kilobytes.
    return encrypt_bytes(_RESULT, zlib.compress(json.dumps(stored, ensure_ascii=False).encode(), level=1))


def _outcome(stored: dict[str, Any]) -> Outcome:
    outcome = Outcome(
        problems=[Problem(*problem) for problem in stored["problems"]],
        warnings=[Problem(*warning) for warning in stored["warnings"]],
        notes=stored["notes"],
        rows=[
            RowOutcome(row, subject, place, RowResult(result), tuple(changes))
            for row, subject, place, result, changes in stored["rows"]
        ],
    )
    outcome.count_rows()
    return outcome


def _differences(before: Outcome, now: Outcome) -> Iterator[str]:
    """In words, the counts first; of many rows the first few."""
    if before.sentence != now.sentence:
        yield f"预览时{before.sentence},现在{now.sentence}"
    if len(before.problems) != len(now.problems):
        yield f"预览时有 {len(before.problems)} 处问题,现在有 {len(now.problems)} 处"
    if before.warnings != now.warnings:
        yield f"须核对的提示预览时有 {len(before.warnings)} 处,现在有 {len(now.warnings)} 处,内容有变"
    rows = {row.row: row for row in before.rows}
    differing = [row for row in now.rows if rows.get(row.row) != row]
    for row in differing[:_DIFFERENCES_TOLD]:
        earlier = rows.get(row.row)
        was = earlier.result.label if earlier is not None else "有问题"
        yield f"第 {row.row} 行{row.subject}:预览时{was},现在{row.result.label}{''.join(f',{c}' for c in row.changes)}"
    if len(differing) > _DIFFERENCES_TOLD:
        yield f"另有 {len(differing) - _DIFFERENCES_TOLD} 行的结果也有变"
