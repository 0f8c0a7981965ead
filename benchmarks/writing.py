"""Budget: computing and writing a month costs little more than one INSERT that the database works out by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import connection, models

from benchmarks.county import MONTH
from benchmarks.measure import check_constraints, compare, rolled_back
from benchmarks.results import Result
from benchmarks.rows import insert
from foundation.triggers import declared_guards, statements_to_drop
from subsidies.calculation import calculated
from subsidies.models import Allocation, AllocationLine, Explanation, Revision, SubsidyRun
from subsidies.posts.facts import county_facts
from subsidies.revisions.revisions import write_revision
from subsidies.rules.days import whole_month
from subsidies.rules.facts import CountyFacts
from townships.models import County, Township

BUDGETS = {"postgresql": 1.25, "sqlite": 3.0}
_COUNTS = ("communities", "villages")
_FACTS = "subsidies.calculation.calculated.county_facts"


def compute_and_write() -> list[Result]:
    """The floor: INSERT … SELECT into the table of the lines, all columns and constraints, no triggers. The database
    joins posting, person, unit and household count, and CASE finds the amount.

    The candidate: facts in memory → rules → allocations, explanations and lines in the same table.
    A second row reads the facts as well; it has no budget.
    """
    facts = county_facts(since=MONTH.first, until=MONTH.last)
    lines = len(facts.postings)

    def from_memory() -> None:
        # A fresh value: what facts remember of themselves is part of the work.
        fresh = CountyFacts(facts.townships, facts.units, facts.postings)
        with patch(_FACTS, return_value=fresh):
            written()

    found = compare(floor=_inserted, candidate=from_memory, floor_within=_without_triggers, within=_prepared)
    read_too = compare(floor=_inserted, candidate=written, floor_within=_without_triggers, within=_prepared)
    budget = BUDGETS[connection.vendor]
    return [
        Result.of("compute and write a month", lines, found, budget=budget),
        Result.of("read, compute and write a month", lines, read_too),
    ]


def written() -> None:
    run = SubsidyRun.objects.get()
    write_revision(run, calculated.preview(MONTH), number=1, digest="", calculated_by_id=None)
    check_constraints()


@contextmanager
def _prepared() -> Iterator[None]:
    """A run to write for, and a second revision whose allocations the floor writes for."""
    with rolled_back():
        run = SubsidyRun.objects.create(county=County.objects.get(), month=MONTH.first, retro_months=12)
        revision = Revision.objects.create(run=run, number=2, total=0)
        Explanation.objects.create(revision=revision, steps=[], sentence="")
        townships = Township.objects.all()
        insert(
            Allocation,
            ("revision", "township", "township_code", "township_name", "places", "places_by_day", *_COUNTS),
            ((revision.pk, row.pk, row.code, row.name, 2, {}, 0, 0) for row in townships),
        )
        yield


@contextmanager
def _without_triggers() -> Iterator[None]:
    with _prepared(), connection.cursor() as cursor:
        for statement in statements_to_drop(declared_guards(), connection.vendor):
            cursor.execute(statement)
        yield


def _inserted() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [MONTH.last, MONTH.first])
    check_constraints()


def _statement() -> str:
    """Every column with what it means, as far as a SELECT can tell: whole months, no competition."""
    amount = (
        "CASE WHEN p.position <> 'village_coordinator' THEN 176400 WHEN h.households IS NULL THEN 0"
        " WHEN h.households >= 301 THEN 32000 WHEN h.households >= 201 THEN 28000"
        " WHEN h.households >= 101 THEN 24000 ELSE 20000 END"
    )
    is_postgresql = connection.vendor == "postgresql"
    cost = "w.monthly_wage + w.employer_insurance"
    said = {
        "allocation": "a.id",
        "posting": "p.id",
        "explanation": "e.id",
        "order": "row_number() OVER (ORDER BY a.township_code, p.position, u.code, p.id)",
        "person_id": "p.person_id",
        "person_name": "n.name",
        "position": "p.position",
        "unit_code": "coalesce(u.code, '')",
        "unit_name": "coalesce(u.name, '')",
        "for_month": f"CAST('{MONTH.first}' AS date)" if is_postgresql else f"'{MONTH.first}'",
        "month_days": f"{MONTH.days}",
        "in_service": f"{whole_month(MONTH)}",
        "counted_days": f"{MONTH.days}",
        "on_post_at_end": "true",
        "households": "h.households",
        "rate": amount,
        "due": amount,
        "amount": amount,
        "cost": cost,
        "township_share": f"greatest(0, {cost} - {amount})" if is_postgresql else f"max(0, {cost} - {amount})",
        "surplus": f"greatest(0, {amount} - {cost})" if is_postgresql else f"max(0, {amount} - {cost})",
        "details": f"{'json_build_array' if is_postgresql else 'json_array'}(n.national_id_masked, q.level,"
        " t.is_full_time, p.started_on, p.ended_on, c.id IS NOT NULL, c.started_on, c.ended_on, w.monthly_wage,"
        " w.employer_insurance, h.counted_on)",
    }
    fields = [field for field in AllocationLine._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(field.get_attname_column()[1] or "") for field in fields)
    values = ", ".join(said.get(field.name) or _blank(field) for field in fields)
    return (
        f"INSERT INTO subsidies_allocationline ({columns}) SELECT {values} FROM staffing_posting p"
        " JOIN staffing_person n ON n.id = p.person_id"
        " JOIN subsidies_allocation a ON a.township_id = p.township_id"
        " JOIN subsidies_explanation e ON e.revision_id = a.revision_id"
        " LEFT JOIN townships_grassrootsunit u ON u.id = p.unit_id"
        " LEFT JOIN townships_householdcount h ON h.unit_id = p.unit_id"
        " LEFT JOIN staffing_contract c ON c.posting_id = p.id"
        " LEFT JOIN staffing_qualification q ON q.person_id = p.person_id AND q.kind = 'education'"
        " LEFT JOIN staffing_workingtime t ON t.posting_id = p.id"
        " LEFT JOIN staffing_wage w ON w.posting_id = p.id"
        " WHERE p.started_on <= %s AND (p.ended_on IS NULL OR p.ended_on >= %s)"
    )


def _blank(field: "models.Field[Any, Any]") -> str:
    """What an empty column of this kind holds."""
    if isinstance(field, models.CharField | models.TextField):
        return "''"
    return "NULL" if field.null else "0"
