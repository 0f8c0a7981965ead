"""A finding that appears in a month whose report is settled is answered by the officer on the run (domain 5)."""

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import AuditEvent, User
from subsidies.models import Acknowledgement, LedgerParameters, SubsidyRun
from subsidies.refusals import ReasonMissing, RunChanged, RunRefused
from subsidies.runs import answering
from subsidies.runs.answering import acknowledge_findings, findings_to_answer
from subsidies.runs.services import approve, calculate, send
from subsidies.steps import Seen
from tests.builders import a_person, a_posting, a_township, unskill
from tests.reading import text_of
from tests.subsidies.months import JUNE, an_accepted_report, an_approved_run, explain
from tests.subsidies.policies import NOW, a_policy
from tests.users import ClientOf, MakeUser
from townships.models import Township

pytestmark = pytest.mark.django_db
PAGE = "/months/2009-06/2/"


@pytest.fixture(params=[True, False], ids=["reports", "no reports"])
def run(request: pytest.FixtureRequest, make_user: MakeUser) -> SubsidyRun:
    """A supplementary run of June, after which the skill of two assistants turned out to be missing."""
    a_policy()
    town = a_township()
    for name in ("甲", "乙"):
        a_posting(township=town, person=a_person(name=name))
    LedgerParameters.objects.create(county=town.county, reports_required=request.param)
    if request.param:
        an_accepted_report(town)
        an_approved_run(JUNE, approver=make_user(Role.BUREAU_APPROVER, username="another"))
    else:
        explain(town)
        an_approved_run(JUNE)
    unskill()
    return calculate(month=JUNE, actor=None).run


@pytest.fixture
def officer(make_user: MakeUser) -> User:
    return make_user(Role.BUREAU_OFFICER)


@pytest.fixture
def browser(officer: User, client: Client) -> Client:
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    return client


def keys(run: SubsidyRun) -> list[str]:
    assert run.current_revision is not None
    return [row.key for row in findings_to_answer(run.current_revision)]


def answers() -> int:
    return Acknowledgement.objects.filter(check_name="computer_skill").count()


def test_a_supplementary_run_with_a_new_finding_is_answered_sent_and_approved_by_people(
    run: SubsidyRun, officer: User, make_user: MakeUser
) -> None:
    with pytest.raises(RunRefused, match=r"还有 2 条提示没有情况说明\(跃龙街道 2 条\),请在月度页里填写"):
        send(run=run, actor=officer, now=NOW)
    with pytest.raises(RunRefused, match="已随核算审批,不能再改月报"):
        explain(Township.objects.get())
    assert acknowledge_findings(run=run, chosen=None, reason=" 正在培训 ", actor=officer) == 2
    event = AuditEvent.objects.get(action="acknowledge_findings", subject_type="subsidyrun", subject_id=run.pk)
    assert event.after is not None
    assert (event.after["findings"], event.after["checks"], event.reason) == (2, ["computer_skill"], "正在培训")
    run = send(run=run, actor=officer, now=NOW)
    assert approve(run=run, actor=make_user(Role.BUREAU_APPROVER), now=NOW).is_approved


def test_the_officer_answers_on_the_page_for_those_that_are_ticked(run: SubsidyRun, browser: Client) -> None:
    first, second = keys(run)
    page = text_of(browser, PAGE)
    assert "有 2 条提示没有情况说明,说明以后才能送审" in page
    assert page.count('name="finding"') == 2
    assert "checked" not in page
    assert '<textarea id="reason-findings"' in page
    sent = browser.post(f"{PAGE}findings/", {"revision": 1, "reason": "正在培训", "finding": [first]})
    assert (sent.status_code, answers()) == (302, 1)
    assert keys(run) == [second]
    assert browser.post(f"{PAGE}findings/", {"revision": 1, "reason": "正在培训", "whole": "1"}).status_code == 302
    assert answers() == 2
    assert 'name="finding"' not in text_of(browser, PAGE)
    assert browser.post(f"{PAGE}steps/send/", {"revision": 1, "state": "calculated"}).status_code == 302


@pytest.mark.parametrize("fields", [{"finding": []}, {"reason": " "}, {"revision": ""}], ids=str)
def test_what_is_not_filled_in_is_told_and_what_was_typed_is_kept(
    run: SubsidyRun, browser: Client, fields: dict[str, object]
) -> None:
    wanted = {"revision": 1, "reason": "正在培训", "finding": keys(run), **fields}
    response = browser.post(f"{PAGE}findings/", wanted)
    assert response.status_code == 400
    assert "请勾选要说明的提示,并填写情况说明。" in response.content.decode()
    assert f"required>{wanted['reason']}</textarea>" in response.content.decode()
    assert answers() == 0


@pytest.mark.parametrize("role", [Role.BUREAU_APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR, Role.TOWNSHIP_CLERK])
def test_nobody_else_answers_there(run: SubsidyRun, client_of: ClientOf, role: Role) -> None:
    client = client_of(role)
    assert 'name="finding"' not in text_of(client, PAGE)
    response = client.post(f"{PAGE}findings/", {"revision": 1, "reason": "正在培训", "whole": "1"})
    assert (response.status_code, answers()) == (403, 0)


def test_another_revision_another_state_and_no_reason_are_told(
    run: SubsidyRun, officer: User, browser: Client
) -> None:
    with pytest.raises(ReasonMissing):
        acknowledge_findings(run=run, chosen=None, reason=" ", actor=officer)
    with pytest.raises(RunChanged, match="刚刚重新核算过"):
        acknowledge_findings(run=run, chosen=None, reason="正在培训", actor=officer, seen=Seen(7))
    assert browser.post(f"{PAGE}findings/", {"revision": 7, "reason": "无", "whole": "1"}).status_code == 409
    assert AuditEvent.objects.filter(action="acknowledge_findings", result="refused").count() == 1
    acknowledge_findings(run=run, chosen=None, reason="正在培训", actor=officer)
    run = send(run=run, actor=officer, now=NOW)
    with pytest.raises(RunRefused, match="在核算以后、送审以前填写"):
        acknowledge_findings(run=run, chosen=None, reason="正在培训", actor=officer)


def test_of_very_many_the_first_are_shown_and_all_can_be_answered_at_once(
    run: SubsidyRun, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "SHOWN", 1)
    page = text_of(browser, PAGE)
    assert page.count('name="finding"') == 1
    assert "2 条都用这一条说明,没有列出的也在内" in page


def test_what_a_report_still_answers_is_not_answered_on_the_run(officer: User) -> None:
    """The report of a month that no run has settled yet: its clerk answers there."""
    a_policy()
    town = a_township()
    a_posting(township=town, person=a_person(name="甲"))
    LedgerParameters.objects.create(county=town.county, reports_required=True)
    an_accepted_report(town)
    town.acknowledgements.all().delete()
    run = calculate(month=JUNE, actor=None).run
    assert keys(run) == []
    assert acknowledge_findings(run=run, chosen=None, reason="属实", actor=officer) == 0
    with pytest.raises(RunRefused, match="请在镇街月报里填写"):
        send(run=run, actor=officer, now=NOW)
