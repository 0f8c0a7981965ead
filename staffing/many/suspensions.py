"""Suspending 停发 many for the same days."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Permission, demand
from staffing.enums import BatchKind, SuspensionKind
from staffing.events import StaffingEvent
from staffing.imports.changes import remember_change
from staffing.many.batches import close_batch, one_township, start_batch
from staffing.models import ImportBatch, Posting
from staffing.several import for_each
from staffing.terms.suspensions import suspend


@transaction.atomic
def suspend_many(
    *,
    postings: Iterable[Posting],
    kind: SuspensionKind,
    started_on: date,
    ended_on: date | None,
    reason: str,
    actor: User | None,
) -> tuple[ImportBatch, list[Posting]]:
    """All or none; SeveralRefused with every posting that cannot be suspended."""
    demand(actor, Permission.EDIT_PERSONNEL)
    chosen = list(postings)
    batch = start_batch(BatchKind.SUSPENSIONS, one_township(chosen), reason, actor)

    def stop(posting: Posting) -> None:
        suspension = suspend(
            posting=posting, kind=kind, started_on=started_on, ended_on=ended_on, reason=reason, actor=actor
        )
        until = f"至 {ended_on}" if ended_on else "起"
        remember_change(
            batch=batch,
            row=suspension,
            before=None,
            after={"kind": kind.value, "started_on": started_on, "ended_on": ended_on, "reason": reason},
            words=f"{started_on} {until}停发({kind.label})",
        )

    done = for_each(chosen, stop)
    audit.record(
        actor=actor,
        event=StaffingEvent.SUSPEND_MANY,
        subject=close_batch(batch),
        after={
            "kind": kind.value,
            "started_on": started_on,
            "ended_on": ended_on,
            "postings": [posting.pk for posting in done],
        },
        reason=reason,
    )
    return batch, done
