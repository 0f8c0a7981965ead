"""Correcting the facts of a person: by a form about them, or by what another entry says of them."""

from collections.abc import Mapping
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
from staffing.people.facts import Fact, fact, is_stored, masked_facts, save_facts, write_fact
from staffing.people.owning import writes_facts
from staffing.people.proposals import SAME_WAITS, demand_free_number, propose_correction


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
    """Another name, id number or phone of a person, from which no money follows; what is empty stays as it is.

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
    _write(person, after, reason, actor)
    return person


@transaction.atomic
def state_facts(*, person: Person, facts: Mapping[str, Fact], reason: str, today: date, actor: User | None) -> bool:
    """What the entry of something else says of a person on record; what is empty or on record already changes nothing.

    Whether the rest was written, as it is at once by whoever writes the facts; by others it is proposed,
    unless the same is waiting.
    """
    (person,) = lock_people(person.pk)
    after = different(person, facts)
    if after and writes_facts(actor, person, today):
        _write(person, after, reason, actor)
        return True
    if after:
        try:
            propose_correction(person=person, after=after, reason=reason, actor=actor, now=timezone.now())
        except ValidationError as error:
            if getattr(error, "code", "") != SAME_WAITS:
                raise
    return False


def different(person: Person, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Those that say something, and something else than what is on record."""
    return {
        name: value for name, value in facts.items() if value not in (None, "") and not is_stored(person, name, value)
    }


def _write(person: Person, after: Mapping[str, Fact], reason: str, actor: User | None) -> None:
    before = {field: fact(person, field) for field in after}
    for field, value in after.items():
        write_fact(person, field, value)
    person.full_clean(validate_unique=False, validate_constraints=False)
    save_facts([person])
    audit.record(
        actor=actor,
        event=StaffingEvent.CORRECT_PERSON,
        subject=person,
        before=masked_facts(before),
        after=masked_facts(after),
        reason=reason,
    )
