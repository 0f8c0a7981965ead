"""Storing household counts: from a file while nothing is approved, later as entries that wait for approval."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from townships.entries import HouseholdEntry, Outcome
from townships.events import TownshipEvent
from townships.models import County, GrassrootsUnit, HouseholdCount


@transaction.atomic
def store_household_counts(
    *, entries: Sequence[HouseholdEntry], actor: User | None, approved: bool, sha256: str
) -> Outcome:
    """Add the counts of a file and correct those of the same unit and day.

    `approved` says that no run is approved yet: then the rows count as approved, and a different count is changed in
    place. Later they wait for approval, and an approved count is never changed: the correction `replaces` it.
    """
    outcome = _store(entries, actor, approved=approved)
    if outcome.new or outcome.changed:
        audit.record(
            actor=actor,
            event=TownshipEvent.IMPORT_HOUSEHOLDS if approved else TownshipEvent.IMPORT_WAITING_HOUSEHOLDS,
            subject=County.objects.first() if approved else None,
            after={"sha256": sha256, "new": outcome.new, "changed": outcome.changed, "same": outcome.same},
        )
    return outcome


@transaction.atomic
def enter_household_count(
    *,
    unit: GrassrootsUnit,
    households: int,
    residents: int | None,
    counted_on: date,
    effective_from: date,
    actor: User | None,
) -> Outcome:
    """Enter a count, which waits for approval; one of the same day that still waits is corrected."""
    entry = HouseholdEntry(0, unit.pk, households, residents, counted_on, effective_from)
    outcome = _store([entry], actor, approved=False)
    if outcome.new or outcome.changed:
        after = {
            "households": households,
            "residents": residents,
            "counted_on": counted_on,
            "effective_from": effective_from,
        }
        audit.record(actor=actor, event=TownshipEvent.ENTER_HOUSEHOLD_COUNT, subject=unit, after=after)
    return outcome


def _store(entries: Sequence[HouseholdEntry], actor: User | None, *, approved: bool) -> Outcome:
    outcome = Outcome()
    units = [entry.unit_id for entry in entries]
    newest: dict[tuple[int, date], HouseholdCount] = {}
    for count in HouseholdCount.objects.select_for_update().filter(unit__in=units).order_by("id"):
        newest[count.unit_id, count.effective_from] = count
    approved_at = timezone.now() if approved else None
    added: list[HouseholdCount] = []
    changed: list[HouseholdCount] = []
    for entry in entries:
        stored = newest.get((entry.unit_id, entry.effective_from))
        wanted = HouseholdCount(
            unit_id=entry.unit_id,
            households=entry.households,
            residents=entry.residents,
            counted_on=entry.counted_on,
            effective_from=entry.effective_from,
            entered_by=actor,
            approved_by=actor if approved else None,
            approved_at=approved_at,
        )
        if stored is None:
            added.append(wanted)
            outcome.new += 1
            continue
        if wanted.residents is None:
            wanted.residents = stored.residents
        waits = stored.approved_at is None
        if _figures(stored) == _figures(wanted) and not (waits and approved):
            outcome.same += 1
            continue
        outcome.changed += 1
        if approved or waits:
            stored.households, stored.residents, stored.counted_on = _figures(wanted)
            if waits:
                stored.entered_by = actor
                stored.approved_at, stored.approved_by = wanted.approved_at, wanted.approved_by
            changed.append(stored)
        else:
            wanted.replaces = stored
            added.append(wanted)
    HouseholdCount.objects.bulk_create(added)
    HouseholdCount.objects.bulk_update(
        changed, ["households", "residents", "counted_on", "entered_by", "approved_at", "approved_by"]
    )
    return outcome


def _figures(count: HouseholdCount) -> tuple[int, int | None, date]:
    return count.households, count.residents, count.counted_on
