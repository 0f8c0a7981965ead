"""The bureau decides on a report in the browser: accepts it, or gives it back with its reasons."""

from datetime import date

import pytest
from django.test import Client

from accounts.enums import Role
from foundation.dates import Month
from staffing.models import Posting
from subsidies.models import LedgerParameters, TownshipReport
from subsidies.runs.services import calculate, void
from tests.builders import a_person, a_posting, a_township
from tests.page_forms import enter_in
from tests.reading import text_of
from tests.subsidies.months import a_submitted_report, an_approved_run
from tests.subsidies.policies import NOW, a_policy
from tests.users import ClientOf, MakeUser

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)
PAGE = "/reports/2009-06/330226001/"


@pytest.fixture
def report() -> TownshipReport:
    """Sent up, with two people."""
    a_policy()
    township = a_township()
    LedgerParameters.objects.create(county=township.county, reports_required=True)
    for name in ("张三", "李四"):
        a_posting(township=township, person=a_person(name=name))
    return a_submitted_report(township)


@pytest.fixture
def officer(client_of: ClientOf) -> Client:
    return client_of(Role.BUREAU_OFFICER)


def decide(officer: Client, decision: str, **fields: str) -> int:
    return officer.post(f"{PAGE}decide/", {"submission": "1", "decision": decision, **fields}).status_code


def test_enter_in_a_reason_decides_nothing(report: TownshipReport, officer: Client) -> None:
    page = text_of(officer, PAGE)
    assert ">通过</button>" in page
    for name in ("reason", *(f"reason-{posting.pk}" for posting in Posting.objects.all())):
        assert enter_in(page, name) == ""


def test_reasons_stand_there_again_where_the_report_is_not_given_back(report: TownshipReport, officer: Client) -> None:
    posting = Posting.objects.get(person__name="李四")
    fields = {"submission": "1", "state": "accepted", "decision": "return", f"reason-{posting.pk}": "合同\r\n未附"}
    response = officer.post(f"{PAGE}decide/", {**fields, "reason": "请核对"})
    page = response.content.decode()
    assert (response.status_code, ">请核对</textarea>" in page, ">合同 未附</textarea>" in page) == (409, True, True)


def test_a_report_is_given_back_for_one_person(report: TownshipReport, officer: Client) -> None:
    posting = Posting.objects.get(person__name="李四")
    assert decide(officer, "return", **{f"reason-{posting.pk}": "合同未附"}) == 302
    report.refresh_from_db()
    assert (report.state, report.posting_reasons) == ("returned", {str(posting.pk): "合同未附"})


def test_a_reason_for_somebody_of_another_township_is_refused(report: TownshipReport, officer: Client) -> None:
    other = a_posting(township=a_township(name="长街镇", code="330226101"))
    for key in (other.pk, other.pk + 1000):
        assert decide(officer, "return", **{f"reason-{key}": "合同未附"}) == 409
    report.refresh_from_db()
    assert (report.state, report.posting_reasons) == ("submitted", {})


def test_a_return_without_a_reason_is_refused(report: TownshipReport, officer: Client) -> None:
    assert decide(officer, "return", reason=" ") == 400
    report.refresh_from_db()
    assert report.state == "submitted"


def test_once_it_is_given_back_there_is_nothing_to_fill_in_and_the_reasons_are_told(
    report: TownshipReport, officer: Client
) -> None:
    posting = Posting.objects.get(person__name="李四")
    assert f'name="reason-{posting.pk}"' in text_of(officer, PAGE)
    decide(officer, "return", **{f"reason-{posting.pk}": "合同未附"})
    page = text_of(officer, PAGE)
    assert ("reason-" in page, "退回此人的原因" in page, "<td>合同未附</td>" in page) == (False, False, True)


def test_an_accepted_report_is_given_back_until_its_month_is_approved(
    report: TownshipReport, officer: Client, make_user: MakeUser
) -> None:
    assert decide(officer, "accept") == 302
    page = text_of(officer, PAGE)
    assert (">通过</button>" in page, ">退回</button>" in page, 'name="reason-' in page) == (False, True, True)
    an_approved_run(JUNE, approver=make_user(Role.BUREAU_APPROVER))
    assert 'name="reason-' not in text_of(officer, PAGE)


def test_an_accepted_report_says_which_calculation_holds_it(report: TownshipReport, officer: Client) -> None:
    decide(officer, "accept")
    assert "审核通过,列入下一次核算。" in text_of(officer, PAGE)
    run = calculate(month=JUNE, actor=None).run
    assert "审核通过,已列入2009年6月核算。" in text_of(officer, PAGE)
    void(run=run, actor=None, reason="重做", now=NOW)
    assert "审核通过,列入下一次核算。" in text_of(officer, PAGE)


@pytest.mark.parametrize(
    ("today", "said"),
    [(date(2009, 6, 25), "请在 2009-06-25 前上报。"), (date(2009, 6, 26), "请尽快重新上报。")],
)
def test_a_report_that_was_given_back_is_not_asked_for_by_a_day_that_is_over(
    report: TownshipReport, officer: Client, monkeypatch: pytest.MonkeyPatch, today: date, said: str
) -> None:
    decide(officer, "return", reason="请核对")
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: today)
    page = text_of(officer, PAGE)
    assert said in page
    assert ("前上报" in page) is ("请在" in said)
    assert "截止日" not in page
