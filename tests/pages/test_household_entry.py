"""A clerk enters the household count of a village on its page; it counts once the bureau has approved it."""

from datetime import date

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import AuditEvent, User
from staffing.models import Posting
from subsidies.demo.county import DemoCounty
from subsidies.known_runs import changes_since
from subsidies.models import SubsidyRun
from tests.builders import a_household_count
from tests.reading import text_of
from tests.users import logged_in
from townships.models import GrassrootsUnit, HouseholdCount

pytestmark = pytest.mark.django_db
ENTRY = {"households": "260", "residents": "780", "counted_on": "2010-05-31", "effective_from": "2010-06-01"}


@pytest.fixture
def village(demo: DemoCounty) -> GrassrootsUnit:
    """A village of 长街镇 that has a coordinator and no count waiting."""
    posting = Posting.objects.filter(township__name="长街镇", position="village_coordinator").earliest("pk")
    assert posting.unit is not None
    HouseholdCount.objects.filter(approved_at=None).delete()
    return posting.unit


@pytest.fixture
def clerk(village: GrassrootsUnit) -> Client:
    return logged_in("clerk_changjie")


def enter(client: Client, unit: GrassrootsUnit, **changed: str) -> int:
    return client.post(f"/units/{unit.code}/households/", {**ENTRY, **changed}).status_code


@pytest.mark.parametrize(
    ("username", "status"),
    [("clerk_changjie", 302), ("clerk_yuelong", 404), ("officer", 403)],
)
def test_who_enters_a_count(village: GrassrootsUnit, username: str, status: int) -> None:
    assert enter(logged_in(username), village) == status
    assert HouseholdCount.objects.filter(approved_at=None).count() == (1 if status == 302 else 0)
    page = logged_in(username).get(f"/units/{village.code}/")
    assert ("登记新的户籍户数" in page.content.decode()) is (status == 302)


def test_it_waits_until_the_bureau_approves_it(village: GrassrootsUnit, clerk: Client) -> None:
    run = SubsidyRun.objects.get(month="2010-04-01")
    before = changes_since(run)
    assert "登记新的户籍户数" in text_of(clerk, f"/units/{village.code}/")
    assert enter(clerk, village) == 302
    waiting = HouseholdCount.objects.get(approved_at=None)
    assert (waiting.households, waiting.residents, waiting.effective_from) == (260, 780, date(2010, 6, 1))
    assert waiting.entered_by == User.objects.get(username="clerk_changjie")
    assert AuditEvent.objects.latest("pk").action == "enter_household_count"
    assert changes_since(run) == before
    assert "260" in text_of(logged_in("approver"), "/approvals/")


def test_entered_again_for_the_same_day_it_is_corrected(village: GrassrootsUnit, clerk: Client) -> None:
    enter(clerk, village)
    enter(clerk, village, households="261")
    assert HouseholdCount.objects.get(approved_at=None).households == 261


def test_an_approved_count_is_replaced_and_not_changed(village: GrassrootsUnit, clerk: Client) -> None:
    kept = a_household_count(unit=village, households=250, effective_from=date(2010, 6, 1))
    enter(clerk, village)
    waiting = HouseholdCount.objects.get(approved_at=None)
    assert (waiting.replaces, waiting.households) == (kept, 260)
    kept.refresh_from_db()
    assert kept.households == 250


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"households": ""}, "请填写户籍户数"),
        ({"households": "-1"}, "不能小于"),
        ({"counted_on": "昨天"}, "日期请写成"),
        ({"counted_on": "2199-12-31"}, "不能晚于今天"),
        ({"effective_from": ""}, "请填写执行日期"),
        ({"effective_from": "1900-01-01"}, "不能早于"),
    ],
)
def test_what_cannot_be_is_said_and_kept_on_the_form(
    village: GrassrootsUnit, clerk: Client, changed: dict[str, str], said: str
) -> None:
    response = clerk.post(f"/units/{village.code}/households/", {**ENTRY, **changed})
    page = response.content.decode()
    assert (response.status_code, said in page, 'value="780"' in page) == (400, True, True)
    assert not HouseholdCount.objects.filter(approved_at=None).exists()


def test_an_officer_enters_for_a_township_where_duties_are_shared(village: GrassrootsUnit, settings: object) -> None:
    settings.SEPARATION = "small"  # type: ignore[attr-defined]  # the fixture of pytest-django
    assert User.objects.get(username="officer").role == Role.BUREAU_OFFICER
    assert enter(logged_in("officer"), village) == 302
