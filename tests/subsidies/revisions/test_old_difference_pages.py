"""Differences older than the window on the pages: who sees them, who answers, how they lead to an adjustment."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent
from foundation.dates import Month
from staffing.models import Posting
from staffing.postings.services import correct_dates
from subsidies.demo.county import DemoCounty
from subsidies.models import Acknowledgement, LedgerParameters, OldDifference, SubsidyRun
from subsidies.runs.services import calculate, void
from tests.builders import a_person, a_posting
from tests.reading import text_of
from tests.subsidies.api.api_client import Program
from tests.subsidies.policies import NOW
from tests.users import READERS, logged_in
from townships.models import Township

pytestmark = pytest.mark.django_db
APRIL = Month(2010, 4)


@pytest.fixture
def run(demo: DemoCounty) -> SubsidyRun:
    """April of the demonstration, calculated with no window at all after three people of 长街镇 came ten days late."""
    return april(3)


def april(people: int) -> SubsidyRun:
    """The first of the approved months are too old; whoever was there in February was not."""
    waiting = SubsidyRun.objects.get(state="in_review")
    void(run=waiting, actor=None, reason="重来", now=NOW)
    LedgerParameters.objects.update(retro_months=1)
    paid = Posting.objects.filter(
        township__name="长街镇", allocation_lines__for_month=date(2010, 2, 1), allocation_lines__due__gt=0
    )
    for posting in paid.distinct().order_by("pk")[:people]:
        correct_dates(
            posting=posting,
            started_on=date(2010, 2, 1) + timedelta(days=10),
            ended_on=posting.ended_on,
            reason="更正",
            actor=None,
        )
    return calculate(month=APRIL, actor=None).run


def page_of(run: SubsidyRun) -> str:
    return f"/months/2010-04/{run.number}/"


def answer(run: SubsidyRun, username: str = "officer", **fields: object) -> int:
    wanted = {"revision": 1, "reason": "已由镇街退回", **fields}
    return logged_in(username).post(f"{page_of(run)}old-differences/", wanted).status_code


@pytest.mark.parametrize("username", READERS)
def test_who_reads_the_month_sees_them_and_only_the_officer_is_given_the_form(run: SubsidyRun, username: str) -> None:
    page, row = text_of(logged_in(username), page_of(run)), OldDifference.objects.order_by("pk")[0]
    assert "超出追溯期的差额" in page
    assert row.person_name in page
    assert (f'href="/people/{row.person_id}/"' in page) is (username != "finance")
    is_officer = username == "officer"
    assert (f'action="{page_of(run)}old-differences/"' in page) is is_officer
    assert (f"/months/2010-04/adjustments/?difference={row.pk}" in page) is is_officer
    assert answer(run, username, difference=row.pk) == (302 if is_officer else 403)
    assert Acknowledgement.objects.filter(check_name="beyond_retro_limit").exists() is is_officer


def test_a_clerk_of_another_township_sees_none_of_them(run: SubsidyRun) -> None:
    assert "超出追溯期的差额" not in text_of(logged_in("clerk_yuelong"), page_of(run))


def test_one_sentence_says_how_many_and_how_much(run: SubsidyRun) -> None:
    page = text_of(logged_in("officer"), page_of(run))
    together = sum(row.difference for row in OldDifference.objects.all())
    number = OldDifference.objects.count()
    assert number >= 3
    assert f"有 {number} 条按现在的登记应补的与已补的不同,差额合计 {together:+,.2f} 元" in page
    assert f"有 {number} 条超出追溯期的差额没有情况说明,说明以后才能送审" in page


def test_the_officer_answers_for_those_that_are_ticked_and_nothing_of_it_stands_against_sending(
    run: SubsidyRun,
) -> None:
    officer = logged_in("officer")
    first, *others = OldDifference.objects.order_by("pk").values_list("pk", flat=True)
    send = {"revision": 1, "state": "calculated"}
    refused = officer.post(f"{page_of(run)}steps/send/", send)
    assert refused.status_code == 409
    assert "条超出追溯期的差额没有情况说明" in refused.content.decode()
    assert answer(run, reason="已由镇街退回", difference=[first]) == 302
    page = text_of(officer, page_of(run))
    assert "已由镇街退回" in page
    assert f'name="difference" value="{first}"' not in page
    assert answer(run, reason="数额小,不再追回", difference=others) == 302
    page = text_of(officer, page_of(run))
    assert 'name="difference"' not in page
    assert "说明以后才能送审" not in page
    assert "超出追溯期的差额没有情况说明" not in officer.post(f"{page_of(run)}steps/send/", send).content.decode()
    text = text_of(logged_in("approver"), f"{page_of(run)}approve/")
    assert ("已由镇街退回" in text, "数额小,不再追回" in text, 'name="difference"' in text) == (True, True, False)
    assert AuditEvent.objects.filter(action="acknowledge", subject_type="subsidyrun").count() == 2


@pytest.mark.parametrize("fields", [{"difference": []}, {"reason": " "}, {"revision": ""}], ids=str)
def test_what_is_not_filled_in_is_told_and_what_was_typed_is_kept(run: SubsidyRun, fields: dict[str, object]) -> None:
    row = OldDifference.objects.order_by("pk")[0]
    wanted = {"revision": 1, "reason": "已由镇街退回", "difference": row.pk, **fields}
    response = logged_in("officer").post(f"{page_of(run)}old-differences/", wanted)
    assert response.status_code == 400
    page = response.content.decode()
    assert "请勾选要说明的差额,并填写情况说明。" in page
    assert f">{wanted['reason']}</textarea>" in page
    assert not Acknowledgement.objects.filter(check_name="beyond_retro_limit").exists()


def test_another_revision_than_the_one_seen_is_told(run: SubsidyRun) -> None:
    row = OldDifference.objects.order_by("pk")[0]
    assert answer(run, revision=7, difference=row.pk) == 409
    assert AuditEvent.objects.filter(action="acknowledge", result="refused").count() == 1


def test_of_very_many_the_first_are_shown_and_all_can_be_answered_at_once(demo: DemoCounty) -> None:
    run = april(0)
    copies(run, 60)
    officer = logged_in("officer")
    page = text_of(officer, page_of(run))
    assert page.count('name="difference"') == 50
    assert "共 60 条,这里列出前 50 条" in page
    assert answer(run, whole="1") == 302
    assert Acknowledgement.objects.filter(check_name="beyond_retro_limit").count() == 60
    assert "说明以后才能送审" not in text_of(officer, page_of(run))


def copies(run: SubsidyRun, number: int) -> None:
    """So many hints of one posting, for months of long ago."""
    assert run.current_revision is not None
    allocation = run.current_revision.allocations.get(township_name="长街镇")
    posting = Posting.objects.filter(township=allocation.township_id).order_by("pk")[0]
    for back in range(1, number + 1):
        OldDifference.objects.create(
            allocation=allocation,
            posting=posting,
            person_id=posting.person_id,
            person_name=posting.person.name,
            position=posting.position,
            for_month=(Month(2009, 1) - back).first,
            due="10.00",
            posted_before="0.00",
            difference="10.00",
            cause="joined",
        )


def test_queries_do_not_grow_with_the_differences(demo: DemoCounty) -> None:
    run = april(0)
    copies(run, 3)
    person = OldDifference.objects.order_by("pk")[0].person_id
    revision = run.current_revision_id
    addresses = (
        page_of(run),
        f"{page_of(run)}approve/",
        f"/people/{person}/",
        f"/api/revisions/{revision}/old-differences/",
    )
    clients = {address: logged_in("approver") for address in addresses}
    counts: list[list[int]] = []
    for number in (3, 30):
        OldDifference.objects.all().delete()
        copies(run, number)
        counts.append([])
        for address, client in clients.items():
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts[-1].append(len(captured))
    assert counts[0] == counts[1]


def test_of_several_people_of_one_name_the_form_has_the_one_of_the_difference(run: SubsidyRun) -> None:
    row = OldDifference.objects.select_related("allocation").order_by("pk")[0]
    namesake = a_person(name=row.person_name)
    a_posting(township=Township.objects.get(pk=row.allocation.township_id), person=namesake)
    page = text_of(logged_in("officer"), f"/months/2010-04/adjustments/?difference={row.pk}")
    assert f'<option value="{row.person_id}" selected>' in page
    assert f'<option value="{namesake.pk}">' in page


def test_a_difference_leads_to_a_form_that_is_filled_in(run: SubsidyRun) -> None:
    officer, row = logged_in("officer"), OldDifference.objects.select_related("allocation").order_by("pk")[0]
    page = text_of(officer, f"/months/2010-04/adjustments/?difference={row.pk}")
    for value in (row.person_name, "2010-02", str(row.difference)):
        assert f'value="{value}"' in page
    assert "2010年2月超出追溯期的差额</textarea>" in page
    assert f'<option value="{row.allocation.township_id}" selected>' in page
    fields = {
        "township": row.allocation.township_id,
        "person": row.person_name,
        "for_month": "2010-02",
        "amount": str(row.difference),
        "document": "县财〔2010〕1 号",
        "reason": "追回",
    }
    assert officer.post("/months/2010-04/adjustments/add/", fields).status_code == 302
    month = text_of(officer, page_of(run))
    assert f"?difference={row.pk}" not in month
    for unknown in ("999999", ""):
        empty = text_of(officer, f"/months/2010-04/adjustments/?difference={unknown}")
        assert 'value="2010-04"' in empty


def test_the_page_of_a_person_tells_them(run: SubsidyRun) -> None:
    row = OldDifference.objects.order_by("pk")[0]
    page = text_of(logged_in("clerk_changjie"), f"/people/{row.person_id}/")
    assert "超出追溯期的差额" in page
    assert f"{row.difference:+,.2f}" in page
    void(run=run, actor=None, reason="重来", now=NOW)
    assert "超出追溯期的差额" not in text_of(logged_in("clerk_changjie"), f"/people/{row.person_id}/")


def test_a_program_reads_them_of_a_revision(run: SubsidyRun) -> None:
    row = OldDifference.objects.order_by("pk")[0]
    answer(run, difference=row.pk)
    path = f"revisions/{run.current_revision_id}/old-differences/"
    told = Program("officer").get(path)
    assert told["next"] is None
    assert told["results"][0] == {
        "id": row.pk,
        "township": "330226101",
        "posting": row.posting_id,
        "name": row.person_name,
        "position": row.position,
        "unit_name": row.unit_name,
        "for_month": "2010-02",
        "due": f"{row.due:.2f}",
        "posted_before": f"{row.posted_before:.2f}",
        "difference": f"{row.difference:.2f}",
        "cause": row.cause,
        "reason": "已由镇街退回",
    }
    assert {found["reason"] for found in told["results"][1:]} == {None}
    assert Program("clerk_yuelong").get(path)["results"] == []
    assert Program("sysadmin").client.get(f"/api/{path}").status_code == 403
