"""Finding somebody by name or by the tail of the id number: straight to the only one, else a list."""

import re
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.enums import Role
from accounts.models import AuditEvent
from staffing.enums import Position
from staffing.models import Person
from staffing.people.merging import merge_people
from subsidies.demo.county import DemoCounty
from tests.builders import a_national_id, a_national_id_like, a_person, a_posting, a_township, an_id_number
from tests.reading import names_on, text_of
from tests.users import ClientOf, logged_in
from townships.models import Township

pytestmark = pytest.mark.django_db
DAY = date(2010, 4, 15)


@pytest.fixture
def town() -> Township:
    return a_township()


@pytest.fixture
def officer(client_of: ClientOf) -> Client:
    return client_of(Role.BUREAU_OFFICER)


def by_number(client: Client, tail: str) -> HttpResponse:
    return client.post("/people/by-number/", {"tail": tail})  # type: ignore[return-value]  # the test client's own


def find(client: Client, who: str) -> HttpResponse:
    return client.post("/people/find/", {"who": who})  # type: ignore[return-value]  # the test client's own


def test_clerk_does_not_find_a_number_of_another_township(demo: DemoCounty) -> None:
    foreign = Person.objects.filter(postings__township__name="长街镇").first()
    assert foreign is not None
    tail = foreign.national_id[-6:]
    assert by_number(logged_in("officer"), tail).headers["Location"] == f"/people/{foreign.pk}/"
    assert "没有人的身份证号末几位是这样的" in by_number(logged_in("clerk_yuelong"), tail).content.decode()


def test_people_are_found_by_the_tail_of_their_number_and_it_goes_nowhere(
    town: Township, officer: Client, caplog: pytest.LogCaptureFixture
) -> None:
    for serial in (1, 2):
        a_posting(township=town, person=a_person(name=f"张{serial}", national_id=a_national_id(serial)))
    found = Person.objects.get(name="张1")
    for length in (4, 5, 6):
        tail = an_id_number(1)[-length:].lower()
        for response in (by_number(officer, f" {tail} "), find(officer, f" {tail} ")):
            assert (response.status_code, response.headers["Location"]) == (302, f"/people/{found.pk}/")
    assert AuditEvent.objects.count() == 0
    assert caplog.text == ""


def test_several_whose_numbers_end_alike_are_listed(town: Township, officer: Client) -> None:
    number = an_id_number(1)
    for name, held in (("甲", a_national_id(1)), ("乙", a_national_id_like(number))):
        a_posting(township=town, person=a_person(name=name, national_id=held))
    for response in (by_number(officer, number[-4:]), find(officer, number[-4:])):
        page = response.content.decode()
        assert (response.status_code, names_on(page)) == (200, ["甲", "乙"])
        assert "2 人,2 条在岗记录" in page
        assert number not in page


def test_a_merged_record_is_found_by_its_own_number_and_leads_to_the_one_that_counts(
    town: Township, officer: Client
) -> None:
    into, duplicate = (a_person(name="张三", national_id=a_national_id(serial)) for serial in (1, 2))
    a_posting(township=town, person=into)
    a_posting(township=town, person=duplicate, position=Position.PLATFORM_STAFF)
    merge_people(duplicate=duplicate, into=into, reason="同一人", actor=None)
    for response in (by_number(officer, an_id_number(2)[-4:]), find(officer, "张三")):
        assert response.headers["Location"] == f"/people/{into.pk}/"
    assert "找到 1 人,2 条在岗记录" in text_of(officer, f"/people/?on={DAY}")


@pytest.mark.both
def test_the_search_leads_to_the_only_one_of_a_name_and_lists_several(town: Township, officer: Client) -> None:
    left = a_posting(township=town, person=a_person(name="王五"), ended_on=DAY - timedelta(days=1))
    for name in ("张三", "张三丰"):
        a_posting(township=town, person=a_person(name=name))
    for who in ("王五", "ww", "\ufeff王五"):
        assert find(officer, who).headers["Location"] == f"/people/{left.person_id}/"
    for who in ("张三", "赵六"):
        assert find(officer, who).headers["Location"] == f"/people/?{urlencode({'q': who})}"


def test_the_search_finds_nobody_of_another_township(demo: DemoCounty) -> None:
    ours, theirs = (
        Person.objects.filter(postings__township__name=name).exclude(postings__township__name=other)[0]
        for name, other in (("跃龙街道", "长街镇"), ("长街镇", "跃龙街道"))
    )
    clerk = logged_in("clerk_yuelong")
    assert find(clerk, ours.national_id[-6:]).headers["Location"] == f"/people/{ours.pk}/"
    assert find(clerk, theirs.national_id[-6:]).status_code == 200
    assert "/people/?q=" in find(clerk, "查无此人").headers["Location"]


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("", "请填写要找的人的姓名。"),
        *((who, "身份证号请只填末 4 至 6 位") for who in ("3", "123", "1234567", an_id_number(1), "张3")),
    ],
)
def test_a_search_for_what_is_neither_name_nor_tail_is_refused_with_what_was_typed_kept(
    town: Township, officer: Client, who: str, told: str
) -> None:
    response = find(officer, who)
    page = response.content.decode()
    assert (response.status_code, told in page) == (400, True)
    assert not who or f'value="{who}"' in page


@pytest.mark.parametrize("tail", ["", "123", "12345678", "12a4", "123456789012345678901234567890"])
def test_what_is_no_tail_is_refused_in_words(town: Township, officer: Client, tail: str) -> None:
    a_posting(township=town, person=a_person(name="甲"))
    response = officer.post("/people/by-number/", {"tail": tail})
    assert response.status_code == 400
    assert "末 4 至 6 位" in re.sub(r"<label.*?</label>", "", response.content.decode())


def test_a_reloaded_address_of_the_search_is_the_list(officer: Client) -> None:
    assert officer.get("/people/by-number/").headers["Location"] == "/people/"
