"""A month calculated from the database: golden totals, late facts, statements, previews."""

from datetime import date
from decimal import Decimal
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.dates import Month
from staffing.enums import Position
from staffing.models import Posting
from subsidies.calculation.calculated import preview
from subsidies.demo.county import demo_county
from subsidies.models import AllocationLine, MinimumWage
from subsidies.runs.services import approve, calculate, send
from tests.builders import a_household_count, a_person, a_posting, a_township, a_unit, a_wage
from tests.subsidies.months import an_approved_run
from tests.subsidies.policies import NOW, a_minimum_wage, a_policy
from townships.enums import UnitKind
from townships.imports.divisions import read_divisions
from townships.models import GrassrootsUnit, Township
from townships.services import store_divisions

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)


def test_golden_totals_of_the_county_with_every_place_filled() -> None:
    divisions, _ = read_divisions(demo_county(Random(1)).divisions)
    store_divisions(divisions=divisions, actor=None, approved=True, effective_from=None, sha256="")
    a_policy()
    for township in Township.objects.all():
        is_class_a = township.name in {"长街镇", "西店镇"} or township.name.endswith("街道")
        for _ in range(3 if is_class_a else 2):
            a_posting(township=township)
    positions = {
        UnitKind.COMMUNITY: Position.COMMUNITY_COORDINATOR,
        UnitKind.VILLAGE: Position.VILLAGE_COORDINATOR,
        UnitKind.RESIDENTS_COMMITTEE: Position.VILLAGE_COORDINATOR,
    }
    for unit in GrassrootsUnit.objects.exclude(kind=UnitKind.NON_STANDARD).select_related("township"):
        position = positions[UnitKind(unit.kind)]
        if position is Position.VILLAGE_COORDINATOR:
            a_household_count(unit=unit, households=301)
        a_posting(township=unit.township, unit=unit, position=position)

    month = preview(JUNE)

    amounts: dict[Position, list[Decimal]] = {}
    for entry in month.entries:
        amounts.setdefault(entry.posting.position, []).append(entry.amount)
    assert {position: (len(paid), sum(paid)) for position, paid in amounts.items()} == {
        Position.ASSISTANT: (42, Decimal("64260.00")),
        Position.COMMUNITY_COORDINATOR: (46, Decimal("70380.00")),
        Position.VILLAGE_COORDINATOR: (343, Decimal("109760.00")),
    }
    assert month.total == Decimal("244400.00")
    assert [township.fact.code for township in month.townships] == sorted(
        Township.objects.values_list("code", flat=True)
    )


@pytest.mark.parametrize(
    ("households", "amount"),
    [
        (0, "200.00"),
        (1, "200.00"),
        (100, "200.00"),
        (101, "240.00"),
        (200, "240.00"),
        (201, "280.00"),
        (300, "280.00"),
        (301, "320.00"),
        (99_999, "320.00"),
    ],
)
def test_edges_of_the_bands(households: int, amount: str) -> None:
    a_policy()
    posting = _village_posting(households=households)
    result = calculate(month=JUNE, actor=None)
    line = AllocationLine.objects.get(posting=posting)
    assert (line.due, line.reason, result.revision.total) == (Decimal(amount), "", Decimal(amount))


def test_a_corrected_date_of_an_approved_month_is_paid_in_the_next_with_its_cause() -> None:
    a_policy()
    posting = a_posting(township=a_township(), started_on=date(2009, 3, 2))
    an_approved_run(Month(2009, 3))
    Posting.objects.filter(pk=posting.pk).update(started_on=date(2009, 3, 1))

    calculate(month=Month(2009, 4), actor=None)

    lines = AllocationLine.objects.filter(allocation__revision__run__month=date(2009, 4, 1))
    assert [(line.for_month, line.due, line.posted_before, line.amount, line.cause) for line in lines] == [
        (date(2009, 3, 1), Decimal("1530.00"), Decimal("1480.65"), Decimal("49.35"), "dates"),
        (date(2009, 4, 1), Decimal("1530.00"), Decimal("0.00"), Decimal("1530.00"), ""),
    ]


def test_lines_of_the_same_result_have_the_days_and_the_cost_of_their_own() -> None:
    a_policy()
    township = a_township()
    of_first, of_last, of_dear = (
        a_posting(township=township, started_on=started_on, ended_on=ended_on)
        for started_on, ended_on in (
            (date(2009, 1, 1), date(2009, 6, 15)),
            (date(2009, 6, 16), None),
            (date(2009, 6, 16), None),
        )
    )
    a_wage(posting=of_dear)
    calculate(month=JUNE, actor=None)

    lines = {line.posting_id: line for line in AllocationLine.objects.all()}
    first, last, dear = (lines[posting.pk] for posting in (of_first, of_last, of_dear))
    assert {(line.explanation_id, line.counted_days, line.due) for line in lines.values()} == {
        (first.explanation_id, 15, Decimal("765.00"))
    }
    assert [line.in_service for line in (first, last, dear)] == [2**15 - 1, 2**30 - 2**15, 2**30 - 2**15]
    assert [line.on_post_at_end for line in (first, last, dear)] == [False, True, True]
    assert [line.cost for line in (first, last, dear)] == [None, None, Decimal("950.00")]


def test_a_withdrawn_posting_is_claimed_back_once() -> None:
    a_policy()
    posting = a_posting(township=a_township())
    an_approved_run(JUNE)
    Posting.objects.filter(pk=posting.pk).update(withdrawn_at=NOW, withdrawn_reason="录入错误")
    an_approved_run(JUNE + 1)
    calculate(month=JUNE + 2, actor=None)

    lines = AllocationLine.objects.filter(posting=posting).order_by("pk")
    assert [(line.for_month.month, line.amount, line.reason, line.cause) for line in lines] == [
        (6, Decimal("1530.00"), "", ""),
        (6, Decimal("-1530.00"), "withdrawn", "withdrawn"),
    ]


def test_a_back_dated_minimum_wage_pays_the_difference_of_every_month_it_reaches() -> None:
    a_policy()
    a_posting(township=a_township())
    an_approved_run(JUNE)
    an_approved_run(JUNE + 1)
    a_minimum_wage("2009-06-01", "900.00")
    _approve_policy()

    calculate(month=JUNE + 2, actor=None)

    lines = AllocationLine.objects.filter(allocation__revision__run__month=(JUNE + 2).first)
    assert [(line.for_month.month, line.amount, line.cause) for line in lines] == [
        (6, Decimal("90.00"), "rate"),
        (7, Decimal("90.00"), "rate"),
        (8, Decimal("1620.00"), ""),
    ]


def test_a_minimum_wage_that_waits_for_approval_changes_nothing() -> None:
    a_policy()
    a_posting(township=a_township())
    an_approved_run(JUNE)
    a_minimum_wage("2009-07-01", "900.00")
    assert preview(JUNE + 1).total == Decimal("1530.00")


def test_a_supplementary_run_pays_only_what_is_new() -> None:
    a_policy()
    township = a_township()
    first = a_posting(township=township)
    an_approved_run(JUNE)
    second = a_posting(township=township)

    result = calculate(month=JUNE, actor=None)

    assert result.run.number == 2
    lines = AllocationLine.objects.filter(allocation__revision=result.revision)
    assert [(line.posting_id, line.due, line.amount, line.reason) for line in lines] == [
        (first.pk, Decimal("1530.00"), Decimal("0.00"), "already_posted"),
        (second.pk, Decimal("1530.00"), Decimal("1530.00"), ""),
    ]


def test_people_merged_into_one_are_paid_once() -> None:
    a_policy()
    township = a_township()
    villages = [a_unit(township=township, kind=UnitKind.VILLAGE, name=name) for name in ("东村", "西村")]
    one, other = a_person(), a_person()
    for person, unit in zip((one, other), villages, strict=True):
        a_household_count(unit=unit)
        a_posting(township=township, unit=unit, person=person, position=Position.VILLAGE_COORDINATOR)
    assert preview(JUNE).total == Decimal("480.00")
    other.merged_into = one
    other.save()
    assert preview(JUNE).total == Decimal("240.00")


def test_statements_do_not_grow_with_the_number_of_lines() -> None:
    a_policy()
    township = a_township()
    an_approved_run(JUNE - 1)
    counts = []
    for month, places in ((JUNE, 3), (JUNE + 1, 30)):
        while Posting.objects.count() < places:
            unit = a_unit(township=township, kind=UnitKind.VILLAGE, name=f"{Posting.objects.count()}村")
            a_household_count(unit=unit)
            a_posting(township=township, unit=unit, position=Position.VILLAGE_COORDINATOR)
        with CaptureQueriesContext(connection) as captured:
            result = calculate(month=month, actor=None)
        counts.append(len(captured))
        approve(run=send(run=result.run, actor=None, now=NOW), actor=None, now=NOW)
    assert counts[0] == counts[1]
    assert counts[1] <= 40


def _village_posting(*, households: int) -> Posting:
    township = a_township()
    unit = a_unit(township=township, kind=UnitKind.VILLAGE, name="东村")
    a_household_count(unit=unit, households=households)
    return a_posting(township=township, unit=unit, position=Position.VILLAGE_COORDINATOR)


def _approve_policy() -> None:
    MinimumWage.objects.filter(approved_at__isnull=True).update(approved_at=NOW)
