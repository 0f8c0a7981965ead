"""A unit 村(社区) that others follow: merged into one that exists, or converted 村改居 into one of another kind."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Permission, demand
from staffing.enums import Settlement
from staffing.events import StaffingEvent
from staffing.units.closing import end_unit
from staffing.units.settling import settle
from townships.enums import UnitChangeKind, UnitKind
from townships.models import GrassrootsUnit, UnitChange
from townships.units import lock_places, open_unit

_DAY = timedelta(days=1)


@transaction.atomic
def merge_unit(
    *,
    unit: GrassrootsUnit,
    into: GrassrootsUnit,
    first_day: date,
    reason: str,
    settled: Mapping[int, Settlement],
    actor: User | None,
) -> UnitChange:
    """From `first_day` on the unit is part of `into`; it ends the day before.

    `settled` says by posting who leaves, goes on at `into`, or stays listed. ValidationError as in `close_unit`, for a
    unit that is closed already, and for one of another township, the unit itself, or one that is not there.
    """
    return _into(unit, into, UnitChangeKind.MERGED, first_day, reason, settled, actor)


@transaction.atomic
def follow_unit(
    *,
    unit: GrassrootsUnit,
    later: GrassrootsUnit,
    first_day: date,
    reason: str,
    settled: Mapping[int, Settlement],
    actor: User | None,
) -> UnitChange:
    """What an import of divisions says: `later` stands in the place of the unit, converted where it was opened on that
    day, otherwise merged. ValidationError as in `merge_unit`."""
    kind = UnitChangeKind.CONVERTED if later.opened_on == first_day else UnitChangeKind.MERGED
    return _into(unit, later, kind, first_day, reason, settled, actor)


def _into(
    unit: GrassrootsUnit,
    into: GrassrootsUnit,
    kind: UnitChangeKind,
    first_day: date,
    reason: str,
    settled: Mapping[int, Settlement],
    actor: User | None,
) -> UnitChange:
    demand(actor, Permission.KEEP_UNITS)
    unit = _going(unit, reason, "合并")
    into = GrassrootsUnit.objects.select_for_update().get(pk=into.pk)
    if into.pk == unit.pk:
        raise ValidationError(f"{unit.name}不能并入自己。")
    if into.township_id != unit.township_id:
        raise ValidationError(f"{into.name}不属于{unit.township.name}。")
    if into.closed_on is not None or not into.exists_on(first_day):
        raise ValidationError(f"{into.name}在 {first_day} 未设立或已登记撤销,不能并入。")
    return _follow(unit, into, kind, first_day, reason, settled, actor)


@transaction.atomic
def convert_unit(
    *,
    unit: GrassrootsUnit,
    name: str,
    code: str,
    kind: UnitKind,
    first_day: date,
    reason: str,
    settled: Mapping[int, Settlement],
    actor: User | None,
) -> UnitChange:
    """From `first_day` on a unit of another kind, under a code of its own, stands in the place of this one.

    ValidationError as in `merge_unit` and `open_unit`.
    """
    demand(actor, Permission.KEEP_UNITS)
    lock_places(unit.township)
    unit = _going(unit, reason, "改设")
    if kind.value == unit.kind:
        raise ValidationError(f"{unit.name}现在就是{kind.label};只改名称的,请办理“改名”。")
    end_unit(unit, first_day - _DAY)
    later = open_unit(
        township=unit.township, code=code, name=name, kind=kind, opened_on=first_day, reason=reason, actor=actor
    )
    return _follow(unit, later, UnitChangeKind.CONVERTED, first_day, reason, settled, actor)


def _going(unit: GrassrootsUnit, reason: str, what: str) -> GrassrootsUnit:
    """The unit as it is stored now, locked; ValidationError where it has ended."""
    if not reason.strip():
        raise ValidationError(f"村(社区){what}须写明依据文件或原因。")
    unit = GrassrootsUnit.objects.select_for_update().select_related("township").get(pk=unit.pk)
    if unit.closed_on is not None:
        raise ValidationError(f"{unit.name}已登记 {unit.closed_on} 撤销,不能再{what}。")
    return unit


def _follow(
    unit: GrassrootsUnit,
    later: GrassrootsUnit,
    kind: UnitChangeKind,
    first_day: date,
    reason: str,
    settled: Mapping[int, Settlement],
    actor: User | None,
) -> UnitChange:
    last_day = first_day - _DAY
    end_unit(unit, last_day)
    words = f"{unit.name}{kind.label}{later.name},{reason}"
    became = settle(unit, last_day, settled, into=later, words=words, actor=actor)
    change = UnitChange(earlier=unit, later=later, kind=kind.value, first_day=first_day, document=reason)
    change.full_clean()
    change.save()
    audit.record(
        actor=actor,
        event=StaffingEvent.MERGE_UNIT if kind is UnitChangeKind.MERGED else StaffingEvent.CONVERT_UNIT,
        subject=unit,
        before={"closed_on": None},
        after={"closed_on": last_day, "later": later.name, "code": later.code, **became},
        reason=reason,
    )
    return change
