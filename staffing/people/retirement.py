"""Saying whether a woman retires as a cadre or as a worker, where her position says otherwise. One audit event."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Permission, demand
from staffing.enums import RECORDED_GROUPS, RetirementGroup, Sex
from staffing.events import StaffingEvent
from staffing.locking import lock_people
from staffing.models import Person
from staffing.people.owning import writes_facts


@transaction.atomic
def set_retirement_group(
    *, person: Person, retirement_group: RetirementGroup | None, reason: str, today: date, actor: User | None
) -> Person:
    """Another group of a woman, None for what her position says. It moves no money.

    ValidationError for a man, who has no choice, for whoever is another township's, and where nothing is different.
    """
    demand(actor, Permission.CORRECT_PERSON)
    if not reason.strip():
        raise ValidationError("更正退休年龄类别须写明原因。")
    (person,) = lock_people(person.pk)
    group = retirement_group.value if retirement_group else ""
    if person.sex != Sex.FEMALE or (group and group not in RECORDED_GROUPS):
        raise ValidationError("退休年龄类别只分女干部和女工人,身份证号上的性别是女的才登记。")
    if not writes_facts(actor, person, today):
        raise ValidationError("这个人现在由别的镇乡(街道)登记,请由那里的经办人员或县局更正。")
    if group == person.retirement_group:
        raise ValidationError("与已登记的相同,没有要更正的内容。")
    before, person.retirement_group = {"retirement_group": person.retirement_group}, group
    person.save(update_fields=["retirement_group"])
    audit.record(
        actor=actor,
        event=StaffingEvent.SET_RETIREMENT_GROUP,
        subject=person,
        before=before,
        after={"retirement_group": group},
        reason=reason,
    )
    return person
