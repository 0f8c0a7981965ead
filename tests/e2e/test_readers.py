"""What the pages lead to and what is read there: by clicks, without scripts, and with the keyboard only."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, expect

from staffing.models import Person, Posting
from staffing.postings.services import correct_dates
from subsidies.demo.seed import CLERKS, MONTHS, REPORTING
from subsidies.models import AllocationLine, SubsidyRun
from tests.e2e.steps import answer_findings, submit
from tests.e2e.visitor import Visit, Visitor

pytestmark = pytest.mark.e2e
CHANGJIE, YUELONG = "330226101", "330226001"
LIST = "各镇乡(街道)补助"


def click(visitor: Visitor, link: Locator) -> None:
    with visitor.page.expect_navigation():
        link.click()


def heading(visitor: Visitor) -> str:
    return visitor.page.get_by_role("heading", level=1).inner_text()


def test_an_officer_goes_from_the_desk_to_a_vacancy_and_its_unit(visit: Visit) -> None:
    """The desk counts places that nobody holds; the list holds as many, and the unit says the same."""
    gone = Posting.objects.filter(position="village_coordinator", township__code=CHANGJIE).select_related("unit")[0]
    assert gone.unit is not None
    correct_dates(posting=gone, started_on=gone.started_on, ended_on=MONTHS[-1].first, reason="离岗", actor=None)
    officer = visit("officer")
    task = officer.page.locator(".tasks > li").filter(has_text="缺员:").locator("li")
    told = {item.split()[0]: int("".join(filter(str.isdecimal, item))) for item in task.all_inner_texts()}
    click(officer, task.get_by_role("link", name="村(居)协管员"))
    rows = officer.page.get_by_role("region", name="村(社区)").locator("tbody tr")
    named = rows.filter(has_text=gone.unit.name)
    assert rows.count() == told.get("社区协管员", 0) + told["村(居)协管员"] > 0
    assert rows.count() == officer.page.locator("b.warn", has_text="缺员").count()
    assert named.locator("b.warn").inner_text() == "缺员"
    click(officer, named.get_by_role("link", name=gone.unit.name))
    assert gone.unit.name in heading(officer)
    assert "缺员" in officer.page.locator(".answer").inner_text()
    assert gone.person.name in officer.page.get_by_role("region", name="任职人员").inner_text()
    assert officer.complaints == []


def test_a_clerk_searches_somebody_and_reads_why_a_month_was_nothing(visit: Visit) -> None:
    line = AllocationLine.objects.filter(
        allocation__township_name=CLERKS["clerk_yuelong"],
        allocation__revision__run__month=MONTHS[0].first,
        amount=0,
        reason="contract_missing",
    )[0]
    clerk = visit("clerk_yuelong")
    clerk.page.get_by_role("navigation").get_by_role("link", name="人员", exact=True).click()
    clerk.page.get_by_label("姓名或拼音首字母").fill(line.person_name)
    with clerk.page.expect_navigation():
        clerk.page.get_by_role("button", name="筛选").click()
    click(clerk, clerk.page.locator(f'main a[href="{reverse("person", args=[line.person_id])}"]').first)
    assert line.person_name in heading(clerk)
    paid = clerk.page.get_by_role("region", name="各月补助").locator("tbody tr")
    row = paid.filter(has_text=MONTHS[0].label).first
    assert "未签劳动合同" in row.inner_text()
    click(clerk, row.get_by_role("link", name="0.00"))
    assert "0.00 元" in heading(clerk)
    steps = clerk.page.get_by_role("region", name="计算步骤").inner_text()
    assert "未签劳动合同" in steps
    assert clerk.complaints == []


def test_finance_goes_from_the_desk_to_the_month_and_its_total(visit: Visit) -> None:
    run = SubsidyRun.objects.get(month=MONTHS[-2].first)
    assert run.current_revision is not None
    total = f"{run.current_revision.total:,.2f}"
    finance = visit("finance")
    task = finance.page.locator(".tasks > li").filter(has_text="可作为拨款依据")
    assert f"{MONTHS[-2].label}已审批,合计 {total} 元" in task.inner_text()
    click(finance, task.get_by_role("link", name="查看"))
    assert MONTHS[-2].label in heading(finance)
    table = finance.page.get_by_role("region", name=LIST)
    names = table.locator("thead tr").first.locator("th").all_inner_texts()
    # From the right: columns of people stand under common names.
    from_right = len(names) - names.index("合计")
    amounts = [
        Decimal(
            cells.locator("th, td").nth(cells.locator("th, td").count() - from_right).inner_text().replace(",", "")
        )
        for cells in table.locator("tbody tr").all()
    ]
    assert f"{sum(amounts):,.2f}" == total
    assert total in table.locator("tfoot").inner_text()
    assert f"合计 {total} 元" in finance.page.locator(".answer").inner_text()
    assert finance.complaints == []


def test_without_scripts_everything_is_read_and_a_report_goes_up(visit_without_scripts: Visit) -> None:
    clerk = visit_without_scripts("clerk_yuelong")
    # The numbers behind the charts are one click away.
    tables = clerk.page.locator("figure .revealed")
    assert not any(table.is_visible() for table in tables.all())
    for summary in clerk.page.locator("figure summary").all():
        summary.click()
    assert tables.count() == 3
    assert all(table.is_visible() for table in tables.all())
    # People are filtered; ticks come first.
    clerk.open(reverse("people"))
    clerk.page.get_by_role("combobox", name="岗位类别").select_option(label="专职协理员")
    with clerk.page.expect_navigation():
        clerk.page.get_by_role("button", name="筛选").click()
    positions = set(clerk.page.get_by_role("region", name="人员").locator("tbody td:nth-child(4)").all_inner_texts())
    assert positions == {"专职协理员"}
    # The month that was given back goes up again.
    clerk.open(reverse("report", args=[REPORTING, YUELONG]))
    assert "县局退回" in clerk.text()
    answer_findings(clerk)
    submit(clerk)


def test_with_the_keyboard_alone_a_person_is_found_and_opened(visit: Visit) -> None:
    name = Person.objects.filter(postings__township__code=YUELONG, postings__position="assistant")[0].name
    clerk = visit("clerk_yuelong")
    clerk.open(reverse("people"))
    tab_to(clerk, clerk.page.get_by_label("姓名或拼音首字母"))
    clerk.page.keyboard.type(name)
    with clerk.page.expect_navigation(url=re.compile("q=")):
        clerk.page.keyboard.press("Enter")
    tab_to(clerk, clerk.page.get_by_role("region", name="人员").get_by_role("link", name=name).first)
    with clerk.page.expect_navigation():
        clerk.page.keyboard.press("Enter")
    assert name in heading(clerk)
    assert clerk.complaints == []


def tab_to(visitor: Visitor, wanted: Locator) -> None:
    """Presses Tab until the element has the focus, which is seen around it."""
    for _ in range(60):
        visitor.page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            expect(wanted).to_have_css("outline-style", "solid")
            return
    raise AssertionError("no Tab leads there")
