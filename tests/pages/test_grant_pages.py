"""A grant is entered and ended by form beside the places that it changes, and waits for somebody else's approval."""

import html
from collections.abc import Mapping
from datetime import date

import pytest
from django.test import Client

from accounts.enums import Role
from staffing.models import EstablishmentGrant, GrantEnding
from tests.builders import a_grant, a_person, a_posting, a_township
from tests.page_forms import forms_of
from tests.subsidies.policies import a_policy
from tests.users import MakeUser, browser
from townships.models import Township

pytestmark = pytest.mark.django_db
PAPER = "甬人社〔2010〕8号"
FIELDS = {"extra": "2", "effective_from": "2010年7月1日", "ended_on": "", "document": PAPER}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2010, 6, 3))


@pytest.fixture
def township() -> Township:
    a_policy()
    return a_township()


@pytest.fixture
def officer(make_user: MakeUser) -> Client:
    return browser(make_user(Role.BUREAU_OFFICER, username="officer"))


def page_of(township: Township) -> str:
    return f"/townships/{township.code}/"


def sent(client: Client, path: str, fields: Mapping[str, object]) -> str:
    return html.unescape(client.post(path, dict(fields), follow=True).content.decode())


def test_a_grant_is_entered_beside_the_places_and_counts_once_somebody_else_approved_it(
    township: Township, officer: Client, make_user: MakeUser
) -> None:
    assert f'href="{page_of(township)}grants/"' in officer.get(page_of(township)).content.decode()
    assert "基数 3 人" in html.unescape(officer.get(f"{page_of(township)}grants/").content.decode())
    page = sent(officer, f"{page_of(township)}grants/", FIELDS)
    assert f"增配 2 人,2010-07-01 起长期,{PAPER}已登记,等待县局审核人员审核" in page
    grant = EstablishmentGrant.objects.get()
    assert (grant.extra, grant.effective_from, grant.approved_at) == (2, date(2010, 7, 1), None)
    assert "已经登记过" in sent(officer, f"{page_of(township)}grants/", FIELDS)
    assert officer.get("/approvals/").content.decode().count(PAPER) == 1
    assert officer.post("/approvals/approve/", {"entry": f"grant:{grant.pk}"}).status_code == 403
    assert EstablishmentGrant.objects.filter(approved_at=None).count() == 1


def test_whoever_may_lose_a_place_is_named_before_a_grant_is_ended(township: Township, officer: Client) -> None:
    grant = a_grant(township=township, effective_from=date(2009, 1, 1))
    a_posting(township=township, person=a_person(name="先到"), started_on=date(2009, 1, 1))
    last = a_posting(township=township, person=a_person(name="后到"), started_on=date(2009, 5, 1))
    path, fields = f"/grants/{grant.pk}/end/", {"last_day": "2010-06-30", "document": PAPER, "reason": "工作量减少"}
    page = sent(officer, path, fields)
    assert "名额减少 1 个" in page
    assert "后到(2009-05-01 到岗)" in page
    assert "先到" not in page
    assert not GrantEnding.objects.exists()
    page = sent(officer, path, {**fields, "still_on_post": [last.pk]})
    assert "终止于 2010-06-30 已登记,等待县局审核人员审核" in page
    assert GrantEnding.objects.get().approved_at is None
    grant.refresh_from_db()
    assert grant.ended_on is None


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"extra": "0"}, "1 到 99 的整数"),
        ({"extra": "二"}, "1 到 99 的整数"),
        ({"ended_on": "2010-06-30"}, "终止日期不能早于执行日期"),
        ({"document": ""}, "请填写批复的文号"),
        ({"effective_from": "2012-01-01"}, "天以后"),
    ],
)
def test_what_is_wrong_or_improbable_is_said_and_nothing_is_saved(
    township: Township, officer: Client, changed: dict[str, str], told: str
) -> None:
    response = officer.post(f"{page_of(township)}grants/", FIELDS | changed)
    assert (response.status_code, told in html.unescape(response.content.decode())) == (400, True)
    assert not EstablishmentGrant.objects.exists()


def test_what_is_improbable_is_taken_the_second_time(township: Township, officer: Client) -> None:
    path, fields = f"{page_of(township)}grants/", FIELDS | {"effective_from": "2012-01-01"}
    asked = next(form for form in forms_of(officer.post(path, fields).content.decode()) if "extra" in form.kinds)
    assert officer.post(path, {**fields, "asked": asked.sent["asked"]}).status_code == 302
    assert EstablishmentGrant.objects.count() == 1


@pytest.mark.parametrize("role", [Role.TOWNSHIP_CLERK, Role.BUREAU_APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR])
def test_nobody_else_enters_or_ends_one(township: Township, make_user: MakeUser, role: Role) -> None:
    grant = a_grant(township=township)
    user = make_user(role, township=township if role is Role.TOWNSHIP_CLERK else None)
    client = browser(user)
    assert client.post(f"{page_of(township)}grants/", FIELDS).status_code == 403
    assert client.get(f"/grants/{grant.pk}/end/").status_code == 403
    assert EstablishmentGrant.objects.count() == 1
