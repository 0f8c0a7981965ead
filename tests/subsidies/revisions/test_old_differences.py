"""The hint `beyond_retro_limit`: kept with the revision, never a line, answered once before a run is sent."""

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.chain import write_down_heads
from accounts.enums import Role
from accounts.models import AuditEvent
from foundation.dates import Month
from staffing.enums import Position, SuspensionKind
from staffing.models import Posting
from staffing.postings.services import correct_dates, withdraw_posting
from staffing.terms.suspensions import suspend
from subsidies.calculation.adjusting import adjust
from subsidies.models import (
    Acknowledgement,
    Allocation,
    AllocationLine,
    LedgerParameters,
    MinimumWage,
    OldDifference,
    SubsidyRun,
    SubsidyStandard,
)
from subsidies.refusals import ReasonMissing, RunChanged, RunRefused
from subsidies.revisions.answering import acknowledge_old_differences
from subsidies.revisions.old_differences import old_differences
from subsidies.runs.services import approve, calculate, send, void
from subsidies.steps import Seen
from subsidies.verification import verify
from tests.builders import a_household_count, a_person, a_posting, a_township, a_unit
from tests.subsidies.months import an_accepted_report, an_approved_run, without_triggers
from tests.subsidies.policies import NOW, a_minimum_wage, a_policy
from tests.users import MakeUser
from townships.enums import UnitKind
from townships.models import Township

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)
SEPTEMBER = JUNE + 3


@pytest.fixture
def posting() -> Posting:
    """An assistant who was paid for June, July and August 2009 in a county that looks one month back."""
    a_policy()
    township = a_township()
    LedgerParameters.objects.create(county=township.county, retro_months=1)
    posting = a_posting(township=township, person=a_person(name="王芳"))
    for month in (JUNE, JUNE + 1, JUNE + 2):
        an_approved_run(month)
    return posting


def begins(posting: Posting, day: str) -> Posting:
    """The first day on post is corrected."""
    return correct_dates(posting=posting, started_on=date.fromisoformat(day), ended_on=None, reason="更正", actor=None)


def september() -> SubsidyRun:
    return calculate(month=SEPTEMBER, actor=None).run


def hints(run: SubsidyRun) -> list[tuple[str, str, Decimal, Decimal, Decimal, str]]:
    rows = OldDifference.objects.filter(allocation__revision__current_for=run).order_by("pk")
    return [(row.person_name, str(row.period), row.due, row.posted_before, row.difference, row.cause) for row in rows]


def lines(run: SubsidyRun) -> list[tuple[str, Decimal]]:
    rows = AllocationLine.objects.filter(allocation__revision__current_for=run).order_by("order")
    return [(str(line.period), line.amount) for line in rows]


def answered(run: SubsidyRun, reason: str = "已由镇街另行退回") -> int:
    return acknowledge_old_differences(run=run, chosen=None, reason=reason, actor=None)


def approved(run: SubsidyRun) -> SubsidyRun:
    return approve(run=send(run=run, actor=None, now=NOW), actor=None, now=NOW)


def money(amount: str) -> Decimal:
    return Decimal(amount)


def test_an_older_month_is_a_hint_and_no_line(posting: Posting) -> None:
    begins(posting, "2009-07-16")
    run = september()
    assert hints(run) == [
        ("王芳", "2009-06", money("0.00"), money("1530.00"), money("-1530.00"), "dates"),
        ("王芳", "2009-07", money("789.68"), money("1530.00"), money("-740.32"), "dates"),
    ]
    assert lines(run) == [("2009-09", money("1530.00"))]
    assert run.current_revision is not None
    assert run.current_revision.total == money("1530.00")


def test_within_the_window_it_is_a_line_and_no_hint(posting: Posting) -> None:
    LedgerParameters.objects.update(retro_months=12)
    begins(posting, "2009-07-16")
    run = september()
    assert hints(run) == []
    assert [amount for _, amount in lines(run)] == [money("-1530.00"), money("-740.32"), money("1530.00")]


def test_before_the_first_approval_nothing_is_too_old() -> None:
    a_policy()
    a_posting(township=a_township(), started_on=date(2008, 1, 1))
    assert hints(calculate(month=JUNE, actor=None).run) == []


def test_suspended_withdrawn_recounted_and_back_dated_all_show(posting: Posting) -> None:
    other = a_posting(township=posting.township)  # never paid for the months before
    suspend(
        posting=posting,
        kind=SuspensionKind.UNPAID_LEAVE,
        started_on=date(2009, 6, 1),
        ended_on=date(2009, 6, 30),
        actor=None,
    )
    assert [(row[1], row[4], row[5]) for row in hints(september())] == [
        ("2009-06", money("-1530.00"), "suspension"),
        ("2009-06", money("1530.00"), "joined"),
        ("2009-07", money("1530.00"), "joined"),
    ]
    withdraw_posting(posting=other, reason="录错", actor=None)
    withdraw_posting(posting=posting, reason="录错", actor=None)
    assert [(row[1], row[4], row[5]) for row in hints(september())] == [
        ("2009-06", money("-1530.00"), "withdrawn"),
        ("2009-07", money("-1530.00"), "withdrawn"),
    ]


def test_a_minimum_wage_of_an_old_day_shows_for_everybody(posting: Posting) -> None:
    a_minimum_wage("2009-06-01", "900.00")
    MinimumWage.objects.filter(approved_at=None).update(approved_at=NOW)
    assert [(row[1], row[4], row[5]) for row in hints(september())] == [
        ("2009-06", money("90.00"), "rate"),
        ("2009-07", money("90.00"), "rate"),
    ]


def test_a_household_count_of_an_old_day_shows(posting: Posting) -> None:
    unit = a_unit(township=posting.township, kind=UnitKind.VILLAGE)
    a_household_count(unit=unit, households=150)
    a_posting(township=posting.township, unit=unit, position=Position.VILLAGE_COORDINATOR)
    for month in (JUNE + 2, SEPTEMBER):
        run = calculate(month=month, actor=None).run
        answered(run)
        approved(run)
    a_household_count(unit=unit, households=301, effective_from=date(2009, 8, 1))
    following = calculate(month=SEPTEMBER + 1, actor=None).run
    found = OldDifference.objects.filter(allocation__revision__current_for=following, cause="band")
    assert [(str(row.period), row.unit_name, row.difference) for row in found] == [
        ("2009-08", unit.name, money("80.00"))
    ]


def test_a_month_without_parameters_does_not_stop_the_calculation(posting: Posting) -> None:
    without_triggers()
    SubsidyStandard.objects.update(effective_from=date(2009, 7, 1))
    begins(posting, "2009-07-16")
    assert [row[1] for row in hints(september())] == ["2009-07"]


def test_the_months_of_a_late_township_give_lines_and_no_hint(make_user: MakeUser) -> None:
    a_policy()
    near, far = a_township(), a_township(name="长街镇", code="330226101")
    of_far = [a_posting(township=township) for township in (near, far)][1]
    LedgerParameters.objects.create(county=near.county, reports_required=True, retro_months=1)
    approver = make_user(Role.BUREAU_APPROVER)
    an_accepted_report(far)
    for number in range(4):
        an_accepted_report(near, JUNE + number)
        an_approved_run(JUNE + number, approver=approver)
    begins(of_far, "2009-06-16")
    for number in range(1, 5):
        an_accepted_report(far, JUNE + number)
    an_accepted_report(near, JUNE + 4)
    run = calculate(month=JUNE + 4, actor=None).run
    # June was settled with it long ago, the three months after were not.
    assert hints(run) == [("张三", "2009-06", money("765.00"), money("1530.00"), money("-765.00"), "dates")]
    paid = AllocationLine.objects.filter(allocation__revision__current_for=run, allocation__township=far)
    assert [(str(line.period), line.cause) for line in paid.order_by("for_month")] == [
        ("2009-07", "report_late"),
        ("2009-08", "report_late"),
        ("2009-09", "report_late"),
        ("2009-10", ""),
    ]


def test_sending_is_refused_in_words_until_each_has_a_reason(posting: Posting) -> None:
    begins(posting, "2009-07-16")
    run = september()
    with pytest.raises(RunRefused, match=r"还有 2 条超出追溯期的差额没有情况说明.*月度页"):
        send(run=run, actor=None, now=NOW)
    first = OldDifference.objects.order_by("pk")[0]
    assert acknowledge_old_differences(run=run, chosen={first.pk}, reason="已退回", actor=None) == 1
    with pytest.raises(RunRefused, match="还有 1 条"):
        send(run=run, actor=None, now=NOW)
    assert answered(run) == 1
    assert send(run=run, actor=None, now=NOW).state == "in_review"
    reasons = [row.reason for row in old_differences(first.allocation.revision, Allocation.objects.all()).rows]
    assert reasons == ["已退回", "已由镇街另行退回"]


def test_a_reason_holds_in_the_following_months_and_no_longer_when_the_difference_changes(posting: Posting) -> None:
    begins(posting, "2009-06-16")
    run = september()
    assert answered(run) == 1
    approved(run)
    following = calculate(month=SEPTEMBER + 1, actor=None).run
    assert [row[4] for row in hints(following)] == [money("-765.00")]
    approved(following)
    begins(posting, "2009-06-21")
    anew = calculate(month=SEPTEMBER + 2, actor=None).run
    assert [row[4] for row in hints(anew)] == [money("-1020.00")]
    with pytest.raises(RunRefused, match="还有 1 条"):
        send(run=anew, actor=None, now=NOW)
    begins(posting, "2009-06-16")
    as_before = calculate(month=SEPTEMBER + 2, actor=None).run
    assert send(run=as_before, actor=None, now=NOW).state == "in_review"


def test_an_adjustment_settles_the_money_and_leaves_the_difference_in_sight(posting: Posting) -> None:
    begins(posting, "2009-06-16")
    adjust(
        month=SEPTEMBER,
        township=posting.township,
        person=posting.person,
        for_month=JUNE,
        amount=money("-765.00"),
        document="县财〔2009〕9 号",
        reason="追回",
        actor=None,
    )
    run = september()
    assert run.current_revision is not None
    assert run.current_revision.total == money("765.00")
    with pytest.raises(RunRefused, match="还有 1 条"):
        send(run=run, actor=None, now=NOW)
    [row] = old_differences(run.current_revision, Allocation.objects.all()).rows
    assert (row.row.difference, row.adjusted, row.reason) == (money("-765.00"), money("-765.00"), "")
    answered(run)
    approved(run)
    following = calculate(month=SEPTEMBER + 1, actor=None)
    assert send(run=following.run, actor=None, now=NOW).state == "in_review"
    [row] = old_differences(following.revision, Allocation.objects.all()).rows
    assert (row.row.difference, row.adjusted, row.reason) == (
        money("-765.00"),
        money("-765.00"),
        "已由镇街另行退回",
    )


def test_another_hint_is_another_revision_though_no_line_differs(posting: Posting) -> None:
    before = calculate(month=SEPTEMBER, actor=None)
    begins(posting, "2009-06-16")
    after = calculate(month=SEPTEMBER, actor=None)
    assert (after.is_new, after.revision.total) == (True, before.revision.total)
    assert after.revision.digest != before.revision.digest
    assert calculate(month=SEPTEMBER, actor=None).is_new is False
    answered(after.run)
    sent = send(run=after.run, actor=None, now=NOW)
    begins(posting, "2009-06-21")
    with pytest.raises(RunChanged, match=r"王芳 2009年6月:-765\.00 元 → -1,020\.00 元"):
        approve(run=sent, actor=None, now=NOW)


def test_a_revision_that_was_never_sent_forgets_its_hints(posting: Posting) -> None:
    begins(posting, "2009-06-16")
    september()
    begins(posting, "2009-06-21")
    assert [row[4] for row in hints(september())] == [money("-1020.00")]
    assert OldDifference.objects.count() == 1


def test_the_ledger_is_sound_and_a_changed_hint_is_named(posting: Posting) -> None:
    begins(posting, "2009-06-16")
    run = september()
    answered(run)
    approved(run)
    write_down_heads()
    assert list(verify()) == []
    with pytest.raises(IntegrityError, match="is sealed"), transaction.atomic():
        OldDifference.objects.update(person_name="x")
    without_triggers()
    OldDifference.objects.update(person_name="x")
    named = {(found.kind, found.table, found.row) for found in verify()}
    assert ("content", "subsidies_olddifference", OldDifference.objects.get().pk) in named
    OldDifference.objects.update(due=money("766.00"), difference=money("-764.00"), posted_before=money("1530.00"))
    assert "invariant" not in {found.kind for found in verify()}
    OldDifference.objects.update(posted_before=money("1531.00"), difference=money("-765.00"))
    assert "invariant" in {found.kind for found in verify()}


def test_the_database_refuses_what_is_no_difference(posting: Posting) -> None:
    begins(posting, "2009-06-16")
    september()
    without_triggers()
    row = OldDifference.objects.get()
    for wrong in ({"difference": money("1.00")}, {"due": row.posted_before, "difference": money("0.00")}):
        with pytest.raises(IntegrityError, match="old_difference_is_due_minus_posted"), transaction.atomic():
            OldDifference.objects.update(**wrong)
    row.pk = None
    with (
        pytest.raises(IntegrityError, match=r"one_old_difference_a_posting_and_month|UNIQUE"),
        transaction.atomic(),
    ):
        row.save(force_insert=True)


def test_only_who_sends_answers_and_only_for_a_run_as_it_was_seen(posting: Posting, make_user: MakeUser) -> None:
    begins(posting, "2009-06-16")
    run, officer = september(), make_user(Role.BUREAU_OFFICER)
    for role in (Role.BUREAU_APPROVER, Role.TOWNSHIP_CLERK):
        with pytest.raises(PermissionDenied):
            acknowledge_old_differences(run=run, chosen=None, reason="已退回", actor=make_user(role))
    with pytest.raises(ReasonMissing):
        acknowledge_old_differences(run=run, chosen=None, reason=" ", actor=officer)
    with pytest.raises(RunChanged, match="刚刚重新核算过"):
        acknowledge_old_differences(run=run, chosen=None, reason="已退回", actor=officer, seen=Seen(2))
    assert acknowledge_old_differences(run=run, chosen=None, reason="已退回", actor=officer, seen=Seen(1)) == 1
    assert acknowledge_old_differences(run=run, chosen=None, reason="又一次", actor=officer) == 0
    assert str(Acknowledgement.objects.get()) == "超出追溯期的差额:已退回"
    event = AuditEvent.objects.get(action="acknowledge")
    assert (event.subject_type, event.reason, event.actor) == ("subsidyrun", "已退回", officer)
    send(run=run, actor=None, now=NOW)
    with pytest.raises(RunRefused, match="送审以前填写"):
        acknowledge_old_differences(run=run, chosen=None, reason="已退回", actor=officer)


def test_statements_do_not_grow_with_the_length_of_the_ledger() -> None:
    a_policy()
    township = a_township()
    LedgerParameters.objects.create(county=township.county, retro_months=1)
    posting = a_posting(township=township)

    def statements(month: Month) -> int:
        with CaptureQueriesContext(connection) as captured:
            calculate(month=month, actor=None)
        return len(captured)

    an_approved_run(JUNE)
    within = statements(JUNE + 1)
    for number in range(1, 15):
        an_approved_run(JUNE + number)
        if number in (1, 2, 14):
            # What was posted for all the months before the window, and by hand: four statements.
            assert statements(JUNE + number + 1) == within + 4
            void(run=SubsidyRun.objects.get(state="calculated"), actor=None, reason="重来", now=NOW)
    begins(posting, "2009-09-16")
    # The hints themselves, and one statement for what the lines were made of that they differ from.
    assert statements(JUNE + 15) == within + 7 <= 46
    assert OldDifference.objects.count() == 4


def test_the_command_says_that_there_are_some(posting: Posting) -> None:
    begins(posting, "2009-06-16")
    out = StringIO()
    call_command("calculate", str(SEPTEMBER), stdout=out)
    assert "另有 1 条超出追溯期的差额" in out.getvalue()


def test_a_county_with_reports_is_asked_for_reasons_too(make_user: MakeUser) -> None:
    a_policy()
    township = a_township()
    posting = a_posting(township=township)
    LedgerParameters.objects.create(county=township.county, reports_required=True, retro_months=0)
    an_accepted_report(township)
    an_approved_run(JUNE, approver=make_user(Role.BUREAU_APPROVER))
    begins(posting, "2009-06-16")
    an_accepted_report(Township.objects.get(), JUNE + 1)
    run = calculate(month=JUNE + 1, actor=None).run
    with pytest.raises(RunRefused, match="还有 1 条超出追溯期的差额"):
        send(run=run, actor=None, now=NOW)
