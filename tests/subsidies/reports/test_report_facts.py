"""What makes a report stale: every fact that an amount or a finding rests on; and what does not."""

from collections.abc import Callable
from datetime import date

import pytest

from accounts.enums import Role
from accounts.models import User
from foundation.dates import Month
from staffing.enums import Education, Position
from staffing.models import Contract, Person, Posting
from staffing.people.merging import merge_people, unmerge_person
from staffing.postings.services import correct_dates
from subsidies.models import LedgerParameters, TownshipReport
from subsidies.refusals import RunChanged, RunRefused
from subsidies.reports.services import accept_report, return_report
from subsidies.reports.statuses import Progress, statuses
from subsidies.runs.services import approve, calculate, send
from subsidies.steps import Seen
from tests.builders import (
    a_contract,
    a_household_count,
    a_person,
    a_posting,
    a_suspension,
    a_township,
    a_unit,
    a_wage,
    educate,
    unskill,
)
from tests.subsidies.months import a_submitted_report, an_accepted_report
from tests.subsidies.policies import NOW, a_policy
from townships.enums import UnitKind
from townships.models import GrassrootsUnit, Township

pytestmark = pytest.mark.django_db
JUNE, JULY = Month(2009, 6), Month(2009, 7)


@pytest.fixture
def town() -> Township:
    """An assistant with a contract and a village coordinator; reports are required."""
    a_policy()
    township = a_township()
    a_contract(posting=a_posting(township=township, person=a_person(name="甲")))
    village = a_unit(township=township, kind=UnitKind.VILLAGE)
    a_household_count(unit=village, households=150)
    a_posting(township=township, unit=village, position=Position.VILLAGE_COORDINATOR, person=a_person(name="乙"))
    LedgerParameters.objects.create(county=township.county, reports_required=True)
    return township


def changes(township: Township, month: Month = JUNE) -> str:
    return ";".join(statuses(month, Township.objects.filter(pk=township.pk), today=date(2009, 6, 20))[0].changes)


def _merge() -> object:
    other = a_posting(township=a_township(name="长街镇", code="330226101"), started_on=date(2008, 1, 1))
    return merge_people(duplicate=Person.objects.get(name="甲"), into=other.person, reason="同一人", actor=None)


CHANGES: dict[str, tuple[Callable[[], object], str]] = {
    "kind": (lambda: Contract.objects.update(kind="dispatch"), "合同类型 镇街聘用 → 劳务派遣"),
    "employer": (lambda: Contract.objects.update(employer="某公司"), "合同类型 镇街聘用 → 镇街聘用某公司"),
    "skill": (lambda: unskill("甲"), "计算机操作"),
    "recruitment": (lambda: Posting.objects.update(source="other"), "招聘记录"),
    "merge": (_merge, "合并记录 无 → 人员记录 "),
    "closing": (lambda: GrassrootsUnit.objects.update(closed_on=date(2009, 6, 10)), "撤销日期 无 → 2009-06-10"),
    "opening": (lambda: GrassrootsUnit.objects.update(opened_on=date(2009, 6, 10)), "设立日期 无 → 2009-06-10"),
    "unit": (lambda: GrassrootsUnit.objects.update(kind="community"), "类别 行政村 → 社区"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_fact_that_decides_makes_a_report_stale(town: Township, change: str) -> None:
    an_accepted_report(town)
    assert changes(town) == ""
    act, said = CHANGES[change]
    act()
    assert said in changes(town)


def test_a_count_that_is_dated_back_behind_a_later_one_is_noticed(town: Township) -> None:
    unit = GrassrootsUnit.objects.get()
    a_household_count(unit=unit, households=250, effective_from=date(2009, 7, 1))
    an_accepted_report(town)
    an_accepted_report(town, JULY)
    a_household_count(unit=unit, households=350, effective_from=date(2009, 6, 1))
    assert "350 户(2009-06-01 起)、250 户(2009-07-01 起)" in changes(town, JULY)


def test_what_happens_to_the_unit_after_the_month_is_not_known_yet(town: Township) -> None:
    an_accepted_report(town)
    GrassrootsUnit.objects.update(closed_on=date(2009, 7, 10))
    assert changes(town) == ""


def test_what_begins_after_the_month_is_not_known_yet(town: Township) -> None:
    an_accepted_report(town)
    posting = Posting.objects.get(person__name="乙")
    a_contract(posting=posting, started_on=JULY.first)
    a_wage(posting=posting, effective_from=JULY.first)
    a_suspension(posting=posting, started_on=JULY.first)
    assert changes(town) == ""
    a_wage(posting=posting, effective_from=JUNE.last)
    assert "工资 无 → 2009-06-30 起 1500.00+400.00+未登记" in changes(town)


def test_a_unit_is_reported_once_it_has_households_be_there_no_coordinator(town: Township) -> None:
    an_accepted_report(town)
    village = a_unit(township=town, name="岭口村", kind=UnitKind.VILLAGE)
    assert changes(town) == ""
    a_household_count(unit=village, effective_from=JULY.first)
    assert changes(town) == ""
    a_household_count(unit=village, effective_from=JUNE.first)
    assert "岭口村:新增" in changes(town)


def test_an_approval_of_the_month_before_makes_no_report_stale(town: Township) -> None:
    a_posting(township=town, ended_on=date(2009, 6, 15), person=a_person(name="丙"))
    an_accepted_report(town)
    an_accepted_report(town, JULY)
    approve(run=send(run=calculate(month=JUNE, actor=None).run, actor=None, now=NOW), actor=an_approver(), now=NOW)
    assert changes(town, JULY) == ""
    correct_dates(
        posting=Posting.objects.get(person__name="丙"),
        started_on=date(2009, 1, 1),
        ended_on=date(2009, 6, 16),
        reason="更正",
        actor=None,
    )
    assert "离岗日期 2009-06-15 → 2009-06-16" in changes(town, JULY)


def test_nobody_returns_a_report_that_was_accepted_meanwhile(town: Township) -> None:
    an_accepted_report(town)
    report = TownshipReport.objects.get()
    with pytest.raises(RunChanged, match=r"您看到时.*是“已上报”,现在是“审核通过”"):
        return_report(report=report, reason="有误", actor=None, now=NOW, seen=Seen(1, "submitted"))
    assert return_report(report=report, reason="有误", actor=None, now=NOW, seen=Seen(1, "accepted")).state == (
        "returned"
    )


def test_a_report_that_becomes_stale_after_sending_stands_against_the_approval(town: Township) -> None:
    an_accepted_report(town)
    run = send(run=calculate(month=JUNE, actor=None).run, actor=None, now=NOW)
    educate(Education.BACHELOR, "甲")
    with pytest.raises(RunRefused, match="送审以后又有变动"):
        approve(run=run, actor=an_approver(), now=NOW)
    educate(Education.COLLEGE, "甲")
    assert approve(run=run, actor=an_approver(), now=NOW).is_approved


def test_so_do_platform_staff_whom_nobody_calculates(town: Township) -> None:
    a_posting(township=town, position=Position.PLATFORM_STAFF, person=a_person(name="丙"))
    an_accepted_report(town)
    run = send(run=calculate(month=JUNE, actor=None).run, actor=None, now=NOW)
    staff = Posting.objects.filter(person__name="丙")
    staff.update(source="other")
    with pytest.raises(RunRefused, match="月报通过后又有变动"):
        approve(run=run, actor=an_approver(), now=NOW)
    staff.update(source="")
    assert approve(run=run, actor=an_approver(), now=NOW).is_approved


def test_a_report_that_reaches_back_further_than_its_run_is_read_as_far_back(town: Township) -> None:
    """The ledger begins with July; June was reported before."""
    a_posting(township=town, ended_on=date(2009, 6, 15), person=a_person(name="丙"))
    an_accepted_report(town)
    assert an_accepted_report(town, JULY).since == JUNE.first
    run = send(run=calculate(month=JULY, actor=None).run, actor=None, now=NOW)
    left = Posting.objects.filter(person__name="丙")
    left.update(ended_on=date(2009, 6, 16))
    with pytest.raises(RunRefused, match="月报通过后又有变动"):
        approve(run=run, actor=an_approver(), now=NOW)
    left.update(ended_on=date(2009, 6, 15))
    assert approve(run=run, actor=an_approver(), now=NOW).is_approved


def test_a_late_townships_stale_report_stands_against_sending(town: Township) -> None:
    late = a_township(name="长街镇", code="330226101")
    posting = a_posting(township=late)
    an_accepted_report(town)
    approve(run=send(run=calculate(month=JUNE, actor=None).run, actor=None, now=NOW), actor=an_approver(), now=NOW)
    an_accepted_report(town, JULY)
    an_accepted_report(late)
    correct_dates(posting=posting, started_on=date(2009, 6, 11), ended_on=None, reason="更正", actor=None)
    run = calculate(month=JULY, actor=None).run
    with pytest.raises(RunRefused, match="长街镇2009年6月的月报通过后又有变动"):
        send(run=run, actor=None, now=NOW)
    an_accepted_report(late)
    assert send(run=calculate(month=JULY, actor=None).run, actor=None, now=NOW).state == "in_review"


def test_a_month_is_settled_only_with_all_reports_before_it(town: Township) -> None:
    other = a_township(name="长街镇", code="330226101")
    a_posting(township=other)
    an_accepted_report(other)
    approve(run=send(run=calculate(month=JUNE, actor=None).run, actor=None, now=NOW), actor=an_approver(), now=NOW)
    an_accepted_report(other, JULY)
    an_accepted_report(town)
    an_accepted_report(town, JULY)
    educate(Education.BACHELOR, "甲")
    waiting = a_submitted_report(town)
    calculated = calculate(month=JULY, actor=None).month
    until = {row.fact.id: row.settled_until for row in calculated.townships}
    assert until == {town.pk: None, other.pk: JULY}
    accept_report(report=waiting, actor=None, now=NOW)
    assert {row.settled_until for row in calculate(month=JULY, actor=None).month.townships} == {JULY}


def test_another_person_merged_with_is_another_fact(town: Township) -> None:
    an_accepted_report(town)
    into_one, into_another = a_person(), a_person()
    mine = Person.objects.get(name="甲")
    merge_people(duplicate=mine, into=into_one, reason="同一人", actor=None)
    accept_report(report=a_submitted_report(town), actor=None, now=NOW)
    unmerge_person(person=mine, reason="不是", actor=None)
    merge_people(duplicate=mine, into=into_another, reason="同一人", actor=None)
    assert changes(town) == (
        f"甲:合并记录 人员记录 {mine.pk}、{into_one.pk} 为同一人 → 人员记录 {mine.pk}、{into_another.pk} 为同一人"
    )


def an_approver() -> User:
    user, _ = User.objects.get_or_create(
        username="approver", defaults={"role": Role.BUREAU_APPROVER.value, "display_name": "审核"}
    )
    return user


def test_statuses_of_a_month_without_reports(town: Township) -> None:
    assert statuses(JUNE, Township.objects.all(), today=date(2009, 6, 20))[0].progress is Progress.NOT_BEGUN
    assert a_submitted_report(town).since == JUNE.first
