"""Suspensions 停发 of a posting. Each verb leaves one audit event."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from staffing.enums import SuspensionKind
from staffing.events import StaffingEvent
from staffing.locking import live_posting, lock_people
from staffing.models import Posting, Suspension
from staffing.periods import do_overlap


@transaction.atomic
def suspend(
    *,
    posting: Posting,
    kind: SuspensionKind,
    started_on: date,
    ended_on: date | None,
    reason: str = "",
    actor: User | None,
) -> Suspension:
    """Days on which the posting is not on post 停发; ValidationError for days that are suspended already, or after
    its last, and for a posting that was withdrawn."""
    lock_people(posting.person.pk)
    posting = live_posting(posting)
    suspension = Suspension(posting=posting, kind=kind.value, started_on=started_on, ended_on=ended_on, reason=reason)
    _check_suspension(suspension)
    suspension.save()
    audit.record(
        actor=actor,
        event=StaffingEvent.SUSPEND,
        subject=suspension,
        after={"posting": posting.pk, "kind": kind.value, "started_on": started_on, "ended_on": ended_on},
        reason=reason,
    )
    return suspension


@transaction.atomic
def correct_suspension(
    *,
    suspension: Suspension,
    kind: SuspensionKind,
    started_on: date,
    ended_on: date | None,
    cause: str,
    reason: str,
    actor: User | None,
) -> Suspension:
    """Another kind, start or end of a suspension, or another `cause` of it; to end one is to give it its last day.

    `reason` says why it is changed. ValidationError as in `suspend`.
    """
    suspension = _live_suspension(suspension)
    before = _stop(suspension)
    suspension.kind, suspension.started_on, suspension.ended_on = kind.value, started_on, ended_on
    suspension.reason = cause
    _check_suspension(suspension)
    suspension.save(update_fields=["kind", "started_on", "ended_on", "reason"])
    audit.record(
        actor=actor,
        event=StaffingEvent.CORRECT_SUSPENSION,
        subject=suspension,
        before=before,
        after=_stop(suspension),
        reason=reason,
    )
    return suspension


@transaction.atomic
def withdraw_suspension(*, suspension: Suspension, reason: str, actor: User | None) -> Suspension:
    """Take a suspension back as entered by mistake: its days count again."""
    if not reason.strip():
        raise ValidationError("撤销停发须写明原因。")
    suspension = _live_suspension(suspension)
    suspension.withdrawn_at, suspension.withdrawn_reason = timezone.now(), reason
    suspension.full_clean(validate_constraints=False)
    suspension.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    audit.record(
        actor=actor,
        event=StaffingEvent.WITHDRAW_SUSPENSION,
        subject=suspension,
        before=_stop(suspension),
        reason=reason,
    )
    return suspension


def _live_suspension(suspension: Suspension) -> Suspension:
    """The suspension as it is stored now, its person locked; ValidationError when it or its posting was withdrawn."""
    lock_people(suspension.posting.person.pk)
    stored = Suspension.objects.get(pk=suspension.pk)
    if stored.withdrawn_at is not None:
        raise ValidationError("这次停发已经撤销。")
    stored.posting = live_posting(stored.posting)
    return stored


def _check_suspension(suspension: Suspension) -> None:
    suspension.full_clean()
    posting = suspension.posting
    others = posting.suspensions.live().exclude(pk=suspension.pk).order_by("started_on")
    other = next((row for row in others if do_overlap(row, suspension)), None)
    if other is not None:
        until = f"至 {other.ended_on} " if other.ended_on else "起"
        raise ValidationError(f"{other.started_on} {until}已登记停发,与这次的日期重叠,请核对。")
    if posting.ended_on is not None and posting.ended_on < suspension.started_on:
        raise ValidationError(f"{posting.ended_on} 已离岗,不用再停发。")


def _stop(suspension: Suspension) -> dict[str, object]:
    return {
        "posting": suspension.posting_id,
        "kind": suspension.kind,
        "started_on": suspension.started_on,
        "ended_on": suspension.ended_on,
        "cause": suspension.reason,
    }
