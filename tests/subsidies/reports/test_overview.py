"""All reports of a month before the bureau: who reports what, and those without changes accepted at once."""

import re
from datetime import date

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import AuditEvent, User
from staffing.models import Posting
from staffing.postings.services import correct_dates
from subsidies.models import Acknowledgement, LedgerParameters, TownshipReport
from tests.builders import a_person, a_posting, a_township
from tests.reading import text_of, words
from tests.subsidies.months import JUNE, a_submitted_report, an_accepted_report
from tests.subsidies.policies import a_policy
from tests.users import MakeUser, browser
from townships.models import Township

pytestmark = pytest.mark.django_db
LIST, ACCEPT = "/reports/2009-06/", "/reports/2009-06/accept/"
NAMES = ("甲镇", "乙镇", "丙镇", "丁镇")


@pytest.fixture
def towns() -> list[Township]:
    """Of four townships with an assistant each: two report June as May, one somebody new, one has sent nothing up."""
    a_policy()
    towns = [a_township(name=name, code=f"33022610{number}") for number, name in enumerate(NAMES)]
    LedgerParameters.objects.create(county=towns[0].county, reports_required=True)
    for town in towns:
        a_posting(township=town, person=a_person(name=f"{town.name}的人"))
        an_accepted_report(town, JUNE - 1)
    a_posting(township=towns[2], person=a_person(name="新来的"), started_on=date(2009, 6, 10))
    for town in towns[:3]:
        a_submitted_report(town)
    return towns


@pytest.fixture
def user(make_user: MakeUser) -> User:
    return make_user(Role.BUREAU_OFFICER)


@pytest.fixture
def officer(user: User) -> Client:
    return browser(user)


def ticks(page: str) -> dict[str, bool]:
    """What can be accepted, and whether it is ticked."""
    boxes = re.findall(r'name="report" value="([^"]*)"[^>]*?( checked)?>', page)
    return {value: bool(mark) for value, mark in boxes}


def ticked(client: Client) -> list[str]:
    return [value for value, is_ticked in ticks(text_of(client, LIST)).items() if is_ticked]


def states() -> list[str]:
    of_june = TownshipReport.objects.filter(month=JUNE.first).order_by("township__code")
    return list(of_june.values_list("state", flat=True))


def test_exactly_those_without_changes_and_open_findings_are_ticked(towns: list[Township], officer: Client) -> None:
    first, second, third, _ = towns
    offered = {f"{town.code}:1": town is not third for town in (first, second, third)}
    assert ticks(text_of(officer, LIST)) == offered
    # A finding that nobody has explained.
    Acknowledgement.objects.filter(township=second).delete()
    assert ticks(text_of(officer, LIST))[f"{second.code}:1"] is False
    # What would say something else today cannot be accepted at all.
    a_posting(township=first, started_on=date(2009, 6, 5))
    assert f"{first.code}:1" not in ticks(text_of(officer, LIST))


def test_numbers_open_the_names_behind_them(towns: list[Township], officer: Client) -> None:
    leaver = Posting.objects.get(person__name="丁镇的人")
    correct_dates(posting=leaver, started_on=leaver.started_on, ended_on=date(2009, 6, 12), reason="辞职", actor=None)
    page = text_of(officer, LIST)
    assert "<details><summary>1</summary>新来的</details>" in page
    assert "<details><summary>1</summary>丁镇的人</details>" in page
    assert "未签劳动合同 丁镇的人" in page


def test_all_that_are_ticked_are_accepted_by_one_button_with_an_event_each(
    towns: list[Township], user: User, officer: Client
) -> None:
    """Two clicks from the desk: 去审核, and the button."""
    assert f'href="{LIST}"' in text_of(officer, "/desk/")
    response = officer.post(ACCEPT, {"report": ticked(officer)})
    assert (response.status_code, response.headers["Location"]) == (302, LIST)
    assert states() == ["accepted", "accepted", "submitted"]
    events = AuditEvent.objects.filter(action="accept_report", actor=user)
    assert events.count() == 2
    assert "2009年6月月报审核通过2份:甲镇、乙镇。" in words(text_of(officer, LIST))


def test_what_changed_meanwhile_is_left_out_and_said(towns: list[Township], officer: Client) -> None:
    seen = ticked(officer)
    # One is sent up anew after the officer looked, one is otherwise than it was sent up.
    a_submitted_report(towns[0])
    a_posting(township=towns[1], person=a_person(name="补登的"), started_on=date(2009, 6, 5))
    officer.post(ACCEPT, {"report": [*seen, f"{towns[2].code}:1"]})
    assert states() == ["submitted", "submitted", "accepted"]
    said = words(text_of(officer, LIST))
    assert "审核通过1份:丙镇。" in said
    assert "甲镇没有审核通过:这份月报刚刚被别人办理过" in said
    assert "乙镇没有审核通过:上报以后又有变动:补登的:新增" in said


def test_every_report_is_guarded_as_if_it_were_alone(
    towns: list[Township], officer: Client, user: User, settings: object
) -> None:
    """Months in order, and nobody accepts what the same person sent up."""
    settings.SEPARATION = "small"  # type: ignore[attr-defined]  # any setting
    a_submitted_report(towns[0], actor=user)
    TownshipReport.objects.filter(township=towns[1], month=(JUNE - 1).first).update(state="submitted", decided_at=None)
    officer.post(ACCEPT, {"report": [f"{towns[0].code}:2", f"{towns[1].code}:1"]})
    assert states() == ["submitted", "submitted", "submitted"]
    said = words(text_of(officer, LIST))
    assert ("上报人不能审核自己上报的月报" in said, "请按月份顺序办理" in said) == (True, True)


def test_nothing_is_accepted_for_what_the_page_did_not_offer(towns: list[Township], officer: Client) -> None:
    assert officer.post(ACCEPT, {}).status_code == 400
    assert officer.post(ACCEPT, {"report": ["330226100"]}).status_code == 400
    assert officer.post(ACCEPT, {"report": ["330226100:1", "999999999:1"]}).status_code == 404
    assert states() == ["submitted"] * 3


@pytest.mark.parametrize("role", [Role.TOWNSHIP_CLERK, Role.BUREAU_APPROVER, Role.AUDITOR])
def test_only_an_officer_accepts(towns: list[Township], make_user: MakeUser, role: Role) -> None:
    client = browser(make_user(role, township=towns[0] if role is Role.TOWNSHIP_CLERK else None))
    page = text_of(client, LIST)
    assert ("accept-reports" in page, "乙镇" in page) == (False, role is not Role.TOWNSHIP_CLERK)
    assert client.post(ACCEPT, {"report": [f"{towns[0].code}:1"]}).status_code == 403
    assert states() == ["submitted"] * 3
