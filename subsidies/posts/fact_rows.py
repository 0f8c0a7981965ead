"""The rows that facts are made of, as they are read: days and moments as text, truth as it is stored."""

from collections.abc import Iterator
from datetime import date
from enum import IntEnum
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    ExpressionWrapper,
    F,
    Field,
    FilteredRelation,
    Q,
    QuerySet,
    TextField,
    Value,
)

from foundation.expressions import as_stored, as_text
from foundation.money import in_fen
from foundation.named_rows import named_rows
from staffing.enums import QualificationKind
from staffing.models import Contract, Posting, Suspension, Wage
from townships.models import GrassrootsUnit, Township


class PostingRow(NamedTuple):
    """A posting with what is read of its person, and with one working time, one education and one computer skill that
    were not withdrawn; None and empty where it has none."""

    pk: int
    person: int
    person_name: str
    position: str
    township: int
    unit: int | None
    started_on: str
    ended_on: str | None
    withdrawn_at: str | None
    source: str
    recruitment_round: int | None
    national_id_masked: str
    born_on: str | None
    sex: str
    retirement_group: str
    replaces: int | None
    replaced_by: int | None
    is_in_service: object
    is_full_time: object
    working_since: str | None
    education: str | None
    educated_on: str | None
    computer_level: str | None
    skilled_on: str | None


def posting_rows(postings: QuerySet[Posting], is_in_service: Q) -> list[PostingRow]:
    """By number, every working time with every education and every computer skill: nearly all have one of each."""
    rows = named_rows(
        PostingRow,
        postings.annotate(
            live=_live("working_times"),
            education=_live("person__qualifications", kind=QualificationKind.EDUCATION.value),
            computer=_live("person__qualifications", kind=QualificationKind.COMPUTER.value),
        ),
        person_name="person__name",
        started_on=as_text("started_on"),
        ended_on=as_text("ended_on"),
        withdrawn_at=as_text("withdrawn_at"),
        national_id_masked="person__national_id_masked",
        born_on=as_text("person__born_on"),
        sex="person__sex",
        retirement_group="person__retirement_group",
        is_in_service=ExpressionWrapper(is_in_service, Field()),
        is_full_time=as_stored("live__is_full_time"),
        working_since=as_text("live__effective_from"),
        education="education__level",
        educated_on=as_text("education__obtained_on"),
        computer_level="computer__level",
        skilled_on=as_text("computer__obtained_on"),
    )
    return sorted(rows, key=attrgetter("pk"))


def _live(relation: str, **conditions: str) -> FilteredRelation:
    """The rows of a relation that were not withdrawn."""
    of_relation = {f"{relation}__{name}": value for name, value in conditions.items()}
    return FilteredRelation(relation, condition=Q(**{f"{relation}__withdrawn_at__isnull": True}, **of_relation))


class PresenceRow(NamedTuple):
    """A posting with one of its suspensions and one of its working times that were not withdrawn, None where it has
    none."""

    pk: int
    person: int
    position: str
    township: int
    unit: int | None
    started_on: date
    ended_on: date | None
    suspension: str | None
    suspended_from: date | None
    suspended_until: date | None
    is_full_time: bool | None
    working_since: date | None


def presence_rows(postings: QuerySet[Posting]) -> Iterator[PresenceRow]:
    """By posting, every suspension with every working time, the suspensions by their first days: both are few."""
    return named_rows(
        PresenceRow,
        postings.annotate(stopped=_live("suspensions"), working=_live("working_times")).order_by(
            "pk", "stopped__started_on", "stopped__pk"
        ),
        suspension="stopped__kind",
        suspended_from="stopped__started_on",
        suspended_until="stopped__ended_on",
        is_full_time="working__is_full_time",
        working_since="working__effective_from",
    )


class TownshipRow(NamedTuple):
    """A township with one of its statuses and one of its approved grants, None where it has none."""

    pk: int
    code: str
    name: str
    status_from: date | None
    named: str
    kind: str
    is_central_town: bool
    grant: int | None
    extra: int
    granted_from: date
    granted_until: date | None


def township_rows() -> Iterator[TownshipRow]:
    """By code, every status with every grant, each by their first days: of a township both are few."""
    approved = FilteredRelation("grants", condition=Q(grants__approved_at__isnull=False))
    return named_rows(
        TownshipRow,
        Township.objects.annotate(approved=approved).order_by(
            "code", "statuses__effective_from", "approved__effective_from", "approved__pk"
        ),
        status_from="statuses__effective_from",
        named="statuses__name",
        kind="statuses__kind",
        is_central_town="statuses__is_central_town",
        grant="approved__pk",
        extra="approved__extra",
        granted_from="approved__effective_from",
        granted_until="approved__ended_on",
    )


class UnitRow(NamedTuple):
    """A unit with one of its household counts, `count_id` None where it has none, and one of the names it had before,
    `named_until` None where it had none."""

    pk: int
    code: str
    name: str
    kind: str
    opened_on: str | None
    closed_on: str | None
    township: int
    count_id: int | None
    effective_from: str
    households: int
    counted_on: str | None
    approved_at: str | None
    replaces: int | None
    earlier_name: str
    named_until: str | None


def unit_rows(units: QuerySet[GrassrootsUnit]) -> Iterator[UnitRow]:
    """By the units' codes."""
    return named_rows(
        UnitRow,
        units.order_by("code"),
        opened_on=as_text("opened_on"),
        closed_on=as_text("closed_on"),
        count_id="household_counts__pk",
        effective_from=as_text("household_counts__effective_from"),
        households="household_counts__households",
        counted_on=as_text("household_counts__counted_on"),
        approved_at=as_text("household_counts__approved_at"),
        replaces="household_counts__replaces",
        earlier_name="earlier_names__name",
        named_until=as_text("earlier_names__last_day"),
    )


class Belonging(IntEnum):
    """What a row says of a posting."""

    SUSPENSION = 0
    CONTRACT = 1
    WAGE = 2


class BelongingRow(NamedTuple):
    """A suspension, a contract or a wage of a posting, from its first day on; what it has not is None or empty.
    Amounts are whole fen."""

    posting: int
    pk: int
    started_on: str
    ended_on: str | None
    kind: str
    employer: str
    wage: int | None
    insurance: int | None
    housing: int | None
    what: int


def belonging_rows(wanted: Q) -> Iterator[BelongingRow]:
    """Of the postings that are `wanted`, by first day and number: in one statement, since they are read together."""

    def rows(of: QuerySet[Any], what: Belonging, **columns: Any) -> Any:
        found = {**dict.fromkeys(("kind", "employer"), Value("")), **dict.fromkeys(_AMOUNTS, _NO_AMOUNT), **columns}
        named = {f"its_{name}": expression for name, expression in found.items()}
        of_posting = of.filter(wanted).order_by().annotate(what=Value(what.value), **named)
        return of_posting.values_list("posting", "pk", *(f"its_{name}" for name in _COLUMNS), "what")

    first, last = as_text("started_on"), as_text("ended_on")
    suspensions = rows(
        Suspension.objects.live(), Belonging.SUSPENSION, started_on=first, ended_on=last, kind=F("kind")
    )
    contracts = rows(
        Contract.objects.live(),
        Belonging.CONTRACT,
        started_on=first,
        ended_on=last,
        kind=F("kind"),
        employer=F("employer"),
    )
    wages = rows(
        Wage.objects.live(),
        Belonging.WAGE,
        started_on=as_text("effective_from"),
        ended_on=Value(None, TextField()),
        wage=in_fen("monthly_wage"),
        insurance=in_fen("employer_insurance"),
        housing=in_fen("housing_fund"),
    )
    # Wages first: of nothing, a database takes the type from what stands above.
    united = wages.union(suspensions, contracts, all=True).order_by("its_started_on", "pk")
    return map(BelongingRow._make, united)


_AMOUNTS = ("wage", "insurance", "housing")
_COLUMNS = ("started_on", "ended_on", "kind", "employer", *_AMOUNTS)
_NO_AMOUNT = Value(None, BigIntegerField())
