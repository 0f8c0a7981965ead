"""A unit is closed by form beside whoever is on post there: nobody loses a place unnamed."""

import html
from datetime import date

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import AuditEvent
from staffing.enums import Position
from tests.builders import a_person, a_posting, a_township, a_unit
from tests.users import MakeUser, browser
from townships.enums import UnitKind
from townships.models import GrassrootsUnit

pytestmark = pytest.mark.django_db
AT_VILLAGE = Position.VILLAGE_COORDINATOR
CLOSED = {"last_day": "2010.6.30", "reason": "甬民发〔2010〕3号"}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2010, 6, 3))


@pytest.fixture
def unit() -> GrassrootsUnit:
    return a_unit(township=a_township(), name="王家村", kind=UnitKind.VILLAGE)


@pytest.fixture
def officer(make_user: MakeUser) -> Client:
    return browser(make_user(Role.BUREAU_OFFICER))


def path(unit: GrassrootsUnit) -> str:
    return f"/units/{unit.code}/close/"


def test_a_unit_is_closed_and_its_day_corrected(unit: GrassrootsUnit, officer: Client) -> None:
    assert f'href="{path(unit)}">登记撤销' in officer.get(f"/units/{unit.code}/").content.decode()
    page = html.unescape(officer.post(path(unit), CLOSED, follow=True).content.decode())
    assert "跃龙街道王家村:2010-06-30 撤销已登记" in page
    officer.post(path(unit), CLOSED | {"last_day": "2010-05-31"})
    unit.refresh_from_db()
    assert unit.closed_on == date(2010, 5, 31)
    assert (
        list(AuditEvent.objects.filter(action="close_unit").values_list("reason", flat=True)) == [CLOSED["reason"]] * 2
    )


def test_whoever_stays_on_post_there_is_named_first(unit: GrassrootsUnit, officer: Client) -> None:
    leaving = a_posting(
        township=unit.township,
        unit=unit,
        position=AT_VILLAGE,
        person=a_person(name="要走的"),
        ended_on=date(2010, 6, 30),
    )
    staying = a_posting(township=unit.township, unit=unit, position=AT_VILLAGE, person=a_person(name="留下的"))
    response = officer.post(path(unit), CLOSED)
    page = html.unescape(response.content.decode())
    assert (response.status_code, "请选择留下的以后怎么办" in page, "要走的" in page) == (400, True, False)
    assert f'name="posting_{staying.pk}"' in page
    assert GrassrootsUnit.objects.get().closed_on is None
    # Nobody else's posting is taken for one of the unit's, and nobody goes on where nothing follows.
    for name, fate in ((leaving.pk, "stays"), (staying.pk, "moves")):
        assert officer.post(path(unit), {**CLOSED, f"posting_{name}": fate}).status_code == 400
    assert officer.post(path(unit), {**CLOSED, f"posting_{staying.pk}": "leaves"}).status_code == 302
    staying.refresh_from_db()
    assert GrassrootsUnit.objects.get().closed_on == staying.ended_on == date(2010, 6, 30)


@pytest.mark.parametrize("role", [Role.TOWNSHIP_CLERK, Role.BUREAU_APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR])
def test_nobody_else_closes_one(unit: GrassrootsUnit, make_user: MakeUser, role: Role) -> None:
    client = browser(make_user(role, township=unit.township if role is Role.TOWNSHIP_CLERK else None))
    assert client.post(path(unit), CLOSED).status_code == 403
    if role is not Role.FINANCE_OFFICER:  # who reads no places
        assert path(unit) not in client.get(f"/units/{unit.code}/").content.decode()
    assert GrassrootsUnit.objects.get().closed_on is None
