"""A village is converted, merged and opened again by form, beside whoever is on post there."""

import html
from datetime import date

import pytest
from django.test import Client

from accounts.enums import Role
from staffing.enums import Position
from staffing.models import Posting
from tests.builders import a_person, a_posting, a_township, a_unit
from tests.users import MakeUser, browser
from townships.enums import UnitKind
from townships.models import GrassrootsUnit

pytestmark = pytest.mark.django_db
DOCUMENT = "甬民发〔2010〕3号"
CONVERTED = {
    "kind": "community",
    "name": "王家社区",
    "code": "330226009001",
    "first_day": "2010.6.16",
    "reason": DOCUMENT,
}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2010, 6, 3))


@pytest.fixture
def unit() -> GrassrootsUnit:
    return a_unit(township=a_township(), name="王家村", kind=UnitKind.VILLAGE)


@pytest.fixture
def posting(unit: GrassrootsUnit) -> Posting:
    person = a_person(name="何某")
    return a_posting(township=unit.township, unit=unit, position=Position.VILLAGE_COORDINATOR, person=person)


@pytest.fixture
def officer(make_user: MakeUser) -> Client:
    return browser(make_user(Role.BUREAU_OFFICER))


def sent(client: Client, unit: GrassrootsUnit, verb: str, fields: dict[str, str]) -> tuple[int, str]:
    """The status of the answer, and the page that it is or leads to."""
    path = f"/units/{unit.code}/{verb}/"
    assert f'href="{path}"' in client.get(f"/units/{unit.code}/").content.decode()
    response = client.post(path, fields)
    page = client.get(response["Location"]) if response.status_code == 302 else response
    return response.status_code, html.unescape(page.content.decode())


def test_a_village_becomes_a_community_and_opens_again(
    unit: GrassrootsUnit, posting: Posting, officer: Client
) -> None:
    status, page = sent(officer, unit, "convert", CONVERTED)
    assert (status, "请选择何某以后怎么办" in page, DOCUMENT in page) == (400, True, True)
    status, page = sent(officer, unit, "convert", CONVERTED | {f"posting_{posting.pk}": "moves"})
    assert (status, "2010-06-16 起改设为王家社区(社区)" in page) == (302, True)
    community = GrassrootsUnit.objects.get(code="330226009001")
    assert community.postings.get().person == posting.person
    assert "前身" in officer.get(f"/units/{community.code}/").content.decode()
    status, page = sent(officer, unit, "reopen", {"reason": "登记有误"})
    assert (status, "撤销的登记已取消" in page, "后继" in page) == (302, True, False)


def test_a_village_goes_into_another(unit: GrassrootsUnit, posting: Posting, officer: Client) -> None:
    into = a_unit(township=unit.township, name="范家村", kind=UnitKind.VILLAGE)
    elsewhere = a_unit(township=a_township(code="330226002", name="桃源街道"), name="李家村", kind=UnitKind.VILLAGE)
    fields = {"first_day": "2010-06-16", "reason": DOCUMENT, f"posting_{posting.pk}": "leaves"}
    for wrong in (unit.code, elsewhere.code, "", "x"):
        status, page = sent(officer, unit, "merge", fields | {"into": wrong})
        assert (status, "李家村" in page) == (400, False)
    status, page = sent(officer, unit, "merge", fields | {"into": into.code})
    assert (status, "2010-06-16 起并入范家村。户籍户数请镇街在新的页面登记" in page) == (302, True)
    posting.refresh_from_db()
    assert (posting.ended_on, into.postings.count()) == (date(2010, 6, 15), 0)


@pytest.mark.parametrize("verb", ["merge", "convert", "reopen"])
def test_nobody_else_ends_one(unit: GrassrootsUnit, make_user: MakeUser, verb: str) -> None:
    for role in (Role.TOWNSHIP_CLERK, Role.BUREAU_APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR):
        client = browser(make_user(role, township=unit.township if role is Role.TOWNSHIP_CLERK else None))
        assert client.post(f"/units/{unit.code}/{verb}/", CONVERTED).status_code == 403
