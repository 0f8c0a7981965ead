"""Closing a unit 村(社区): its place is gone after the last day, whoever is still posted there."""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Permission, demand
from staffing.events import StaffingEvent
from staffing.models import Posting
from staffing.staying import demand_named
from townships.models import GrassrootsUnit


def going_on_at(unit: GrassrootsUnit, day: date) -> list[Posting]:
    """Who is on post at the unit on some day after this one."""
    return list(Posting.objects.filter(unit=unit).going_on_after(day).select_related("person").order_by("pk"))


@transaction.atomic
def close_unit(
    *, unit: GrassrootsUnit, last_day: date, reason: str, still_on_post: Collection[int], actor: User | None
) -> GrassrootsUnit:
    """The unit exists up to `last_day`, that day included; another day corrects one that was given before.

    `reason` names the document. `still_on_post` are the postings at the unit that go on after that day, as the actor
    knows them: ValidationError names whoever is missing among them; also for a day before the unit was opened.
    """
    demand(actor, Permission.KEEP_UNITS)
    if not reason.strip():
        raise ValidationError("撤销村(社区)须写明依据文件或原因。")
    unit = GrassrootsUnit.objects.select_for_update().get(pk=unit.pk)
    if unit.opened_on is not None and last_day < unit.opened_on:
        raise ValidationError(f"{unit.name}在 {unit.opened_on} 才设立,撤销日期不能更早。")
    if last_day == unit.closed_on:
        raise ValidationError(f"{unit.name}已登记为 {last_day} 撤销。")
    staying = going_on_at(unit, last_day)
    demand_named(staying, still_on_post, effect=f"{unit.name}撤销以后不再计发补助,{last_day} 以后还有人在岗")
    before, unit.closed_on = unit.closed_on, last_day
    unit.save(update_fields=["closed_on"])
    audit.record(
        actor=actor,
        event=StaffingEvent.CLOSE_UNIT,
        subject=unit,
        before={"closed_on": before},
        after={"closed_on": last_day, "still_on_post": [posting.pk for posting in staying]},
        reason=reason,
    )
    return unit
