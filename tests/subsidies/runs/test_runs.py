"""Runs: who may calculate and approve, in which order, and what approval checks."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.chain import write_down_heads
from accounts.enums import Role
from accounts.models import AuditEvent, User
from foundation.dates import Month
from staffing.enums import Position, SuspensionKind
from staffing.imports.roster_undoing import undo_roster_import
from staffing.models import ImportBatch, Posting
from staffing.postings.services import correct_dates, withdraw_posting
from staffing.terms.suspensions import suspend
from subsidies.calculation.adjusting import adjust
from subsidies.enums import RunAction
from subsidies.known_runs import all_runs
from subsidies.models import Adjustment, AllocationLine, FundSource, LedgerParameters, Revision, SubsidyRun
from subsidies.refusals import ReasonMissing, RunChanged, RunRefused
from subsidies.reports.services import acknowledge
from subsidies.runs.next_steps import next_step
from subsidies.runs.services import approve, calculate, send, send_back, void
from subsidies.steps import Seen
from subsidies.verification import verify
from tests.builders import a_household_count, a_person, a_posting, a_township, a_unit
from tests.subsidies.months import a_sent_run, an_approved_run, without_triggers
from tests.subsidies.policies import NOW, a_policy
from tests.users import MakeUser
from townships.enums import UnitKind
from townships.models import HouseholdCount

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)


@pytest.fixture
def run() -> SubsidyRun:
    """June, calculated with one assistant."""
    a_policy()
    a_posting(township=a_township())
    return calculate(month=JUNE, actor=None).run


def test_the_same_result_writes_nothing(run: SubsidyRun) -> None:
    again = calculate(month=JUNE, actor=None)
    assert not again.is_new
    assert run.revisions.count() == 1


def test_another_result_is_another_revision_and_the_first_one_stays(run: SubsidyRun) -> None:
    a_posting(township=Posting.objects.get().township)
    again = calculate(month=JUNE, actor=None)
    assert (again.is_new, again.revision.number, again.revision.total) == (True, 2, Decimal("3060.00"))
    assert sorted(run.revisions.values_list("total", flat=True)) == [Decimal("1530.00"), Decimal("3060.00")]


def test_only_the_officer_calculates_and_only_the_approver_approves(run: SubsidyRun, make_user: MakeUser) -> None:
    officer, approver = make_user(Role.BUREAU_OFFICER), make_user(Role.BUREAU_APPROVER)
    calculate(month=JUNE, actor=officer)
    with pytest.raises(PermissionDenied):
        calculate(month=JUNE, actor=approver)
    explained(officer)
    send(run=run, actor=officer, now=NOW)
    with pytest.raises(PermissionDenied):
        approve(run=run, actor=officer, now=NOW)
    assert approve(run=run, actor=approver, now=NOW).is_approved


def test_a_user_sends_only_what_is_explained(run: SubsidyRun, make_user: MakeUser) -> None:
    """Where no reports are required, too; a command asks for nothing."""
    officer = make_user(Role.BUREAU_OFFICER)
    with pytest.raises(RunRefused, match="条提示没有情况说明"):
        send(run=run, actor=officer, now=NOW)
    explained(officer)
    assert send(run=run, actor=officer, now=NOW).state == "in_review"


def test_whoever_calculated_cannot_approve_even_in_another_role(run: SubsidyRun, make_user: MakeUser) -> None:
    a_posting(township=Posting.objects.get().township)
    officer = make_user(Role.BUREAU_OFFICER)
    calculate(month=JUNE, actor=officer)
    send(run=run, actor=None, now=NOW)
    officer.role = Role.BUREAU_APPROVER.value
    officer.save()
    with pytest.raises(RunRefused, match="您核算或送审过"):
        approve(run=run, actor=officer, now=NOW)


def test_whoever_entered_a_fact_of_the_run_cannot_approve_it(run: SubsidyRun, make_user: MakeUser) -> None:
    clerk = make_user(Role.TOWNSHIP_CLERK)
    posting = Posting.objects.get()
    correct_dates(posting=posting, started_on=date(2009, 6, 2), ended_on=None, reason="更正", actor=clerk)
    a_sent_run(JUNE)
    clerk.role, clerk.township = Role.BUREAU_APPROVER.value, None
    clerk.save()
    with pytest.raises(RunRefused, match="您录入或修改过"):
        approve(run=run, actor=clerk, now=NOW)


def test_approval_is_refused_when_the_facts_have_moved_and_names_the_lines(run: SubsidyRun) -> None:
    send(run=run, actor=None, now=NOW)
    a_posting(township=Posting.objects.get().township, person=a_person(name="李四"))
    with pytest.raises(RunChanged, match=r"李四 2009年6月:没有 → 1,530\.00 元"):
        approve(run=run, actor=None, now=NOW)
    assert not SubsidyRun.objects.get().is_approved


def test_approval_is_refused_when_the_fund_source_has_run_out(run: SubsidyRun) -> None:
    FundSource.objects.update(valid_until="2009-05-31")
    a_sent_run(JUNE)
    with pytest.raises(RunRefused, match="资金来源"):
        approve(run=run, actor=None, now=NOW)


def test_a_command_does_not_approve_where_reports_are_required(run: SubsidyRun) -> None:
    send(run=run, actor=None, now=NOW)
    LedgerParameters.objects.update(reports_required=True)
    with pytest.raises(RunRefused, match="月报"):
        approve(run=run, actor=None, now=NOW)


def test_the_first_approval_fixes_the_first_month_of_the_ledger(run: SubsidyRun) -> None:
    an_approved_run(JUNE)
    assert LedgerParameters.objects.get().first_month == JUNE.first


def test_months_are_calculated_in_order(run: SubsidyRun) -> None:
    with pytest.raises(RunRefused, match="还没有审批"):
        calculate(month=JUNE + 1, actor=None)
    an_approved_run(JUNE)
    with pytest.raises(RunRefused, match="顺序"):
        calculate(month=JUNE + 2, actor=None)
    with pytest.raises(RunRefused, match="已经审批"):
        calculate(month=JUNE - 1, actor=None)


def test_an_approved_run_is_not_approved_twice(run: SubsidyRun) -> None:
    an_approved_run(JUNE)
    with pytest.raises(RunRefused, match="现在是“已审批”"):
        approve(run=run, actor=None, now=NOW)
    assert AuditEvent.objects.filter(action="approve").count() == 1


def test_every_step_leaves_an_event_with_total_and_digest(run: SubsidyRun) -> None:
    an_approved_run(JUNE)
    events = AuditEvent.objects.filter(subject_type="subsidyrun", subject_id=run.pk).order_by("pk")
    assert [event.action for event in events] == ["calculate", "send", "approve"]
    after = events[2].after or {}
    assert (after["total"], len(after["digest"])) == ("1530.00", 64)


def test_the_database_refuses_a_second_unapproved_run(run: SubsidyRun) -> None:
    with pytest.raises(IntegrityError, match=r"one_unapproved_run|UNIQUE"), transaction.atomic():
        SubsidyRun.objects.create(county=run.county, month=(JUNE + 1).first, retro_months=12)


def test_what_an_older_method_calculated_is_calculated_anew_before_its_approval(
    run: SubsidyRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_sent_run(JUNE)
    monkeypatch.setattr("subsidies.runs.services.CURRENT_METHOD", 3)
    with pytest.raises(RunChanged, match="核算方法已经更新"):
        approve(run=run, actor=None, now=NOW)


def test_the_database_refuses_an_approval_without_a_time(run: SubsidyRun) -> None:
    without_triggers()
    with pytest.raises(IntegrityError, match="run_state_agrees_with_its_times"), transaction.atomic():
        SubsidyRun.objects.update(state="approved")


def test_the_database_refuses_an_amount_that_is_no_difference(run: SubsidyRun) -> None:
    without_triggers()
    with pytest.raises(IntegrityError, match="amount_is_due_minus_posted"), transaction.atomic():
        AllocationLine.objects.update(amount=Decimal("1.00"))


def test_a_returned_run_is_calculated_and_sent_again(run: SubsidyRun, make_user: MakeUser) -> None:
    approver = make_user(Role.BUREAU_APPROVER)
    a_sent_run(JUNE)
    with pytest.raises(ReasonMissing):
        send_back(run=run, actor=approver, reason=" ", now=NOW)
    returned = send_back(run=run, actor=approver, reason="金额有疑问", now=NOW)
    assert (returned.state, returned.returned_at) == ("returned", NOW)
    again = calculate(month=JUNE, actor=None)
    assert (again.is_new, again.run.state, again.revision.number) == (False, "calculated", 1)
    assert approve(run=a_sent_run(JUNE), actor=approver, now=NOW).is_approved


def test_an_approved_run_is_returned_only_while_nothing_builds_on_it(run: SubsidyRun, make_user: MakeUser) -> None:
    finance = make_user(Role.FINANCE_OFFICER)
    an_approved_run(JUNE)
    following = calculate(month=JUNE + 1, actor=None).run
    with pytest.raises(RunRefused, match="请先作废"):
        send_back(run=run, actor=finance, reason="账户有误", now=NOW)
    void(run=following, actor=None, reason="重来", now=NOW)
    assert send_back(run=run, actor=finance, reason="账户有误", now=NOW).state == "returned"
    an_approved_run(JUNE)
    an_approved_run(JUNE + 1)
    with pytest.raises(RunRefused, match="在它之后已经审批"):
        send_back(run=run, actor=finance, reason="账户有误", now=NOW)


def test_a_returned_approval_is_posted_no_longer_and_posted_anew(run: SubsidyRun) -> None:
    an_approved_run(JUNE)
    send_back(run=run, actor=None, reason="更正", now=NOW)
    a_posting(township=Posting.objects.get().township)
    revision = an_approved_run(JUNE).current_revision
    assert revision is not None
    amounts = AllocationLine.objects.filter(allocation__revision=revision).values_list("posted_before", "amount")
    assert (revision.number, list(amounts)) == (2, [(Decimal("0.00"), Decimal("1530.00"))] * 2)


def _withdraws(clerk: User) -> None:
    """A posting that stood before another and has no line any more."""
    township = Posting.objects.get().township
    withdraw_posting(posting=a_posting(township=township, started_on=date(2008, 1, 1)), reason="错", actor=clerk)


def _undoes_an_import(clerk: User) -> None:
    batch = ImportBatch.objects.create(kind="roster", sha256="x", township=clerk.township, created_count=1)
    brought = a_posting(township=Posting.objects.get().township, started_on=date(2030, 1, 1))
    Posting.objects.filter(pk=brought.pk).update(import_batch=batch)
    undo_roster_import(batch=batch, reason="错", settled=0, actor=clerk, now=timezone.now())


def _ends_it_before_the_window(clerk: User) -> None:
    posting = Posting.objects.get()
    a_posting(township=posting.township)
    correct_dates(posting=posting, started_on=date(2007, 1, 1), ended_on=date(2008, 5, 31), reason="更正", actor=clerk)


def _imported_it_years_ago(clerk: User) -> None:
    batch = ImportBatch.objects.create(kind="roster", sha256="2" * 64, imported_by=clerk)
    ImportBatch.objects.filter(pk=batch.pk).update(imported_at=NOW - timedelta(days=1000))
    Posting.objects.update(import_batch=batch)


def _adjusts(officer: User) -> None:
    row = an_adjustment(Decimal("100.00"))
    row.entered_by = officer
    row.save()


def _counted_a_unit_that_opens(clerk: User) -> None:
    """Its first count within the month is what its coordinator is paid by."""
    unit = a_unit(township=Posting.objects.earliest("pk").township, kind=UnitKind.VILLAGE, opened_on=date(2009, 6, 10))
    count = a_household_count(unit=unit, effective_from=date(2009, 6, 10))
    HouseholdCount.objects.filter(pk=count.pk).update(entered_by=clerk)


@pytest.mark.parametrize(
    "act",
    [
        _withdraws,
        _undoes_an_import,
        _ends_it_before_the_window,
        _imported_it_years_ago,
        _adjusts,
        _counted_a_unit_that_opens,
    ],
)
def test_whoever_had_a_hand_in_it_by_another_road_cannot_approve_it(
    run: SubsidyRun, make_user: MakeUser, act: Callable[[User], None]
) -> None:
    person, innocent = make_user(Role.TOWNSHIP_CLERK), make_user(Role.BUREAU_APPROVER)
    act(person)
    waiting = a_sent_run(JUNE)
    person.role, person.township = Role.BUREAU_APPROVER.value, None
    person.save()
    with pytest.raises(RunRefused, match="您录入或修改过"):
        approve(run=waiting, actor=person, now=NOW)
    assert approve(run=waiting, actor=innocent, now=NOW).is_approved


def test_facts_without_effect_do_not_stand_against_an_approval(run: SubsidyRun) -> None:
    """Two people entered late are due the same: what comes later for one of them changes no line and no digest."""
    an_approved_run(JUNE)
    township = Posting.objects.earliest("pk").township
    late = []
    for _ in range(2):
        unit = a_unit(township=township, kind=UnitKind.VILLAGE)
        a_household_count(unit=unit)
        late.append(a_posting(township=township, unit=unit, position=Position.VILLAGE_COORDINATOR))
    waiting = a_sent_run(JUNE + 1)
    suspend(posting=late[1], kind=SuspensionKind.SICK_LEAVE, started_on=date(2009, 9, 1), ended_on=None, actor=None)
    assert approve(run=waiting, actor=None, now=NOW).is_approved


def test_why_an_approval_cannot_be_taken_back_is_said(run: SubsidyRun, make_user: MakeUser) -> None:
    approver = make_user(Role.BUREAU_APPROVER)
    an_approved_run(JUNE)
    assert next_step(run_now(run), approver, all_runs()).may_take(RunAction.RETURN)
    calculate(month=JUNE + 1, actor=None)
    step = next_step(run_now(run), approver, all_runs())
    assert (step.may_take(RunAction.RETURN), "请先作废2009年7月" in step.sentence) == (False, True)
    an_approved_run(JUNE + 1)
    step = next_step(run_now(run), approver, all_runs())
    assert (step.may_take(RunAction.RETURN), "2009年7月在它之后已经审批" in step.sentence) == (False, True)
    assert "不能撤回" not in next_step(run_now(run), make_user(Role.AUDITOR), all_runs()).sentence


def explained(officer: User) -> None:
    """Every finding of June has its reason."""
    township = Posting.objects.earliest("pk").township
    acknowledge(township=township, month=JUNE, chosen=lambda row: True, reason="情况属实", actor=officer)


def run_now(run: SubsidyRun) -> SubsidyRun:
    return SubsidyRun.objects.get(pk=run.pk)


def an_adjustment(amount: Decimal, *, month: Month = JUNE) -> Adjustment:
    return adjust(
        month=month,
        township=Posting.objects.earliest("pk").township,
        person=None,
        for_month=JUNE,
        amount=amount,
        document="函",
        reason="多补",
        actor=None,
    )


@pytest.mark.parametrize(
    "changed",
    [{"person_name": "王五"}, {"township_share": Decimal("9.99")}, {"details": []}, {"unit_name": "别处"}],
    ids=str,
)
def test_a_row_that_nobody_calculated_is_not_approved_and_written_anew(
    run: SubsidyRun, changed: dict[str, object]
) -> None:
    line = AllocationLine.objects.get()
    AllocationLine.objects.all().delete()
    for name, value in changed.items():
        setattr(line, name, value)
    line.pk = None
    line.save(force_insert=True)
    send(run=run, actor=None, now=NOW)
    with pytest.raises(RunRefused, match=r"存储的内容与核算写入的不同\(补助明细第 1 条\)"):
        approve(run=run, actor=None, now=NOW)
    send_back(run=run, actor=None, reason="重新核算", now=NOW)
    revision = an_approved_run(JUNE).current_revision
    assert revision is not None
    write_down_heads()
    assert (revision.number, list(verify())) == (2, [])


def test_a_total_or_a_township_that_nobody_calculated_is_not_approved(run: SubsidyRun) -> None:
    AllocationLine.objects.all().delete()
    send(run=run, actor=None, now=NOW)
    with pytest.raises(RunRefused, match="补助明细第 1 条"):
        approve(run=run, actor=None, now=NOW)
    without_triggers()
    Revision.objects.update(total=0)
    with pytest.raises(RunRefused, match="合计或计算依据"):
        approve(run=run, actor=None, now=NOW)


def test_what_was_approved_and_returned_is_written_anew_even_if_nothing_changed(run: SubsidyRun) -> None:
    an_approved_run(JUNE)
    send_back(run=run, actor=None, reason="账户有误", now=NOW)
    again = calculate(month=JUNE, actor=None)
    assert (again.is_new, again.revision.number, again.run.state) == (True, 2, "calculated")
    assert not calculate(month=JUNE, actor=None).is_new


def test_the_ledger_begins_anew_when_its_only_approval_is_taken_back(run: SubsidyRun) -> None:
    an_approved_run(JUNE)
    send_back(run=run, actor=None, reason="月份不对", now=NOW)
    void(run=run, actor=None, reason="月份不对", now=NOW)
    assert LedgerParameters.objects.get().first_month is None
    an_approved_run(JUNE - 2)
    assert LedgerParameters.objects.get().first_month == date(2009, 4, 1)
    following = an_approved_run(JUNE - 1)
    send_back(run=following, actor=None, reason="更正", now=NOW)
    assert LedgerParameters.objects.get().first_month == date(2009, 4, 1)


def test_an_adjustment_that_came_after_sending_is_named(run: SubsidyRun) -> None:
    send(run=run, actor=None, now=NOW)
    an_adjustment(Decimal("-100.00"))
    with pytest.raises(RunChanged, match=r"其他调整 2009年6月:没有 → -100\.00 元"):
        approve(run=run, actor=None, now=NOW)


def test_finance_returns_nothing_before_the_approval(run: SubsidyRun, make_user: MakeUser) -> None:
    a_sent_run(JUNE)
    with pytest.raises(PermissionDenied):
        send_back(run=run, actor=make_user(Role.FINANCE_OFFICER), reason="有误", now=NOW)


def test_a_voided_run_is_gone_and_the_month_begins_again(run: SubsidyRun, make_user: MakeUser) -> None:
    voided = void(run=run, actor=make_user(Role.BUREAU_APPROVER), reason="算错月份", now=NOW)
    assert (voided.state, voided.voided_at) == ("voided", NOW)
    assert calculate(month=JUNE - 1, actor=None).run.number == 1
    with pytest.raises(RunRefused, match="现在是“作废”"):
        send(run=run, actor=None, now=NOW)


def test_who_saw_another_revision_changes_nothing(run: SubsidyRun) -> None:
    with pytest.raises(RunChanged):
        send(run=run, actor=None, now=NOW, seen=Seen(2))
    with pytest.raises(RunChanged):
        calculate(month=JUNE, actor=None, seen=Seen(0))
    assert SubsidyRun.objects.get().state == "calculated"


def test_a_revision_never_sent_keeps_its_total_and_not_its_lines(run: SubsidyRun) -> None:
    first = run.current_revision
    a_posting(township=Posting.objects.get().township)
    calculate(month=JUNE, actor=None)
    assert run.revisions.get(number=1).total == Decimal("1530.00")
    assert not AllocationLine.objects.filter(allocation__revision=first).exists()


def test_a_revision_that_was_sent_keeps_its_lines(run: SubsidyRun) -> None:
    first = a_sent_run(JUNE).current_revision
    send_back(run=run, actor=None, reason="更正", now=NOW)
    a_posting(township=Posting.objects.get().township)
    assert calculate(month=JUNE, actor=None).revision.number == 2
    assert AllocationLine.objects.filter(allocation__revision=first).count() == 1
