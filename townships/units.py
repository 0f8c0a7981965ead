"""Opening a unit 村(社区) from its first day on, and giving it another name from a day on."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.permissions import Permission, demand
from townships.enums import UnitKind
from townships.events import TownshipEvent
from townships.models import County, GrassrootsUnit, Township, UnitName

_DAY = timedelta(days=1)


@transaction.atomic
def open_unit(
    *, township: Township, code: str, name: str, kind: UnitKind, opened_on: date, reason: str, actor: User | None
) -> GrassrootsUnit:
    """The unit exists from `opened_on` on, that day included; `reason` names the document.

    ValidationError where the code is another place's, or a unit of the township has the name on that day or later.
    """
    demand(actor, Permission.KEEP_UNITS)
    if not reason.strip():
        raise ValidationError("设立村(社区)须写明依据文件或原因。")
    lock_places(township)
    holder = (
        GrassrootsUnit.objects.filter(code=code).first()
        or Township.objects.filter(code=code).first()
        or County.objects.filter(code=code).first()
    )
    if holder is not None:
        raise ValidationError(f"区划代码 {code} 已是{holder.name}的,请核对代码。")
    demand_free_name(name, township, opened_on)
    unit = GrassrootsUnit.objects.create(township=township, code=code, name=name, kind=kind.value, opened_on=opened_on)
    after = {"township": township.name, "code": code, "name": name, "kind": kind.value, "opened_on": opened_on}
    audit.record(actor=actor, event=TownshipEvent.OPEN_UNIT, subject=unit, after=after, reason=reason)
    return unit


@transaction.atomic
def rename_unit(
    *, unit: GrassrootsUnit, name: str, first_day: date, reason: str, actor: User | None
) -> GrassrootsUnit:
    """The unit is called `name` from `first_day` on: a line takes the name of its month's last day.

    The day of the last renaming corrects the name given then. ValidationError for a day before that or in the future,
    one on which the unit is not there, and a name that another unit of the township has on that day or later.
    """
    demand(actor, Permission.KEEP_UNITS)
    if not reason.strip():
        raise ValidationError("村(社区)改名须写明依据文件或原因。")
    lock_places(unit.township)
    unit = GrassrootsUnit.objects.select_for_update().get(pk=unit.pk)
    if name == unit.name:
        raise ValidationError(f"现在的名称就是{name}。")
    demand_new_name_from(unit, first_day)
    demand_free_name(name, unit.township, first_day, but=unit)
    before = {"name": unit.name}
    if (earlier := earlier_name(unit, first_day)) is not None:
        earlier.save()
    unit.name = name
    unit.save(update_fields=["name"])
    after = {"name": name, "first_day": first_day}
    audit.record(actor=actor, event=TownshipEvent.RENAME_UNIT, subject=unit, before=before, after=after, reason=reason)
    return unit


def demand_new_name_from(unit: GrassrootsUnit, first_day: date) -> None:
    """ValidationError for a future day, one on which the unit is not there, and one before the last renaming."""
    if first_day > timezone.localdate():
        raise ValidationError(f"{first_day} 还没有到,改名请到那一天再登记。")
    if not unit.exists_on(first_day):
        raise ValidationError(f"{unit.name}在 {first_day} 不存在(未设立或已撤销),不能从这一天改名。")
    renamed = unit.earlier_names.last()
    if renamed is not None and first_day <= renamed.last_day:
        raise ValidationError(f"{renamed.last_day + _DAY} 起已改过名,新的名称不能从更早的一天起。")


def earlier_name(unit: GrassrootsUnit, first_day: date) -> UnitName | None:
    """The name of now as one borne up to the day before; None where it was itself given from that day on, and is
    corrected, or where the unit begins on that day."""
    last_day = first_day - _DAY
    if unit.opened_on == first_day or unit.earlier_names.filter(last_day=last_day).exists():
        return None
    return UnitName(unit=unit, name=unit.name, last_day=last_day)


def lock_places(township: Township) -> None:
    """Whoever opens or renames another unit, or imports divisions, waits: codes and names are looked for and taken in
    one step."""
    County.objects.select_for_update().get(pk=township.county_id)


def demand_free_name(name: str, township: Township, day: date, *, but: GrassrootsUnit | None = None) -> None:
    """ValidationError where a unit of the township has the name on the day or later."""
    still_there = Q(closed_on__isnull=True) | Q(closed_on__gte=day)
    others = GrassrootsUnit.objects.all() if but is None else GrassrootsUnit.objects.exclude(pk=but.pk)
    if others.filter(still_there, township=township, name=name).exists():
        raise ValidationError(f"{township}在 {day} 或以后已有{name},请核对名称。")
