"""Who comes to the retirement age: on the desk, in the list, by the group of the person; and what stays hidden."""

from datetime import date

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import AuditEvent, User
from staffing.enums import Position
from staffing.models import Person, Posting
from staffing.national_id import check
from tests.builders import a_person, a_posting, a_township, an_id_number
from tests.reading import text_of, words
from tests.subsidies.policies import a_policy
from tests.users import a_user, browser

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 15)
AGES = """
[[retirement]]
effective_from = 2025-01-01
group = "male"
base_years = 60
first_birth_month = "1965-01"
months_per_step = 4
cap_months = 36
document = "opinion"
[[retirement]]
effective_from = 2025-01-01
group = "female_worker"
base_years = 50
first_birth_month = "1975-01"
months_per_step = 2
cap_months = 60
document = "opinion"
[[retirement]]
effective_from = 2025-01-01
group = "female_cadre"
base_years = 55
first_birth_month = "1970-01"
months_per_step = 4
cap_months = 36
document = "opinion"
"""
# Whoever is of an age with them is near: a woman worker of 1976-06 retires in 2027-03, a man of 1966-03 in 2026-07.
WOMAN, MAN, YOUNG = date(1976, 6, 20), date(1966, 3, 2), date(1976, 12, 1)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)


def somebody(name: str, born_on: date, serial: int, *, position: Position = Position.ASSISTANT) -> Posting:
    """An odd serial is a man's."""
    number = check(an_id_number(serial, born_on=born_on), today=TODAY)
    town = Posting.objects.first()
    person = a_person(name=name, national_id=number)
    return a_posting(township=town.township if town else a_township(), person=person, position=position)


@pytest.fixture
def clerk() -> User:
    a_policy(more=AGES)
    somebody("王一兰", WOMAN, 2)
    somebody("李二强", MAN, 1)
    somebody("赵三梅", YOUNG, 4)
    somebody("钱四英", WOMAN, 6, position=Position.PLATFORM_STAFF)
    unknown = a_person(name="孙五无")
    a_posting(township=Posting.objects.earliest("pk").township, person=unknown)
    return a_user(Role.TOWNSHIP_CLERK, township=Posting.objects.earliest("pk").township)


def listed(client: Client, query: str = "?retirement=near") -> set[str]:
    page = text_of(client, f"/people/{query}")
    return {name for name in Person.objects.values_list("name", flat=True) if f">{name}</a>" in page}


def test_the_list_and_the_desk_tell_who_retires_within_a_year(clerk: User) -> None:
    client = browser(clerk)
    assert listed(client) == {"王一兰", "李二强"}
    desk = words(text_of(client, "/desk/"))
    assert "2人在12个月内到退休年龄" in desk
    assert "12个月内到退休年龄" in words(text_of(client, "/people/?retirement=near"))
    officer = browser(a_user(Role.BUREAU_OFFICER))
    assert "2人在12个月内到退休年龄" in words(text_of(officer, "/desk/"))
    assert listed(officer) == {"王一兰", "李二强"}


def test_another_township_is_not_listed(clerk: User) -> None:
    other = a_user(Role.TOWNSHIP_CLERK, username="other", township=a_township(name="长街镇", code="330226101"))
    assert listed(browser(other)) == set()


def test_no_other_day_may_be_asked_about(clerk: User) -> None:
    """Day by day somebody's month of birth could be read off."""
    client = browser(clerk)
    assert listed(client, f"?retirement=near&on={TODAY}") == {"王一兰", "李二强"}
    refused = client.get("/people/?retirement=near&on=2025-06-15")
    assert (refused.status_code, "只按现在的日期列出" in refused.content.decode()) == (400, True)


def test_a_woman_is_said_to_be_a_cadre_with_a_reason(clerk: User) -> None:
    client, person = browser(clerk), Person.objects.get(name="王一兰")
    path = f"/people/{person.pk}/retirement-group/"
    assert f'href="{path}' in text_of(client, f"/people/{person.pk}/")
    assert client.post(path, {"retirement_group": "female_cadre", "reason": ""}).status_code == 400
    done = client.post(path, {"retirement_group": "female_cadre", "reason": "管理岗位"}, follow=True)
    assert "王一兰:退休年龄类别已更正为女干部。" in done.content.decode()
    assert listed(client) == {"李二强"}
    event = AuditEvent.objects.get(action="set_retirement_group")
    assert (event.before, event.after) == ({"retirement_group": ""}, {"retirement_group": "female_cadre"})
    again = client.post(path, {"retirement_group": "female_cadre", "reason": "管理岗位"})
    assert "与已登记的相同" in again.content.decode()


def test_a_man_and_somebody_of_another_township_are_refused(clerk: User) -> None:
    client, man = browser(clerk), Person.objects.get(name="李二强")
    refused = client.post(f"/people/{man.pk}/retirement-group/", {"retirement_group": "female_cadre", "reason": "误"})
    assert (refused.status_code, "性别是女的才登记" in refused.content.decode()) == (400, True)
    moved = Posting.objects.get(person__name="王一兰")
    Posting.objects.filter(pk=moved.pk).update(ended_on=date(2026, 1, 1))
    a_posting(township=a_township(name="长街镇", code="330226101"), person=moved.person, started_on=date(2026, 1, 2))
    fields = {"retirement_group": "female_cadre", "reason": "管理岗位"}
    refused = client.post(f"/people/{moved.person_id}/retirement-group/", fields)
    assert "现在由别的镇乡" in refused.content.decode()
    assert not Person.objects.exclude(retirement_group="").exists()


def test_the_month_stands_beside_a_whole_number_only(clerk: User) -> None:
    client, person = browser(clerk), Person.objects.get(name="王一兰")
    assert "2027年3月" not in text_of(client, f"/people/{person.pk}/")
    shown = client.post(f"/people/{person.pk}/national-id/", {"reason": "办理退休"})
    assert "按女工人 2027年3月到退休年龄(50 周岁 9 个月)" in shown.content.decode()
