"""Everything a calculation looks at, read from the database in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import ExpressionWrapper, Field, Q, QuerySet

from foundation.expressions import MOST_NAMED, as_stored, as_text
from foundation.money import from_fen, in_fen
from foundation.remembered import Remembered
from staffing.enums import SUBSIDISED, ContractKind, Education, Position, SuspensionKind
from staffing.models import Contract, EstablishmentGrant, Person, Posting, Suspension, Wage
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
from subsidies.rules.quotas import DatedClass, Grant
from subsidies.rules.shortages import with_earlier_posts
from townships.enums import TownshipKind, UnitKind, class_of
from townships.models import GrassrootsUnit, HouseholdCount, Township, TownshipQuerySet, TownshipStatus

# As it is stored, on either database -> what the model says.
_TRUTH: Mapping[object, bool | None] = {None: None, False: False, True: True}


def county_facts(
    *,
    since: date,
    until: date,
    also: Q | None = None,
    positions: Iterable[Position] = SUBSIDISED,
    people: Collection[int] | None = None,
    townships: Collection[int] | None = None,
) -> CountyFacts:
    """The facts for the months between two days: all postings in service on some day of them, and those that
    are `also` to be read.

    Competition is over the whole county, so nothing is left out by township or by the state of reports. It is for
    the subsidised positions only: platform staff come along where `positions` names them. `people`: only postings of
    these, whose findings then are right where they are the `people_concerned` by one of them. `townships`: only
    units and postings of these, from which nothing can be calculated.
    """
    of_positions = Posting.objects.filter(position__in=[position.value for position in positions])
    if people is not None:
        of_positions = of_positions.filter(person__in=people)
    if townships is not None:
        of_positions = of_positions.filter(township__in=townships)
    merged = _merged_people()
    postings = _postings(of_positions, _is_in_service(since, until), also, merged)
    return CountyFacts(_townships(), _units(until, townships), postings, merged)


def platform_staff(since: date, until: date, merged: Mapping[int, int]) -> tuple[PostingFact, ...]:
    """The platform staff in service on some day between the two; `merged` as facts have it."""
    staff = Posting.objects.filter(position=Position.PLATFORM_STAFF.value)
    return _postings(staff, _is_in_service(since, until), None, merged)


def people_concerned(person: int, *, since: date, until: date) -> set[int]:
    """The person, and whoever competes for one of the person's places, with the records merged into each of them."""
    merged = _merged_people()
    subsidised = Posting.objects.filter(position__in=[position.value for position in SUBSIDISED])
    in_service = subsidised.filter(_is_in_service(since, until))
    records = {person, *(record for record, root in merged.items() if root == person)}
    places = list(in_service.filter(person__in=records).values_list("unit", "township"))
    rivals = Q(unit__in={unit for unit, _ in places if unit is not None}) | Q(
        unit__isnull=True, township__in={township for unit, township in places if unit is None}
    )
    found = {merged.get(rival, rival) for rival in in_service.filter(rivals).values_list("person", flat=True)}
    return records | found | {record for record, root in merged.items() if root in found}


def presences(
    townships: TownshipQuerySet, units: Collection[int], *, until: date, unit_by_id: Mapping[int, UnitFact]
) -> list[Presence]:
    """The platform staff and assistants of the townships and the coordinators of the units, now and earlier.

    Whatever subsidised posts these people have elsewhere come along: a person fills the first one only.
    """
    merged = _merged_people()
    known = Posting.objects.filter(withdrawn_at__isnull=True, started_on__lte=until)
    of_township = Q(township__in=townships, position__in=(Position.PLATFORM_STAFF.value, Position.ASSISTANT.value))
    here = of_township | Q(unit__in=units)
    people = Q(person__in=known.filter(here).values("person")) | Q(person__in={*merged, *merged.values()})
    elsewhere = people & Q(position__in=[position.value for position in SUBSIDISED])
    columns = ("pk", "person", "position", "township", "unit", "is_full_time", "started_on", "ended_on")
    rows = list(known.filter(here | elsewhere).order_by("pk").values_list(*columns))
    suspensions = _suspensions(Q(posting__in=[pk for pk, *_ in rows]) if len(rows) <= MOST_NAMED else Q())
    found = (
        Presence(
            person=merged.get(person, person),
            position=Position(position),
            township=township,
            unit=unit,
            is_full_time=is_full_time,
            started_on=started_on,
            ended_on=ended_on,
            suspensions=tuple(suspensions[pk]),
        )
        for pk, person, position, township, unit, is_full_time, started_on, ended_on in rows
    )
    return with_earlier_posts(found, unit_by_id)


def _townships() -> tuple[TownshipFact, ...]:
    classes: dict[int, list[DatedClass]] = defaultdict(list)
    statuses = TownshipStatus.objects.order_by("effective_from").values_list(
        "township", "effective_from", "kind", "is_central_town"
    )
    for township, effective_from, kind, is_central_town in statuses:
        township_class = class_of(TownshipKind(kind), is_central_town=is_central_town)
        classes[township].append(DatedClass(effective_from, township_class))
    grants: dict[int, list[Grant]] = defaultdict(list)
    approved = EstablishmentGrant.objects.filter(approved_at__isnull=False).order_by("effective_from", "pk")
    for township, extra, effective_from, ended_on in approved.values_list(
        "township", "extra", "effective_from", "ended_on"
    ):
        grants[township].append(Grant(extra, effective_from, ended_on))
    return tuple(
        TownshipFact(pk, code, name, tuple(classes[pk]), tuple(grants[pk]))
        for pk, code, name in Township.objects.order_by("code").values_list("pk", "code", "name")
    )


def _units(until: date, townships: Collection[int] | None) -> tuple[UnitFact, ...]:
    counts: dict[int, list[CountFact]] = defaultdict(list)
    of_counts, of_units = (
        (Q(), Q()) if townships is None else (Q(unit__township__in=townships), Q(township__in=townships))
    )
    in_force = HouseholdCount.objects.in_force().filter(of_counts, effective_from__lte=until)
    day_of, kind_of = _days_by_text(), Remembered(UnitKind)
    rows_of_counts = in_force.order_by("effective_from", "pk").values_list(
        "unit", as_text("effective_from"), "households", as_text("counted_on")
    )
    for unit, effective_from, households, counted_on in rows_of_counts:
        counts[unit].append(CountFact(day_of[effective_from], households, day_of[counted_on]))
    rows = (
        GrassrootsUnit.objects.filter(of_units)
        .order_by("code")
        .values_list("pk", "code", "name", "kind", as_text("opened_on"), as_text("closed_on"), "township")
    )
    return tuple(
        UnitFact(pk, code, name, kind_of[kind], day_of[opened_on], day_of[closed_on], township, tuple(counts[pk]))
        for pk, code, name, kind, opened_on, closed_on, township in rows
    )


def _is_in_service(since: date, until: date) -> Q:
    return Q(withdrawn_at__isnull=True, started_on__lte=until) & (Q(ended_on__isnull=True) | Q(ended_on__gte=since))


def _postings(
    of_positions: QuerySet[Posting], is_in_service: Q, also: Q | None, merged: Mapping[int, int]
) -> tuple[PostingFact, ...]:
    """Those of `also` that are not in service are few: what was posted and is withdrawn, or moved away since."""
    wanted = is_in_service if also is None else is_in_service | also
    rows = list(_columns(of_positions.filter(wanted), is_in_service))
    of_posting = Q(posting__in=of_positions.filter(is_in_service).values("pk"))
    others = [row[0] for row in rows if not row[-1]]
    if others:
        of_posting |= Q(posting__in=others)
    suspensions, contracts, wages = _suspensions(of_posting), _contracts(of_posting), _wages(of_posting)
    # Of everything below a county has few distinct values: made once, they are quick to make and small to keep.
    position_of, education_of, day_of = Remembered(Position), Remembered(Education), _days_by_text()
    wages_of = Remembered(_wage_records)
    facts = []
    for row in sorted(rows, key=lambda row: row[0]):
        pk, person, name, education, skill, position, township, unit, started_on, ended_on, withdrawn_at = row[:11]
        is_full_time, recruitment_recorded, national_id_masked, _ = row[11:]
        costs = tuple(wages.get(pk, ()))
        first, last = day_of[started_on], day_of[ended_on]
        record = PostingRecord(
            position=position_of[position],
            started_on=first,
            is_full_time=_TRUTH[is_full_time],
            education=education_of[education] if education else None,
            recruitment_recorded=_TRUTH[recruitment_recorded],
            has_computer_skill=_TRUTH[skill],
            contracts=tuple(contracts.get(pk, ())),
            wages=wages_of[costs],
        )
        facts.append(
            PostingFact(
                id=pk,
                person=merged.get(person, person),
                person_name=name,
                position=record.position,
                township=township,
                unit=unit,
                started_on=first,
                ended_on=last,
                withdrawn=withdrawn_at is not None,
                suspensions=tuple(suspensions.get(pk, ())),
                costs=costs,
                record=record,
                national_id_masked=national_id_masked,
            )
        )
    return tuple(facts)


def _columns(postings: QuerySet[Posting], is_in_service: Q) -> Iterable[tuple[Any, ...]]:
    return postings.values_list(
        "pk",
        "person",
        "person__name",
        "person__education",
        as_stored("person__has_computer_skill"),
        "position",
        "township",
        "unit",
        as_text("started_on"),
        as_text("ended_on"),
        as_text("withdrawn_at"),
        as_stored("is_full_time"),
        as_stored("recruitment_recorded"),
        "person__national_id_masked",
        ExpressionWrapper(is_in_service, Field()),
    )


def _days_by_text() -> Mapping[str | None, Any]:
    """What `as_text` gives -> the date, None for no date; of a county there are few."""
    return Remembered(lambda text: None if text is None else date.fromisoformat(text))


def _merged_people() -> dict[int, int]:
    """Person -> the record that stands for it at the end of a chain of merges."""
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


def _suspensions(wanted: Q) -> dict[int, list[SuspensionFact]]:
    found: dict[int, list[SuspensionFact]] = defaultdict(list)
    rows = Suspension.objects.live().filter(wanted).order_by("started_on", "pk")
    for posting, kind, started_on, ended_on in rows.values_list("posting", "kind", "started_on", "ended_on"):
        found[posting].append(SuspensionFact(SuspensionKind(kind), started_on, ended_on))
    return found


def _contracts(wanted: Q) -> dict[int, list[ContractRecord]]:
    found: dict[int, list[ContractRecord]] = defaultdict(list)
    rows = Contract.objects.filter(wanted).order_by("started_on", "pk")
    record_of = Remembered(_contract_record)
    for posting, *row in rows.values_list("posting", as_text("started_on"), as_text("ended_on"), "kind", "employer"):
        found[posting].append(record_of[tuple(row)])
    return found


def _contract_record(row: tuple[Any, ...]) -> ContractRecord:
    started_on, ended_on, kind, employer = row
    until = date.fromisoformat(ended_on) if ended_on else None
    return ContractRecord(date.fromisoformat(started_on), until, ContractKind(kind) if kind else None, employer)


def _wages(wanted: Q) -> dict[int, list[CostFact]]:
    """Posting -> what it costs the township, by date."""
    found: dict[int, list[CostFact]] = defaultdict(list)
    rows = Wage.objects.filter(wanted).order_by("effective_from", "pk")
    cost_of = Remembered(_cost_fact)
    amounts = map(in_fen, ("monthly_wage", "employer_insurance", "housing_fund"))
    for posting, *row in rows.values_list("posting", as_text("effective_from"), *amounts):
        found[posting].append(cost_of[tuple(row)])
    return found


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


def _wage_records(costs: tuple[CostFact, ...]) -> tuple[WageRecord, ...]:
    return tuple(WageRecord(cost.effective_from, cost.monthly_wage) for cost in costs)
