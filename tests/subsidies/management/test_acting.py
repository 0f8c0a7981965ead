"""A command that takes a step of money is given as somebody, under the guards of a page."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.chain import write_down_heads
from accounts.enums import Role
from accounts.models import AuditEvent, Seal, User
from subsidies.calculation.parameters import set_parameters
from subsidies.models import LedgerParameters, SubsidyRun
from subsidies.refusals import RunRefused
from subsidies.runs.services import approve
from subsidies.verification import verify
from tests.builders import a_posting, a_township
from tests.subsidies.months import JUNE, a_sent_run, without_triggers
from tests.subsidies.policies import NOW, a_policy
from tests.users import ClientOf, MakeUser

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent() -> SubsidyRun:
    """June, waiting for its approval."""
    a_policy()
    a_posting(township=a_township())
    return a_sent_run(JUNE)


def run(*arguments: str) -> str:
    said = StringIO()
    call_command(*arguments, stdout=said)
    return said.getvalue()


def test_nobody_need_be_named_while_nobody_could_be(sent: SubsidyRun, make_user: MakeUser) -> None:
    gone = make_user(Role.BUREAU_APPROVER)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert "已审批" in run("approve", "2009-06")


def test_once_there_is_an_approver_somebody_is_named(sent: SubsidyRun, make_user: MakeUser) -> None:
    approver = make_user(Role.BUREAU_APPROVER)
    with pytest.raises(CommandError, match="请加 --as 用户名"):
        run("approve", "2009-06")
    assert "已审批" in run("approve", "2009-06", f"--as={approver.username}")
    event = AuditEvent.objects.get(action="approve")
    assert event.actor == approver
    assert event.address.startswith("命令行 ")


@pytest.mark.parametrize("username", ["officer", "nobody", "gone"])
def test_who_may_not_on_the_page_may_not_by_command(sent: SubsidyRun, make_user: MakeUser, username: str) -> None:
    make_user(Role.BUREAU_OFFICER, username="officer")
    gone = make_user(Role.BUREAU_APPROVER, username="gone")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    with pytest.raises(CommandError):
        run("approve", "2009-06", f"--as={username}")
    assert SubsidyRun.objects.get().state == "in_review"


def test_a_maker_is_barred_by_command_too(sent: SubsidyRun, make_user: MakeUser) -> None:
    maker = make_user(Role.BUREAU_APPROVER)
    AuditEvent.objects.create(
        actor=maker, actor_name="x", role="x", action="send", subject_type="subsidyrun", subject_id=sent.pk,
        result="done", after={},
    )  # fmt: skip
    with pytest.raises(CommandError, match="您核算或送审过"):
        run("approve", "2009-06", f"--as={maker.username}")


@pytest.fixture
def required(sent: SubsidyRun, make_user: MakeUser) -> User:
    """Reports are required; the approver."""
    set_parameters(reports_required=True, actor=None)
    return make_user(Role.BUREAU_APPROVER)


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        ((), "请加 --as"),
        (("--as=bureau_approver",), "须写明原因"),
        (("--as=bureau_officer", "--reason=试"), "没有「设定账目参数」的权限"),
    ],
)
def test_reports_are_stopped_by_an_approver_with_a_reason_only(
    required: User, make_user: MakeUser, arguments: tuple[str, ...], refusal: str
) -> None:
    make_user(Role.BUREAU_OFFICER)
    with pytest.raises(CommandError, match=refusal):
        run("parameters", "--reports-required=no", *arguments)
    assert LedgerParameters.objects.get().reports_required
    assert not Seal.objects.exists()


def test_that_reports_were_stopped_is_sealed_and_stands_in_the_log(required: User) -> None:
    run("parameters", "--reports-required=no", "--as=bureau_approver", "--reason=系统切换期间")
    write_down_heads()
    seal = Seal.objects.get()
    assert (seal.subject_type, seal.action) == ("ledgerparameters", "stop_reports")
    assert AuditEvent.objects.get(sequence=seal.sequence).reason == "系统切换期间"
    assert list(verify()) == []


def test_reports_that_were_stopped_behind_the_program_are_told(required: User) -> None:
    LedgerParameters.objects.update(reports_required=False)
    assert {(found.kind, found.table) for found in verify()} == {("seal", "subsidies_ledgerparameters")}


def test_a_month_approved_while_reports_were_stopped_behind_the_program_stays_named(
    required: User, sent: SubsidyRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    LedgerParameters.objects.update(reports_required=False)
    with pytest.raises(RunRefused, match="须有镇街月报与日志记载的设定不同"):
        approve(run=sent, actor=None, now=NOW)
    monkeypatch.setattr("subsidies.runs.services.demand_as_set", lambda _: None)
    approve(run=sent, actor=None, now=NOW)
    write_down_heads()
    LedgerParameters.objects.update(reports_required=True)
    assert [(found.kind, found.table, found.row) for found in verify()] == [("seal", "subsidies_subsidyrun", sent.pk)]


def test_a_parameter_that_is_not_what_it_was_set_to_is_told(sent: SubsidyRun) -> None:
    set_parameters(retro_months=6, actor=None)
    LedgerParameters.objects.update(retro_months=0)
    assert [(found.kind, found.table) for found in verify()] == [("events", "subsidies_ledgerparameters")]
    set_parameters(retro_months=6, actor=None)
    assert list(verify()) == []


def test_a_month_approved_without_reports_says_so(sent: SubsidyRun, client_of: ClientOf) -> None:
    approve(run=sent, actor=None, now=NOW)
    page = client_of(Role.AUDITOR).get("/months/2009-06/").content.decode()
    assert "这个月审批时没有要求镇街月报" in page


def test_a_spoilt_seal_of_the_parameters_is_told(required: User) -> None:
    run("parameters", "--reports-required=no", "--as=bureau_approver", "--reason=系统切换期间")
    write_down_heads()
    without_triggers()
    Seal.objects.update(subject_id=LedgerParameters.objects.get().pk + 1)
    assert {found.kind for found in verify()} >= {"chain", "events"}
