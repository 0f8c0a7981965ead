"""Registering a person, and showing the whole id number. Each leaves one audit event."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import User
from foundation.crypto import encrypt
from staffing.enums import ComputerLevel, Education, QualificationKind
from staffing.events import StaffingEvent
from staffing.identity import identify, name_person
from staffing.models import Person, Qualification
from staffing.national_id import NationalId

ON_RECORD = "这个身份证号已有人员记录,请在该记录上办理。"
_COMPUTER_LEVELS = {True: ComputerLevel.SKILLED.value, False: ComputerLevel.NONE.value, None: ""}


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
    """A new person; ValidationError when somebody has this id number.

    What is said of education and computer skill is held always; what has a day is recorded as a qualification.
    """
    person = Person()
    name_person(person, name)
    if national_id is not None:
        if Person.objects.with_national_id(national_id.number).exists():
            raise ValidationError(ON_RECORD)
        identify(person, national_id)
    if phone:
        person.phone_encrypted = encrypt("phone", phone)
    person.full_clean()
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:  # somebody else registered the number at the same moment
        raise ValidationError(ON_RECORD) from error
    Qualification.objects.bulk_create(stated_qualifications(person, education, has_computer_skill))
    audit.record(
        actor=actor,
        event=StaffingEvent.REGISTER_PERSON,
        subject=person,
        after={
            "name": name,
            "national_id": person.national_id_masked,
            "education": education.value if education else "",
            "has_computer_skill": has_computer_skill,
        },
    )
    return person


def stated_qualifications(
    person: Person, education: Education | None, has_computer_skill: bool | None
) -> list[Qualification]:
    """What is known of a person without a day, not saved."""
    levels = {
        QualificationKind.EDUCATION: education.value if education else "",
        QualificationKind.COMPUTER: _COMPUTER_LEVELS[has_computer_skill],
    }
    return [Qualification(person=person, kind=kind.value, level=level) for kind, level in levels.items() if level]


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
