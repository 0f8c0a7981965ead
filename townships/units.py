"""Opening a unit 村(社区): a new place of a township from its first day on."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.models import User
from accounts.permissions import Permission, demand
from townships.enums import UnitKind
from townships.events import TownshipEvent
from townships.models import County, GrassrootsUnit, Township


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
    # Whoever opens another one, or imports divisions, waits: a code is looked for and taken in one step.
    County.objects.select_for_update().get(pk=township.county_id)
    holder = (
        GrassrootsUnit.objects.filter(code=code).first()
        or Township.objects.filter(code=code).first()
        or County.objects.filter(code=code).first()
    )
    if holder is not None:
        raise ValidationError(f"区划代码 {code} 已是{holder.name}的,请核对代码。")
    still_there = Q(closed_on__isnull=True) | Q(closed_on__gte=opened_on)
    if GrassrootsUnit.objects.filter(still_there, township=township, name=name).exists():
        raise ValidationError(f"{township}在 {opened_on} 或以后已有{name},请核对名称。")
    unit = GrassrootsUnit.objects.create(township=township, code=code, name=name, kind=kind.value, opened_on=opened_on)
    after = {"township": township.name, "code": code, "name": name, "kind": kind.value, "opened_on": opened_on}
    audit.record(actor=actor, event=TownshipEvent.OPEN_UNIT, subject=unit, after=after, reason=reason)
    return unit
