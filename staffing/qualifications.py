"""Qualifications 资格 of people: recording and withdrawing them. Each verb leaves one audit event."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from staffing.enums import ComputerLevel, Education, QualificationKind
from staffing.events import StaffingEvent
from staffing.locking import lock_people
from staffing.models import Person, Qualification


@transaction.atomic
def record_qualification(
    *,
    person: Person,
    kind: QualificationKind,
    level: Education | ComputerLevel | None,
    obtained_on: date | None,
    name: str = "",
    paper: str = "",
    actor: User | None,
) -> Qualification:
    """What a person is qualified for from `obtained_on` on; without that day always.

    A certificate has a `name` and no level. ValidationError for a level of another kind, and where the same is
    recorded already.
    """
    lock_people(person.pk)
    qualification = Qualification(
        person=person,
        kind=kind.value,
        level=level.value if level else "",
        name=name.strip(),
        obtained_on=obtained_on,
        paper=paper,
    )
    if obtained_on is not None and person.born_on is not None and obtained_on <= person.born_on:
        raise ValidationError({"obtained_on": "取得日期不能早于出生日期,请核对。"})
    qualification.full_clean()
    qualification.save()
    audit.record(
        actor=actor, event=StaffingEvent.RECORD_QUALIFICATION, subject=qualification, after=facts_of(qualification)
    )
    return qualification


@transaction.atomic
def withdraw_qualification(*, qualification: Qualification, reason: str, actor: User | None) -> Qualification:
    """Take back what was recorded by mistake: it counts on no day; ValidationError where that was done before."""
    if not reason.strip():
        raise ValidationError({"reason": "撤销资格须写明原因。"})
    lock_people(qualification.person_id)
    qualification = Qualification.objects.get(pk=qualification.pk)
    if qualification.withdrawn_at is not None:
        raise ValidationError("这项资格已经撤销。")
    qualification.withdrawn_at, qualification.withdrawn_reason = timezone.now(), reason.strip()
    qualification.full_clean()
    qualification.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    audit.record(
        actor=actor,
        event=StaffingEvent.WITHDRAW_QUALIFICATION,
        subject=qualification,
        before=facts_of(qualification),
        reason=reason,
    )
    return qualification


def facts_of(qualification: Qualification) -> dict[str, object]:
    return {
        "person": qualification.person_id,
        "kind": qualification.kind,
        "level": qualification.level,
        "name": qualification.name,
        "obtained_on": qualification.obtained_on,
        "paper": qualification.paper,
    }
