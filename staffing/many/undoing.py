"""Undoing a verb done for many: whoever came by it is withdrawn, whatever it changed is put back."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEvent, User
from accounts.permissions import Permission, demand
from staffing.enums import ElectionState
from staffing.events import StaffingEvent
from staffing.imports.changes import obstacles_to_restoring, restore_changes
from staffing.locking import lock_people
from staffing.models import Election, ImportBatch, Posting
from staffing.steps_taken import STEPS, steps_taken_on


def obstacles(batch: ImportBatch, *, settled: int) -> list[str]:
    """Why the batch cannot be undone, in words; nothing where it can.

    `settled` is how many of the postings that it brought an approved month has paid or refused to pay.
    """
    if batch.undone_at is not None:
        return [f"这次办理已于 {timezone.localtime(batch.undone_at):%Y-%m-%d} 撤销。"]
    found = []
    if settled:
        found.append(f"其中 {settled} 条新的在岗记录已计入审批过的月份;录错的请逐条撤销,多补的在下一次核算中扣回。")
    if steps := steps_taken_on(_brought(batch), after=_last_event(batch)):
        found.append(f"新到任的人后来又办理过 {steps} 次{STEPS};请逐条撤销。")
    return [*found, *obstacles_to_restoring(batch)]


@transaction.atomic
def undo_batch(*, batch: ImportBatch, reason: str, settled: int, actor: User | None, now: datetime) -> ImportBatch:
    """ValidationError with all obstacles, or without a reason; then nothing is done.

    People who were registered with the batch stay on record. Approved months do not change: the next run settles.
    """
    demand(actor, Permission.EDIT_PERSONNEL)
    reason = reason.strip()
    if not reason:
        raise ValidationError("撤销一次批量办理须写明原因。")
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    touched = Posting.objects.filter(Q(import_batch=batch) | Q(imported_changes__batch=batch))
    lock_people(*touched.values_list("person", flat=True))
    if found := obstacles(batch, settled=settled):
        raise ValidationError(found)
    batch.undone_at, batch.undone_by, batch.undone_reason = now, actor, reason
    batch.full_clean(validate_unique=False)
    withdrawn = _brought(batch).update(withdrawn_at=now, withdrawn_reason=reason)
    restored = restore_changes(batch, reason=reason, now=now)
    batch.save(update_fields=["undone_at", "undone_by", "undone_reason"])
    Election.objects.filter(batch=batch).update(state=ElectionState.UNDONE.value)
    audit.record(
        actor=actor,
        event=StaffingEvent.UNDO_BATCH,
        subject=batch,
        after={"kind": batch.kind, "withdrawn": withdrawn, "restored": restored},
        reason=reason,
    )
    return batch


def _brought(batch: ImportBatch) -> QuerySet[Posting]:
    return Posting.objects.filter(import_batch=batch, withdrawn_at=None)


def _last_event(batch: ImportBatch) -> int:
    """The key of the last one recorded when it was done: its own."""
    done = AuditEvent.objects.filter(subject_type="importbatch", subject_id=batch.pk, result="done")
    return done.aggregate(last=Max("pk"))["last"] or 0
