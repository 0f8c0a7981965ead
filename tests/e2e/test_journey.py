"""A month as people see it: from the login to the sheet that finance pays by, in a real browser."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import Download

from staffing.enums import Check, Position
from subsidies.demo.seed import CLERKS, MONTHS
from subsidies.models import Allocation, AllocationLine, SubsidyRun, SubsidyStandard
from subsidies.sheets.page_words import DRAFT_BANNER, NOT_ISSUED_BANNER
from tests.e2e.visitor import Visit, Visitor

pytestmark = pytest.mark.e2e

# The month that waits for approval.
WAITING = MONTHS[-1]


def yuan(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def address(name: str, *arguments: object) -> str:
    return reverse(name, args=arguments)


def choose(visitor: Visitor, entry: str) -> None:
    """Clicks an entry of the menu, whatever page comes first."""
    visitor.page.get_by_role("navigation", name="主菜单").get_by_role("link", name=entry, exact=True).click()
    visitor.page.wait_for_load_state()


def follow(visitor: Visitor, path: str) -> None:
    """Clicks the link to `path` where a reader finds it, in the page's own part."""
    visitor.page.locator(f'main a[href="{path}"]').first.click()
    visitor.page.wait_for_url(visitor.address + path)


def download(visitor: Visitor, path: str, folder: Path) -> bytes:
    with visitor.page.expect_download() as started:
        visitor.page.locator(f'main a[href="{path}"]').first.click()
    sheet: Download = started.value
    kept = folder / sheet.suggested_filename
    sheet.save_as(kept)
    return kept.read_bytes()


def totals(content: bytes) -> dict[str, Decimal]:
    """Column 合计 of T1 by township, the total row under 合计, as a reader of the cached values sees it."""
    sheet = load_workbook(BytesIO(content), data_only=True).worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    header = next(row for row in rows if "镇乡(街道)" in row)
    name, total = header.index("镇乡(街道)"), header.index("合计")
    return {
        str(row[name]): Decimal(str(row[total])) for row in rows if row[name] and isinstance(row[total], int | float)
    }


def says(content: bytes, text: str) -> bool:
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    return any(text in str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)


def test_an_officer_retraces_a_month_from_the_list_to_one_amount(visit: Visit, tmp_path: Path) -> None:
    officer = visit("officer")
    run = SubsidyRun.objects.get(month=WAITING.first)
    revision = run.current_revision
    assert revision is not None
    allocation = Allocation.objects.filter(revision=revision).order_by("township_code")[0]
    line = AllocationLine.objects.filter(allocation=allocation).order_by("pk")[0]

    choose(officer, "月度")
    assert yuan(revision.total) in officer.text()
    officer.page.get_by_role("link", name=WAITING.label, exact=True).click()
    assert yuan(revision.total) in officer.text()

    sheet = download(officer, address("sheet", WAITING, 1, "T1"), tmp_path)
    assert totals(sheet)["合计"] == revision.total
    assert totals(sheet)[allocation.township_name] == allocation.total
    assert says(sheet, DRAFT_BANNER)

    follow(officer, address("township_sheet", WAITING, 1, allocation.township_code))
    assert yuan(allocation.total) in officer.text()
    follow(officer, address("line", line.pk))
    assert line.person_name in officer.text()
    assert yuan(line.amount) in officer.text()
    assert str(line.counted_days) in officer.page.get_by_role("region", name="计算步骤").inner_text()
    assert officer.complaints == []


def test_an_approved_month_has_a_sheet_to_pay_by_and_opens_the_next(visit: Visit, tmp_path: Path) -> None:
    approver = visit("approver")
    approver.open(address("month", WAITING, 1))
    follow(approver, address("approve", WAITING, 1))
    approver.page.locator("main").get_by_role("button", name="审批").click()
    approver.page.wait_for_url(approver.address + address("month", WAITING, 1))
    run = SubsidyRun.objects.get(month=WAITING.first)
    assert run.is_approved
    assert run.current_revision is not None

    sheet = download(approver, address("sheet", WAITING, 1, "T1"), tmp_path)
    assert not says(sheet, DRAFT_BANNER)
    assert says(sheet, NOT_ISSUED_BANNER)
    assert totals(sheet)["合计"] == run.current_revision.total
    assert approver.complaints == []

    officer = visit("officer")
    officer.open(address("month", WAITING, 1))
    officer.page.get_by_role("button", name=f"核算{(WAITING + 1).label}").click()
    officer.page.wait_for_url(officer.address + address("month", WAITING + 1, 1))
    assert officer.complaints == []


def test_a_clerk_sees_one_township(visit: Visit, tmp_path: Path) -> None:
    clerk = visit("clerk_changjie")
    mine = CLERKS["clerk_changjie"]
    other = Allocation.objects.filter(revision__run__month=WAITING.first).exclude(township_name=mine)[0]
    clerk.open(address("month", WAITING, 1))
    assert mine in clerk.text()
    assert other.township_name not in clerk.text()
    assert set(totals(download(clerk, address("sheet", WAITING, 1, "T1"), tmp_path))) == {mine, "合计"}
    assert clerk.complaints == []
    assert clerk.open(address("township_sheet", WAITING, 1, other.township_code)) == 404


def test_a_clerk_finds_out_why_somebody_gets_nothing(visit: Visit) -> None:
    clerk = visit("clerk_yuelong")
    nothing = AllocationLine.objects.filter(amount=0, for_month=WAITING.first).select_related("allocation")
    line = nothing.get(allocation__township_name=CLERKS["clerk_yuelong"], reason=Check.CONTRACT_MISSING.value)
    choose(clerk, "月度")
    clerk.page.get_by_role("link", name=WAITING.label, exact=True).click()
    follow(clerk, address("township_sheet", WAITING, 1, line.allocation.township_code))
    assert line.person_name in clerk.page.get_by_role("region", name="本月不补助的人员和原因").inner_text()
    follow(clerk, address("line", line.pk))
    assert "0.00 元" in clerk.page.get_by_role("heading", level=1).inner_text()
    assert Check.CONTRACT_MISSING.label in clerk.page.get_by_role("region", name="计算步骤").inner_text()
    assert clerk.complaints == []


def test_finance_retraces_a_rate_to_the_rules_of_that_day(visit: Visit) -> None:
    finance = visit("finance")
    line = AllocationLine.objects.filter(
        for_month=WAITING.first, position=Position.ASSISTANT.value, amount__gt=0
    ).select_related("allocation")[0]
    assert line.rate is not None
    choose(finance, "月度")
    finance.page.get_by_role("link", name=WAITING.label, exact=True).click()
    follow(finance, address("township_sheet", WAITING, 1, line.allocation.township_code))
    follow(finance, address("line", line.pk))
    assert yuan(line.rate) in finance.page.get_by_role("region", name="计算步骤").inner_text()

    choose(finance, "政策")
    finance.page.get_by_label("查看哪一天的规定").fill(str(WAITING.first))
    finance.page.get_by_role("button", name="查看").click()
    assert f"= {yuan(line.rate)} 元/月" in finance.text()
    follow(finance, address("standard", SubsidyStandard.objects.get().pk))
    assert yuan(line.rate) in finance.page.get_by_role("region", name="执行期间的月标准").inner_text()
    assert finance.complaints == []
