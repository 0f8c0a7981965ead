"""Undoing an import: its postings are withdrawn together and its changes put back, unless something rests on them."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.models import User
from staffing.events import StaffingEvent
from staffing.imports.changes import changes_to_restore, obstacles_to_restoring, restore_changes
from staffing.models import ImportBatch, ImportedChange, Person, Posting
from staffing.people.proposals import withdraw_proposals
from staffing.steps_taken import STEPS, steps_taken_on


def obstacles(batch: ImportBatch, *, settled: int) -> list[str]:
    """Why the import cannot be undone, in words; nothing where it can.

    `settled` is how many of the postings that it brought an approved month has paid or refused to pay. What it changed
    of others is put back whatever is approved: the next run settles the difference.
    """
    if batch.undone_at is not None:
        return [f"这次导入已于 {timezone.localtime(batch.undone_at):%Y-%m-%d} 撤销。"]
    brought = _brought(batch)
    if not (brought.exists() or changes_to_restore(batch) or batch.proposals.waiting().exists()):
        if batch.created_count:
            return ["这次导入新增的在岗记录都已逐条撤销。"]
        return ["这次导入没有新增在岗记录,只变更了原有的;请按下面的变更内容逐条改回。"]
    found = []
    if settled:
        found.append(f"其中 {settled} 条在岗记录已计入审批过的月份;录错的请逐条撤销,多补的在下一次核算中扣回。")
    if later := ImportedChange.objects.filter(posting__in=brought, batch__gt=batch.pk).values("posting").distinct():
        found.append(f"其中 {len(later)} 条在岗记录被后来的导入变更过;请先核对后来的导入,录错的逐条撤销。")
    # An import itself leaves no event of a single step.
    if steps := steps_taken_on(brought):
        found.append(f"其中有 {steps} 处后来又办理过{STEPS};请逐条撤销。")
    return found + obstacles_to_restoring(batch)


@transaction.atomic
def undo_roster_import(
    *, batch: ImportBatch, reason: str, settled: int, actor: User | None, now: datetime
) -> ImportBatch:
    """Withdraw every posting that the import brought and put back what it changed of others; ValidationError with all
    obstacles, or without a reason.

    What it proposed and nobody has decided is proposed no longer. What imports changed that kept no values stays.
    """
    reason = reason.strip()
    if not reason:
        raise ValidationError("撤销一次导入须写明原因。")
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    postings = _brought(batch)
    changed = ImportedChange.objects.filter(batch=batch)
    of_batch = Q(pk__in=postings.values("person")) | Q(pk__in=changed.values("posting__person"))
    list(Person.objects.select_for_update().filter(of_batch).order_by("pk").values_list("pk"))
    if found := obstacles(batch, settled=settled):
        raise ValidationError(found)
    batch.undone_at, batch.undone_by, batch.undone_reason = now, actor, reason
    batch.full_clean(validate_unique=False)
    withdrawn = postings.update(withdrawn_at=now, withdrawn_reason=reason)
    restored = restore_changes(batch, reason=reason, now=now)
    no_longer_proposed = withdraw_proposals(batch, reason=reason, actor=actor, now=now)
    batch.save(update_fields=["undone_at", "undone_by", "undone_reason"])
    audit.record(
        actor=actor,
        event=StaffingEvent.UNDO_IMPORT,
        subject=batch,
        after={"withdrawn": withdrawn, "restored": restored, "proposals": no_longer_proposed},
        reason=reason,
    )
    return batch


def _brought(batch: ImportBatch) -> QuerySet[Posting]:
    return Posting.objects.filter(import_batch=batch, withdrawn_at=None)
