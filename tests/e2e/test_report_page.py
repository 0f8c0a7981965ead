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
    for number in (3, 4):
        page.get_by_role("checkbox").nth(number).check()
    page.get_by_text("有人不在岗:登记离岗或停发").click()
    page.get_by_label("离岗日期").fill(f"{REPORTING}-12")
    page.get_by_label("离岗原因").select_option("换届")

    # Enter in a field, or on a tick, shows it again and does nothing.
    for field in (page.get_by_label("离岗日期"), page.get_by_role("checkbox").nth(0)):
        with page.expect_navigation():
            field.press("Enter")
        assert "勾选了不在岗、还没有登记的:" in clerk.text()
    assert not Posting.objects.filter(ended_on=f"{REPORTING}-12", township__code=TOWNSHIP).exists()

    press(clerk, "登记离岗")
    assert "已登记 2 人离岗" in clerk.text()
    assert "与上月相比离岗 2" in clerk.text()
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
