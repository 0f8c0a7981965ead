"""Runs: who may calculate and approve, in which order, and what approval checks."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import AuditEvent
from foundation.dates import Month
from staffing.models import Posting
from subsidies import invariants
from subsidies.models import Allocation, AllocationLine, FundSource, LedgerParameters, SubsidyRun
from subsidies.services.runs import RunChanged, RunRefused, approve, calculate
from tests.builders import a_posting, a_township
from tests.conftest import MakeUser
from tests.subsidies.policies import NOW, a_policy

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
    with pytest.raises(PermissionDenied):
        approve(run=run, actor=officer, now=NOW)
    assert approve(run=run, actor=approver, now=NOW).is_approved


def test_whoever_calculated_cannot_approve_even_in_another_role(run: SubsidyRun, make_user: MakeUser) -> None:
    a_posting(township=Posting.objects.get().township)
    officer = make_user(Role.BUREAU_OFFICER)
    calculate(month=JUNE, actor=officer)
    officer.role = Role.BUREAU_APPROVER.value
    officer.save()
    with pytest.raises(RunRefused, match="核算人不能审批"):
        approve(run=run, actor=officer, now=NOW)


def test_approval_is_refused_when_the_facts_have_moved(run: SubsidyRun) -> None:
    a_posting(township=Posting.objects.get().township)
    with pytest.raises(RunChanged, match="重新核算"):
        approve(run=run, actor=None, now=NOW)
    assert not SubsidyRun.objects.get().is_approved


def test_approval_is_refused_when_the_fund_source_has_run_out(run: SubsidyRun) -> None:
    FundSource.objects.update(valid_until="2009-05-31")
    calculate(month=JUNE, actor=None)
    with pytest.raises(RunRefused, match="资金来源"):
        approve(run=run, actor=None, now=NOW)


def test_a_command_does_not_approve_where_reports_are_required(run: SubsidyRun) -> None:
    LedgerParameters.objects.update(reports_required=True)
    with pytest.raises(RunRefused, match="月报"):
        approve(run=run, actor=None, now=NOW)


def test_the_first_approval_fixes_the_first_month_of_the_ledger(run: SubsidyRun) -> None:
    approve(run=run, actor=None, now=NOW)
    assert LedgerParameters.objects.get().first_month == JUNE.first


def test_months_are_calculated_in_order(run: SubsidyRun) -> None:
    with pytest.raises(RunRefused, match="还没有审批"):
        calculate(month=JUNE + 1, actor=None)
    approve(run=run, actor=None, now=NOW)
    with pytest.raises(RunRefused, match="顺序"):
        calculate(month=JUNE + 2, actor=None)
    with pytest.raises(RunRefused, match="已经审批"):
        calculate(month=JUNE - 1, actor=None)


def test_an_approved_run_is_not_approved_twice(run: SubsidyRun) -> None:
    approve(run=run, actor=None, now=NOW)
    with pytest.raises(RunRefused, match="已经审批"):
        approve(run=run, actor=None, now=NOW)
    assert AuditEvent.objects.filter(action="approve").count() == 1


def test_every_step_leaves_an_event_with_total_and_digest(run: SubsidyRun) -> None:
    approve(run=run, actor=None, now=NOW)
    events = AuditEvent.objects.filter(subject_type="subsidyrun", subject_id=run.pk).order_by("pk")
    assert [event.action for event in events] == ["calculate", "approve"]
    after = events[1].after or {}
    assert (after["total"], len(after["digest"])) == ("1530.00", 64)


def test_the_database_refuses_a_second_unapproved_run(run: SubsidyRun) -> None:
    with pytest.raises(IntegrityError, match=r"one_unapproved_run|UNIQUE"), transaction.atomic():
        SubsidyRun.objects.create(county=run.county, month=(JUNE + 1).first, retro_months=12)


def test_the_database_refuses_an_approval_without_a_time(run: SubsidyRun) -> None:
    with pytest.raises(IntegrityError, match="run_state_agrees_with_its_times"), transaction.atomic():
        SubsidyRun.objects.update(state="approved")


def test_the_database_refuses_an_amount_that_is_no_difference(run: SubsidyRun) -> None:
    with pytest.raises(IntegrityError, match="amount_is_due_minus_posted"), transaction.atomic():
        AllocationLine.objects.update(amount=Decimal("1.00"))


@pytest.mark.parametrize(
    ("invariant", "tamper"),
    [
        (invariants.lines_add_up, lambda: Allocation.objects.update(total=Decimal("1529.99"))),
        (invariants.nobody_counted_twice, lambda: _doubled(person_id=True)),
        (invariants.no_unit_over_its_place, lambda: _doubled(unit_code="330226001001")),
        (invariants.no_township_over_its_places, lambda: Allocation.objects.update(places_by_day={"0": 2**30 - 1})),
        (invariants.counted_within_service, lambda: AllocationLine.objects.update(counted_days=29)),
        (invariants.counted_within_service, lambda: Posting.objects.update(started_on="2009-06-02")),
    ],
)
def test_each_invariant_names_its_breach(run: SubsidyRun, invariant: invariants.Invariant, tamper) -> None:  # type: ignore[no-untyped-def]
    assert invariants.broken_in(run) == []
    tamper()
    run.refresh_from_db()
    run.current_revision.refresh_from_db()  # type: ignore[union-attr]
    assert list(invariant(run))


def test_the_ledger_invariant_sees_a_line_that_was_changed_after_approval(run: SubsidyRun) -> None:
    approve(run=run, actor=None, now=NOW)
    run.refresh_from_db()
    assert list(invariants.posted_is_due(run)) == []
    AllocationLine.objects.update(posted_before=Decimal("0.01"), amount=Decimal("1529.99"))
    assert list(invariants.posted_is_due(run))


def _doubled(**same: object) -> None:
    """A second line like the first, for another posting."""
    line = AllocationLine.objects.get()
    other = a_posting(township=Posting.objects.get().township)
    if "unit_code" in same:
        AllocationLine.objects.update(unit_code=same["unit_code"])
        line.unit_code, line.person_id = str(same["unit_code"]), other.person_id
    line.pk, line.posting_id, line.order = None, other.pk, 2
    line.save()
