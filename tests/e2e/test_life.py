"""The month's life in a real browser: reported, returned, mended, accepted, calculated, sent, approved, settled."""

import pytest
from django.urls import reverse

from foundation.dates import Month
from staffing.models import Person, Posting
from subsidies.demo.county import DemoCounty
from subsidies.demo.seed import MONTHS, REPORTING
from subsidies.models import AllocationLine, SubsidyRun
from tests.e2e.steps import answer_findings, press, submit
from tests.e2e.visitor import Visit, Visitor
from tests.subsidies.snapshot import the_demo

pytestmark = pytest.mark.e2e
TOWNSHIP = "330226101"
NEXT = REPORTING + 1


def open_report(visitor: Visitor, month: Month) -> None:
    visitor.open(reverse("report", args=[month, TOWNSHIP]))


def month_page(visitor: Visitor, month: Month) -> None:
    visitor.open(reverse("month", args=[month, 1]))


def posting_of(demo: DemoCounty) -> Posting:
    person = Person.objects.with_national_id(demo.corrected.national_id).get()
    return Posting.objects.get(person=person)


def correct_start(clerk: Visitor, posting: Posting, day: str) -> None:
    clerk.open(reverse("posting_dates", args=[posting.pk]))
    clerk.page.get_by_label("到岗日期").fill(day)
    clerk.page.get_by_label("更正的原因").fill("按考勤表更正")
    press(clerk, "保存")
    assert f"日期已更正为 {day}" in clerk.text()


def return_report(officer: Visitor, month: Month, reason: str) -> None:
    open_report(officer, month)
    officer.page.get_by_label("退回原因").fill(reason)
    press(officer, "退回")


def accept_and_calculate(officer: Visitor, month: Month) -> None:
    """The township's report, and the month from the page of the one before."""
    open_report(officer, month)
    press(officer, "通过")
    month_page(officer, month - 1)
    press(officer, f"核算{month.label}")
    assert "已核算" in officer.text()


def send_and_approve(officer: Visitor, approver: Visitor, month: Month) -> None:
    month_page(officer, month)
    press(officer, "送审第 1 版")
    assert "待审批" in officer.text()
    approver.open(reverse("approve", args=[month, 1]))
    press(approver, "审批第 1 版")
    assert SubsidyRun.objects.get(month=month.first).is_approved


@pytest.mark.long
def test_a_month_from_the_report_to_the_difference_that_settles_itself(visit: Visit) -> None:
    clerk, officer, approver = visit("clerk_changjie"), visit("officer"), visit("approver")
    posting = posting_of(the_demo())

    # The months that the demonstration has begun: approved, with a township that is late.
    approver.open(reverse("approve", args=[MONTHS[-1], 1]))
    press(approver, "审批第 1 版")
    assert "已审批" in approver.text()
    accept_and_calculate(officer, REPORTING)
    send_and_approve(officer, approver, REPORTING)
    assert "桑洲镇" in approver.text()

    # The clerk sends the next month up, the bureau gives it back with a reason.
    clerk.open(reverse("my_month"))
    assert NEXT.label in clerk.text()
    answer_findings(clerk)
    submit(clerk)
    return_report(officer, NEXT, "请核对到岗日期")

    # From the desk the clerk finds the reason, mends the date and sends the month up again.
    clerk.open(reverse("desk"))
    clerk.page.locator("main").get_by_role("link", name="看原因").click()
    assert "请核对到岗日期" in clerk.text()
    correct_start(clerk, posting, "2010-03-02")
    open_report(clerk, NEXT)
    answer_findings(clerk)
    submit(clerk)

    # Accepted, calculated, sent, approved by somebody else.
    accept_and_calculate(officer, NEXT)
    officer.open(reverse("township_sheet", args=[NEXT, 1, TOWNSHIP]))
    assert "-49.35" in officer.text()
    send_and_approve(officer, approver, NEXT)

    # It was right before: a date of an approved month is mended once more, and the next month pays and says why.
    correct_start(clerk, posting, "2010-03-01")
    clerk.open(reverse("my_month"))
    assert (NEXT + 1).label in clerk.text()
    answer_findings(clerk)
    submit(clerk)
    accept_and_calculate(officer, NEXT + 1)
    officer.open(reverse("township_sheet", args=[NEXT + 1, 1, TOWNSHIP]))
    assert "49.35" in officer.text()
    assert "-49.35" not in officer.text()
    assert "起止日期更正" in officer.text()
    line = AllocationLine.objects.get(
        posting=posting, for_month="2010-03-01", allocation__revision__run__month=(NEXT + 1).first
    )
    officer.open(reverse("line", args=[line.pk]))
    assert "1,530.00 元" in officer.text()
    assert [visitor.complaints for visitor in (clerk, officer, approver)] == [[], [], []]
