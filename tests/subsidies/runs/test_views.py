"""The pages of the month: who may open them, and what they say."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import AuditEvent
from staffing.postings.services import withdraw_posting
from subsidies.demo.county import DemoCounty
from subsidies.models import Allocation, AllocationLine, Revision, SubsidyRun
from subsidies.runs.services import approve, send_back, void
from subsidies.sheets.page_words import DRAFT_BANNER, RETURNED_BANNER, VOIDED_BANNER, banner_of
from tests.builders import a_posting, a_township
from tests.reading import text_of
from tests.subsidies.months import JUNE, a_sent_run, an_approved_run, without_triggers
from tests.subsidies.policies import NOW, a_policy
from tests.subsidies.sheets.sheet_files import read_sheet
from tests.users import READERS, ClientOf, demo_user, logged_in

pytestmark = pytest.mark.django_db
MONTH, TOWNSHIP = "/months/2010-04/1/", "/months/2010-04/1/330226101/"
SHEET, APPROVE = "/months/2010-04/1/T1.xlsx", "/months/2010-04/1/approve/"
BANNERS = (DRAFT_BANNER, RETURNED_BANNER, VOIDED_BANNER)


def test_clerk_cannot_see_other_township(demo: DemoCounty) -> None:
    client = logged_in("clerk_yuelong")
    foreign = AllocationLine.objects.filter(allocation__township_code="330226101").latest("pk")
    assert client.get(TOWNSHIP).status_code == 404
    assert client.get(f"/lines/{foreign.pk}/").status_code == 404
    page = text_of(client, MONTH)
    assert "跃龙街道" in page
    assert "长街镇" not in page


def test_page_and_database_say_the_same_total(waiting: SubsidyRun) -> None:
    page = text_of(logged_in("officer"), MONTH)
    assert waiting.current_revision is not None
    assert f"{waiting.current_revision.total:,.2f} 元" in page
    for allocation in Allocation.objects.filter(revision=waiting.current_revision_id):
        assert f"<strong>{allocation.total:,.2f}</strong>" in page


def test_a_draft_says_so_and_an_approved_month_does_not(demo: DemoCounty) -> None:
    client = logged_in("finance")
    assert "送审稿 未经审批,不作拨款依据" in text_of(client, MONTH)
    assert "送审稿" not in text_of(client, "/months/2010-03/1/")


def test_page_and_sheet_bear_the_same_words_whatever_became_of_the_run(client_of: ClientOf) -> None:
    a_policy()
    a_posting(township=a_township())
    finance, address = client_of(Role.FINANCE_OFFICER), "/months/2009-06/1/"

    def banner() -> str:
        revision = Revision.objects.select_related("run").latest("pk")
        words = banner_of(revision)
        for page in (text_of(finance, address), text_of(finance, f"{address}330226001/")):
            assert [words for words in BANNERS if f'<p class="banner">{words}</p>' in page] == (
                [words] if words else []
            )
        assert words in read_sheet(finance.get(f"{address}T1.xlsx").content).text()
        return words

    run = a_sent_run(JUNE)
    assert banner() == DRAFT_BANNER
    approve(run=run, actor=None, now=NOW)
    assert banner() == ""
    send_back(run=run, actor=None, reason="更正", now=NOW)
    assert banner() == RETURNED_BANNER
    assert "<td>未审批</td>" in text_of(finance, "/months/")
    void(run=run, actor=None, reason="重做", now=NOW)
    assert banner() == VOIDED_BANNER
    assert "未审批" not in text_of(finance, "/months/")


def test_a_sentence_says_how_much_was_taken_back_and_a_table_with_its_sign(client_of: ClientOf) -> None:
    a_policy()
    posting = a_posting(township=a_township())
    an_approved_run(JUNE)
    withdraw_posting(posting=posting, reason="录错", actor=None)
    run = a_sent_run(JUNE + 1)
    taken_back = AllocationLine.objects.get(allocation__revision__run=run, amount__lt=0).amount
    page = text_of(client_of(Role.FINANCE_OFFICER), "/months/2009-07/1/")
    assert f"扣回 {-taken_back:,.2f} 元" in page
    assert f'<td class="number">{taken_back:,.2f}</td>' in page


def test_zero_lines_stand_on_the_sheet_with_their_reasons(demo: DemoCounty) -> None:
    client = logged_in("officer")
    unpaid = AllocationLine.objects.filter(due=0, allocation__revision__run__month="2010-04-01")
    reasons = set()
    for line in unpaid.select_related("allocation"):
        page = text_of(client, f"/months/2010-04/1/{line.allocation.township_code}/")
        assert line.person_name in page
        reasons.add(line.reason)
    assert reasons >= {"contract_missing", "duplicate_person", "unit_without_post", "over_quota", "households_missing"}


def test_back_pay_shows_what_was_posted_and_why(demo: DemoCounty) -> None:
    line = AllocationLine.objects.get(amount=Decimal("49.35"))
    page = text_of(logged_in("auditor"), f"/lines/{line.pk}/")
    for words in (
        "应补 1,530.00 元",
        "已补 1,480.65 元",
        "+49.35 元",
        "起止日期更正",
        "850.00 × 180% = 1,530.00 元/月",
    ):
        assert words in page


def test_a_download_leaves_an_event(demo: DemoCounty) -> None:
    logged_in("finance").get(SHEET)
    event = AuditEvent.objects.latest("pk")
    assert (event.actor_name, "T1 2010-04" in f"{event.subject_label}{event.after}{event.action}") == (
        str(demo_user("finance")),
        True,
    )


def step(action: str) -> str:
    return f"/months/2010-04/1/steps/{action}/"


def test_an_officer_sends_and_another_approves(waiting: SubsidyRun) -> None:
    assert logged_in("officer").post(step("approve"), {"revision": 1}).status_code == 403
    assert logged_in("approver").post("/months/calculate/", {"month": "2010-04"}).status_code == 403
    approver = logged_in("approver")
    page = text_of(approver, APPROVE)
    assert "审批第 1 版" in page
    assert "退回的原因" in page
    response = approver.post(step("approve"), {"revision": 1})
    waiting.refresh_from_db()
    assert (response.status_code, waiting.state) == (302, "approved")
    assert logged_in("officer").post("/months/calculate/", {"month": "2010-05"}).status_code == 302


def test_a_return_asks_for_a_reason_and_the_officer_mends_and_sends_again(waiting: SubsidyRun) -> None:
    approver, officer = logged_in("approver"), logged_in("officer")
    refused = approver.post(step("return"), {"revision": 1, "reason": " "})
    assert (refused.status_code, "须写明原因" in refused.content.decode()) == (400, True)
    assert approver.post(step("return"), {"revision": 1, "reason": "请核对长街镇"}).status_code == 302
    assert "已退回" in text_of(officer, MONTH)
    assert officer.post("/months/calculate/", {"month": "2010-04", "expected": "1"}).status_code == 302
    assert officer.post(step("send"), {"revision": 1}).status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == "in_review"
    event = AuditEvent.objects.get(action="return", result="done")
    assert (event.reason, event.sequence) == ("请核对长街镇", 3)


def test_an_approver_who_saw_an_older_revision_gets_409_and_nothing_is_approved(waiting: SubsidyRun) -> None:
    response = logged_in("approver").post(step("approve"), {"revision": 7})
    waiting.refresh_from_db()
    assert (response.status_code, waiting.state) == (409, "in_review")
    assert "您看到的是2010年4月第 7 版" in response.content.decode()


def test_who_saw_it_in_review_does_not_return_what_was_approved_meanwhile(waiting: SubsidyRun) -> None:
    approver = logged_in("approver")
    assert 'name="state" value="in_review"' in text_of(approver, APPROVE)
    assert approver.post(step("approve"), {"revision": 1, "state": "in_review"}).status_code == 302
    response = approver.post(step("return"), {"revision": 1, "state": "in_review", "reason": "请核对"})
    waiting.refresh_from_db()
    assert (response.status_code, waiting.state) == (409, "approved")
    assert "您看到时2010年4月是“待审批”,现在是“已审批”" in response.content.decode()


@pytest.mark.parametrize("username", READERS)
def test_buttons_are_those_of_the_table_and_the_server_agrees(waiting: SubsidyRun, username: str) -> None:
    client = logged_in(username)
    page = text_of(client, MONTH)
    for action in ("send", "approve", "return", "void"):
        shown = f'action="{step(action)}"' in page or (action == "approve" and "去审批" in page)
        response = client.post(step(action), {"revision": 1, "reason": "试一试"})
        assert (response.status_code == 302) is shown, (username, action)
        if shown:
            break  # the state has moved on


def test_the_same_form_twice_is_once_with_the_same_answer(waiting: SubsidyRun) -> None:
    approver = logged_in("approver")
    answers = [approver.post(step("approve"), {"revision": 1, "token": "one"}) for _ in range(20)]
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {(302, MONTH)}
    assert AuditEvent.objects.filter(action="approve", subject_id=waiting.pk).count() == 1
    assert approver.post(step("approve"), {"revision": 2, "token": "one"}).status_code == 422


def test_a_month_out_of_order_is_refused_in_words(waiting: SubsidyRun) -> None:
    response = logged_in("officer").post("/months/calculate/", {"month": "2010-05"})
    assert response.status_code == 409
    assert "还没有审批" in response.content.decode()


@pytest.mark.parametrize("path", [MONTH, TOWNSHIP, "/months/"])
def test_queries_do_not_grow_with_the_lines(demo: DemoCounty, path: str) -> None:
    client = logged_in("officer")
    without_triggers()
    counts = []
    for kept in (30, 3):
        AllocationLine.objects.filter(allocation__revision__run__month="2010-04-01", order__gt=kept).delete()
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        counts.append(len(captured))
    assert counts[0] == counts[1]
