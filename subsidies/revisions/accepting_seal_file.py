"""After an incident: an approver takes the chain as it stands for the books, and the file outside is written anew."""

import hashlib
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts.audit import record
from accounts.chain import agreement_of_file, write_down_heads
from accounts.events import AccountEvent
from accounts.models import Seal, User
from accounts.permissions import Permission, demand
from accounts.seal_file import Agreement
from subsidies.locks import locked_ledger
from subsidies.refusals import ReasonMissing, RunRefused


@transaction.atomic
def accept_seal_file(*, actor: User | None, reason: str, now: datetime) -> Path | None:
    """Write the file anew from the chain and keep the old one, if there was one, beside it: its path is returned.

    Raises PermissionDenied for whoever may not approve, ReasonMissing, RunBusy, and RunRefused where there is nothing
    to accept or the file cannot be replaced.
    """
    if actor is None:
        raise RunRefused("接受封存记录文件须由县局审核人员办理。")
    demand(actor, Permission.APPROVE_RUN)
    if not reason.strip():
        raise ReasonMissing("接受封存记录文件须写明原因。")
    if len(reason.strip()) > 500:
        raise RunRefused("原因最多 500 个字。")
    locked_ledger()
    file: Path = settings.SEAL_FILE
    try:
        agreed: Agreement | None = agreement_of_file()
    except ValueError:
        agreed = None
    except OSError as error:
        raise RunRefused("封存记录文件读不出,没有接受;请先检查文件和目录的权限、磁盘空间。") from error
    if agreed in (Agreement.SAME, Agreement.LAST_MISSING):
        raise RunRefused("封存记录文件与数据库相符,不需要接受。")
    old = file.read_bytes() if file.exists() else b""
    record(
        actor=actor,
        event=AccountEvent.ACCEPT_SEAL_FILE,
        before={"lines": len(old.splitlines()), "sha256": hashlib.sha256(old).hexdigest()},
        after={"seals": Seal.objects.count()},
        reason=reason.strip(),
    )
    kept = file.with_name(f"{file.name}.{now:%Y%m%d%H%M%S}") if file.exists() else None
    transaction.on_commit(lambda: _written_anew(file, kept))
    return kept


def _written_anew(file: Path, kept: Path | None) -> None:
    if kept is not None:
        file.rename(kept)
    write_down_heads()
