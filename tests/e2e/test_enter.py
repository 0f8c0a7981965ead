"""Enter in a reason, on a tick or in an amount takes no step; where something is looked for, it looks."""

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Request

from subsidies.demo.seed import MONTHS, REPORTING, UNDECIDED
from subsidies.models import Adjustment, SubsidyRun, TownshipReport
from tests.builders import a_household_count
from tests.e2e.visitor import Visit, Visitor
from townships.models import GrassrootsUnit

pytestmark = pytest.mark.e2e


def sent_by_enter(visitor: Visitor, field: Locator) -> list[str]:
    """The requests that Enter in the field leads to until the browser has drawn again twice."""
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(f"{request.method} {request.url}")

    visitor.page.on("request", note)
    field.press("Enter")
    visitor.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    visitor.page.remove_listener("request", note)
    return asked


def test_enter_takes_no_step(visit: Visit) -> None:
    report = TownshipReport.objects.get(township__name=UNDECIDED[0], month=REPORTING.first)
    village = GrassrootsUnit.objects.filter(kind="village").earliest("pk")
    count = a_household_count(unit=village, households=260, effective_from=REPORTING.first, approved=False)
    officer, approver = visit("officer"), visit("approver")

    officer.open(reverse("report", args=[REPORTING, report.township.code]))
    officer.page.get_by_text("逐人写原因").click()
    for reason in (officer.page.get_by_label("退回原因"), officer.page.get_by_label("的原因").last):
        reason.fill("请核对")
        assert sent_by_enter(officer, reason) == []
        assert reason.input_value() == "请核对\n"
    officer.open(reverse("adjustments", args=[REPORTING]))
    amount = officer.page.get_by_label("金额(元")
    amount.fill("100")
    assert sent_by_enter(officer, amount) == []

    approver.open(reverse("approvals"))
    tick = approver.page.get_by_role("checkbox").last
    tick.check()
    assert sent_by_enter(approver, tick) == []
    approver.open(reverse("approve", args=[MONTHS[-1], 1]))
    reason = approver.page.get_by_label("退回的原因")
    reason.fill("请核对")
    assert sent_by_enter(approver, reason) == []

    approver.open(reverse("people"))
    tail = approver.page.get_by_label("身份证号末")
    tail.fill("0000")
    assert sent_by_enter(approver, tail)[0].startswith("POST")

    for row in (report, count):
        row.refresh_from_db()
    assert (report.state, count.approved_at, Adjustment.objects.count()) == ("submitted", None, 0)
    assert SubsidyRun.objects.get(month=MONTHS[-1].first).state == "in_review"
    assert officer.complaints == []
