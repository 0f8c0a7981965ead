"""A person's page: what the reader may see of it, month by month what was paid, and the id number on request."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEvent
from foundation.asked import LAST_ID
from foundation.dates import Month
from staffing.enums import Check, Position, SuspensionKind
from staffing.models import Person
from staffing.people.merging import merge_people
from staffing.postings.services import withdraw_posting
from subsidies.calculation.adjusting import adjust
from subsidies.demo.county import DemoCounty
from subsidies.models import AllocationLine
from subsidies.posts.findings import open_findings
from subsidies.runs.services import calculate, void
from tests.builders import (
    a_contract,
    a_household_count,
    a_national_id,
    a_person,
    a_posting,
    a_suspension,
    a_township,
    a_unit,
    a_wage,
    an_id_number,
)
from tests.reading import text_of, words
from tests.subsidies.months import an_approved_run
from tests.subsidies.policies import a_policy
from tests.subsidies.sheets.sheet_files import read_sheet
from tests.users import ClientOf, MakeUser, logged_in
from townships.enums import UnitKind
from townships.models import Township

pytestmark = pytest.mark.django_db
REASON = {"reason": "核对社保缴费"}


def page_of(person: Person) -> str:
    return f"/people/{person.pk}/"


@pytest.fixture
def corrected(demo: DemoCounty) -> Person:
    """Of the demonstration: on post a day earlier than was first entered."""
    return Person.objects.with_national_id(demo.corrected.national_id).get()


@pytest.fixture
def officer(client_of: ClientOf) -> Client:
    return client_of(Role.BUREAU_OFFICER)


@pytest.fixture
def clerk(client_of: ClientOf, town: Township) -> Client:
    return client_of(Role.TOWNSHIP_CLERK)


@pytest.fixture
def town() -> Township:
    """That of the clerk."""
    return a_township()


@pytest.mark.parametrize(
    ("username", "status"),
    [("auditor", 200), ("clerk_changjie", 200), ("clerk_yuelong", 404)],
)
def test_who_opens_the_page_and_sees_the_number(corrected: Person, username: str, status: int) -> None:
    client = logged_in(username)
    assert client.get(page_of(corrected)).status_code == status
    assert client.post(page_of(corrected) + "national-id/", REASON).status_code == status
    assert AuditEvent.objects.filter(action="reveal_national_id").count() == (status == 200)


def test_nobody_is_not_found(officer: Client) -> None:
    for number in (999, LAST_ID + 1):
        assert officer.get(f"/people/{number}/").status_code == 404
    assert officer.post("/people/999/national-id/", REASON).status_code == 404


def test_the_page_says_who_it_is_and_what_was_paid_when(corrected: Person) -> None:
    page = text_of(logged_in("auditor"), page_of(corrected))
    said = words(page)
    assert "2010-03-01起任长街镇专职协理员;没有异常提示,2010年各月已审批补助合计1,480.65元。" in said
    lines = AllocationLine.objects.filter(posting__person=corrected, allocation__revision__current_for__isnull=False)
    rows = [words(row) for row in page.split("<tr>") if "/lines/" in row]
    assert rows == [
        "2010年4月长街镇专职协理员2010年4月待审批30/301,764.001,764.00–1,764.00",
        "2010年3月长街镇专职协理员2010年3月已审批30/311,530.001,480.65–1,480.65",
        "2010年3月长街镇专职协理员2010年4月待审批31/311,530.001,530.001,480.6549.35起止日期更正",
    ]
    assert {f"/lines/{line.pk}/" for line in lines} == set(re.findall(r'"(/lines/\d+/)"', page))


def test_what_was_paid_is_what_the_lines_say(demo: DemoCounty) -> None:
    """Every amount of a person who was suspended, and the sum of those approved."""
    person = Person.objects.with_national_id(demo.suspended.national_id).get()
    page = words(text_of(logged_in("officer"), page_of(person)))
    lines = AllocationLine.objects.filter(posting__person=person)
    approved = [line.amount for line in lines if line.allocation.revision.run.is_approved]
    assert len(approved) == 2
    assert f"2010年已审批合计{sum(approved, Decimal(0)):,.2f}" in page
    assert "停发10–20日" in page
    assert "停发2010-03-10至2010-03-20,停薪留职(示例:停薪留职)" in page


def test_only_the_current_revision_counts(town: Township, officer: Client) -> None:
    a_policy()
    posting = a_posting(township=town)
    calculate(month=Month(2010, 1), actor=None)
    a_wage(posting=posting)
    assert calculate(month=Month(2010, 1), actor=None).revision.number == 2
    lines = AllocationLine.objects.filter(allocation__revision__number=2)
    assert re.findall(r"/lines/(\d+)/", text_of(officer, page_of(posting.person))) == [str(lines.get().pk)]


def test_findings_stand_with_what_to_do(demo: DemoCounty) -> None:
    (found,) = open_findings(Month(2010, 4), Township.objects.all(), checks={Check.CONTRACT_MISSING})
    assert found.person_id is not None
    page = words(text_of(logged_in("officer"), f"/people/{found.person_id}/"))
    assert "异常提示(2010年4月)" in page
    assert f"未签劳动合同停发补助{found.township_name}2009-03-01没有劳动合同{words(found.remedy)}一.2" in page
    assert "有1项异常提示" in page


def test_without_a_standard_the_page_says_that_nothing_was_checked(town: Township, officer: Client) -> None:
    person = a_person()
    a_posting(township=town, person=person)
    page = words(text_of(officer, page_of(person)))
    assert "还不能检查有无异常" in page
    assert "没有生效的补助标准" in page
    assert "还没有核算过补助" in page


def test_clerk_sees_of_a_person_what_was_in_the_own_township(town: Township, clerk: Client, officer: Client) -> None:
    a_policy()
    other = a_township(name="长街镇", code="330226101")
    village = a_unit(township=other, name="山头村", code="330226101201", kind=UnitKind.VILLAGE)
    a_household_count(unit=village)
    person = a_person(name="张三")
    there = a_posting(township=other, unit=village, position=Position.VILLAGE_COORDINATOR, person=person)
    here = a_posting(township=town, person=person, started_on=date(2009, 2, 1))
    a_contract(posting=there, number="HT-THERE")
    a_contract(posting=here, number="HT-HERE")
    calculate(month=Month(2009, 6), actor=None)

    own, county = text_of(clerk, page_of(person)), text_of(officer, page_of(person))

    for foreign in ("长街镇", "山头村", "HT-THERE"):
        assert foreign in county
        assert foreign not in own
    assert "HT-HERE" in own
    assert own.count("/lines/") == 1
    assert county.count("/lines/") == 2
    assert "同时在其他镇乡(街道)任职" in own


def test_clerk_does_not_open_who_never_served_here(town: Township, clerk: Client) -> None:
    elsewhere = a_posting(township=a_township(name="长街镇", code="330226101"))
    assert clerk.get(page_of(elsewhere.person)).status_code == 404


def test_a_merged_record_leads_to_the_one_that_counts_with_the_postings_of_both(
    town: Township, clerk: Client, officer: Client
) -> None:
    other = a_township(name="长街镇", code="330226101")
    into, duplicate = a_person(name="张三"), a_person(name="张叁")
    a_posting(township=other, person=into)
    a_posting(township=town, person=duplicate, position=Position.PLATFORM_STAFF)
    merge_people(duplicate=duplicate, into=into, reason="同一人", actor=None)

    for client in (officer, clerk):
        assert client.get(page_of(duplicate)).headers["Location"] == page_of(into)
    page = text_of(officer, page_of(into))
    assert "任职经历(2)" in page
    assert "合并前的记录“张叁”" in page
    assert "任职经历(1)" in text_of(clerk, page_of(into))


def test_a_withdrawn_posting_is_history(town: Township, officer: Client) -> None:
    posting = a_posting(township=town)
    a_suspension(posting=posting, kind=SuspensionKind.SICK_LEAVE, started_on=date(2009, 2, 3))
    withdraw_posting(posting=posting, reason="录错了人", actor=None)
    page = words(text_of(officer, page_of(posting.person)))
    assert "已撤销" in page
    assert "录错了人" in page
    assert "不在岗" in page
    assert "2009-02-03至另行通知,病假" in page


def test_years_are_shown_one_by_one(town: Township, officer: Client) -> None:
    a_policy()
    person = a_person()
    a_posting(township=town, person=person)
    for month in (Month(2009, 12), Month(2010, 1)):
        an_approved_run(month)

    def months(query: str) -> list[str]:
        page = text_of(officer, page_of(person) + query)
        return re.findall(r'<th scope="row" class="place">(\d+年\d+月)</th>', page)

    assert months("?year=2009") == ["2009年12月"]
    for query in ("", "?year=", "?year=2010", "?year=1999"):
        assert months(query) == ["2010年1月"]
    assert "?year=2009#paid" in text_of(officer, page_of(person))


def test_adjustments_of_the_person_alone_are_in_the_total(town: Township, officer: Client) -> None:
    a_policy()
    person, other = a_person(name="张三"), a_person(name="李四")
    for somebody, amount in ((person, "-30.00"), (other, "7.77")):
        a_posting(township=town, person=somebody)
        adjust(
            month=Month(2010, 1),
            township=town,
            person=somebody,
            for_month=Month(2010, 1),
            amount=Decimal(amount),
            document="县局〔2010〕1 号",
            reason="误发收回",
            actor=None,
        )
    an_approved_run(Month(2010, 1))
    page = words(text_of(officer, page_of(person)))
    assert "2010年1月跃龙街道,其他调整2010年1月已审批-30.00误发收回(县局〔2010〕1号)" in page
    assert "2010年已审批合计1,500.00" in page
    assert "7.77" not in page
    assert "+7.77误发收回" in words(text_of(officer, page_of(other)))


def test_what_a_void_run_held_is_not_shown(town: Township, officer: Client) -> None:
    a_policy()
    person = a_person()
    a_posting(township=town, person=person)
    run = calculate(month=Month(2010, 1), actor=None).run
    assert "/lines/" in text_of(officer, page_of(person))
    void(run=run, actor=None, reason="重做", now=timezone.now())
    assert "还没有核算过补助" in text_of(officer, page_of(person))


def test_whoever_may_is_offered_what_can_be_done_with_a_posting(
    town: Township, clerk: Client, officer: Client
) -> None:
    posting = a_posting(township=town)
    gone = a_posting(township=town, person=posting.person, started_on=date(2008, 1, 1), ended_on=date(2008, 2, 1))
    withdraw_posting(posting=gone, reason="录错", actor=None)
    back = f"?next=/people/{posting.person_id}/"
    page = text_of(clerk, page_of(posting.person))
    for verb in ("dates", "wage", "suspend", "withdraw"):
        assert f"/postings/{posting.pk}/{verb}/{back}" in page
        assert f"/postings/{gone.pk}/{verb}/" not in page
    assert f"/postings/{posting.pk}/dates/" not in text_of(officer, page_of(posting.person))


@pytest.mark.parametrize(("is_full_time", "word"), [(True, "专职"), (False, "兼职"), (None, "未登记")])
def test_full_time_is_worded_alike_on_every_page(
    town: Township, officer: Client, is_full_time: bool | None, word: str
) -> None:
    unit = a_unit(township=town)
    posting = a_posting(township=town, unit=unit, position=Position.COMMUNITY_COORDINATOR, is_full_time=is_full_time)
    for address in (f"/units/{unit.code}/", "/people/"):
        assert f"<td>{word}</td>" in text_of(officer, address)
    assert f"<dt>专职/兼职</dt><dd>{word}" in text_of(officer, page_of(posting.person))
    assert word in read_sheet(officer.get("/people/export/").content).text()


def test_the_whole_number_is_shown_once_and_recorded(town: Township, officer: Client) -> None:
    person = a_person(national_id=a_national_id())
    a_posting(township=town, person=person)
    number = an_id_number()
    assert number not in text_of(officer, page_of(person))

    response = officer.post(page_of(person) + "national-id/", REASON)

    assert response.content.decode().count(number) == 1
    assert response.headers["Cache-Control"] == "no-store"
    assert number not in text_of(officer, page_of(person))
    assert number not in response.request["PATH_INFO"]
    event = AuditEvent.objects.get()
    assert (event.action, event.subject_id, event.reason) == ("reveal_national_id", person.pk, "核对社保缴费")
    assert event.after == {"national_id": f"339900********{number[-4:]}"}
    assert number not in str(vars(event))


@pytest.mark.parametrize("reason", ["", "  ", "长" * 201])
def test_without_a_reason_the_number_stays_hidden(town: Township, officer: Client, reason: str) -> None:
    person = a_person(national_id=a_national_id())
    a_posting(township=town, person=person)
    response = officer.post(page_of(person) + "national-id/", {"reason": reason})
    page = response.content.decode()
    assert response.status_code == 400
    assert "请写明为什么" in page or "原因最多 200 个字" in page
    assert an_id_number() not in page
    assert not AuditEvent.objects.exists()


def test_who_has_no_number_has_no_button(town: Township, officer: Client) -> None:
    person = a_person()
    a_posting(township=town, person=person, position=Position.PLATFORM_STAFF)
    assert "显示完整身份证号" not in text_of(officer, page_of(person))
    assert officer.post(page_of(person) + "national-id/", REASON).status_code == 404


def test_a_reloaded_address_of_the_number_is_the_page(town: Township, officer: Client) -> None:
    person = a_person(national_id=a_national_id())
    a_posting(township=town, person=person)
    assert officer.get(page_of(person) + "national-id/").headers["Location"] == page_of(person)
    assert not AuditEvent.objects.exists()


def test_queries_do_not_grow_with_the_history(town: Township, officer: Client, make_user: MakeUser) -> None:
    a_policy()
    person = a_person(national_id=a_national_id())

    def queries(numbers: range) -> int:
        for number in numbers:
            first = date(1980 + number, 1, 1)
            unit = a_unit(township=town, name=f"村{number}", code=f"330226001{number:03d}", kind=UnitKind.VILLAGE)
            posting = a_posting(
                township=town, person=person, unit=unit, position=Position.VILLAGE_COORDINATOR, started_on=first
            )
            a_contract(posting=posting, started_on=first)
            a_wage(posting=posting, effective_from=first)
            a_suspension(posting=posting, started_on=first, ended_on=first)
        calculate(month=Month(2009, 6), actor=None)
        officer.get(page_of(person))
        with CaptureQueriesContext(connection) as captured:
            page = text_of(officer, page_of(person))
        assert page.count("/lines/") >= len(numbers)
        return len(captured)

    assert queries(range(3)) == queries(range(3, 30))
