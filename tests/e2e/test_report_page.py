"""The page of the report in a real browser: who is no longer on post, and the scan of the stamped sheet."""

import pytest
from django.urls import reverse
from playwright.sync_api import FilePayload

from staffing.models import Posting
from subsidies.demo.seed import REPORTING
from subsidies.models import ReportScan
from tests.e2e.steps import answer_findings, press, submit
from tests.e2e.visitor import Visit
from tests.foundation.scan_files import JPEG, PDF

pytestmark = pytest.mark.e2e
TOWNSHIP = "330226001"


def test_two_leave_the_month_goes_up_and_the_stamped_sheet_follows(visit: Visit) -> None:
    clerk, officer = visit("clerk_yuelong"), visit("officer")
    page, report = clerk.page, reverse("report", args=[REPORTING, TOWNSHIP])

    # Two are ticked as absent; what happened to them is said once.
    clerk.open(report)
    press(clerk, "有人不在岗")
    absent = page.get_by_role("checkbox", name="不在岗")
    for number in (0, 1):
        absent.nth(number).check()
    page.get_by_label("离岗日期").fill(f"{REPORTING}-12")
    page.get_by_label("离岗原因").select_option("换届")

    # Enter in a field, or on a tick, shows it again and does nothing.
    for field in (page.get_by_label("离岗日期"), absent.nth(0)):
        with page.expect_navigation():
            field.press("Enter")
        assert "勾选了不在岗、还没有登记的:" in clerk.text()
    assert not Posting.objects.filter(ended_on=f"{REPORTING}-12", township__code=TOWNSHIP).exists()

    press(clerk, "登记离岗")
    assert f"已登记 2 人 {REPORTING}-12 离岗(换届)" in clerk.text()
    assert "与上月相比离岗 2" in clerk.text()
    assert page.evaluate("document.documentElement.scrollHeight") <= 2 * 768
    assert Posting.objects.filter(ended_on=f"{REPORTING}-12", township__code=TOWNSHIP).count() == 2

    # The month goes up without another word about them, and the stamped sheet after it.
    answer_findings(clerk)
    submit(clerk)
    pages = [
        FilePayload(name="第一页.pdf", mimeType="application/pdf", buffer=PDF),
        FilePayload(name="第二页.jpg", mimeType="image/jpeg", buffer=JPEG),
    ]
    page.get_by_label("选择扫描件").set_input_files(pages)
    press(clerk, "上传")
    assert "附有 2 份盖章的扫描件" in clerk.text()

    # The bureau finds it where it decides, and gets what was scanned.
    officer.open(report)
    with officer.page.expect_download() as download:
        officer.page.get_by_role("link", name="下载第一页.pdf").click()
    assert download.value.path().read_bytes() == PDF
    assert download.value.suggested_filename.endswith(f"-{ReportScan.objects.earliest('pk').pk}.pdf")
    press(officer, "通过")
    assert [clerk.complaints, officer.complaints] == [[], []]


def test_the_month_goes_up_in_two_clicks_and_all_without_changes_are_accepted_in_two(visit: Visit) -> None:
    """From the desk, typing aside; accepting one township takes three."""
    clerk, officer = visit("clerk_yuelong"), visit("officer")

    # What has to be explained is not of the month: it was explained in an earlier one.
    clerk.open(reverse("my_month"))
    answer_findings(clerk)
    clerk.open(reverse("desk"))
    # Given back by the bureau once; otherwise the link is called 去上报.
    clerk.page.get_by_role("link", name="看原因").click()
    clerk.page.get_by_role("button", name="本月无变动,上报").first.click()
    clerk.page.get_by_text("已上报,等待县局审核").wait_for()

    officer.open(reverse("desk"))
    officer.page.get_by_role("link", name="去审核").first.click()
    assert officer.page.get_by_role("checkbox", name="跃龙街道审核通过").is_checked()
    press(officer, "勾选的月报审核通过")
    assert "月报审核通过" in officer.text()
    assert "跃龙街道" in officer.page.get_by_role("status").first.inner_text()
    assert [clerk.complaints, officer.complaints] == [[], []]
