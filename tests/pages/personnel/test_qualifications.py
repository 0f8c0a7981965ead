"""Qualifications, working time, source and secondment in the browser, and the rounds of open recruitment."""

from datetime import date

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import AuditEvent
from staffing.enums import Position
from staffing.models import (
    PersonProposal,
    Posting,
    Qualification,
    RecruitmentRound,
    Secondment,
    WorkingTime,
)
from tests.builders import (
    a_national_id,
    a_person,
    a_posting,
    a_round,
    a_secondment,
    a_township,
    a_working_time,
    works_full_time,
)
from tests.page_forms import forms_of
from tests.pages.uploading import Response, said
from tests.reading import text_of, words
from tests.subsidies.policies import a_policy
from tests.users import MakeUser, browser
from townships.models import Township

pytestmark = pytest.mark.django_db
TODAY = date(2009, 6, 20)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)


@pytest.fixture
def posting() -> Posting:
    """张三, an assistant since the first day of 2009."""
    a_policy()
    return a_posting(township=a_township(), person=a_person(national_id=a_national_id()), started_on=date(2009, 1, 1))


@pytest.fixture
def clerk(posting: Posting, make_user: MakeUser) -> Client:
    return browser(make_user(Role.TOWNSHIP_CLERK, township=posting.township))


@pytest.fixture
def officer(make_user: MakeUser) -> Client:
    return browser(make_user(Role.BUREAU_OFFICER))


def told(client: Client, response: Response) -> str:
    """What the page says that a form led to."""
    assert response.status_code == 302, said(response)
    return words(text_of(client, response.headers["Location"]))


def qualify(client: Client, posting: Posting, **fields: str) -> Response:
    return client.post(f"/people/{posting.person_id}/qualification/", fields)


def test_a_clerk_records_a_degree_and_withdraws_it(posting: Posting, clerk: Client) -> None:
    saved = qualify(clerk, posting, qualification="education:bachelor", obtained_on="2009.6.1", paper="毕业证书 10 号")
    page = told(clerk, saved)
    assert "张三:资格已登记:学历本科,2009-06-01取得。" in page
    assert "学历本科,2009-06-01取得(毕业证书10号)" in page
    row = Qualification.objects.get(level="bachelor")
    assert words("男,24 岁,本科") in page
    path = f"/qualifications/{row.pk}/withdraw/"
    assert "请填写撤销的原因" in said(clerk.post(path, {"reason": ""}))
    assert "张三:资格已撤销:学历本科" in told(clerk, clerk.post(path, {"reason": "证书不实"}))
    assert clerk.get(path).status_code == 404
    assert "已撤销" in words(text_of(clerk, f"/people/{posting.person_id}/"))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "请选择资格。"),
        ({"qualification": "certificate:"}, "请填写证书名称。"),
        ({"qualification": "education:bachelor", "name": "甲"}, "不填证书名称"),
        ({"qualification": "education:bachelor", "obtained_on": "2009-06-21"}, "取得日期还没有到"),
        ({"qualification": "education:skilled"}, "没有这个选项"),
        ({"qualification": "education:bachelor"}, "已有一条取得日期不明的登记"),
    ],
)
def test_what_is_wrong_with_a_qualification_is_said_and_nothing_saved(
    posting: Posting, clerk: Client, fields: dict[str, str], expected: str
) -> None:
    before = Qualification.objects.count()
    response = qualify(clerk, posting, **fields)
    assert expected in said(response)
    assert Qualification.objects.count() == before


def test_a_degree_of_a_child_is_asked_back(posting: Posting, clerk: Client) -> None:
    response = qualify(clerk, posting, qualification="education:bachelor", obtained_on="1993-06-01")
    assert response.status_code == 400
    assert "张三当年只有8岁" in words(response.content.decode())
    form = next(form for form in forms_of(response.content.decode()) if "next" in form.sent)
    assert clerk.post(f"/people/{posting.person_id}/qualification/", form.sent).status_code == 302


def test_whose_facts_another_township_writes_is_proposed_without_a_day(
    posting: Posting, make_user: MakeUser, officer: Client
) -> None:
    other = a_township(name="长街镇", code="330226101")
    a_posting(person=posting.person, township=other, started_on=date(2009, 3, 1))
    stranger = browser(make_user(Role.TOWNSHIP_CLERK, township=other))
    before = Qualification.objects.count()
    refused = qualify(stranger, posting, qualification="education:bachelor", obtained_on="2009-06-01")
    assert "请由那里或县局登记" in said(refused)
    page = told(stranger, qualify(stranger, posting, qualification="education:bachelor"))
    assert "已作为更正申请报县局" in page
    assert PersonProposal.objects.get().after == {"education": "bachelor"}
    assert Qualification.objects.count() == before
    held = Qualification.objects.filter(kind="education").earliest("pk")
    assert "请由那里或县局撤销" in said(stranger.post(f"/qualifications/{held.pk}/withdraw/", {"reason": "录错"}))
    assert qualify(officer, posting, qualification="education:bachelor", obtained_on="2009-06-01").status_code == 302


def test_part_time_from_a_day_on_is_shown_beside_what_was_before(posting: Posting, clerk: Client) -> None:
    path = f"/postings/{posting.pk}/working-time/"
    assert "请选择专职或兼职。" in said(clerk.post(path, {"effective_from": "2009-06-01"}))
    assert "才到岗" in said(clerk.post(path, {"is_full_time": "no", "effective_from": "2008-12-31"}))
    page = told(
        clerk, clerk.post(path, {"is_full_time": "no", "effective_from": "2009-06-01", "document": "会议纪要"})
    )
    assert "专职/兼职已登记:2009-06-01起兼职。" in page
    assert "专职/兼职2009-06-01起兼职;此前专职" in page
    row = WorkingTime.objects.get(effective_from__isnull=False)
    assert "已撤销:2009-06-01起兼职" in told(
        clerk, clerk.post(f"/workingtimes/{row.pk}/withdraw/", {"reason": "录错"})
    )
    assert works_full_time(posting) is True


def test_a_source_names_a_round_of_the_own_township(posting: Posting, clerk: Client) -> None:
    path = f"/postings/{posting.pk}/source/"
    near, far = (a_round(township=town) for town in (posting.township, a_township(name="长街镇", code="330226101")))
    assert "请选择是哪一次公开招聘" in said(clerk.post(path, {"source": "open_recruitment"}))
    for wrong in (far.pk, 10_000):
        chosen = {"source": "open_recruitment", "recruitment_round": wrong}
        assert "没有这个选项" in said(clerk.post(path, chosen))
    page = told(clerk, clerk.post(path, {"source": "open_recruitment", "recruitment_round": near.pk}))
    assert words(f"人员来源已登记:公开招聘({near})。") in page
    posting.refresh_from_db()
    assert posting.recruitment_round == near


def test_a_secondment_is_entered_prolonged_and_found_when_it_is_over(posting: Posting, clerk: Client) -> None:
    staff = a_posting(township=posting.township, position=Position.PLATFORM_STAFF, person=a_person(name="李四"))
    path = f"/postings/{staff.pk}/secondment/"
    assert path in text_of(clerk, f"/people/{staff.person_id}/")
    assert f"/postings/{posting.pk}/secondment/" not in text_of(clerk, f"/people/{posting.person_id}/")
    fields = {"home_unit": "县财政局", "kind": "civil_servant", "started_on": "2009-01-01", "ended_on": "2009-05-31"}
    assert "只有平台工作人员" in said(clerk.post(f"/postings/{posting.pk}/secondment/", fields))
    assert "从县财政局借调(公务员编制)" in told(clerk, clerk.post(path, fields))
    assert "已到期" in words(text_of(clerk, f"/people/{staff.person_id}/"))
    over = "/people/?secondment=over"
    listed = words(text_of(clerk, over))
    assert ("李四" in listed, "张三" in listed, "借调已到期" in listed) == (True, False, True)
    row = Secondment.objects.get()
    longer = {**fields, "ended_on": "2009-12-31", "reason": "续借"}
    assert "借调已更正:2009-01-01至2009-12-31" in told(clerk, clerk.post(f"/secondments/{row.pk}/", longer))
    assert "李四" not in words(text_of(clerk, over))
    assert "借调已撤销" in told(clerk, clerk.post(f"/secondments/{row.pk}/withdraw/", {"reason": "录错"}))


def test_whoever_left_or_is_on_loan_again_is_not_told(posting: Posting) -> None:
    town = posting.township
    over, again, left = (a_posting(township=town, position=Position.PLATFORM_STAFF) for _ in range(3))
    for row in (over, again, left):
        a_secondment(posting=row, ended_on=date(2009, 5, 31))
    a_secondment(posting=again, started_on=date(2009, 6, 1))
    Posting.objects.filter(pk=left.pk).update(ended_on=date(2009, 5, 31))
    assert [row.posting for row in Secondment.objects.over_on(TODAY)] == [over]
    assert not Secondment.objects.over_on(date(2009, 5, 31)).exists()


ROUND = {"notice_title": "招聘专职协理员公告", "notice_number": "甬劳 1 号", "noticed_on": "2009年3月1日"}


def test_a_clerk_opens_a_round_adds_to_it_and_withdraws_it(posting: Posting, clerk: Client) -> None:
    assert "现在还没有登记" in words(text_of(clerk, "/recruitment/"))
    township = {"township": posting.township_id}
    assert "请填写招聘公告的名称" in said(clerk.post("/recruitment/new/", township))
    page = told(clerk, clerk.post("/recruitment/new/", {**ROUND, **township}))
    assert "公开招聘已登记:招聘专职协理员公告(甬劳1号)" in page
    round_ = RecruitmentRound.objects.get()
    assert round_.noticed_on == date(2009, 3, 1)
    assert "这份招聘公告已经登记过" in said(clerk.post("/recruitment/new/", {**ROUND, **township}))
    path = f"/recruitment/{round_.pk}/mend/"
    assert "拟聘公示止不能早于" in said(
        clerk.post(path, {**ROUND, "publicised_from": "2009-04-02", "publicised_until": "2009-04-01"})
    )
    assert "批文2号" in told(clerk, clerk.post(path, {**ROUND, "approval": "批文 2 号"}))
    assert "请填写撤销的原因" in said(clerk.post(f"/recruitment/{round_.pk}/withdraw/", {"reason": ""}))
    assert "公开招聘已撤销" in told(clerk, clerk.post(f"/recruitment/{round_.pk}/withdraw/", {"reason": "录错"}))
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert [verb for verb in actions if verb.endswith("_round")] == ["open_round", "correct_round", "withdraw_round"]


def test_the_second_of_two_who_mend_a_round_is_told_what_changed_and_keeps_what_was_typed(
    posting: Posting, clerk: Client
) -> None:
    round_ = a_round(township=posting.township)
    path = f"/recruitment/{round_.pk}/mend/"
    form = next(form for form in forms_of(clerk.get(path).content.decode()) if "seen" in form.kinds).sent
    for token, typed in (("first", {"approval": "批文 2 号"}), ("second", {"paper": "二楼档案柜"})):
        response = clerk.post(path, {**form, "token": token, **typed})
    page = response.content.decode()
    assert (response.status_code, "→ 批文 2 号" in page, "二楼档案柜" in page) == (409, True, True)
    round_.refresh_from_db()
    assert (round_.approval, round_.paper) == ("批文 2 号", "")


def test_a_round_by_which_people_came_names_them_and_stays(posting: Posting, clerk: Client) -> None:
    round_ = a_round(township=posting.township)
    Posting.objects.filter(pk=posting.pk).update(source="open_recruitment", recruitment_round=round_)
    path = f"/recruitment/{round_.pk}/"
    page = words(text_of(clerk, path))
    assert "由这次公开招聘到岗的有1条在岗记录" in page
    assert "张三" in page
    assert "withdraw" not in text_of(clerk, path)
    assert "已有 1 条在岗记录" in said(clerk.post(f"{path}withdraw/", {"reason": "录错"}))


def test_rounds_of_another_township_are_not_there(posting: Posting, clerk: Client, officer: Client) -> None:
    far: Township = a_township(name="长街镇", code="330226101")
    round_ = a_round(township=far)
    for path in ("", "mend/", "withdraw/"):
        assert clerk.get(f"/recruitment/{round_.pk}/{path}").status_code == 404
    assert "没有这个选项" in said(clerk.post("/recruitment/new/", {**ROUND, "township": far.pk}))
    assert RecruitmentRound.objects.count() == 1
    assert officer.post("/recruitment/new/", {**ROUND, "township": far.pk}).status_code == 302
    assert "长街镇" in words(text_of(officer, "/recruitment/"))


def test_rows_of_another_township_are_not_there(posting: Posting, clerk: Client) -> None:
    far = a_posting(township=a_township(name="长街镇", code="330226101"), position=Position.PLATFORM_STAFF)
    paths = [
        f"/people/{far.person_id}/qualification/",
        f"/qualifications/{far.person.qualifications.earliest('pk').pk}/withdraw/",
        f"/postings/{far.pk}/working-time/",
        f"/postings/{far.pk}/source/",
        f"/postings/{far.pk}/secondment/",
        f"/workingtimes/{a_working_time(posting=far, effective_from=TODAY).pk}/withdraw/",
        f"/secondments/{a_secondment(posting=far, ended_on=date(2009, 5, 31)).pk}/",
        f"/secondments/{a_secondment(posting=far, started_on=TODAY).pk}/withdraw/",
    ]
    for path in paths:
        assert (clerk.get(path).status_code, clerk.post(path, {"reason": "录错"}).status_code) == (404, 404)
    assert not AuditEvent.objects.filter(result="done", action__startswith="withdraw").exists()


def test_a_clerk_sees_what_is_on_record_beside_the_form(posting: Posting, clerk: Client) -> None:
    page = words(text_of(clerk, f"/postings/{posting.pk}/source/"))
    assert "目前的登记姓名张三" in page
    assert "学历大专" in page
