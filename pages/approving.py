"""Approving what was entered: counts, statuses, grants and their ends by the bureau; the policy by finance too."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import models, transaction

from accounts.audit import record
from accounts.models import User
from accounts.permissions import Permission, demand
from pages.approvals import OWN, Row, fingerprint_of, refusal_of_version, side_of
from staffing.events import StaffingEvent
from staffing.models import EstablishmentGrant, GrantEnding
from subsidies.enums import EntryKind
from subsidies.events import SubsidyEvent
from subsidies.models import MinimumWage, RetirementAge, SubsidyStandard
from subsidies.policy.in_force import PolicyRow
from subsidies.policy.words import words_of
from subsidies.refusals import ReasonMissing, RunChanged, RunRefused
from townships.events import TownshipEvent
from townships.models import County, HouseholdCount, TownshipStatusEntry
from townships.statuses import approve_status, facts_of

_MODELS: Mapping[EntryKind, type[models.Model]] = {
    EntryKind.HOUSEHOLD_COUNT: HouseholdCount,
    EntryKind.TOWNSHIP_STATUS: TownshipStatusEntry,
    EntryKind.GRANT: EstablishmentGrant,
    EntryKind.GRANT_ENDING: GrantEnding,
    EntryKind.MINIMUM_WAGE: MinimumWage,
    EntryKind.STANDARD: SubsidyStandard,
    EntryKind.RETIREMENT_AGE: RetirementAge,
}
_POLICY = (EntryKind.MINIMUM_WAGE, EntryKind.STANDARD, EntryKind.RETIREMENT_AGE)


class Seen(NamedTuple):
    """An entry as somebody saw it: its kind, its id, the fingerprint of what it said."""

    kind: EntryKind
    pk: int
    fingerprint: str

    @classmethod
    def parse(cls, key: str) -> "Seen":
        """From the key of a form; ValueError for anything else."""
        kind, pk, fingerprint = key.split(":")
        return cls(EntryKind(kind), int(pk), fingerprint)


@transaction.atomic
def approve_entries(*, seen: Iterable[Seen], actor: User, now: datetime) -> int:
    """Approve all of them or none; how many. A version of the policy counts once both sides have approved it.

    Raises PermissionDenied, RunChanged for what is no longer as it was seen, RunRefused for one's own entries.
    """
    rows = _locked(seen, actor)
    counts = [row for row in rows if isinstance(row, HouseholdCount)]
    for count in counts:
        count.approved_by, count.approved_at = actor, now
    HouseholdCount.objects.bulk_update(counts, ["approved_by", "approved_at"])
    if counts:
        after = {"counts": [_figures(count) for count in counts]}
        record(actor=actor, event=TownshipEvent.APPROVE_COUNTS, subject=County.objects.first(), after=after)
    for row in rows:
        if isinstance(row, EstablishmentGrant):
            row.approved_by, row.approved_at = actor, now
            row.save(update_fields=["approved_by", "approved_at"])
            record(actor=actor, event=StaffingEvent.APPROVE_GRANT, subject=row, after=_figures(row))
        elif isinstance(row, GrantEnding):
            _end_grant(row, actor, now)
        elif isinstance(row, TownshipStatusEntry):
            _approve_status(row, actor, now)
        elif not isinstance(row, HouseholdCount):
            _approve_version(row, actor, now)
    return len(rows)


@transaction.atomic
def reject_entries(*, seen: Iterable[Seen], actor: User, reason: str) -> int:
    """Remove all of them or none, since they never counted; the record keeps what they said. How many.

    Raises as `approve_entries` does, and ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing("退回须写明原因。")
    rows = _locked(seen, actor)
    _demand_no_correction(rows)
    said = [{"entry": str(row), "figures": _figures(row)} for row in rows]
    record(actor=actor, event=SubsidyEvent.REJECT_ENTRIES, after={"rejected": said}, reason=reason.strip())
    for row in reversed(rows):  # a correction before what it replaces
        row.delete()
    return len(rows)


def _demand_no_correction(rows: Sequence[Row]) -> None:
    """Raises RunRefused where one of the rows is replaced by a version that is not among them."""
    going = {(type(row), row.pk) for row in rows}
    for row in rows:
        correction = _correction_of(row)
        if correction is None or (type(row), correction.pk) in going:
            continue
        advice = (
            f"请同时勾选“{correction}”,或先退回它"
            if correction.approved_at is None
            else f"“{correction}”已经审核通过,这一条只能审核通过,不能退回"
        )
        raise RunRefused(f"{row}:另有一条替换它的更正。{advice}。一条也没有办理。")


def _correction_of(row: Row) -> PolicyRow | None:
    if isinstance(row, MinimumWage):
        return MinimumWage.objects.filter(replaces=row).first()
    if isinstance(row, RetirementAge):
        return RetirementAge.objects.filter(replaces=row).first()
    return SubsidyStandard.objects.filter(replaces=row).first() if isinstance(row, SubsidyStandard) else None


def _approve_status(entry: TownshipStatusEntry, actor: User, now: datetime) -> None:
    try:
        approve_status(entry, actor=actor, now=now)
    except ValidationError as error:
        raise RunRefused(f"{entry}:{error.messages[0]}请退回。一条也没有办理。") from error


def _end_grant(ending: GrantEnding, actor: User, now: datetime) -> None:
    grant = EstablishmentGrant.objects.select_for_update().get(pk=ending.grant_id)
    before, grant.ended_on = grant.ended_on, ending.last_day
    grant.save(update_fields=["ended_on"])
    ending.approved_by, ending.approved_at = actor, now
    ending.save(update_fields=["approved_by", "approved_at"])
    after = {**_figures(ending), "ended_on": grant.ended_on}
    record(
        actor=actor, event=StaffingEvent.APPROVE_GRANT_ENDING, subject=grant, before={"ended_on": before}, after=after
    )


def _approve_version(version: PolicyRow, actor: User, now: datetime) -> None:
    setattr(version, side_of(actor), actor)
    if version.approved_by_id is not None and version.finance_approved_by_id is not None:
        version.approved_at = now
    version.save(update_fields=[side_of(actor), "approved_at"])
    after = {**_figures(version), "counts": version.approved_at is not None}
    event = SubsidyEvent.APPROVE_STANDARD
    if isinstance(version, MinimumWage):
        event = SubsidyEvent.APPROVE_MINIMUM_WAGE
    elif isinstance(version, RetirementAge):
        event = SubsidyEvent.APPROVE_RETIREMENT_AGE
    record(actor=actor, event=event, subject=version, after=after)


def _locked(seen: Iterable[Seen], actor: User) -> list[Row]:
    """The rows, locked in one order, if they wait, are as they were seen, and the actor may decide on them."""
    wanted: dict[EntryKind, dict[int, str]] = defaultdict(dict)
    for entry in seen:
        wanted[entry.kind][entry.pk] = entry.fingerprint
    found: list[Row] = []
    for kind in EntryKind:
        if kind not in wanted:
            continue
        demand(actor, Permission.APPROVE_POLICY if kind in _POLICY else Permission.APPROVE_ENTRIES)
        rows: Sequence[Row] = (
            _MODELS[kind]
            ._default_manager.select_for_update()
            .filter(  # type: ignore[assignment]
                pk__in=wanted[kind], approved_at=None
            )
            .order_by("pk")
        )
        as_seen = {row.pk for row in rows if fingerprint_of(row) == wanted[kind][row.pk]}
        if as_seen != wanted[kind].keys():
            raise RunChanged("所选的有的已被别人办理或改动过,一条也没有办理。请看下面最新的内容,重新勾选。")
        for row in rows:
            refusal = _refusal(row, actor)
            if refusal:
                raise RunRefused(f"{row}:{refusal}。一条也没有办理。")
        found += rows
    return found


def _refusal(row: Row, actor: User) -> str:
    if isinstance(row, MinimumWage | RetirementAge | SubsidyStandard):
        return refusal_of_version(actor, row)
    return OWN if row.entered_by_id == actor.pk else ""


def _figures(row: Row) -> dict[str, object]:
    """What an entry says, for the record."""
    if isinstance(row, HouseholdCount):
        of_count = ("households", "residents", "counted_on", "effective_from")
        return {"unit": row.unit_id, **{name: getattr(row, name) for name in of_count}}
    if isinstance(row, TownshipStatusEntry):
        return {"township": row.township_id, **facts_of(row)}
    if isinstance(row, EstablishmentGrant):
        of_grant = ("extra", "effective_from", "ended_on", "document")
        return {"township": row.township_id, **{name: getattr(row, name) for name in of_grant}}
    if isinstance(row, GrantEnding):
        of_ending = ("last_day", "document", "reason")
        return {"grant": row.grant_id, **{name: getattr(row, name) for name in of_ending}}
    return {"effective_from": row.effective_from, **words_of(row)}
