"""What a township is from a day on 区划状态: entered by an officer, in force once somebody else approved it (一.1)."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Permission, demand
from townships.enums import TownshipKind
from townships.events import TownshipEvent
from townships.models import Township, TownshipStatus, TownshipStatusEntry


@transaction.atomic
def enter_status(
    *,
    township: Township,
    effective_from: date,
    name: str,
    kind: TownshipKind,
    is_central_town: bool,
    document: str,
    actor: User | None,
) -> TownshipStatusEntry:
    """Another name, kind or 中心镇 of a township from a day on; it waits for approval.

    The day of the newest status corrects that one. ValidationError for an earlier day, for what the township is
    already, a name that another one has, a central town that is no town, and where one is waiting already.
    """
    demand(actor, Permission.KEEP_UNITS)
    # Two officers at a time: the second finds the entry of the first.
    township = Township.objects.select_for_update().get(pk=township.pk)
    entry = TownshipStatusEntry(
        township=township,
        effective_from=effective_from,
        name=name,
        kind=kind.value,
        is_central_town=is_central_town,
        document=document.strip(),
        entered_by=actor,
    )
    entry.full_clean(exclude=["entered_by", "approved_by"])
    _demand_new(entry)
    entry.save()
    audit.record(
        actor=actor,
        event=TownshipEvent.ENTER_STATUS,
        subject=township,
        after=facts_of(entry),
        reason=entry.document,
    )
    return entry


def approve_status(entry: TownshipStatusEntry, *, actor: User | None, now: datetime) -> TownshipStatus:
    """The status is in force from its day on; ValidationError where a later one was registered meanwhile."""
    township = Township.objects.select_for_update().get(pk=entry.township_id)
    _demand_new(entry)
    status = TownshipStatus.objects.filter(township=township, effective_from=entry.effective_from).first()
    before = None if status is None else {"name": status.name, "kind": status.kind, "central": status.is_central_town}
    status = status or TownshipStatus(township=township, effective_from=entry.effective_from, code=township.code)
    status.name, status.kind, status.is_central_town = entry.name, entry.kind, entry.is_central_town
    status.document, status.entry = None, entry
    status.save()
    township.name = entry.name
    township.save(update_fields=["name"])
    entry.approved_by, entry.approved_at = actor, now
    entry.save(update_fields=["approved_by", "approved_at"])
    audit.record(
        actor=actor, event=TownshipEvent.APPROVE_STATUS, subject=township, before=before, after=facts_of(entry)
    )
    return status


def facts_of(entry: TownshipStatusEntry) -> dict[str, object]:
    return {
        "effective_from": entry.effective_from,
        "name": entry.name,
        "kind": entry.kind,
        "central": entry.is_central_town,
        "document": entry.document,
    }


def _demand_new(entry: TownshipStatusEntry) -> None:
    newest = entry.township.statuses.order_by("effective_from").last()
    if newest is not None:
        if entry.effective_from < newest.effective_from:
            raise ValidationError(f"{newest.effective_from} 起已有新的区划状态,执行日期不能更早。")
        said = (newest.name, newest.kind, newest.is_central_town)
        if said == (entry.name, entry.kind, entry.is_central_town):
            raise ValidationError("名称、类别和中心镇都没有变,不用登记。")
    others = Township.objects.filter(county=entry.township.county_id, name=entry.name).exclude(pk=entry.township_id)
    if others.exists():
        raise ValidationError(f"本县已有{entry.name},请核对名称。")
