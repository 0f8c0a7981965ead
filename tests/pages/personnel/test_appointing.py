"""Appointing somebody on one page: the person, the post, wage, contract, and the end of the predecessor."""

import html
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from accounts.enums import Role
from accounts.models import User
from staffing.enums import Education, EndKind, Position, PostingSource
from staffing.models import Contract, Person, PersonProposal, Posting, Wage
from staffing.national_id import check
from tests.builders import TODAY, a_person, a_posting, a_round, a_township, a_unit, an_id_number, education_of
from tests.page_forms import forms_of
from tests.subsidies.policies import a_policy
from tests.users import MakeUser, browser
from townships.enums import UnitKind
from townships.models import GrassrootsUnit, Township

pytestmark = pytest.mark.django_db
PAGE = "/people/appoint/"
MOST = 20


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2010, 6, 3))


@pytest.fixture
def township() -> Township:
    return a_township()


@pytest.fixture
def village(township: Township) -> GrassrootsUnit:
    return a_unit(township=township, name="王家村", kind=UnitKind.VILLAGE)


@pytest.fixture
def clerk(township: Township, make_user: MakeUser) -> User:
    return make_user(Role.TOWNSHIP_CLERK, township=township)


@pytest.fixture
def client(clerk: User) -> Client:
    return browser(clerk)


def typed(place: str, **others: object) -> dict[str, object]:
    """What the form sends of somebody new, from 2010-06-01 on."""
    return {
        "name": "赵六",
        "national_id": an_id_number(7),
        "place": place,
        "started_on": "2010.6.1",
        **others,
    }


def shown(client: Client, **asked: str) -> str:
    return html.unescape(client.get(PAGE, asked).content.decode())


def sent(client: Client, fields: dict[str, object]) -> tuple[int, str]:
    response = client.post(PAGE, fields, follow=True)
    return response.status_code, html.unescape(response.content.decode())


def asked_back(page: str, fields: dict[str, object]) -> dict[str, object]:
    """The same once more, with the marks of what was asked."""
    form = next(form for form in forms_of(page) if "place" in form.kinds)
    return fields | {"asked": form.sent["asked"]}


def test_a_coordinator_comes_to_a_vacant_village_with_everything_on_one_page(
    client: Client, village: GrassrootsUnit
) -> None:
    a_policy()
    page = client.get(PAGE, {"unit": village.code}).content.decode()
    form = next(form for form in forms_of(page) if "place" in form.kinds)
    assert form.sent["place"] == [village.code]
    fields = typed(
        village.code,
        education="college",
        has_computer_skill="yes",
        is_full_time="no",
        phone="13800000000",
        monthly_wage="1,800.00",
        employer_insurance="400",
        contract_kind="township",
        contract_ended_on="2013-05-31",
    )
    status, done = sent(client, fields)
    assert status == 200
    assert "赵六:" in done
    assert "2010-06-01" in done
    assert "1,800.00" in done
    posting = Posting.objects.get()
    assert (posting.unit, posting.started_on, posting.person.name) == (village, date(2010, 6, 1), "赵六")
    assert posting.person.qualifications.educations_on(date(2010, 6, 1)).get().level == Education.COLLEGE
    assert (Wage.objects.get().monthly_wage, Contract.objects.get().started_on) == (Decimal(1800), date(2010, 6, 1))


def test_an_assistant_comes_from_a_round_of_open_recruitment(client: Client, township: Township) -> None:
    a_policy()
    of_round = a_round(township=township)
    foreign = a_round(township=a_township(code="330226102", name="长街镇"))
    fields = typed("assistant", source="open_recruitment", recruitment_round=foreign.pk)
    assert sent(client, fields)[0] == 400
    assert sent(client, fields | {"recruitment_round": of_round.pk})[0] == 200
    posting = Posting.objects.get()
    assert (posting.source, posting.recruitment_round) == (PostingSource.OPEN_RECRUITMENT, of_round)


def test_an_occupied_village_offers_to_end_the_predecessor_the_day_before(
    client: Client, village: GrassrootsUnit
) -> None:
    old = a_posting(township=village.township, unit=village, position=Position.VILLAGE_COORDINATOR)
    assert f"这个岗位现有 {old.person.name}" in shown(client, unit=village.code)
    fields = typed(village.code)
    status, page = sent(client, fields)
    assert (status, "只有一个补助名额" in page) == (400, True)
    assert not Posting.objects.exclude(pk=old.pk).exists()
    ending = fields | {"predecessor": old.pk, "predecessor_kind": "resigned"}
    assert sent(client, ending)[0] == 200
    old.refresh_from_db()
    assert (old.ended_on, old.end_kind) == (date(2010, 5, 31), EndKind.RESIGNED)
    assert Posting.objects.exclude(pk=old.pk).get().person.name == "赵六"


def test_a_second_one_at_a_village_is_asked_about_once_and_then_taken(client: Client, village: GrassrootsUnit) -> None:
    a_posting(township=village.township, unit=village, position=Position.VILLAGE_COORDINATOR)
    fields = typed(village.code)
    _, page = sent(client, fields)
    assert sent(client, asked_back(page, fields))[0] == 200
    assert Posting.objects.count() == 2


def test_a_known_number_offers_that_person_and_makes_no_second_record(
    client: Client, village: GrassrootsUnit, township: Township
) -> None:
    known = a_person(name="赵六", national_id=check(an_id_number(7), today=TODAY))
    a_posting(person=known, township=township, ended_on=date(2009, 12, 31))
    status, page = sent(client, typed(village.code))
    assert (status, "这个身份证号已有人员记录:赵六" in page, "就是此人" in page) == (400, True, True)
    assert an_id_number(7) not in page.replace(f'value="{an_id_number(7)}"', "")
    assert sent(client, typed(village.code, is_known="on"))[0] == 200
    assert Posting.objects.latest("pk").person == known
    assert Person.objects.count() == 1


def test_of_somebody_of_another_township_only_a_masked_name_is_told(client: Client, village: GrassrootsUnit) -> None:
    stranger = a_person(name="欧阳建国", national_id=check(an_id_number(7), today=TODAY))
    a_posting(person=stranger, township=a_township(code="330226102", name="长街镇"))
    _, page = sent(client, typed(village.code))
    assert "欧***" in page
    assert "阳建国" not in page
    assert "长街镇" not in page


def test_facts_of_somebody_on_record_change_only_after_a_question_and_by_whoever_writes_them(
    client: Client, village: GrassrootsUnit, township: Township
) -> None:
    known = a_person(name="赵六", national_id=check(an_id_number(7), today=TODAY), education=Education.BACHELOR)
    there = a_posting(person=known, township=a_township(code="330226102", name="长街镇"))
    fields = typed(village.code, is_known="on", education="college")
    _, page = sent(client, fields)
    assert "学历您填的是大专" in page
    assert "本科" not in page.partition("<form")[0]
    # What is on record is asked about in the same words: nobody finds it out by trying.
    _, same = sent(client, fields | {"education": "bachelor"})
    assert "学历您填的是本科" in same
    _, page = sent(client, asked_back(page, fields))
    assert "学历已作为更正申请报县局" in page
    assert PersonProposal.objects.get().after == {"education": "college"}
    assert education_of(known) == "bachelor"
    # Of somebody who was in another township and is here now, it is written at once.
    PersonProposal.objects.all().delete()
    Posting.objects.exclude(pk=there.pk).delete()
    Posting.objects.filter(pk=there.pk).update(ended_on=date(2010, 5, 31))
    _, page = sent(client, asked_back(sent(client, fields)[1], fields))
    assert "学历已更正" in page
    assert education_of(known) == "college"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"name": "123"}, "这不是姓名"),
        ({"name": ""}, "请填写姓名"),
        ({"national_id": "339900198503070018"}, "校验码"),
        ({"national_id": ""}, "请填写身份证号"),
        ({"started_on": "昨天"}, "日期请写成"),
        ({"started_on": ""}, "请填写到岗日期"),
        ({"place": ""}, "请选择岗位"),
        ({"contract_kind": "township", "contract_ended_on": "2010-05-01"}, "合同终止不能早于合同起始"),
        ({"monthly_wage": "很多"}, "金额"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    client: Client, village: GrassrootsUnit, changed: dict[str, str], told: str
) -> None:
    status, page = sent(client, typed(village.code) | changed)
    assert (status, told in page) == (400, True)
    assert not Person.objects.exists()


def test_a_first_day_before_the_unit_opened_or_after_it_closed_is_refused(client: Client, township: Township) -> None:
    closed = a_unit(township=township, name="李家村", kind=UnitKind.VILLAGE, closed_on=date(2010, 5, 31))
    status, page = sent(client, typed(closed.code))
    assert (status, "撤销,2010-06-01 不能再有人到岗" in page) == (400, True)
    assert not Person.objects.exists()


def test_nothing_of_another_township_is_reached(client: Client, village: GrassrootsUnit) -> None:
    other = a_township(code="330226102", name="长街镇")
    there = a_unit(township=other, name="车岙村", kind=UnitKind.VILLAGE)
    stranger = a_posting(township=other, unit=there, position=Position.VILLAGE_COORDINATOR)
    for asked in ({"unit": there.code}, {"township": other.code}, {"person": stranger.person_id}):
        assert client.get(PAGE, asked).status_code == 404
        assert client.post(PAGE, typed(village.code) | asked).status_code == 404
    assert sent(client, typed(there.code))[0] == 400
    assert sent(client, typed(village.code, predecessor=stranger.pk, predecessor_kind="resigned"))[0] in (200, 400)
    stranger.refresh_from_db()
    assert stranger.ended_on is None


@pytest.mark.parametrize("nasty", ['=HYPERLINK("x")', "<img onerror=alert(1)>", "{{7*7}}六"])
def test_an_odd_name_is_asked_about_and_is_text_wherever_it_is_shown(
    client: Client, village: GrassrootsUnit, nasty: str
) -> None:
    fields = typed(village.code, name=nasty)
    response = client.post(PAGE, fields)
    assert response.status_code == 400
    done = client.post(PAGE, asked_back(response.content.decode(), fields), follow=True)
    assert done.status_code == 200
    assert nasty in html.unescape(done.content.decode())
    assert "<img onerror" not in done.content.decode()


def test_the_same_form_twice_appoints_once(client: Client, village: GrassrootsUnit) -> None:
    page = client.get(PAGE, {"unit": village.code}).content.decode()
    form = next(form for form in forms_of(page) if "place" in form.kinds)
    fields = typed(village.code) | {"token": form.sent["token"][0]}
    assert [client.post(PAGE, fields).status_code for _ in range(2)] == [302, 302]
    assert Posting.objects.count() == 1


def test_a_bureau_of_few_enters_for_the_township_that_it_chooses(
    settings: Settings, village: GrassrootsUnit, make_user: MakeUser
) -> None:
    a_township(code="330226102", name="长街镇")
    officer = browser(make_user(Role.BUREAU_OFFICER))
    assert officer.get(PAGE).status_code == 403
    settings.SEPARATION = "small"
    assert "先选在哪个镇乡(街道)到岗" in shown(officer)
    assert officer.post(PAGE, typed(village.code) | {"township": village.township.code}).status_code == 302
    assert Posting.objects.get().unit == village


def test_the_page_is_led_to_from_vacancies_people_and_persons(client: Client, village: GrassrootsUnit) -> None:
    a_policy()
    posting = a_posting(township=village.township)
    for page in ("/units/?show=vacant", f"/units/{village.code}/", f"/townships/{village.township.code}/"):
        assert f"{PAGE}?unit={village.code}" in client.get(page).content.decode()
    assert PAGE in client.get("/people/").content.decode()
    assert f"{PAGE}?person={posting.person_id}" in client.get(f"/people/{posting.person_id}/").content.decode()


def test_the_page_takes_as_many_statements_for_three_villages_and_for_thirty(
    client: Client, township: Township
) -> None:
    counts = []
    for number in (3, 27):
        for serial in range(number):
            a_unit(township=township, name=f"第{number}{serial}村", kind=UnitKind.VILLAGE)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= MOST
