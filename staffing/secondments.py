"""Secondments 借调 of platform staff. Each verb leaves one audit event."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from staffing.enums import Position, SecondmentKind
from staffing.events import StaffingEvent
from staffing.locking import live_posting, lock_people
from staffing.models import Posting, Secondment
from staffing.periods import do_overlap


@transaction.atomic
def record_secondment(
    *,
    posting: Posting,
    home_unit: str,
    kind: SecondmentKind,
    started_on: date,
    ended_on: date | None,
    document: str = "",
    actor: User | None,
) -> Secondment:
    """On loan from a home unit between two days; ValidationError for anybody but platform staff, and for days that
    another secondment of the posting has."""
    lock_people(posting.person_id)
    secondment = Secondment(posting=live_posting(posting))
    _write(secondment, home_unit, kind, started_on, ended_on, document)
    audit.record(actor=actor, event=StaffingEvent.RECORD_SECONDMENT, subject=secondment, after=facts_of(secondment))
    return secondment


@transaction.atomic
def correct_secondment(
    *,
    secondment: Secondment,
    home_unit: str,
    kind: SecondmentKind,
    started_on: date,
    ended_on: date | None,
    document: str = "",
    reason: str = "",
    actor: User | None,
) -> Secondment:
    """Other days, unit, kind or document; to end or prolong one is to give it another last day."""
    secondment = _live(secondment)
    before = facts_of(secondment)
    _write(secondment, home_unit, kind, started_on, ended_on, document)
    audit.record(
        actor=actor,
        event=StaffingEvent.CORRECT_SECONDMENT,
        subject=secondment,
        before=before,
        after=facts_of(secondment),
        reason=reason,
    )
    return secondment


@transaction.atomic
def withdraw_secondment(*, secondment: Secondment, reason: str, actor: User | None) -> Secondment:
    """Take back what was recorded by mistake."""
    if not reason.strip():
        raise ValidationError({"reason": "撤销借调须写明原因。"})
    secondment = _live(secondment)
    secondment.withdrawn_at, secondment.withdrawn_reason = timezone.now(), reason.strip()
    secondment.full_clean(validate_constraints=False)
    secondment.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    audit.record(
        actor=actor,
        event=StaffingEvent.WITHDRAW_SECONDMENT,
        subject=secondment,
        before=facts_of(secondment),
        reason=reason,
    )
    return secondment


def facts_of(secondment: Secondment) -> dict[str, object]:
    return {
        "posting": secondment.posting_id,
        "home_unit": secondment.home_unit,
        "kind": secondment.kind,
        "started_on": secondment.started_on,
        "ended_on": secondment.ended_on,
        "document": secondment.document,
    }


def _live(secondment: Secondment) -> Secondment:
    """The secondment as it is stored now, its person locked; ValidationError when it or its posting was withdrawn."""
    lock_people(secondment.posting.person_id)
    stored = Secondment.objects.get(pk=secondment.pk)
    if stored.withdrawn_at is not None:
        raise ValidationError("这次借调已经撤销。")
    stored.posting = live_posting(stored.posting)
    return stored


def _write(
    secondment: Secondment,
    home_unit: str,
    kind: SecondmentKind,
    started_on: date,
    ended_on: date | None,
    document: str,
) -> None:
    if secondment.posting.position != Position.PLATFORM_STAFF:
        raise ValidationError("只有平台工作人员登记借调。")
    secondment.home_unit, secondment.kind = home_unit.strip(), kind.value
    secondment.started_on, secondment.ended_on, secondment.document = started_on, ended_on, document
    secondment.full_clean()
    others = secondment.posting.secondments.live().exclude(pk=secondment.pk).order_by("started_on")
    other = next((row for row in others if do_overlap(row, secondment)), None)
    if other is not None:
        until = f"至 {other.ended_on}" if other.ended_on else "起"
        raise ValidationError(f"{other.started_on} {until}已登记借调,日期重叠;续借的请更正原来那一次的终止日期。")
    secondment.save()
