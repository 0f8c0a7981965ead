"""Storing a county's divisions."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.models import User
from foundation.excel.problems import Problem
from townships.entries import Divisions, ImportRefusedError, Outcome, TownshipEntry, UnitEntry
from townships.events import TownshipEvent
from townships.models import FIRST_STATUS_FROM, County, GrassrootsUnit, Township, TownshipStatus, UnitName
from townships.units import demand_new_name_from, earlier_name


@transaction.atomic
def store_divisions(
    *, divisions: Divisions, actor: User | None, approved: bool, effective_from: date | None, sha256: str
) -> Outcome:
    """Add and change what differs from `divisions`; what they do not name stays as it is.

    With `effective_from` what is new exists from that day on, and a different status of a township is one from that
    day on. Without it new ones exist from the beginning, and a status is corrected in place, but only while no run is
    approved, which `approved` says. ImportRefusedError with every reason, also for what has no date to be given.
    """
    outcome = Outcome()
    county = _county(divisions, outcome)
    if county is None:
        raise ImportRefusedError(outcome.problems)
    townships = _store_townships(
        county, divisions.townships, outcome, approved=approved, effective_from=effective_from
    )
    _store_units(townships, divisions.units, outcome, approved=approved, effective_from=effective_from)
    if outcome.problems:
        raise ImportRefusedError(outcome.problems)
    if outcome.new or outcome.changed:
        audit.record(
            actor=actor,
            event=TownshipEvent.IMPORT_DIVISIONS,
            subject=county,
            after={"sha256": sha256, "new": outcome.new, "changed": outcome.changed, "same": outcome.same},
        )
    return outcome


def _county(divisions: Divisions, outcome: Outcome) -> County | None:
    county = County.objects.select_for_update().first()
    if county is None:
        outcome.new += 1
        return County.objects.create(code=divisions.county.code, name=divisions.county.name)
    if county.code != divisions.county.code:
        outcome.problems.append(
            Problem(
                None,
                "code",
                f"文件是 {divisions.county.name}({divisions.county.code})的,本系统属于 {county.name}({county.code})",
                "一套系统只管一个县,请换成本县的文件",
            )
        )
        return None
    if county.name != divisions.county.name:
        county.name = divisions.county.name
        county.save(update_fields=["name"])
        outcome.changed += 1
    else:
        outcome.same += 1
    return county


def _store_townships(
    county: County,
    entries: Sequence[TownshipEntry],
    outcome: Outcome,
    *,
    approved: bool,
    effective_from: date | None,
) -> dict[str, Township]:
    townships = {township.code: township for township in Township.objects.filter(county=county)}
    newest = {
        status.township_id: status
        for status in TownshipStatus.objects.filter(township__county=county).order_by("effective_from")
    }
    added = [
        Township(county=county, code=entry.code, name=entry.name) for entry in entries if entry.code not in townships
    ]
    Township.objects.bulk_create(added)
    outcome.new += len(added)
    townships |= {township.code: township for township in added}
    statuses: list[TownshipStatus] = []
    corrected: list[TownshipStatus] = []
    renamed: list[Township] = []
    for entry in entries:
        township = townships[entry.code]
        status = newest.get(township.pk)
        wanted = TownshipStatus(
            township=township,
            effective_from=effective_from or FIRST_STATUS_FROM,
            code=entry.code,
            name=entry.name,
            kind=entry.kind.value,
            is_central_town=_central(entry, status),
        )
        if status is None:
            statuses.append(wanted)
            continue
        if (status.name, status.kind, status.is_central_town) == (wanted.name, wanted.kind, wanted.is_central_town):
            outcome.same += 1
            continue
        if status.effective_from == effective_from or (approved and effective_from is None):
            status.name, status.kind, status.is_central_town = wanted.name, wanted.kind, wanted.is_central_town
            corrected.append(status)
        elif effective_from is None or effective_from < status.effective_from:
            outcome.problems.append(_needs_a_date(entry, status, effective_from))
            continue
        else:
            statuses.append(wanted)
        outcome.changed += 1
        if township.name != entry.name:
            township.name = entry.name
            renamed.append(township)
    TownshipStatus.objects.bulk_create(statuses)
    TownshipStatus.objects.bulk_update(corrected, ["name", "kind", "is_central_town"])
    Township.objects.bulk_update(renamed, ["name"])
    outcome.notes += _left_alone("镇乡(街道)", set(townships) - {entry.code for entry in entries})
    return townships


def _central(entry: TownshipEntry, status: TownshipStatus | None) -> bool:
    if entry.is_central_town is not None:
        return entry.is_central_town
    return status is not None and status.is_central_town and entry.kind is entry.kind.TOWN


def _needs_a_date(entry: TownshipEntry, status: TownshipStatus, given: date | None) -> Problem:
    why = "而已有月份审批" if given is None else f"不能从更早的 {given} 执行"
    return Problem(
        entry.row,
        "kind",
        f"{entry.name}({entry.code})与系统中 {status.effective_from} 起的名称、类别或中心镇不同,{why}",
        "请加 --effective-from 日期(不早于该日),从这一天起按新的区划状态",
    )


def _store_units(
    townships: dict[str, Township],
    entries: Sequence[UnitEntry],
    outcome: Outcome,
    *,
    approved: bool,
    effective_from: date | None,
) -> None:
    stored = {unit.code: unit for unit in GrassrootsUnit.objects.filter(township__in=townships.values())}
    added: list[GrassrootsUnit] = []
    changed: list[GrassrootsUnit] = []
    earlier_names: list[UnitName] = []
    for entry in entries:
        township = townships[entry.township_code]
        unit = stored.get(entry.code)
        if unit is None:
            added.append(
                GrassrootsUnit(
                    township=township,
                    code=entry.code,
                    name=entry.name,
                    kind=entry.kind.value,
                    opened_on=effective_from,
                )
            )
            continue
        if unit.township_id != township.pk:
            problem = f"{unit.name}({unit.code})在系统中属于另一个镇乡(街道)"
            outcome.problems.append(
                Problem(entry.row, "parent_code", problem, "划入别的镇乡(街道)的,请撤销旧村(社区),以新代码设立")
            )
        elif unit.kind != entry.kind.value and (effective_from is not None or not approved):
            why = "而已有月份审批" if effective_from is None else f"类别不能从 {effective_from} 起改"
            problem = f"{unit.name}({unit.code})的类别与系统中不同,{why}"
            outcome.problems.append(
                Problem(
                    entry.row,
                    "kind",
                    problem,
                    "村改居等变动,请以新代码设立,旧的由它接续(--follow),或在它的页面办理“村改居等改设”",
                )
            )
        elif (unit.name, unit.kind) == (entry.name, entry.kind.value):
            outcome.same += 1
        elif unit.name != entry.name and (refusal := _not_renamed(unit, entry, approved, effective_from)):
            outcome.problems.append(refusal)
        else:
            if effective_from is not None and (earlier := earlier_name(unit, effective_from)) is not None:
                earlier_names.append(earlier)
            unit.name, unit.kind = entry.name, entry.kind.value
            changed.append(unit)
    GrassrootsUnit.objects.bulk_create(added)
    GrassrootsUnit.objects.bulk_update(changed, ["name", "kind"])
    UnitName.objects.bulk_create(earlier_names)
    outcome.new += len(added)
    outcome.changed += len(changed)
    if effective_from is not None:
        outcome.notes += _dated(effective_from, added, changed)
    outcome.notes += _left_alone("村(社区)", set(stored) - {entry.code for entry in entries})


def _not_renamed(
    unit: GrassrootsUnit, entry: UnitEntry, approved: bool, effective_from: date | None
) -> Problem | None:
    """Why the unit cannot be called otherwise from that day on; before any run is approved it needs no day."""
    what = f"{unit.name}({unit.code})在文件中是“{entry.name}”"
    if effective_from is None:
        return None if approved else Problem(entry.row, "name", f"{what},而已有月份审批", "请加 --effective-from 日期")
    try:
        demand_new_name_from(unit, effective_from)
    except ValidationError as error:
        return Problem(entry.row, "name", what, error.messages[0])
    return None


def _dated(day: date, added: Sequence[GrassrootsUnit], renamed: Sequence[GrassrootsUnit]) -> list[str]:
    """What the day that was given did to units."""
    notes = [f"新增的 {len(added)} 个村(社区)登记为 {day} 设立。"] if added else []
    return notes + ([f"{len(renamed)} 个村(社区)从 {day} 起用新的名称。"] if renamed else [])


def _left_alone(noun: str, codes: set[str]) -> list[str]:
    return [f"系统中有 {len(codes)} 个{noun}不在文件中,保持不变。"] if codes else []
