"""Sixteen at the same moment: one success, the others are told in words, and the ledger is sound."""

from collections import Counter
from threading import Thread
from typing import Any

import pytest
from django.db import connection

from accounts.enums import Role
from accounts.models import AnsweredRequest, AuditEvent, Seal, User
from staffing.models import Posting
from subsidies.locks import BUSY
from subsidies.models import LedgerParameters, Revision, SubsidyRun, TownshipReport
from subsidies.refusals import RunRefused
from subsidies.reports.services import accept_report, acknowledge, return_report
from subsidies.revisions.comparison import stored_otherwise
from subsidies.runs.services import approve, calculate, send
from subsidies.verification import verify
from tests.faults.crowd import CROWD, Request, locks_off, sent_at_once
from tests.subsidies.months import JUNE, a_submitted_report, findings_left, without_triggers
from tests.subsidies.policies import NOW
from townships.models import Township

pytestmark = pytest.mark.postgres
County = dict[Role, User]
ONE_SUCCESS = {302: 1, 409: CROWD - 1}
CALCULATE = "/months/calculate/"


def step(action: str) -> str:
    return f"/months/{JUNE}/1/steps/{action}/"


def a_run_in_review() -> SubsidyRun:
    return send(run=calculate(month=JUNE, actor=None).run, actor=None, now=NOW)


def calculations(county: County) -> list[Request]:
    fields = {"month": str(JUNE), "expected": "0"}
    return [Request(county[Role.BUREAU_OFFICER], CALCULATE, fields) for _ in range(CROWD)]


def approvals(county: County) -> list[Request]:
    return [Request(county[Role.BUREAU_APPROVER], step("approve"), {"revision": 1}) for _ in range(CROWD)]


def approvals_and_returns(county: County) -> list[Request]:
    fields = {"revision": 1, "state": "in_review", "reason": "请核对"}
    requests = approvals(county)[: CROWD // 2]
    return [*requests, *(Request(county[Role.BUREAU_APPROVER], step("return"), fields) for _ in requests)]


def reports(county: County) -> list[Request]:
    """Two clerks of one township, each in eight browsers."""
    township = Township.objects.get()
    fields = {"submission": 0, "confirmed": [str(pk) for pk in Posting.objects.values_list("pk", flat=True)]}
    path = f"/reports/{JUNE}/{township.code}/submit/"
    clerk = county[Role.TOWNSHIP_CLERK]
    colleague = User.objects.exclude(pk=clerk.pk).get(role=Role.TOWNSHIP_CLERK.value, township=township)
    return [Request(user, path, fields) for user in (clerk, colleague) for _ in range(CROWD // 2)]


@pytest.fixture
def answered_township(county: County) -> Township:
    """Reports are required, and every finding has its reason; nothing was sent up."""
    LedgerParameters.objects.update(reports_required=True)
    township = Township.objects.get()
    acknowledge(township=township, month=JUNE, chosen=lambda row: True, reason="情况属实", actor=None)
    assert findings_left(JUNE, Township.objects.all()) == []
    return township


def test_of_sixteen_calculations_one_is_made(county: County) -> None:
    assert Counter(sent_at_once(calculations(county))) == ONE_SUCCESS
    assert (SubsidyRun.objects.count(), Revision.objects.count()) == (1, 1)
    assert AuditEvent.objects.filter(action="calculate", result="done").count() == 1
    assert AuditEvent.objects.filter(action="calculate", result="refused").count() == CROWD - 1
    assert list(verify()) == []


def test_the_first_calculation_of_a_county_is_made_once(county: County) -> None:
    """Also where the row to lock has to be made first."""
    without_triggers()
    LedgerParameters.objects.all().delete()
    assert Counter(sent_at_once(calculations(county))) == ONE_SUCCESS
    assert (LedgerParameters.objects.count(), Revision.objects.count()) == (1, 1)


def test_of_sixteen_approvals_one_is_sealed(county: County) -> None:
    a_run_in_review()
    assert Counter(sent_at_once(approvals(county))) == ONE_SUCCESS
    assert (Seal.objects.count(), SubsidyRun.objects.get().state) == (1, "approved")
    assert list(verify()) == []


def test_an_approval_against_a_return_has_one_winner(county: County) -> None:
    a_run_in_review()
    answers = sent_at_once(approvals_and_returns(county))
    event = AuditEvent.objects.get(action__in=("approve", "return"), result="done")
    run = SubsidyRun.objects.get()
    assert Counter(answers) == ONE_SUCCESS
    assert {"approve": "approved", "return": "returned"}[event.action] == run.state
    assert Seal.objects.get().action == event.action
    assert list(verify()) == []


def test_of_two_clerks_one_sends_the_report_up(answered_township: Township, county: County) -> None:
    assert Counter(sent_at_once(reports(county))) == ONE_SUCCESS
    assert TownshipReport.objects.get().submission == 1
    assert AuditEvent.objects.filter(action="submit_report", result="done").count() == 1


def test_a_report_is_not_given_back_while_its_run_is_approved(
    answered_township: Township, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = accept_report(report=a_submitted_report(answered_township, JUNE), actor=None, now=NOW)
    run = a_run_in_review()
    told: list[str] = []

    def give_back() -> None:
        try:
            return_report(report=report, reason="有误", actor=None, now=NOW)
        except RunRefused as error:
            told.append(str(error))
        finally:
            connection.close()

    def meanwhile(*rows: Any) -> str:
        thread = Thread(target=give_back)
        thread.start()
        thread.join()
        return stored_otherwise(*rows)

    monkeypatch.setattr("subsidies.runs.services.stored_otherwise", meanwhile)
    approve(run=run, actor=county[Role.BUREAU_APPROVER], now=NOW)
    assert told == [BUSY]
    assert TownshipReport.objects.get().state == "accepted"
    assert list(verify()) == []


def test_one_form_sent_sixteen_times_at_once_is_one_approval(county: County) -> None:
    """The same token: whoever comes during the first is told to wait, whoever comes later gets its answer."""
    a_run_in_review()
    requests = [Request(user, path, fields | {"token": "one"}) for user, path, fields in approvals(county)]
    assert set(sent_at_once(requests)) <= {302, 409}
    assert sent_at_once(requests[:1]) == [302]
    assert AuditEvent.objects.filter(action="approve", result="done").count() == 1
    assert (AnsweredRequest.objects.count(), Seal.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("of_run", "requests"), [(False, calculations), (True, approvals), (True, approvals_and_returns), (None, reports)]
)
def test_without_the_locks_it_goes_wrong(
    request: pytest.FixtureRequest, county: County, of_run: bool | None, requests: object
) -> None:
    """The negative control: of the same crowds more than one comes past the check, or is stopped by the database."""
    if of_run:
        a_run_in_review()
    if of_run is None:
        request.getfixturevalue("answered_township")
    assert callable(requests)
    crowd = requests(county)
    with locks_off(len(crowd)):
        answers = Counter(sent_at_once(crowd))
    assert answers.total() == CROWD
    assert answers[302] + answers[500] > 1, answers
