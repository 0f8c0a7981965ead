"""Issuing a sheet of an approved run: its bytes are kept with their SHA-256, a number, who and when."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from accounts.permissions import Permission, demand
from subsidies.events import SubsidyEvent
from subsidies.locks import locked_ledger
from subsidies.models import Allocation, AllocationQuerySet, Revision, SheetFile
from subsidies.refusals import RunRefused
from townships.models import Township

# (revision, number of the sheet, townships, their name where it is one only) -> bytes and the name of the file.
SheetBytes = Callable[[Revision, str, AllocationQuerySet, str], tuple[bytes, str]]


@transaction.atomic
def issue_sheet(
    *,
    revision: Revision,
    sheet: str,
    township: Township | None,
    make: SheetBytes,
    actor: User | None,
    now: datetime,
) -> SheetFile:
    """The sheet as it was first issued, which is now where it was not yet.

    Raises PermissionDenied, RunBusy, RunRefused.
    """
    demand(actor, Permission.ISSUE_SHEET)
    locked_ledger()
    # What the caller read is from before the lock: the run may have been returned meanwhile.
    revision = Revision.objects.select_related("run__county").get(pk=revision.pk)
    if not revision.run.is_approved or revision.run.current_revision_id != revision.pk:
        raise RunRefused("没有审批的核算不能出具表格,只能下载送审稿。")
    before = SheetFile.objects.filter(revision=revision, sheet=sheet, township=township).first()
    if before is not None:
        return before
    allocations = Allocation.objects.filter(revision=revision)
    if township is not None:
        allocations = allocations.filter(township=township)
    content, filename = make(revision, sheet, allocations, township.name if township else "")
    kept = SheetFile.objects.create(
        revision=revision,
        sheet=sheet,
        township=township,
        number=sheet_number(revision, sheet, township),
        filename=filename,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        issued_by=actor,
        issued_at=now,
    )
    record(actor=actor, event=SubsidyEvent.ISSUE_SHEET, subject=kept, after=what_is_told(kept))
    return kept


def sheet_number(revision: Revision, sheet: str, township: Township | None) -> str:
    """The number of a sheet, such as 2009-06-1-2-T1: month, run, revision, sheet, and the township if it is of one."""
    run = revision.run
    parts = [str(run.period), str(run.number), str(revision.number), sheet, *([township.code] if township else [])]
    return "-".join(parts)


def what_is_told(kept: SheetFile) -> dict[str, str]:
    """What the event says of a sheet that is issued."""
    issued_at = kept.issued_at.astimezone(UTC).isoformat()
    return {"number": kept.number, "filename": kept.filename, "sha256": kept.sha256, "issued_at": issued_at}
