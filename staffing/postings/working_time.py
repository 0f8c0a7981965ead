"""Full or part-time 专职/兼职 of a posting, from a day on. Each verb leaves one audit event."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from staffing.events import StaffingEvent
from staffing.locking import live_posting, lock_people
from staffing.models import Posting, WorkingTime


@transaction.atomic
def set_working_time(
    *,
    posting: Posting,
    effective_from: date | None,
    is_full_time: bool,
    document: str = "",
    reason: str = "",
    actor: User | None,
) -> WorkingTime:
    """Full or part-time from a day on, without a day from the first; what stands for the same day is corrected.

    ValidationError for a day off post.
    """
    lock_people(posting.person_id)
    posting = live_posting(posting)
    if effective_from is not None and effective_from <= posting.started_on:
        if effective_from < posting.started_on:
            raise ValidationError({"effective_from": f"{posting.started_on} 才到岗,执行日期不能更早。"})
        effective_from = None
    if effective_from is not None and posting.ended_on is not None and posting.ended_on < effective_from:
        raise ValidationError({"effective_from": f"{posting.ended_on} 已离岗,执行日期不能更晚。"})
    stored = posting.working_times.live().filter(effective_from=effective_from).first()
    before = facts_of(stored) if stored is not None else None
    working_time = stored or WorkingTime(posting=posting, effective_from=effective_from)
    working_time.is_full_time, working_time.document = is_full_time, document
    working_time.full_clean()
    working_time.save()
    audit.record(
        actor=actor,
        event=StaffingEvent.SET_WORKING_TIME,
        subject=working_time,
        before=before,
        after=facts_of(working_time),
        reason=reason,
    )
    return working_time


@transaction.atomic
def withdraw_working_time(*, working_time: WorkingTime, reason: str, actor: User | None) -> WorkingTime:
    """Take back what was recorded by mistake: what stood before goes on."""
    if not reason.strip():
        raise ValidationError({"reason": "撤销专兼职登记须写明原因。"})
    lock_people(working_time.posting.person_id)
    working_time = WorkingTime.objects.select_related("posting").get(pk=working_time.pk)
    if working_time.withdrawn_at is not None:
        raise ValidationError("这条专兼职登记已经撤销。")
    live_posting(working_time.posting)
    working_time.withdrawn_at, working_time.withdrawn_reason = timezone.now(), reason.strip()
    working_time.full_clean()
    working_time.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    audit.record(
        actor=actor,
        event=StaffingEvent.WITHDRAW_WORKING_TIME,
        subject=working_time,
        before=facts_of(working_time),
        reason=reason,
    )
    return working_time


def full_time_on(posting: Posting, day: date) -> bool | None:
    """By what is on record; None where nothing is."""
    return posting.working_times.begun_by(day).values_list("is_full_time", flat=True).first()


def facts_of(working_time: WorkingTime) -> dict[str, object]:
    return {
        "posting": working_time.posting_id,
        "effective_from": working_time.effective_from,
        "is_full_time": working_time.is_full_time,
        "document": working_time.document,
    }
