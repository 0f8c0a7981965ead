"""Months, places and ages at a glance: sums of what the sheets say, ages in completed years."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from foundation.dates import Month
from pages.glance import ages, months_at_a_glance, places_chart
from staffing.enums import Position
from staffing.models import Posting
from subsidies.demo.county import DemoCounty
from subsidies.known_runs import all_runs
from subsidies.models import Allocation, SubsidyRun
from subsidies.posts.known_county import known_county
from subsidies.posts.on_post import county_on
from subsidies.posts.places import places_on
from subsidies.revisions.figures import added_up, figures_by_township
from subsidies.runs.services import calculate
from tests.builders import a_person, a_posting, a_suspension, a_township, a_unit
from tests.subsidies.months import an_approved_run
from tests.subsidies.policies import a_policy
from townships.models import Township

pytestmark = pytest.mark.django_db
DAY = date(2009, 6, 15)


@pytest.fixture
def _policy(db: None) -> None:
    a_policy()


def a_month(month: Month, *, approved: bool = True) -> SubsidyRun:
    return an_approved_run(month, now=timezone.now()) if approved else calculate(month=month, actor=None).run


def age_numbers() -> dict[str, dict[str, int]]:
    """Position -> age band -> people, as the chart has them."""
    county = county_on(DAY, known_county(since=DAY, until=DAY))
    found = ages(county, [township.id for township in county.townships])
    return {
        place.position.value: {band.label: band.bars[index].number for band in found.bands}
        for index, place in enumerate(found.positions)
    }


def test_every_month_is_what_its_sheet_adds_up_to(demo: DemoCounty) -> None:
    months = months_at_a_glance(all_runs(), Allocation.objects.all())
    assert months is not None
    for row in months.columns:
        (run,) = row.month.runs
        assert run.current_revision is not None
        figures = added_up(figures_by_township(run.current_revision, Allocation.objects.all()))
        ours = row.month.figures
        assert (ours.regular, ours.back_pay, ours.clawback) == (figures.regular, figures.back_pay, figures.clawback)
        assert ours.total == figures.total == run.current_revision.total
    assert months.figures.total == months.columns[-1].month.figures.total
    assert months.difference == months.figures.total - months.columns[-2].month.figures.total


@pytest.mark.usefixtures("_policy")
def test_supplementary_runs_of_a_month_stand_in_one_column() -> None:
    township = a_township()
    a_posting(township=township, started_on=date(2009, 1, 1))
    a_month(Month(2009, 5))
    late = a_posting(township=township, started_on=date(2009, 1, 1))
    a_month(Month(2009, 5))
    Posting.objects.filter(pk=late.pk).update(started_on=date(2009, 6, 1))
    a_month(Month(2009, 6), approved=False)
    months = months_at_a_glance(all_runs(), Allocation.objects.all())
    assert months is not None
    may, june = (row.month for row in months.columns)
    assert (len(may.runs), may.figures.total, may.is_approved) == (2, Decimal("3060.00"), True)
    assert (june.figures.regular, june.figures.clawback) == (Decimal("3060.00"), Decimal("-1530.00"))
    assert (june.figures.total, june.is_approved) == (Decimal("1530.00"), False)
    assert months.series == ["regular", "clawback"]
    clawback = dict(months.columns[-1].pieces)["clawback"]
    assert clawback.start == months.chart.base
    assert 2 * clawback.length == dict(months.columns[-1].pieces)["regular"].length


@pytest.mark.usefixtures("_policy")
def test_twelve_months_are_shown_and_the_year_is_named_where_it_begins() -> None:
    a_posting(township=a_township(), started_on=date(2009, 1, 1))
    for number in range(14):
        a_month(Month(2009, 3) + number)
    months = months_at_a_glance(all_runs(), Allocation.objects.all())
    assert months is not None
    assert [str(row.month.month) for row in months.columns if row.shows_year] == ["2009-05", "2010-01"]
    assert (len(months.columns), str(months.columns[-1].month.month)) == (12, "2010-04")


def test_nothing_calculated_is_nothing_shown() -> None:
    a_township()
    assert months_at_a_glance(all_runs(), Allocation.objects.all()) is None


@pytest.mark.usefixtures("_policy")
def test_ages_are_completed_years_on_the_day() -> None:
    township = a_township()
    for born_on, label in (
        (date(1979, 6, 15), "30"),
        (date(1978, 6, 16), "still 30"),
        (date(1978, 6, 15), "31"),
        (date(1949, 6, 16), "still 59"),
        (date(1948, 6, 16), "still 60"),
        (date(1948, 6, 15), "61"),
        (None, "unknown"),
    ):
        person = a_person(name=label)
        person.born_on = born_on
        person.save()
        a_posting(township=township, person=person)
    assert age_numbers() == {"assistant": {"30 岁以下": 2, "31–40 岁": 1, "51–60 岁": 2, "61 岁以上": 1, "未登记": 1}}


@pytest.mark.usefixtures("_policy")
def test_a_person_counts_once_a_position_and_not_while_suspended() -> None:
    township, person = a_township(), a_person()
    for _ in range(2):
        a_posting(
            township=township,
            unit=a_unit(township=township),
            person=person,
            position=Position.COMMUNITY_COORDINATOR,
        )
    a_suspension(posting=a_posting(township=township))
    a_posting(township=township, ended_on=date(2009, 6, 14))
    assert age_numbers() == {"community_coordinator": {"未登记": 1}}


@pytest.mark.usefixtures("_policy")
def test_a_county_has_a_bar_a_township_and_a_township_a_bar_a_position() -> None:
    for code in ("330226001", "330226002"):
        a_posting(township=a_township(code=code, name=code))
    chart = places_chart(places_on(DAY, Township.objects.all()))
    assert [(bar.label, bar.staffing.norm, bar.staffing.filled) for bar in chart.bars] == [
        ("330226001", 8, 1),
        ("330226002", 8, 1),
    ]
    assert (chart.together.norm, chart.together.vacant) == (16, 14)
    alone = places_chart(places_on(DAY, Township.objects.filter(code="330226001")))
    assert [(bar.label, bar.staffing.norm) for bar in alone.bars] == [
        ("平台工作人员", 5),
        ("专职协理员", 3),
        ("社区协管员", 0),
        ("村(居)协管员", 0),
    ]


def test_without_a_standard_there_is_no_chart_of_places() -> None:
    a_township()
    assert places_chart(places_on(DAY, Township.objects.all())).bars == []
