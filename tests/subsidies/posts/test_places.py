"""Places of townships on a day: norms, who fills them, and that a second count finds the same."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from foundation.dates import Month
from staffing.enums import Position, SuspensionKind
from subsidies.calculation.calculated import calculated_run
from subsidies.demo.county import DemoCounty
from subsidies.models import Allocation, Revision, SubsidyRun, SubsidyStandard
from subsidies.posts.places import Staffing, places_on, staffing_by_position
from subsidies.revisions.figures import added_up as figures_added_up
from subsidies.revisions.figures import figures_by_township
from subsidies.revisions.kept_staffing import staffing_now, staffing_of_calculated
from tests.builders import a_grant, a_person, a_posting, a_township, a_unit
from tests.subsidies.policies import a_policy
from tests.subsidies.posts.naive_places import Count, naive_places
from tests.subsidies.posts.random_county import a_random_county
from tests.users import MakeUser
from townships.enums import TownshipKind
from townships.models import Township, TownshipStatus

pytestmark = pytest.mark.django_db
DAY = date(2009, 6, 15)


def counted(day: date) -> dict[str, dict[str, Count]]:
    return {
        township.name: {
            position.value: (row.norm, row.filled, row.vacant, row.over, row.unplaced)
            for position, row in township.staffing.items()
        }
        for township in places_on(day, Township.objects.all())
    }


def staffing(position: Position, *, day: date = DAY) -> Staffing:
    """The staffing of the only township there is."""
    (township,) = places_on(day, Township.objects.all())
    return township.staffing[position]


@pytest.fixture
def _policy(db: None) -> None:
    a_policy()


@pytest.mark.parametrize("day", [date(2009, 2, 28), date(2010, 3, 1), date(2010, 3, 15), date(2010, 4, 30)])
def test_a_second_count_of_the_demonstration_finds_the_same(demo: DemoCounty, day: date) -> None:
    assert counted(day) == naive_places(day)


@pytest.mark.usefixtures("_policy")
@pytest.mark.parametrize("seed", range(25))
def test_a_second_count_of_a_random_county_finds_the_same(seed: int) -> None:
    a_random_county(Random(seed))
    SubsidyStandard.objects.update(counting_suspensions=[SuspensionKind.SICK_LEAVE.value])
    for day in (date(2009, 1, 31), DAY, date(2009, 12, 1)):
        assert counted(day) == naive_places(day), day


@pytest.mark.usefixtures("_policy")
@pytest.mark.parametrize("seed", range(10))
def test_what_an_approval_keeps_is_what_the_registry_says(seed: int) -> None:
    """From the facts of half a year that were read for the calculation, the people of the last day."""
    a_random_county(Random(seed))
    month = Month.of(DAY)
    calculated = calculated_run(month, first_month=month - 5, retro_months=12, reports_required=False)
    assert any(not posting.serves_on(month.last) for posting in calculated.facts.postings)
    now = staffing_now(Revision(run=SubsidyRun(month=month.first)))
    assert staffing_of_calculated(calculated) == now
    assert sum(filled for row in now for _, filled, *_ in row.numbers) > 0


def test_on_post_at_the_end_of_a_month_is_what_its_sheet_says(waiting: SubsidyRun) -> None:
    assert waiting.current_revision is not None
    figures = figures_added_up(figures_by_township(waiting.current_revision, Allocation.objects.all()))
    found = staffing_by_position(places_on(waiting.period.last, Township.objects.all()))
    assert found[Position.ASSISTANT].on_post == figures.assistants_on_post
    assert found[Position.ASSISTANT].norm == figures.assistant_places
    assert found[Position.COMMUNITY_COORDINATOR].norm == figures.communities
    assert found[Position.VILLAGE_COORDINATOR].norm == figures.villages


@pytest.mark.usefixtures("_policy")
@pytest.mark.parametrize(
    ("kind", "is_central_town", "platform", "assistants"),
    [
        (TownshipKind.SUBDISTRICT, False, 5, 3),
        (TownshipKind.TOWN, True, 5, 3),
        (TownshipKind.TOWN, False, 3, 2),
        (TownshipKind.RURAL_TOWNSHIP, False, 3, 2),
    ],
)
def test_norms_follow_the_class(kind: TownshipKind, is_central_town: bool, platform: int, assistants: int) -> None:
    a_township(kind=kind, is_central_town=is_central_town)
    assert staffing(Position.PLATFORM_STAFF) == Staffing(norm=platform, vacant=platform)
    assert staffing(Position.ASSISTANT) == Staffing(norm=assistants, vacant=assistants)


@pytest.mark.usefixtures("_policy")
def test_a_class_that_changes_changes_the_norm_from_its_day_on() -> None:
    township = a_township(kind=TownshipKind.TOWN)
    TownshipStatus.objects.create(
        township=township, effective_from=DAY, code="1", name="长街镇", kind="town", is_central_town=True
    )
    assert [staffing(Position.PLATFORM_STAFF, day=day).norm for day in (DAY - timedelta(days=1), DAY)] == [3, 5]


@pytest.mark.usefixtures("_policy")
def test_platform_staff_beyond_the_minimum_are_filled_and_nobody_is_over() -> None:
    township = a_township(kind=TownshipKind.TOWN)
    for _ in range(4):
        a_posting(township=township, position=Position.PLATFORM_STAFF)
    a_posting(township=township, position=Position.PLATFORM_STAFF, is_full_time=False)
    assert staffing(Position.PLATFORM_STAFF) == Staffing(norm=3, filled=4, vacant=0, over=0, unplaced=1)


@pytest.mark.usefixtures("_policy")
def test_only_approved_grants_in_force_add_places_and_never_more_than_the_standard_allows() -> None:
    township = a_township()
    a_grant(township=township, extra=1, ended_on=DAY)
    assert staffing(Position.ASSISTANT).norm == 4
    assert staffing(Position.ASSISTANT, day=DAY + timedelta(days=1)).norm == 3
    a_grant(township=township, extra=5, approved=False)
    assert staffing(Position.ASSISTANT).norm == 4
    a_grant(township=township, extra=5)
    assert staffing(Position.ASSISTANT).norm == 5


@pytest.mark.usefixtures("_policy")
def test_heads_too_many_elsewhere_fill_no_vacancy() -> None:
    for code, heads in (("330226101", 4), ("330226102", 2)):
        township = a_township(code=code, name=code, kind=TownshipKind.TOWN)
        for _ in range(heads):
            a_posting(township=township, position=Position.PLATFORM_STAFF)
    together = staffing_by_position(places_on(DAY, Township.objects.all()))[Position.PLATFORM_STAFF]
    assert together == Staffing(norm=6, filled=6, vacant=1)


@pytest.mark.usefixtures("_policy")
def test_somebody_posted_first_in_another_township_holds_no_place_here(make_user: MakeUser) -> None:
    here, there = a_township(), a_township(code="330226002", name="桃源街道")
    person = a_person()
    a_posting(township=there, person=person, started_on=date(2009, 1, 1))
    a_posting(township=here, person=person, started_on=date(2009, 2, 1))
    clerk = make_user(Role.TOWNSHIP_CLERK, township=here)
    (own,) = places_on(DAY, Township.objects.visible_to(clerk))
    assert own.staffing[Position.ASSISTANT] == Staffing(norm=3, vacant=3, unplaced=1)


def test_without_a_standard_there_are_no_norms() -> None:
    a_posting(township=a_township())
    (township,) = places_on(DAY, Township.objects.all())
    assert township.staffing == {}
    assert township.together == Staffing()


@pytest.mark.usefixtures("_policy")
def test_queries_do_not_grow_with_the_county() -> None:
    counts = []
    for number in range(30):
        township = a_township(code=f"3302261{number:02d}", name=f"镇{number}")
        a_posting(township=township, unit=a_unit(township=township), position=Position.COMMUNITY_COORDINATOR)
        if number in (2, 29):
            with CaptureQueriesContext(connection) as captured:
                places_on(DAY, Township.objects.all())
            counts.append(len(captured))
    assert counts[0] == counts[1] <= 15
