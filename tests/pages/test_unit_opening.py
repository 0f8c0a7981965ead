"""A unit is opened by form: from its first day on, under a code and a name that nobody has."""

import html
from datetime import date

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import AuditEvent
from tests.builders import a_township, a_unit
from tests.users import MakeUser, browser
from townships.enums import UnitKind
from townships.models import GrassrootsUnit, Township

pytestmark = pytest.mark.django_db
PATH = "/units/open/new/"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2010, 6, 3))


@pytest.fixture
def township() -> Township:
    return a_township()


@pytest.fixture
def officer(make_user: MakeUser) -> Client:
    return browser(make_user(Role.BUREAU_OFFICER))


def entered(place: Township, **more: str) -> dict[str, str]:
    return {
        "township": place.code,
        "name": "新桥社区",
        "kind": UnitKind.COMMUNITY.value,
        "code": "330226001901",
        "opened_on": "2010.6.16",
        "reason": "甬民发〔2010〕3号",
    } | more


def test_the_list_leads_to_a_form_that_opens_a_unit_from_a_day_on(township: Township, officer: Client) -> None:
    assert f'href="{PATH}' in officer.get("/units/").content.decode()
    page = html.unescape(officer.post(PATH, entered(township), follow=True).content.decode())
    assert f"{township}新桥社区(社区):2010-06-16 设立已登记" in page
    unit = GrassrootsUnit.objects.get()
    assert (unit.exists_on(date(2010, 6, 15)), unit.exists_on(date(2010, 6, 16))) == (False, True)
    event = AuditEvent.objects.get(action="open_unit")
    assert (event.subject_id, event.reason, (event.after or {})["opened_on"]) == (
        unit.pk,
        "甬民发〔2010〕3号",
        "2010-06-16",
    )


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"township": "999"}, "没有这个镇乡(街道)"),
        ({"kind": "city"}, "没有这个类别"),
        ({"code": "3302-1"}, "12 位以内的数字"),
        ({"code": "330226001900"}, "区划代码 330226001900 已是王家村的"),
        ({"name": "王家村"}, "已有王家村"),
        ({"name": " "}, "请填写村(社区)的名称"),
        ({"opened_on": "2010-02-30"}, "没有这一天"),
        ({"reason": ""}, "请填写设立所依据的文件或原因"),
    ],
)
def test_what_cannot_be_is_answered_in_words_and_kept(
    township: Township, officer: Client, more: dict[str, str], said: str
) -> None:
    a_unit(township=township, name="王家村", code="330226001900", kind=UnitKind.VILLAGE)
    response = officer.post(PATH, entered(township, **more))
    page = html.unescape(response.content.decode())
    assert (response.status_code, said in page, "甬民发〔2010〕3号" in page) == (400, True, "reason" not in more)
    assert GrassrootsUnit.objects.count() == 1


def test_the_name_of_a_unit_that_is_closed_by_then_is_free(township: Township, officer: Client) -> None:
    a_unit(township=township, name="新桥社区", closed_on=date(2010, 6, 15))
    assert officer.post(PATH, entered(township)).status_code == 302


def test_the_code_of_a_township_is_taken(township: Township, officer: Client) -> None:
    assert officer.post(PATH, entered(township, code=township.code)).status_code == 400


@pytest.mark.parametrize("role", [Role.TOWNSHIP_CLERK, Role.BUREAU_APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR])
def test_nobody_else_opens_one(township: Township, make_user: MakeUser, role: Role) -> None:
    client = browser(make_user(role, township=township if role is Role.TOWNSHIP_CLERK else None))
    assert client.post(PATH, entered(township)).status_code == 403
    assert GrassrootsUnit.objects.count() == 0
