"""Registering a person, and showing the whole id number. Each leaves one audit event."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.models import User
from foundation.crypto import encrypt
from staffing.enums import Education
from staffing.events import StaffingEvent
from staffing.identity import identify, name_person
from staffing.models import Person
from staffing.national_id import NationalId


@transaction.atomic
def register_person(
    *,
    name: str,
    national_id: NationalId | None,
    education: Education | None = None,
    has_computer_skill: bool | None = None,
    phone: str = "",
    actor: User | None,
) -> Person:
    """A new person; ValidationError when somebody has this id number."""
    person = Person(education=education.value if education else "", has_computer_skill=has_computer_skill)
    name_person(person, name)
    if national_id is not None:
        if Person.objects.with_national_id(national_id.number).exists():
            raise ValidationError("这个身份证号已有人员记录,请在该记录上办理。")
        identify(person, national_id)
    if phone:
        person.phone_encrypted = encrypt("phone", phone)
    person.full_clean()
    person.save()
    audit.record(
        actor=actor,
        event=StaffingEvent.REGISTER_PERSON,
        subject=person,
        after={"name": name, "national_id": person.national_id_masked},
    )
    return person


@transaction.atomic
def reveal_national_id(*, person: Person, reason: str, actor: User | None) -> str:
    """The whole id number, with one event that says who saw it and why; the event holds the masked number."""
    audit.record(
        actor=actor,
        event=StaffingEvent.REVEAL_NATIONAL_ID,
        subject=person,
        after={"national_id": person.national_id_masked},
        reason=reason,
    )
    return person.national_id
