"""Everything a calculation looks at, read from the database in a fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Q, QuerySet

from foundation.money import from_fen
from foundation.remembered import Remembered
from staffing.enums import (
    SUBSIDISED,
    ComputerLevel,
    ContractKind,
    Education,
    Position,
    PostingSource,
    RetirementGroup,
    Sex,
    SuspensionKind,
)
from staffing.models import Person, Posting
from subsidies.posts.fact_rows import (
    Belonging,
    UnitRow,
    belonging_rows,
    posting_rows,
    presence_rows,
    township_rows,
    unit_rows,
)
from subsidies.rules.checks import ContractRecord, PostingRecord, WageRecord
from subsidies.rules.facts import (
    CostFact,
    CountFact,
    CountyFacts,
    PostingFact,
    Presence,
    SuspensionFact,
    TownshipFact,
    UnitFact,
)
from subsidies.rules.held import ComputerRecord, EducationRecord, WorkingTimeRecord
from subsidies.rules.quotas import DatedClass, Grant
from subsidies.rules.retirement import Retiree, retiree_of
from subsidies.rules.shortages import with_earlier_posts
from townships.enums import TownshipKind, UnitKind, class_of
from townships.models import GrassrootsUnit

# So many postings are named in a statement; of more it asks the same question again.
_FEW = 200


def county_facts(
    *,
    since: date,
    until: date,
    also: Q | None = None,
    positions: Iterable[Position] = SUBSIDISED,
    deciding_for: Q | None = None,
    townships: Collection[int] | None = None,
) -> CountyFacts:
    """The facts for the months between two days: all postings in service on some day of them, and those that
    are `also` to be read.

    Competition is over the whole county, so nothing is left out by township or by the state of reports. It is for
    the subsidised positions only: platform staff come along where `positions` names them. `deciding_for`: only these
    postings and those that decide on their places and findings. `townships`: only units and postings of these, from
    which nothing can be calculated.
    """
    of_positions = Posting.objects.filter(position__in=[position.value for position in positions])
    if townships is not None:
        of_positions = of_positions.filter(township__in=townships)
    merged, is_in_service = _merged_people(), _is_in_service(since, until)
    if deciding_for is not None:
        of_positions = of_positions.filter(deciding_for | _rivals_of(deciding_for, is_in_service, merged))
    postings = _postings(of_positions, is_in_service, also, merged)
    return CountyFacts(_townships(until), _units(until, townships), postings, merged)


def _rivals_of(postings: Q, is_in_service: Q, merged: Mapping[int, int]) -> Q:
    """The subsidised postings of their people, and of whoever competes for a place of one of these people.

    A person fills the first of several posts whether it holds a place or not (domain rule 2): rivals of rivals decide
    on nothing. Merged records are few, and all come along.
    """
    subsidised = Q(position__in=[position.value for position in SUBSIDISED])
    known = Posting.objects.filter(is_in_service, subsidised)
    of_merged = Q(person__in={*merged, *merged.values()})
    held = known.filter(Q(person__in=known.filter(postings).values("person")) | of_merged)
    at_units = Q(unit__in=held.filter(unit__isnull=False).values("unit"))
    at_townships = Q(unit__isnull=True, township__in=held.filter(unit__isnull=True).values("township"))
    rivals = known.filter(at_units | at_townships)
    return subsidised & (Q(person__in=rivals.values("person")) | of_merged)


def platform_staff(since: date, until: date, merged: Mapping[int, int]) -> tuple[PostingFact, ...]:
    """The platform staff in service on some day between the two; `merged` as facts have it."""
    staff = Posting.objects.filter(position=Position.PLATFORM_STAFF.value)
    return _postings(staff, _is_in_service(since, until), None, merged)


def presences(
    townships: Collection[int], units: Collection[int], *, until: date, facts: CountyFacts
) -> list[Presence]:
    """The platform staff and assistants of the townships and the coordinators of the units, now and earlier.

    Whatever subsidised posts these people have elsewhere come along: a person fills the first one only. One statement
    beside what `facts` tells of units and of merged records.
    """
    merged = facts.merged
    known = Posting.objects.filter(withdrawn_at__isnull=True, started_on__lte=until)
    of_township = Q(township__in=townships, position__in=(Position.PLATFORM_STAFF.value, Position.ASSISTANT.value))
    here = of_township | Q(unit__in=units)
    people = Q(person__in=known.filter(here).values("person")) | Q(person__in={*merged, *merged.values()})
    elsewhere = people & Q(position__in=[position.value for position in SUBSIDISED])
    found: dict[int, Presence] = {}
    for row in presence_rows(known.filter(here | elsewhere)):
        presence = found.get(row.pk) or Presence(
            person=merged.get(row.person, row.person),
            position=Position(row.position),
            township=row.township,
            unit=row.unit,
            working_times=(),
            started_on=row.started_on,
            ended_on=row.ended_on,
            suspensions=(),
        )
        if row.suspension is not None and row.suspended_from is not None:
            kind = SuspensionKind(row.suspension)
            suspension = SuspensionFact(kind, row.suspended_from, row.suspended_until)
            if suspension not in presence.suspensions:
                presence = replace(presence, suspensions=(*presence.suspensions, suspension))
        if row.is_full_time is not None:
            working_time = WorkingTimeRecord(row.is_full_time, row.working_since)
            if working_time not in presence.working_times:
                presence = replace(presence, working_times=(*presence.working_times, working_time))
        found[row.pk] = presence
    return with_earlier_posts(found.values(), facts.unit_by_id)


def _townships(until: date) -> tuple[TownshipFact, ...]:
    """By code, called as on the last day; in one statement."""
    named: dict[int, tuple[str, str]] = {}
    classes: dict[int, dict[date, DatedClass]] = defaultdict(dict)
    grants: dict[int, dict[int, Grant]] = defaultdict(dict)
    for row in township_rows():
        named.setdefault(row.pk, (row.code, row.name))
        if row.status_from is not None:
            if row.status_from <= until:
                named[row.pk] = row.code, row.named
            township_class = class_of(TownshipKind(row.kind), is_central_town=row.is_central_town)
            classes[row.pk][row.status_from] = DatedClass(row.status_from, township_class)
        if row.grant is not None:
            grants[row.pk][row.grant] = Grant(row.extra, row.granted_from, row.granted_until)
    return tuple(
        TownshipFact(pk, code, name, tuple(classes[pk].values()), tuple(grants[pk].values()))
        for pk, (code, name) in named.items()
    )


def _units(until: date, townships: Collection[int] | None) -> tuple[UnitFact, ...]:
    """By code, with the counts in force and the number of those that wait for approval, called as on the last day."""
    of_units = Q() if townships is None else Q(township__in=townships)
    day_of, kind_of, last = _days_by_text(), Remembered(UnitKind), str(until)
    units: dict[int, UnitRow] = {}
    counts: dict[int, list[tuple[str, int, CountFact]]] = defaultdict(list)
    names: dict[int, dict[date, str]] = defaultdict(dict)
    read: set[int] = set()
    waiting: Counter[int] = Counter()
    replaced: set[int | None] = set()
    for row in unit_rows(GrassrootsUnit.objects.filter(of_units)):
        units[row.pk] = row
        if (named_until := day_of[row.named_until]) is not None:
            names[row.pk][named_until] = row.earlier_name
        # A unit with several earlier names has each count as often.
        if row.count_id is None or row.count_id in read:
            continue
        read.add(row.count_id)
        if row.approved_at is None:
            waiting[row.pk] += 1
            continue
        # A count replaces one of the same unit, so both are among these rows.
        replaced.add(row.replaces)
        if row.effective_from <= last:
            fact = CountFact(day_of[row.effective_from], row.households, day_of[row.counted_on])
            counts[row.pk].append((row.effective_from, row.count_id, fact))
    return tuple(
        UnitFact(
            id=row.pk,
            code=row.code,
            name=row.name,
            kind=kind_of[row.kind],
            opened_on=day_of[row.opened_on],
            closed_on=day_of[row.closed_on],
            township=row.township,
            counts=tuple(fact for _, count, fact in sorted(counts[row.pk]) if count not in replaced),
            waiting=waiting[row.pk],
            earlier_names=tuple(sorted(names[row.pk].items())),
        ).named_until(until)
        for row in units.values()
    )


def _is_in_service(since: date, until: date) -> Q:
    return Q(withdrawn_at__isnull=True, started_on__lte=until) & (Q(ended_on__isnull=True) | Q(ended_on__gte=since))


def _postings(
    of_positions: QuerySet[Posting], is_in_service: Q, also: Q | None, merged: Mapping[int, int]
) -> tuple[PostingFact, ...]:
    """Those of `also` that are not in service are few: what was posted and is withdrawn, or moved away since."""
    wanted = is_in_service if also is None else is_in_service | also
    rows = posting_rows(of_positions.filter(wanted), is_in_service)
    if len(rows) <= _FEW:
        of_posting = Q(posting__in=[row.pk for row in rows])
    else:
        of_posting = Q(posting__in=of_positions.filter(is_in_service).values("pk"))
        others = [row.pk for row in rows if not row.is_in_service]
        if others:
            of_posting |= Q(posting__in=others)
    suspensions, contracts, wages = _belongings(of_posting)
    # Of everything below a county has few distinct values: made once, they are quick to make and small to keep.
    position_of, source_of, day_of = Remembered(Position), Remembered(_source), _days_by_text()
    wages_of, working_times_of = Remembered(_wage_records), Remembered(_working_times)
    educations_of, skills_of, retirees = Remembered(_educations), Remembered(_computer_skills), Remembered(_retiree)
    facts = []
    for _, grouped in groupby(rows, key=attrgetter("pk")):
        held = tuple(grouped)
        row = held[0]
        costs = tuple(wages.get(row.pk, ()))
        record = PostingRecord(
            position=position_of[row.position],
            started_on=day_of[row.started_on],
            working_times=working_times_of[tuple((one.is_full_time, one.working_since) for one in held)],
            educations=educations_of[tuple((one.education, one.educated_on) for one in held)],
            computer_skills=skills_of[tuple((one.computer_level, one.skilled_on) for one in held)],
            source=source_of[row.source],
            has_round=row.recruitment_round is not None,
            contracts=tuple(contracts.get(row.pk, ())),
            wages=wages_of[costs],
            retiree=retirees[row.born_on, row.sex, row.retirement_group, row.position] if row.born_on else None,
        )
        facts.append(
            PostingFact(
                id=row.pk,
                person=merged.get(row.person, row.person),
                person_name=row.person_name,
                position=record.position,
                township=row.township,
                unit=row.unit,
                started_on=record.started_on,
                ended_on=day_of[row.ended_on],
                withdrawn=row.withdrawn_at is not None,
                suspensions=tuple(suspensions.get(row.pk, ())),
                costs=costs,
                record=record,
                national_id_masked=row.national_id_masked,
                born_on=day_of[row.born_on],
                replaces=row.replaces,
                is_replaced=row.replaced_by is not None,
            )
        )
    return tuple(facts)


def _days_by_text() -> Mapping[str | None, Any]:
    """What `as_text` gives -> the date, None for no date; of a county there are few."""
    return Remembered(_day)


def _merged_people() -> dict[int, int]:
    """Merged record of a person -> the record at the end of its chain of merges."""
    into: dict[int, int] = {}
    for pk, target in Person.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into"):
        if target is not None:
            into[pk] = target
    return {pk: _end_of_chain(pk, into) for pk in into}


def _end_of_chain(pk: int, into: dict[int, int]) -> int:
    seen = {pk}
    while pk in into and into[pk] not in seen:
        pk = into[pk]
        seen.add(pk)
    return pk


def _belongings(
    wanted: Q,
) -> tuple[Mapping[int, list[SuspensionFact]], Mapping[int, list[ContractRecord]], Mapping[int, list[CostFact]]]:
    """Posting -> its suspensions, its contracts, and what it costs the township, by first days; in one statement."""
    suspensions: dict[int, list[SuspensionFact]] = defaultdict(list)
    contracts: dict[int, list[ContractRecord]] = defaultdict(list)
    wages: dict[int, list[CostFact]] = defaultdict(list)
    suspension_of, contract_of, cost_of = (
        Remembered(_suspension_fact),
        Remembered(_contract_record),
        Remembered(_cost_fact),
    )
    for row in belonging_rows(wanted):
        if row.what == Belonging.WAGE:
            wages[row.posting].append(cost_of[row.started_on, row.wage, row.insurance, row.housing])
        elif row.what == Belonging.CONTRACT:
            contracts[row.posting].append(contract_of[row.started_on, row.ended_on, row.kind, row.employer])
        else:
            suspensions[row.posting].append(suspension_of[row.started_on, row.ended_on, row.kind])
    return suspensions, contracts, wages


def _source(stored: str) -> PostingSource | None:
    return PostingSource(stored) if stored else None


# Of the rows of a posting, each (value or None, day as text or None).
_Held = tuple[tuple[Any, str | None], ...]


def _working_times(held: _Held) -> tuple[WorkingTimeRecord, ...]:
    return tuple(WorkingTimeRecord(bool(value), _day(since)) for value, since in _in_order(held))


def _educations(held: _Held) -> tuple[EducationRecord, ...]:
    return tuple(EducationRecord(Education(value), _day(since)) for value, since in _in_order(held))


def _computer_skills(held: _Held) -> tuple[ComputerRecord, ...]:
    return tuple(ComputerRecord(value != ComputerLevel.NONE, _day(since)) for value, since in _in_order(held))


def _in_order(held: _Held) -> list[tuple[Any, str | None]]:
    """Each once, by its day; one without a day first."""
    return sorted({pair for pair in held if pair[0] is not None}, key=lambda pair: (pair[1] or "", str(pair[0])))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _suspension_fact(row: tuple[Any, ...]) -> SuspensionFact:
    started_on, ended_on, kind = row
    until = date.fromisoformat(ended_on) if ended_on else None
    return SuspensionFact(SuspensionKind(kind), date.fromisoformat(started_on), until)


def _contract_record(row: tuple[Any, ...]) -> ContractRecord:
    started_on, ended_on, kind, employer = row
    until = date.fromisoformat(ended_on) if ended_on else None
    return ContractRecord(date.fromisoformat(started_on), until, ContractKind(kind) if kind else None, employer)


def _cost_fact(row: tuple[Any, ...]) -> CostFact:
    """From a date as text and amounts in fen. The cost is known when wage and insurance are; a housing fund that is
    not recorded is taken as none."""
    effective_from, wage, insurance, housing = row
    cost = None if wage is None or insurance is None else from_fen(wage + insurance + (housing or 0))
    return CostFact(
        date.fromisoformat(effective_from),
        cost,
        None if wage is None else from_fen(wage),
        None if insurance is None else from_fen(insurance),
        None if housing is None else from_fen(housing),
    )


def _retiree(row: tuple[str, str, str, str]) -> Retiree | None:
    """From the day of birth, the sex, the group that is recorded and the position, each as it is stored."""
    born_on, sex, recorded, position = row
    return retiree_of(
        date.fromisoformat(born_on),
        Sex(sex) if sex else None,
        Position(position),
        RetirementGroup(recorded) if recorded else None,
    )


def _wage_records(costs: tuple[CostFact, ...]) -> tuple[WageRecord, ...]:
    return tuple(WageRecord(cost.effective_from, cost.monthly_wage) for cost in costs)
