"""A unit is renamed from a day on: lines take the name of their month's last day, and old names are still found."""

import html
from datetime import date

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import AuditEvent
from foundation.dates import Month
from staffing.enums import Position
from subsidies.models import AllocationLine
from subsidies.posts.known_county import known_county
from subsidies.runs.services import calculate
from tests.builders import a_household_count, a_posting, a_township, a_unit
from tests.subsidies.months import an_approved_run
from tests.subsidies.policies import a_policy
from tests.users import MakeUser, browser
from townships.enums import UnitKind
from townships.models import GrassrootsUnit
from townships.places import Places
from townships.units import rename_unit

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)
NEW = {"name": "范家新村", "first_day": "2009.7.2", "reason": "宁政〔2009〕1号"}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2009, 9, 3))


@pytest.fixture
def village() -> GrassrootsUnit:
    """With a coordinator and two counts of households."""
    township = a_township()
    unit = a_unit(township=township, name="范家村", kind=UnitKind.VILLAGE, opened_on=date(2008, 1, 1))
    for day in (date(2009, 1, 1), date(2009, 6, 1)):
        a_household_count(unit=unit, effective_from=day)
    a_posting(township=township, unit=unit, position=Position.VILLAGE_COORDINATOR, started_on=date(2009, 1, 1))
    return unit


@pytest.fixture
def officer(make_user: MakeUser) -> Client:
    return browser(make_user(Role.BUREAU_OFFICER))


def path(unit: GrassrootsUnit) -> str:
    return f"/units/{unit.code}/rename/"


def renamed(unit: GrassrootsUnit, name: str, first_day: date) -> None:
    rename_unit(unit=unit, name=name, first_day=first_day, reason="宁政〔2009〕1号", actor=None)


def test_a_unit_is_renamed_and_its_page_tells_of_the_old_name(village: GrassrootsUnit, officer: Client) -> None:
    assert f'href="{path(village)}"' in officer.get(f"/units/{village.code}/").content.decode()
    page = html.unescape(officer.post(path(village), NEW, follow=True).content.decode())
    assert "跃龙街道范家村:2009-07-02 起改名为范家新村。" in page
    assert "范家村(用到 2009-07-01)" in page
    event = AuditEvent.objects.get(action="rename_unit")
    assert (event.before, event.after) == ({"name": "范家村"}, {"name": "范家新村", "first_day": "2009-07-02"})
    # The list of a day calls it as it was called then.
    assert "范家新村" not in officer.get("/units/?on=2009-07-01").content.decode()
    assert "范家新村" in officer.get("/units/?on=2009-07-02").content.decode()


def test_lines_take_the_name_of_the_last_day_of_their_month(village: GrassrootsUnit) -> None:
    a_policy()
    for name, day in (("新村", date(2009, 7, 31)), ("新范村", date(2009, 8, 1))):
        renamed(village, name, day)
    an_approved_run(JUNE)
    calculate(month=JUNE + 1, actor=None)
    names = AllocationLine.objects.order_by("for_month").values_list("for_month__month", "unit_name")
    assert list(names) == [(6, "范家村"), (7, "新村")]


def test_names_of_a_unit_do_not_multiply_its_counts(village: GrassrootsUnit) -> None:
    waiting = a_household_count(unit=village, effective_from=date(2009, 8, 1), approved=False)
    for name, day in (("新村", date(2009, 7, 2)), ("新范村", date(2009, 8, 1))):
        renamed(village, name, day)
    known = known_county(since=date(2009, 6, 1), until=date(2009, 8, 31))
    (fact,) = known.facts.units
    assert (fact.name, len(fact.counts), fact.waiting, waiting.unit.earlier_names.count()) == ("新范村", 2, 1, 2)
    (earlier,) = known.between(date(2009, 6, 1), date(2009, 7, 31)).units
    assert (earlier.name, earlier.name_on(date(2009, 7, 1))) == ("新村", "范家村")


def test_the_day_of_the_last_renaming_corrects_it(village: GrassrootsUnit) -> None:
    renamed(village, "笵家新村", date(2009, 7, 2))
    renamed(village, "范家新村", date(2009, 7, 2))
    assert list(village.earlier_names.values_list("name", "last_day")) == [("范家村", date(2009, 7, 1))]


def test_an_old_name_still_says_which_unit_is_meant(village: GrassrootsUnit) -> None:
    renamed(village, "范家新村", date(2009, 7, 2))
    places = Places.of_county()
    assert places.unit("范家村", township=village.township).pk == village.pk
    assert places.taken == {"范家村": "范家新村"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"name": "范家村"}, "现在的名称就是范家村"),
        ({"name": "王家村"}, "已有王家村"),
        ({"name": ""}, "请填写新的名称"),
        ({"first_day": "2009-09-04"}, "还没有到"),
        ({"first_day": "2007-12-31"}, "不存在"),
        ({"first_day": "2009-06-31"}, "没有这一天"),
        ({"reason": ""}, "请填写改名所依据的文件或原因"),
    ],
)
def test_what_cannot_be_is_answered_in_words(
    village: GrassrootsUnit, officer: Client, more: dict[str, str], said: str
) -> None:
    a_unit(township=village.township, name="王家村", kind=UnitKind.VILLAGE)
    response = officer.post(path(village), NEW | more)
    assert (response.status_code, said in html.unescape(response.content.decode())) == (400, True)
    village.refresh_from_db()
    assert (village.name, village.earlier_names.count()) == ("范家村", 0)


def test_no_name_begins_before_the_last_renaming(village: GrassrootsUnit, officer: Client) -> None:
    renamed(village, "范家新村", date(2009, 7, 2))
    response = officer.post(path(village), NEW | {"name": "范村", "first_day": "2009-07-01"})
    assert "2009-07-02 起已改过名" in response.content.decode()


@pytest.mark.parametrize("role", [Role.TOWNSHIP_CLERK, Role.BUREAU_APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR])
def test_nobody_else_renames_one(village: GrassrootsUnit, make_user: MakeUser, role: Role) -> None:
    client = browser(make_user(role, township=village.township if role is Role.TOWNSHIP_CLERK else None))
    assert client.post(path(village), NEW).status_code == 403
