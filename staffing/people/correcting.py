"""Correcting what a person is called and found by: name, id number, phone. No money follows it."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.permissions import Permission, demand
from staffing.events import StaffingEvent
from staffing.locking import lock_people
from staffing.models import Person, PersonProposal
from staffing.national_id import NationalId
from staffing.people.facts import PERSON_COLUMNS, Fact, fact, masked_facts, write_fact
from staffing.people.owning import writes_facts
from staffing.people.proposals import demand_free_number, propose_correction


@transaction.atomic
def correct_person(
    *,
    person: Person,
    name: str,
    national_id: NationalId | None,
    phone: str,
    reason: str,
    today: date,
    actor: User | None,
) -> Person | PersonProposal:
    """Another name, id number or phone of a person; what is empty stays as it is.

    Written at once by whoever writes the person's facts, of which the person comes back; anybody else's entry changes
    nothing and comes back as a proposal. ValidationError where nothing is different, or, with code "number_taken",
    somebody has this id number.
    """
    demand(actor, Permission.CORRECT_PERSON)
    if not reason.strip():
        raise ValidationError("更正人员信息须写明原因。")
    (person,) = lock_people(person.pk)
    number = national_id.number if national_id is not None else ""
    stated: dict[str, Fact] = {"name": name, "national_id": number, "phone": phone}
    after = {field: value for field, value in stated.items() if value and value != fact(person, field)}
    if not after:
        raise ValidationError("与已登记的相同,没有要更正的内容。")
    demand_free_number(person, after)
    if not writes_facts(actor, person, today):
        return propose_correction(person=person, after=after, reason=reason, actor=actor, now=timezone.now())
    before = {field: fact(person, field) for field in after}
    for field, value in after.items():
        write_fact(person, field, value)
    person.full_clean(validate_unique=False, validate_constraints=False)
    person.save(update_fields=PERSON_COLUMNS)
    audit.record(
        actor=actor,
        event=StaffingEvent.CORRECT_PERSON,
        subject=person,
        before=masked_facts(before),
        after=masked_facts(after),
        reason=reason,
    )
    return person
