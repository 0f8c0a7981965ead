"""What the API does: every step of the table of states for every role, once however often it is asked."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.enums import Role
from accounts.models import AnsweredRequest, AuditEvent, User
from accounts.permissions import allowed
from foundation.dates import Month
from subsidies.calculation.parameters import stop_requiring_reports
from subsidies.demo.seed import CLERKS, USERS
from subsidies.enums import RunAction, RunState
from subsidies.models import SubsidyRun
from subsidies.runs.services import STEPS, approve, calculate, send_back, void
from subsidies.workflow import RUN_TRANSITIONS, transition
from tests.subsidies.api.api_client import Program
from tests.subsidies.policies import NOW
from tests.users import demo_user

pytestmark = pytest.mark.django_db
APRIL = Month(2010, 4)
EVERYBODY = {**USERS, **dict.fromkeys(CLERKS, Role.TOWNSHIP_CLERK)}


def _returned(run: SubsidyRun) -> None:
    send_back(run=run, actor=demo_user("approver"), reason="核对", now=NOW)


def _calculated(run: SubsidyRun) -> None:
    _returned(run)
    calculate(month=APRIL, actor=demo_user("officer"))


# From the run in review to every state.
TO_STATE: Mapping[RunState, Callable[[SubsidyRun], object]] = {
    RunState.CALCULATED: _calculated,
    RunState.IN_REVIEW: lambda run: None,
    RunState.APPROVED: lambda run: approve(run=run, actor=demo_user("approver"), now=NOW),
    RunState.RETURNED: _returned,
    RunState.VOIDED: lambda run: void(run=run, actor=demo_user("approver"), reason="重来", now=NOW),
}


def expected_status(action: RunAction, state: RunState, role: Role) -> int:
    """What the table says: 403 for the wrong role, 409 for the wrong state, 200 for the step."""
    step = transition(RUN_TRANSITIONS, action, state)
    permission = (step or next(row for row in RUN_TRANSITIONS if row.action is action)).permission
    if role not in allowed(permission):
        return 403
    return 200 if step else 409


@pytest.mark.parametrize("state", RunState)
def test_every_step_is_taken_and_refused_as_the_table_says(waiting: SubsidyRun, state: RunState) -> None:
    TO_STATE[state](waiting)
    before = SubsidyRun.objects.get(pk=waiting.pk).state
    assert before == state
    for username, role in EVERYBODY.items():
        program = Program(username)
        for action in STEPS:
            asked = {"action": action.value, "revision": 1, "state": state.value, "reason": "试一试"}
            mark = transaction.savepoint()
            response = program.post(f"runs/{waiting.pk}/transitions/", asked)
            after = SubsidyRun.objects.get(pk=waiting.pk).state
            case = (username, action.value, response.content.decode())
            expected = expected_status(action, state, role)
            assert response.status_code == expected, case
            if expected == 200:
                step = transition(RUN_TRANSITIONS, action, state)
                assert step is not None
                assert (after, response.json()["state"]) == (step.target, step.target), case
            else:
                assert after == before, case
                assert response.json()["detail"], case
                refusal = AuditEvent.objects.latest("pk")
                assert (refusal.result, refusal.actor) == ("refused", demo_user(username)), case
            transaction.savepoint_rollback(mark)


def test_the_steps_that_a_run_offers_are_those_that_work(waiting: SubsidyRun) -> None:
    for username in ("officer", "approver", "finance"):
        program = Program(username)
        offers = program.get(f"runs/{waiting.pk}/")["steps"]
        for offer in (row for row in offers if row["action"] in STEPS):
            mark = transaction.savepoint()
            asked = {"action": offer["action"], "revision": 1, "state": "in_review", "reason": "试一试"}
            status = program.post(f"runs/{waiting.pk}/transitions/", asked).status_code
            assert (status == 200) is (offer["refusal"] == ""), (username, offer)
            transaction.savepoint_rollback(mark)


def step_of(program: Program, run: SubsidyRun, **asked: Any) -> Any:
    return program.post(f"runs/{run.pk}/transitions/", asked)


def test_an_older_revision_gives_409_and_nothing_is_approved(waiting: SubsidyRun) -> None:
    response = step_of(Program("approver"), waiting, action="approve", revision=7)
    waiting.refresh_from_db()
    assert (response.status_code, response.json()["code"], waiting.state) == (409, "changed", "in_review")
    assert "您看到的是2010年4月第 7 版" in response.json()["detail"]


def test_nobody_returns_an_approval_that_he_has_not_seen(waiting: SubsidyRun) -> None:
    approve(run=waiting, actor=demo_user("approver"), now=NOW)
    User.objects.filter(username="auditor").update(role=Role.BUREAU_APPROVER.value)
    answer = step_of(Program("auditor"), waiting, action="return", revision=1, state="in_review", reason="有误")
    assert (answer.status_code, SubsidyRun.objects.get(pk=waiting.pk).state) == (409, "approved")
    assert "现在是“已审批”" in answer.json()["detail"]


def test_a_missing_reason_is_asked_for(waiting: SubsidyRun) -> None:
    response = step_of(Program("approver"), waiting, action="return", revision=1, state="in_review", reason=" ")
    assert (response.status_code, response.json()["code"]) == (400, "reason_missing")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        "1e999",
        "[" * 100_000,
        '{"action": NaN}',
        {},
        {"action": "approve"},
        {"action": "delete", "revision": 1},
        {"action": "approve", "revision": "x"},
        {"action": "approve", "revision": 0},
        {"action": ["approve"], "revision": 1},
        {"action": "return", "revision": 1, "reason": "没有写状态"},
        {"action": "approve", "revision": 1, "state": "x"},
        {"action": "return", "revision": 1, "state": "in_review", "reason": "长" * 501},
        '{"action": "return", "revision": 1, "state": "in_review", "reason": "\\ud800"}',
        '{"action": "return", "revision": 1, "state": "in_review", "reason": "\\u0000"}',
    ],
)
def test_what_makes_no_sense_is_a_400_in_words(waiting: SubsidyRun, content: Any) -> None:
    response = Program("approver").post(f"runs/{waiting.pk}/transitions/", content)
    waiting.refresh_from_db()
    assert (response.status_code, waiting.state) == (400, "in_review"), response.content.decode()
    assert response.json()["detail"]


def test_a_form_is_no_json(waiting: SubsidyRun) -> None:
    client, path = Program("approver").client, f"/api/runs/{waiting.pk}/transitions/"
    form = client.post(path, "action=approve&revision=1", content_type="application/x-www-form-urlencoded")
    assert (form.status_code, form.json()["code"]) == (415, "unsupported_media_type")
    assert client.post(path, {"action": "approve", "revision": 1}).status_code == 400
    waiting.refresh_from_db()
    assert waiting.state == "in_review"


def test_the_same_key_twenty_times_is_once_with_the_same_answer(waiting: SubsidyRun) -> None:
    program, asked = Program("approver"), {"action": "approve", "revision": 1}
    answers = [program.post(f"runs/{waiting.pk}/transitions/", asked, key="one") for _ in range(20)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert {answer.headers["Content-Type"] for answer in answers} == {"application/json"}
    assert AuditEvent.objects.filter(action="approve", subject_id=waiting.pk, result="done").count() == 1


def test_another_body_under_the_same_key_is_422(waiting: SubsidyRun) -> None:
    program = Program("approver")
    assert (
        program.post(f"runs/{waiting.pk}/transitions/", {"action": "approve", "revision": 1}, key="one").status_code
        == 200
    )
    other = program.post(
        f"runs/{waiting.pk}/transitions/", {"action": "return", "revision": 1, "reason": "x"}, key="one"
    )
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert "Idempotency-Key" in other.json()["detail"]
    long = program.post(f"runs/{waiting.pk}/transitions/", {}, key="k" * 65)
    assert (long.status_code, long.json()["code"]) == (422, "key_too_long")


def test_a_refused_step_is_not_remembered(waiting: SubsidyRun) -> None:
    program = Program("approver")
    assert (
        program.post(f"runs/{waiting.pk}/transitions/", {"action": "approve", "revision": 7}, key="k").status_code
        == 409
    )
    assert not AnsweredRequest.objects.exists()


def test_a_month_is_calculated_once_and_the_same_result_writes_nothing(waiting: SubsidyRun) -> None:
    stop_requiring_reports(reason="系统切换期间", actor=None, now=NOW)
    officer = Program("officer")
    waits = officer.post("months/2010-05/calculate/", {"expected": 0})
    assert (waits.status_code, waits.json()["code"]) == (409, "refused")
    assert "还没有审批" in waits.json()["detail"]
    assert step_of(Program("approver"), waiting, action="approve", revision=1).status_code == 200
    made = officer.post("months/2010-05/calculate/", {"expected": 0})
    run = SubsidyRun.objects.get(month="2010-05-01")
    assert (made.status_code, made.headers["Location"]) == (201, f"/api/runs/{run.pk}/")
    assert (made.json()["month"], made.json()["state"], made.json()["revision"]) == ("2010-05", "calculated", 1)
    stale = officer.post("months/2010-05/calculate/", {"expected": 0})
    assert (stale.status_code, stale.json()["code"]) == (409, "changed")
    assert officer.post("months/2010-05/calculate/", {"expected": 1}).status_code == 200
    assert run.revisions.count() == 1
    assert officer.post("months/2010-05/calculate/", {}).json()["errors"][0]["field"] == "expected"
    for username, role in EVERYBODY.items():
        if role is not Role.BUREAU_OFFICER:
            assert Program(username).post("months/2010-05/calculate/", {"expected": 1}).status_code == 403


def test_a_post_without_the_csrf_token_is_refused_in_json(waiting: SubsidyRun) -> None:
    program = Program("approver", enforce_csrf=True)
    asked = {"action": "approve", "revision": 1}
    refused = program.post(f"runs/{waiting.pk}/transitions/", asked, key="one")
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    program.client.get("/months/")
    token = program.client.cookies["csrftoken"].value
    taken = program.post(f"runs/{waiting.pk}/transitions/", asked, key="one", **{"X-CSRFToken": token})
    assert taken.status_code == 200


def test_an_anonymous_step_is_refused_in_json(waiting: SubsidyRun) -> None:
    response = Client().post(f"/api/runs/{waiting.pk}/transitions/", {"action": "approve", "revision": 1})
    assert (response.status_code, response.json()["code"]) == (401, "not_logged_in")
