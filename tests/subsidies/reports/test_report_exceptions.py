"""Who is no longer on post, on the page of the report: ticked, said once for all, and back to the report."""

import re
from collections.abc import Collection
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import AuditEvent
from foundation.dates import Month
from staffing.models import Posting, Suspension
from subsidies.models import LedgerParameters, TownshipReport
from subsidies.reports.services import acknowledge
from tests.builders import a_person, a_posting, a_suspension, a_township
from tests.page_forms import enter_in
from tests.pages.uploading import Response, said
from tests.reading import HEAVIEST_PAGE, words
from tests.subsidies.policies import a_policy
from tests.users import ClientOf, MakeUser, browser
from townships.models import Township

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)
OWN, OTHER = "/reports/2009-06/330226001/", "/reports/2009-06/330226101/"
LEAVE = {"leave-ended_on": "2009-06-10", "leave-kind": "election", "leave-words": "五年一届"}
SUSPENSION = {
    "suspension-kind": "unpaid_leave", "suspension-started_on": "2009-06-10", "suspension-ended_on": "",
    "suspension-reason": "进修",
}  # fmt: skip


@pytest.fixture
def near() -> Township:
    """The clerk's township, with three people; another one has one."""
    a_policy()
    near, far = a_township(), a_township(name="长街镇", code="330226101")
    LedgerParameters.objects.create(county=near.county, reports_required=True)
    for name in ("张三", "李四", "王五"):
        a_posting(township=near, person=a_person(name=name))
    a_posting(township=far, person=a_person(name="赵六"))
    return near


@pytest.fixture
def clerk(near: Township, make_user: MakeUser) -> Client:
    return browser(make_user(Role.TOWNSHIP_CLERK, username="clerk", township=near))


def of(*names: str) -> list[int]:
    return list(Posting.objects.filter(person__name__in=names).order_by("pk").values_list("pk", flat=True))


def without(*names: str, listed: Collection[int] | None = None) -> dict[str, Any]:
    """What the page sends when these were ticked as absent."""
    stood = list(listed or of("张三", "李四", "王五"))
    return {"submission": "0", "note": "", "standing": stood, "absent": of(*names)}


def text(client: Client, path: str = OWN) -> str:
    response = client.get(path)
    assert response.status_code == 200
    assert len(response.content) < HEAVIEST_PAGE
    return response.content.decode()


def unticked(page: str) -> list[int]:
    """Postings whose box is there and not ticked."""
    boxes = re.findall(r'<input type="checkbox" name="absent" value="(\d+)"( checked)?', page)
    return [int(pk) for pk, mark in boxes if not mark]


def page_of(response: Response) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize(("step", "fields"), [("leave", LEAVE), ("suspension", SUSPENSION)])
def test_nobody_of_another_township_is_touched(
    near: Township, clerk: Client, step: str, fields: dict[str, str]
) -> None:
    listed = {**fields, **without("赵六", listed=of("张三", "赵六"))}
    assert clerk.post(f"{OWN}{step}/", listed).status_code == 404
    assert clerk.post(f"{OTHER}{step}/", listed).status_code == 404
    assert clerk.post(f"{OWN}{step}/", {**fields, "absent": ["99999999"]}).status_code == 404
    assert not Suspension.objects.exists()
    assert not Posting.objects.filter(ended_on__isnull=False).exists()


def test_those_who_are_ticked_leave_on_one_day_and_the_page_says_so(near: Township, clerk: Client) -> None:
    response = clerk.post(f"{OWN}leave/", {**without("张三", "李四"), **LEAVE})
    assert (response.status_code, response.headers["Location"]) == (302, OWN)
    left = Posting.objects.filter(ended_on=date(2009, 6, 10)).order_by("pk")
    assert list(left.values_list("pk", flat=True)) == of("张三", "李四")
    assert AuditEvent.objects.filter(action="end_posting", reason="换届(五年一届)").count() == 2
    page = text(clerk)
    assert "已登记 2 人 2009-06-10 离岗(换届,五年一届):张三、李四。" in page
    assert "与上月相比离岗2;" in words(page)
    assert "张三专职协理员2009-06-10离岗" in words(page)
    assert unticked(page) == of("王五")


def test_those_who_are_ticked_are_suspended_and_the_page_says_so(near: Township, clerk: Client) -> None:
    assert clerk.post(f"{OWN}suspension/", {**without("王五"), **SUSPENSION}).status_code == 302
    row = Suspension.objects.get()
    assert (row.posting_id, row.started_on, row.ended_on, row.reason) == (*of("王五"), date(2009, 6, 10), None, "进修")
    page = text(clerk)
    assert "停发1王五专职协理员停薪留职,2009-06-10起" in words(page)
    assert "停发(2009-06-10 起)" in page
    assert unticked(page) == of("张三", "李四")


def test_the_month_goes_up_once_they_are_registered(near: Township, clerk: Client) -> None:
    clerk.post(f"{OWN}leave/", {**without("张三"), **LEAVE})
    acknowledge(township=near, month=JUNE, chosen=lambda row: True, reason="情况属实", actor=None)
    fields = re.findall(r'name="(confirmed|standing)" value="(\d+)"', text(clerk))
    sent = {
        "submission": "0",
        **{name: [pk for key, pk in fields if key == name] for name in ("confirmed", "standing")},
    }
    assert clerk.post(f"{OWN}submit/", sent).status_code == 302
    assert TownshipReport.objects.get().facts[f"posting {of('张三')[0]}"]["ended_on"] == "2009-06-10"


def test_sending_up_with_a_tick_names_them_and_offers_the_step(near: Township, clerk: Client) -> None:
    response = clerk.post(f"{OWN}submit/", {**without("张三", "李四"), "note": "五人外出"})
    page = page_of(response)
    assert response.status_code == 409
    assert "还有 2 人没有确认:张三、李四" in said(response)
    assert '<details id="exceptions" class="exceptions" open>' in page
    assert '<a href="#exceptions">' in page
    assert unticked(page) == of("王五")
    assert ">五人外出</textarea>" in page
    assert not TownshipReport.objects.filter(submission__gt=0).exists()


def test_what_was_typed_but_not_registered_does_not_go_up_unnoticed(near: Township, clerk: Client) -> None:
    acknowledge(township=near, month=JUNE, chosen=lambda row: True, reason="情况属实", actor=None)
    response = clerk.post(f"{OWN}submit/", {**without(), **SUSPENSION, **LEAVE})
    assert response.status_code == 400
    assert "还没有登记" in said(response)
    page = page_of(response)
    assert ('value="2009-06-10"' in page, "五年一届</textarea>" in page, "进修</textarea>" in page) == (
        True,
        True,
        True,
    )
    empty = {"suspension-kind": "unpaid_leave", "leave-ended_on": "", "leave-kind": "", "leave-words": ""}
    assert clerk.post(f"{OWN}submit/", {**without(), **empty}).status_code == 302


def test_all_or_nobody_and_every_wrong_one_is_named(near: Township, clerk: Client) -> None:
    Posting.objects.filter(pk__in=of("李四", "王五")).update(started_on=date(2009, 6, 15))
    response = clerk.post(f"{OWN}leave/", {**without("张三", "李四", "王五"), **LEAVE})
    assert response.status_code == 400
    assert "一个也没有登记" in said(response)
    assert "李四:2009-06-15 才到岗" in said(response)
    assert "王五:2009-06-15 才到岗" in said(response)
    assert not Posting.objects.filter(ended_on__isnull=False).exists()
    assert not AuditEvent.objects.filter(action="end_posting").exists()
    assert unticked(page_of(response)) == []
    assert "五年一届</textarea>" in page_of(response)


@pytest.mark.parametrize(
    ("step", "fields", "why"),
    [
        ("leave", {**LEAVE, "leave-ended_on": ""}, "请填写日期。"),
        ("leave", {**LEAVE, "leave-ended_on": "六月十日"}, "日期请写成 2009-06-15 的形式。"),
        ("leave", {**LEAVE, "leave-ended_on": "2009-07-01"}, "2009-07-01 在2009年6月以后"),
        ("leave", {**LEAVE, "leave-kind": ""}, "请选择离岗原因。"),
        ("leave", {**LEAVE, "leave-kind": "x"}, "没有这个选项"),
        ("leave", {**LEAVE, "leave-kind": "other", "leave-words": ""}, "请写明是什么原因。"),
        ("suspension", {**SUSPENSION, "suspension-started_on": "2009-07-01"}, "2009-07-01 在2009年6月以后"),
        ("suspension", {**SUSPENSION, "suspension-ended_on": "2009-06-09"}, "停发终止不能早于停发起始。"),
        ("suspension", {**SUSPENSION, "suspension-reason": ""}, "请填写停发的原因。"),
        ("suspension", {**SUSPENSION, "suspension-kind": "x"}, "没有这个选项"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    near: Township, clerk: Client, step: str, fields: dict[str, str], why: str
) -> None:
    response = clerk.post(f"{OWN}{step}/", {**without("张三"), **fields})
    assert response.status_code == 400
    assert why in said(response)
    assert unticked(page_of(response)) == of("李四", "王五")
    assert not Suspension.objects.exists()
    assert not Posting.objects.filter(ended_on__isnull=False).exists()


def test_the_last_day_of_the_month_is_a_day_of_it(near: Township, clerk: Client) -> None:
    fields = {**LEAVE, "leave-ended_on": "2009-06-30"}
    assert clerk.post(f"{OWN}leave/", {**without("张三"), **fields}).status_code == 302


def test_enter_in_the_form_of_the_people_only_shows_the_page_again(near: Township, clerk: Client) -> None:
    """Whether there is something to send up at the top or not, and in whatever field."""
    fields = ("absent", "leave-ended_on", "suspension-started_on", "suspension-ended_on")
    keep = ("leave-kind", "leave-words", "suspension-reason")
    unanswered = text(clerk)
    acknowledge(township=near, month=JUNE, chosen=lambda row: True, reason="情况属实", actor=None)
    assert enter_in(unanswered, "finding") == enter_in(unanswered, "whole") == ""
    for page in (unanswered, text(clerk), page_of(clerk.post(f"{OWN}off-post/", without("张三")))):
        assert {enter_in(page, field) for field in fields} == {f"{OWN}off-post/#exceptions"}
        assert {enter_in(page, field) for field in keep} == {""}
        assert '<textarea id="report-note" name="note"' in page


def test_what_was_ticked_and_typed_stands_there_again_and_nothing_is_done(near: Township, clerk: Client) -> None:
    response = clerk.post(f"{OWN}off-post/", {**without("张三"), **LEAVE, "note": "换届"})
    page = page_of(response)
    assert response.status_code == 200
    assert "还没有登记的:<strong>张三</strong>" in page
    assert ('value="2009-06-10"' in page, ">换届</textarea>" in page, unticked(page)) == (
        True,
        True,
        of("李四", "王五"),
    )
    assert not Posting.objects.filter(ended_on__isnull=False).exists()
    assert not TownshipReport.objects.filter(submission__gt=0).exists()
    assert '<details id="exceptions" class="exceptions" open>' in page_of(clerk.post(f"{OWN}off-post/", without()))
    assert clerk.get(f"{OWN}off-post/").headers["Location"] == OWN


def test_a_note_is_one_line(near: Township, clerk: Client) -> None:
    acknowledge(township=near, month=JUNE, chosen=lambda row: True, reason="情况属实", actor=None)
    assert clerk.post(f"{OWN}submit/", {**without(), "note": "五人外出\r\n 已报备 "}).status_code == 302
    assert TownshipReport.objects.get().note == "五人外出 已报备"


def test_nobody_ticked_is_told(near: Township, clerk: Client) -> None:
    response = clerk.post(f"{OWN}leave/", {**without(), **LEAVE})
    assert (response.status_code, "还没有勾选谁" in said(response)) == (400, True)


def test_the_same_form_twice_is_once_and_another_one_is_told(near: Township, clerk: Client) -> None:
    sent = {**without("张三"), **SUSPENSION, "token": "one"}
    assert [clerk.post(f"{OWN}suspension/", sent).status_code for _ in range(2)] == [302, 302]
    assert Suspension.objects.count() == AuditEvent.objects.filter(action="suspend").count() == 1
    again = clerk.post(f"{OWN}suspension/", {**sent, "token": "two"})
    assert (again.status_code, Suspension.objects.count()) == (400, 1)
    assert "2009-06-10 起已登记停发" in said(again)


def test_only_who_is_off_on_the_last_day_stands_without_a_box(near: Township, clerk: Client) -> None:
    three = {name: Posting.objects.get(person__name=name) for name in ("张三", "李四", "王五")}
    a_suspension(posting=three["张三"], started_on=date(2009, 6, 1), ended_on=date(2009, 6, 29))
    a_suspension(posting=three["李四"], started_on=date(2009, 5, 1), ended_on=date(2009, 6, 30))
    Posting.objects.filter(person__name="王五").update(ended_on=date(2009, 7, 1))
    assert unticked(text(clerk)) == of("张三", "王五")


def test_a_reader_is_given_no_box_and_no_form(near: Township, client_of: ClientOf) -> None:
    page = text(client_of(Role.BUREAU_OFFICER))
    assert ('id="exceptions"' in page, "register" in page, unticked(page)) == (False, False, [])


def test_after_sending_up_the_names_still_lead_the_clerk_to_the_dates(near: Township, clerk: Client) -> None:
    acknowledge(township=near, month=JUNE, chosen=lambda row: True, reason="情况属实", actor=None)
    assert clerk.post(f"{OWN}submit/", without()).status_code == 302
    assert f'href="/postings/{of("张三")[0]}/dates/?next={OWN}"' in text(clerk)


def test_queries_do_not_grow_with_the_people(near: Township, clerk: Client) -> None:
    counts = []
    for numbers in (range(3), range(3, 30)):
        for number in numbers:
            posting = a_posting(township=near, person=a_person(name=f"人{number}"))
            a_suspension(posting=posting, started_on=date(2009, 6, 3))
        with CaptureQueriesContext(connection) as captured:
            assert clerk.get(OWN).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
