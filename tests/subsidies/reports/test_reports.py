"""镇街月报: who sends it up, what it confirms, when it is stale, and what a run does without it."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import AuditEvent
from foundation.dates import Month
from staffing.enums import Check
from staffing.models import Posting
from staffing.postings.services import correct_dates
from subsidies.models import Allocation, AllocationLine, LedgerParameters, Revision, TownshipReport
from subsidies.refusals import ReasonMissing, RunChanged, RunRefused
from subsidies.reports.outstanding import month_to_report
from subsidies.reports.overview import reports_page
from subsidies.reports.pages import report_page
from subsidies.reports.services import accept_report, acknowledge, return_report, submit_report
from subsidies.reports.statuses import Progress, statuses
from subsidies.runs.services import calculate, send
from subsidies.steps import Seen
from tests.builders import a_contract, a_posting, a_township
from tests.subsidies.months import (
    JUNE,
    a_submitted_report,
    an_accepted_report,
    an_approved_run,
    explain,
    findings_left,
)
from tests.subsidies.policies import NOW, a_policy
from tests.users import MakeUser
from townships.models import Township

pytestmark = pytest.mark.django_db


@pytest.fixture
def townships() -> tuple[Township, Township]:
    """Two townships with one assistant each; reports are required."""
    a_policy()
    near, far = a_township(), a_township(name="长街镇", code="330226101")
    for township in (near, far):
        a_posting(township=township)
    LedgerParameters.objects.create(county=near.county, reports_required=True)
    return near, far


def progress(township: Township, month: Month = JUNE, *, today: date = date(2009, 6, 20)) -> Progress:
    return statuses(month, Township.objects.filter(pk=township.pk), today=today)[0].progress


def test_a_report_goes_up_and_is_accepted(townships: tuple[Township, Township]) -> None:
    near, _ = townships
    assert progress(near) is Progress.NOT_BEGUN
    report = a_submitted_report(near)
    assert (report.state, report.submission, progress(near)) == ("submitted", 1, Progress.SUBMITTED)
    assert accept_report(report=report, actor=None, now=NOW).state == "accepted"
    events = AuditEvent.objects.filter(subject_type="townshipreport").order_by("pk")
    assert [event.action for event in events] == ["acknowledge", "submit_report", "accept_report"]


def test_only_the_townships_clerk_submits_and_only_the_officer_decides(
    townships: tuple[Township, Township], make_user: MakeUser
) -> None:
    near, _ = townships
    clerk = make_user(Role.TOWNSHIP_CLERK, township=near)
    officer = make_user(Role.BUREAU_OFFICER)
    with pytest.raises(PermissionDenied):
        a_submitted_report(near, actor=officer)
    report = a_submitted_report(near, actor=clerk)
    with pytest.raises(PermissionDenied):
        accept_report(report=report, actor=clerk, now=NOW)
    assert accept_report(report=report, actor=officer, now=NOW).decided_by == officer


def test_in_a_small_bureau_an_officer_submits_but_another_one_accepts(
    townships: tuple[Township, Township], make_user: MakeUser, settings: object
) -> None:
    settings.SEPARATION = "small"  # type: ignore[attr-defined]  # any setting
    near, _ = townships
    officer, other = make_user(Role.BUREAU_OFFICER), make_user(Role.BUREAU_OFFICER, username="other")
    report = a_submitted_report(near, actor=officer)
    with pytest.raises(RunRefused, match="不能审核自己"):
        accept_report(report=report, actor=officer, now=NOW)
    assert accept_report(report=report, actor=other, now=NOW).state == "accepted"


def test_who_is_not_confirmed_is_named(townships: tuple[Township, Township]) -> None:
    near, _ = townships
    with pytest.raises(RunRefused, match="张三"):
        submit_report(township=near, month=JUNE, confirmed=(), actor=None, now=NOW)


def test_every_finding_is_answered_before_a_report_goes_up(townships: tuple[Township, Township]) -> None:
    near, far = townships
    confirmed = set(Posting.objects.values_list("pk", flat=True))
    with pytest.raises(RunRefused, match="没有填写情况说明"):
        submit_report(township=near, month=JUNE, confirmed=confirmed, actor=None, now=NOW)
    with pytest.raises(ReasonMissing):
        acknowledge(township=near, month=JUNE, chosen=lambda row: True, reason=" ", actor=None)
    found = findings_left(JUNE, Township.objects.all())
    assert {row.township_id for row in found} == {near.pk, far.pk}
    assert explain(near) == len([row for row in found if row.township_id == near.pk])
    assert progress(near) is Progress.DRAFT
    assert {row.township_id for row in findings_left(JUNE, Township.objects.all())} == {far.pk}
    assert submit_report(township=near, month=JUNE, confirmed=confirmed, actor=None, now=NOW).submission == 1


def test_a_reason_holds_in_later_months_until_its_fact_changes(townships: tuple[Township, Township]) -> None:
    near, _ = townships
    posting = Posting.objects.get(township=near)
    a_contract(posting=posting, started_on=date(2009, 1, 1), ended_on=date(2009, 8, 20))
    explain(near)
    alone = Township.objects.filter(pk=near.pk)
    assert findings_left(JUNE, alone) == []
    # In July less than thirty days are left, in August the contract has run out: other facts, to be answered anew.
    assert {row.check for row in findings_left(JUNE + 1, alone)} == {Check.CONTRACT_ENDING}
    explain(near, JUNE + 1)
    assert {row.check for row in findings_left(JUNE + 2, alone)} == {Check.CONTRACT_EXPIRED}
    assert findings_left(JUNE, alone) == []


def test_one_reason_for_the_findings_that_are_chosen(townships: tuple[Township, Township]) -> None:
    near, _ = townships
    given = acknowledge(
        township=near,
        month=JUNE,
        chosen=lambda row: row.finding.check is Check.CONTRACT_MISSING,
        reason="合同正在补签",
        actor=None,
    )
    assert {row.check_name for row in given} == {"contract_missing"}
    left = {row.check for row in findings_left(JUNE, Township.objects.filter(pk=near.pk))}
    assert left
    assert Check.CONTRACT_MISSING not in left


def test_a_return_says_why_and_the_next_submission_clears_it(townships: tuple[Township, Township]) -> None:
    near, _ = townships
    report = a_submitted_report(near)
    with pytest.raises(ReasonMissing):
        return_report(report=report, reason=" ", actor=None, now=NOW)
    posting = Posting.objects.get(township=near)
    returned = return_report(report=report, reason="", posting_reasons={posting.pk: "合同未附"}, actor=None, now=NOW)
    assert (returned.state, returned.posting_reasons) == ("returned", {str(posting.pk): "合同未附"})
    again = a_submitted_report(near)
    assert (again.submission, again.return_reason, again.posting_reasons) == (2, "", {})


def test_who_saw_an_earlier_submission_is_told(townships: tuple[Township, Township]) -> None:
    near, _ = townships
    report = a_submitted_report(near)
    with pytest.raises(RunChanged):
        accept_report(report=report, actor=None, now=NOW, seen=Seen(0))
    with pytest.raises(RunChanged):
        submit_report(township=near, month=JUNE, confirmed=(), actor=None, now=NOW, seen=Seen(0))


def test_a_change_makes_an_accepted_report_stale_and_says_what(townships: tuple[Township, Township]) -> None:
    near, _ = townships
    an_accepted_report(near)
    posting = Posting.objects.get(township=near)
    correct_dates(posting=posting, started_on=date(2009, 6, 2), ended_on=None, reason="更正", actor=None)
    status = statuses(JUNE, Township.objects.filter(pk=near.pk), today=date(2009, 6, 20))[0]
    assert (status.progress, status.changes) == (Progress.STALE, ["张三:到岗日期 2009-01-01 → 2009-06-02"])
    assert a_submitted_report(near).state == "submitted"


def test_an_accepted_report_that_is_not_stale_is_not_sent_again(townships: tuple[Township, Township]) -> None:
    near, _ = townships
    an_accepted_report(near)
    with pytest.raises(RunRefused, match="没有变动"):
        a_submitted_report(near)


def test_what_lies_after_the_month_does_not_make_it_stale(townships: tuple[Township, Township]) -> None:
    near, _ = townships
    an_accepted_report(near)
    posting = Posting.objects.get(township=near)
    correct_dates(
        posting=posting, started_on=posting.started_on, ended_on=date(2009, 7, 31), reason="离岗", actor=None
    )
    assert progress(near) is Progress.ACCEPTED
    correct_dates(
        posting=posting, started_on=posting.started_on, ended_on=date(2009, 6, 29), reason="离岗", actor=None
    )
    assert progress(near) is Progress.STALE


def test_a_submitted_report_that_has_become_stale_is_not_accepted(townships: tuple[Township, Township]) -> None:
    near, _ = townships
    report = a_submitted_report(near)
    a_posting(township=near)
    with pytest.raises(RunChanged, match="新增"):
        accept_report(report=report, actor=None, now=NOW)


def test_reports_go_in_month_order(townships: tuple[Township, Township]) -> None:
    near, _ = townships
    a_submitted_report(near)
    july = a_submitted_report(near, JUNE + 1)
    with pytest.raises(RunRefused, match="2009年6月的月报还没有审核通过"):
        accept_report(report=july, actor=None, now=NOW)
    with pytest.raises(RunRefused, match="2009年8月的月报还没有上报"):
        a_submitted_report(near, JUNE + 3)


def test_a_late_township_is_told_by_the_due_day(townships: tuple[Township, Township]) -> None:
    near, _ = townships
    assert progress(near, today=date(2009, 6, 25)) is Progress.NOT_BEGUN
    assert progress(near, today=date(2009, 6, 26)) is Progress.LATE
    a_submitted_report(near)
    assert progress(near, today=date(2009, 6, 26)) is Progress.SUBMITTED


def test_nothing_is_late_or_accepted_that_was_not_asked_for(
    townships: tuple[Township, Township], make_user: MakeUser
) -> None:
    near, _ = townships
    LedgerParameters.objects.update(reports_required=False)
    assert progress(near, today=date(2009, 6, 26)) is Progress.NOT_REQUIRED
    an_approved_run(JUNE, approver=make_user(Role.BUREAU_APPROVER))
    LedgerParameters.objects.update(reports_required=True)
    today = date(2009, 12, 1)
    assert progress(near, today=today) is Progress.NOT_REQUIRED
    assert progress(near, JUNE - 1, today=today) is Progress.BEFORE_LEDGER
    assert progress(near, JUNE + 1, today=today) is Progress.LATE
    told = []
    for month in (JUNE - 1, JUNE, JUNE + 1):
        page = reports_page(month, Township.objects.all(), today=today)
        told.append((page.asked, page.accepted, report_page(near, month, today=today).may_be_submitted))
    assert told == [(0, 0, False), (0, 0, False), (2, 0, True)]


def test_nothing_is_calculated_before_one_report_is_accepted(townships: tuple[Township, Township]) -> None:
    near, _ = townships
    a_submitted_report(near)
    with pytest.raises(RunRefused, match="月报审核通过"):
        calculate(month=JUNE, actor=None)


def test_a_run_holds_the_lines_of_those_who_reported_and_names_the_late(townships: tuple[Township, Township]) -> None:
    near, far = townships
    an_accepted_report(near)
    revision = calculate(month=JUNE, actor=None).revision
    rows = Allocation.objects.filter(revision=revision).values_list("township", "is_late", "settled_until", "total")
    assert list(rows) == [
        (near.pk, False, JUNE.first, Decimal("1530.00")),
        (far.pk, True, None, Decimal("0.00")),
    ]


def test_a_late_township_is_settled_whenever_it_reports_beyond_the_limit_of_the_window(
    townships: tuple[Township, Township], make_user: MakeUser
) -> None:
    near, far = townships
    LedgerParameters.objects.update(retro_months=1)
    approver = make_user(Role.BUREAU_APPROVER)
    for number in range(4):
        an_accepted_report(near, JUNE + number)
        an_approved_run(JUNE + number, approver=approver)
    for number in range(5):
        an_accepted_report(far, JUNE + number)
    an_accepted_report(near, JUNE + 4)
    revision = calculate(month=JUNE + 4, actor=None).revision
    lines = AllocationLine.objects.filter(allocation__revision=revision, allocation__township=far)
    assert [(line.for_month.month, line.amount, line.cause) for line in lines.order_by("for_month")] == [
        (6, Decimal("1530.00"), "report_late"),
        (7, Decimal("1530.00"), "report_late"),
        (8, Decimal("1530.00"), "report_late"),
        (9, Decimal("1530.00"), "report_late"),
        (10, Decimal("1530.00"), ""),
    ]


def test_a_month_that_is_not_accepted_holds_back_those_after_it(
    townships: tuple[Township, Township], make_user: MakeUser
) -> None:
    """June went up anew after July was accepted: the run of July settles neither, until June is accepted again."""
    near, far = townships
    an_accepted_report(far)
    an_approved_run(JUNE, approver=make_user(Role.BUREAU_APPROVER))
    an_accepted_report(far, JUNE + 1)
    an_accepted_report(near)
    an_accepted_report(near, JUNE + 1)
    correct_dates(
        posting=Posting.objects.get(township=near),
        started_on=date(2009, 6, 2),
        ended_on=None,
        reason="更正",
        actor=None,
    )
    june = a_submitted_report(near)
    without = calculate(month=JUNE + 1, actor=None).revision
    assert not AllocationLine.objects.filter(allocation__revision=without, allocation__township=near).exists()
    assert Allocation.objects.get(revision=without, township=near).is_late

    accept_report(report=june, actor=None, now=NOW)
    an_accepted_report(near, JUNE + 1)
    both = calculate(month=JUNE + 1, actor=None).revision
    lines = AllocationLine.objects.filter(allocation__revision=both, allocation__township=near)
    assert {line.for_month for line in lines} == {JUNE.first, (JUNE + 1).first}


def test_who_began_after_the_ledger_reports_from_its_first_month(
    townships: tuple[Township, Township], make_user: MakeUser
) -> None:
    near, far = townships
    an_accepted_report(far)
    an_accepted_report(near, JUNE + 1)
    an_approved_run(JUNE, approver=make_user(Role.BUREAU_APPROVER))
    an_accepted_report(far, JUNE + 1)
    assert month_to_report(near, today=date(2009, 8, 1)) == JUNE
    revision = calculate(month=JUNE + 1, actor=None).revision
    assert Allocation.objects.get(revision=revision, township=near).settled_until is None
    an_accepted_report(near)
    assert month_to_report(near, today=date(2009, 8, 1)) == JUNE + 2
    revision = calculate(month=JUNE + 1, actor=None).revision
    assert Allocation.objects.get(revision=revision, township=near).settled_until == (JUNE + 1).first


def test_a_stale_report_stands_against_sending(townships: tuple[Township, Township]) -> None:
    near, _ = townships
    an_accepted_report(near)
    run = calculate(month=JUNE, actor=None).run
    a_posting(township=near)
    with pytest.raises(RunRefused, match="跃龙街道的月报通过后又有变动"):
        send(run=run, actor=None, now=NOW)


def test_a_stale_report_of_a_late_township_stands_against_sending(
    townships: tuple[Township, Township], make_user: MakeUser
) -> None:
    """The run of July settles its June, and nothing later."""
    near, far = townships
    an_accepted_report(near)
    an_approved_run(JUNE, approver=make_user(Role.BUREAU_APPROVER))
    an_accepted_report(near, JUNE + 1)
    an_accepted_report(far)
    a_posting(township=far)
    run = calculate(month=JUNE + 1, actor=None).run
    with pytest.raises(RunRefused, match="长街镇2009年6月的月报通过后又有变动"):
        send(run=run, actor=None, now=NOW)
    an_accepted_report(far)
    assert send(run=run, actor=None, now=NOW).state == "in_review"


def test_a_report_given_back_since_the_calculation_stands_against_sending(
    townships: tuple[Township, Township],
) -> None:
    near, far = townships
    report = an_accepted_report(near)
    an_accepted_report(far)
    run = calculate(month=JUNE, actor=None).run
    return_report(report=report, reason="有误", actor=None, now=NOW)
    with pytest.raises(RunRefused, match="跃龙街道的月报现在没有审核通过"):
        send(run=run, actor=None, now=NOW)
    assert send(run=calculate(month=JUNE, actor=None).run, actor=None, now=NOW).state == "in_review"


def test_a_month_that_nobody_reported_is_not_calculated(
    townships: tuple[Township, Township], make_user: MakeUser
) -> None:
    near, far = townships
    an_accepted_report(near)
    an_approved_run(JUNE, approver=make_user(Role.BUREAU_APPROVER))
    with pytest.raises(RunRefused, match="还没有一个镇乡"):
        calculate(month=JUNE + 1, actor=None)
    an_accepted_report(far)
    late = calculate(month=JUNE + 1, actor=None)
    assert (late.revision.total, [row.is_late for row in late.month.townships]) == (Decimal("1530.00"), [True, True])


def test_the_only_report_given_back_leaves_no_empty_run(townships: tuple[Township, Township]) -> None:
    report = an_accepted_report(townships[0])
    calculate(month=JUNE, actor=None)
    return_report(report=report, reason="有误", actor=None, now=NOW)
    with pytest.raises(RunRefused, match="还没有一个镇乡"):
        calculate(month=JUNE, actor=None)
    assert Revision.objects.get().total == Decimal("1530.00")


def test_after_the_approval_the_month_is_settled_and_the_report_stays(
    townships: tuple[Township, Township], make_user: MakeUser
) -> None:
    near, far = townships
    report = an_accepted_report(near)
    an_approved_run(JUNE, approver=make_user(Role.BUREAU_APPROVER))
    assert progress(near) is Progress.SETTLED
    a_posting(township=near)
    assert progress(near) is Progress.SETTLED
    with pytest.raises(RunRefused, match="已随核算审批"):
        return_report(report=report, reason="有误", actor=None, now=NOW)
    assert month_to_report(near, today=date(2009, 7, 1)) == JUNE + 1
    assert month_to_report(far, today=date(2009, 7, 1)) == JUNE


def test_the_database_keeps_one_report_a_month_and_its_times(townships: tuple[Township, Township]) -> None:
    near, _ = townships
    a_submitted_report(near)
    with pytest.raises(IntegrityError, match=r"one_report_a_township_and_month|UNIQUE"), transaction.atomic():
        TownshipReport.objects.create(township=near, month=JUNE.first)
    with pytest.raises(IntegrityError, match="report_state_agrees_with_its_times"), transaction.atomic():
        TownshipReport.objects.update(state="accepted")
