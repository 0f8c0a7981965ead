"""Closing a unit 村(社区): its place is gone after the last day, and whoever is on post there is settled; and opening
again what was closed by mistake."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.permissions import Permission, demand
from staffing.enums import Settlement
from staffing.events import StaffingEvent
from staffing.units.settling import settle
from townships.models import GrassrootsUnit
from townships.units import demand_free_name, lock_places


@transaction.atomic
def close_unit(
    *,
    unit: GrassrootsUnit,
    last_day: date,
    reason: str,
    settled: Mapping[int, Settlement],
    actor: User | None,
) -> GrassrootsUnit:
    """The unit exists up to `last_day`, that day included; another day corrects one that was given before.

    `reason` names the document. `settled` says by posting what becomes of those that go on at the unit after that day,
    as the actor knows them: ValidationError names whoever is missing; also for a day before the unit was opened, and
    for one that another unit follows.
    """
    demand(actor, Permission.KEEP_UNITS)
    if not reason.strip():
        raise ValidationError("撤销村(社区)须写明依据文件或原因。")
    unit = GrassrootsUnit.objects.select_for_update().get(pk=unit.pk)
    if last_day == unit.closed_on:
        raise ValidationError(f"{unit.name}已登记为 {last_day} 撤销。")
    followed = unit.followed_by.live().select_related("later").first()
    if followed is not None:
        raise ValidationError(
            f"{followed.first_day} 起由{followed.later.name}接续,撤销日期不能单独改;登记有误的,请先恢复。"
        )
    before = end_unit(unit, last_day)
    became = settle(unit, last_day, settled, words=f"{unit.name}撤销,{reason}", actor=actor)
    audit.record(
        actor=actor,
        event=StaffingEvent.CLOSE_UNIT,
        subject=unit,
        before={"closed_on": before},
        after={"closed_on": last_day, **became},
        reason=reason,
    )
    return unit


def end_unit(unit: GrassrootsUnit, last_day: date) -> date | None:
    """Give a locked unit its last day, and return the one that it had; ValidationError before it was opened."""
    if unit.opened_on is not None and last_day < unit.opened_on:
        raise ValidationError(f"{unit.name}在 {unit.opened_on} 才设立,撤销日期不能更早。")
    before, unit.closed_on = unit.closed_on, last_day
    unit.save(update_fields=["closed_on"])
    return before


@transaction.atomic
def reopen_unit(*, unit: GrassrootsUnit, reason: str, actor: User | None) -> GrassrootsUnit:
    """The unit was closed by mistake, and goes on; that others follow it is taken back. Whoever left or went on
    elsewhere stays so: their postings are put right one by one.

    ValidationError where it is not closed, and where another unit has its name by now.
    """
    demand(actor, Permission.KEEP_UNITS)
    if not reason.strip():
        raise ValidationError("恢复村(社区)须写明原因。")
    lock_places(unit.township)
    unit = GrassrootsUnit.objects.select_for_update().get(pk=unit.pk)
    if unit.closed_on is None:
        raise ValidationError(f"{unit.name}没有登记撤销。")
    demand_free_name(unit.name, unit.township, unit.closed_on, but=unit)
    before, unit.closed_on = unit.closed_on, None
    unit.save(update_fields=["closed_on"])
    unit.followed_by.live().update(withdrawn_at=timezone.now(), withdrawn_reason=reason)
    audit.record(
        actor=actor,
        event=StaffingEvent.REOPEN_UNIT,
        subject=unit,
        before={"closed_on": before},
        after={"closed_on": None},
        reason=reason,
    )
    return unit
