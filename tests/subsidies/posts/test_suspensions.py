"""停发 after it was entered: ended, corrected, withdrawn, on its page and in what is paid."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.enums import Role
from accounts.models import AuditEvent, User
from foundation.dates import Month
from staffing.enums import SuspensionKind
from staffing.models import Suspension
from staffing.postings.services import withdraw_posting
from staffing.terms.suspensions import correct_suspension, suspend, withdraw_suspension
from subsidies.models import AllocationLine
from subsidies.posts.known_county import known_county
from subsidies.reports.facts import facts_to_report, report_facts
from subsidies.reports.month_changes import month_changes
from subsidies.revisions.parties import is_editor
from subsidies.runs.services import calculate
from tests.builders import a_posting, a_suspension, a_township
from tests.pages.uploading import said
from tests.reading import text_of
from tests.subsidies.months import an_approved_run
from tests.subsidies.policies import a_policy
from tests.users import MakeUser, browser
from townships.models import Township

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)
FIELDS = {
    "kind": "sick_leave", "started_on": "2009-06-01", "ended_on": "2009-06-10", "cause": "住院", "reason": "病愈上岗",
}  # fmt: skip


@pytest.fixture
def township() -> Township:
    a_policy()
    return a_township()


@pytest.fixture
def stop(township: Township) -> Suspension:
    """Somebody off post from the first of June until further notice."""
    return a_suspension(posting=a_posting(township=township), started_on=date(2009, 6, 1))


@pytest.fixture
def clerk_user(township: Township, make_user: MakeUser) -> User:
    return make_user(Role.TOWNSHIP_CLERK, township=township)


@pytest.fixture
def clerk(clerk_user: User) -> Client:
    return browser(clerk_user)


def corrected(stop: Suspension, **fields: Any) -> Suspension:
    values: dict[str, Any] = {
        "kind": SuspensionKind.UNPAID_LEAVE,
        "started_on": stop.started_on,
        "ended_on": stop.ended_on,
        "cause": stop.reason,
        "reason": "恢复",
        "actor": None,
    }
    return correct_suspension(suspension=stop, **{**values, **fields})


def settled(month: Month) -> list[tuple[str, str, str]]:
    """(for_month, amount, cause) of what a run of the month pays or claims back."""
    revision = calculate(month=month, actor=None).revision
    lines = AllocationLine.objects.filter(allocation__revision=revision, for_month__lt=month.first)
    return [(str(line.for_month), str(line.amount), line.cause) for line in lines.order_by("for_month", "pk")]


def test_an_end_is_kept_with_what_stood_before(stop: Suspension) -> None:
    corrected(stop, ended_on=date(2009, 6, 10), cause="进修")
    stop.refresh_from_db()
    assert (stop.ended_on, stop.reason) == (date(2009, 6, 10), "进修")
    event = AuditEvent.objects.get(action="correct_suspension")
    assert (event.before or {})["ended_on"] is None
    assert ((event.after or {})["ended_on"], event.reason) == ("2009-06-10", "恢复")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"ended_on": date(2009, 5, 31)}, "结束日期不能早于开始日期"),
        ({"ended_on": date(2009, 8, 1)}, "2009-08-01 至 2009-08-31 已登记停发"),
        ({"started_on": date(2009, 10, 1), "ended_on": None}, "2009-09-30 已离岗"),
    ],
)
def test_days_stay_suspended_once_and_on_post_only(township: Township, fields: dict[str, Any], why: str) -> None:
    posting = a_posting(township=township, ended_on=date(2009, 9, 30))
    stop = a_suspension(posting=posting, started_on=date(2009, 6, 1), ended_on=date(2009, 6, 30))
    a_suspension(posting=posting, started_on=date(2009, 8, 1), ended_on=date(2009, 8, 31))
    with pytest.raises(ValidationError, match=why):
        corrected(stop, **fields)
    assert corrected(stop, ended_on=date(2009, 7, 31)).pk


def test_what_is_withdrawn_makes_room_and_is_done_with(stop: Suspension) -> None:
    withdraw_suspension(suspension=stop, reason="录错人", actor=None)
    kind = SuspensionKind.SICK_LEAVE
    assert suspend(posting=stop.posting, kind=kind, started_on=date(2009, 6, 5), ended_on=None, actor=None).pk
    with pytest.raises(ValidationError, match="已经撤销"):
        corrected(stop)
    with pytest.raises(ValidationError, match="已经撤销"):
        withdraw_suspension(suspension=stop, reason="再撤", actor=None)


def test_withdrawing_needs_a_reason_and_a_posting(stop: Suspension) -> None:
    with pytest.raises(ValidationError, match="原因"):
        withdraw_suspension(suspension=stop, reason=" ", actor=None)
    withdraw_posting(posting=stop.posting, reason="录错", actor=None)
    with pytest.raises(ValidationError, match="在岗记录已经撤销"):
        corrected(stop)


def test_an_end_is_paid_back_for_months_that_were_approved(stop: Suspension) -> None:
    an_approved_run(JUNE)
    assert settled(JUNE + 1) == []
    corrected(stop, ended_on=date(2009, 6, 10))
    assert settled(JUNE + 1) == [("2009-06-01", "1020.00", "suspension")]


def test_a_withdrawn_one_is_paid_back_and_nowhere_counted(stop: Suspension, clerk: Client) -> None:
    an_approved_run(JUNE)
    withdraw_suspension(suspension=stop, reason="录错人", actor=None)
    assert settled(JUNE + 1) == [("2009-06-01", "1530.00", "suspension")]
    township = stop.posting.township
    since = {township.pk: JUNE}
    facts = report_facts(JUNE, facts_to_report(JUNE, since=since), since=since)
    known = known_county(since=(JUNE - 1).first, until=JUNE.last)
    assert {change.kind for change in month_changes(township.pk, JUNE, known.facts)} == set()
    assert "suspensions" not in str(facts)
    assert "停薪留职" not in text_of(clerk, "/people/?on=2009-06-15")
    assert f'name="absent" value="{stop.posting_id}" aria-label' in text_of(
        clerk, f"/reports/2009-07/{township.code}/"
    )


def test_who_ended_or_withdrew_one_does_not_approve(stop: Suspension, make_user: MakeUser) -> None:
    one, other = make_user(Role.TOWNSHIP_CLERK, username="one"), make_user(Role.TOWNSHIP_CLERK, username="other")
    run = calculate(month=JUNE, actor=None).run
    assert (is_editor(one, run), is_editor(other, run)) == (False, False)
    corrected(stop, ended_on=date(2009, 6, 10), actor=one)
    withdraw_suspension(suspension=stop, reason="录错人", actor=other)
    assert (is_editor(one, run), is_editor(other, run)) == (True, True)


def test_nobody_of_another_township_is_touched(stop: Suspension, make_user: MakeUser) -> None:
    far = make_user(Role.TOWNSHIP_CLERK, username="far", township=a_township(name="长街镇", code="330226101"))
    assert browser(far).post(f"/suspensions/{stop.pk}/", FIELDS).status_code == 404
    assert browser(far).post(f"/suspensions/{stop.pk}/withdraw/", {"reason": "录错"}).status_code == 404


def test_a_clerk_ends_one_from_the_persons_page(stop: Suspension, clerk: Client) -> None:
    person = f"/people/{stop.posting.person_id}/"
    page = f"/suspensions/{stop.pk}/"
    assert f'href="{page}?next={person}"' in text_of(clerk, person)
    assert 'value="2009-06-01"' in text_of(clerk, page)
    wrong = clerk.post(page, {**FIELDS, "ended_on": "2009-05-01", "reason": ""})
    assert (wrong.status_code, said(wrong)) == (400, "请填写原因,例如“病愈上岗”。")
    assert clerk.post(page, {**FIELDS, "next": person}).headers["Location"] == person
    told = " ".join(text_of(clerk, person).split())
    assert "2009-06-01 至 2009-06-10,病假(住院)" in told


def test_a_withdrawn_one_is_history(stop: Suspension, clerk: Client) -> None:
    person = f"/people/{stop.posting.person_id}/"
    sent = {"reason": "录错人", "next": person}
    assert clerk.post(f"/suspensions/{stop.pk}/withdraw/", {**sent, "reason": ""}).status_code == 400
    assert clerk.post(f"/suspensions/{stop.pk}/withdraw/", sent).headers["Location"] == person
    page = text_of(clerk, person)
    assert "录错人" in page
    assert f"/suspensions/{stop.pk}/" not in page
    assert clerk.get(f"/suspensions/{stop.pk}/").status_code == 404


def test_the_other_verbs_of_a_posting_lead_to_its_suspensions(stop: Suspension, clerk: Client) -> None:
    assert f"/suspensions/{stop.pk}/?next=/" in text_of(clerk, f"/postings/{stop.posting_id}/dates/")
