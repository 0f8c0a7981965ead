"""What static/app.js does in a real browser, and that forms work as well without it."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Dialog, Locator, Page, expect

from subsidies.demo.seed import LATE, REPORTING
from subsidies.models import Adjustment
from tests.builders import a_household_count
from tests.e2e.soundness import barriers
from tests.e2e.steps import press
from tests.e2e.visitor import Visit, Visitor
from townships.models import GrassrootsUnit, HouseholdCount

pytestmark = pytest.mark.e2e
YUELONG = "330226001"
# A table of inputs as a verb for many people has it: the last village is closed to it.
GRID = """<!doctype html><html lang="zh-CN"><title>表</title><main><form method="post" action="/nowhere/">
<table data-grid><thead><tr><th>村<th>姓名<th>到岗日期<th>工资<th>专职</tr></thead><tbody>{rows}</tbody></table>
<ul data-tick-all="人"><li><label><input type="checkbox">甲</label><li><label><input type="checkbox">乙</label>
<li><label><input type="checkbox" checked disabled>已调出</label></ul><button>保存</button></form></main>
<script type="module" src="/static/app.js"></script></html>"""
ROW = """<tr><th>{name}<td><input name="name-{name}"><td><input type="date" name="day-{name}">
<td><input type="number" step="any" name="wage-{name}">
<td><select name="full-{name}"><option value="">请选择<option value="1">专职<option value="0">兼职</select></tr>"""
PASTE = """(field, text) => {
    const held = new DataTransfer()
    held.setData("text/plain", text)
    const event = new ClipboardEvent("paste", {clipboardData: held, bubbles: true, cancelable: true})
    return field.dispatchEvent(event)
}"""


def a_grid(visitor: Visitor, *names: str) -> list[list[Locator]]:
    """The fields of a page with nothing but a table of inputs, row by row."""
    page = GRID.format(rows="".join(ROW.format(name=name) for name in names))
    visitor.page.route("**/planted/", lambda route: route.fulfill(body=page, content_type="text/html; charset=utf-8"))
    visitor.page.goto(f"{visitor.address}/planted/")
    kinds = ("name", "day", "wage", "full")
    return [[visitor.page.locator(f"[name={kind}-{name}]") for kind in kinds] for name in names]


def paste(field: Locator, text: str) -> bool:
    """Whether the browser was left to paste it itself."""
    field.focus()
    return bool(field.evaluate(PASTE, text))


def values(row: list[Locator]) -> list[str]:
    return [field.input_value() for field in row]


def said(visitor: Visitor) -> str:
    return visitor.page.locator("table + [role=status]").inner_text()


def has_focus(field: Locator) -> bool:
    return bool(field.evaluate("field => field === document.activeElement"))


def asked_on_leaving(page: Page) -> list[str]:
    """Kinds of the dialogs that come up from now on; whoever is asked leaves."""
    kinds: list[str] = []

    def answer(dialog: Dialog) -> None:
        kinds.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    return kinds


def test_a_table_of_inputs_is_filled_as_a_sheet_is(visit: Visit) -> None:
    """Enter and arrows stay in the column and send nothing; a block fills from its field on, and what does not go in
    is told."""
    clerk = visit("clerk_yuelong")
    first, second, third = a_grid(clerk, "A", "B", "C")
    for key, field, then in (
        ("Enter", first[0], second[0]),
        ("ArrowDown", second[0], third[0]),
        ("ArrowUp", third[0], second[0]),
        ("Shift+Enter", second[2], first[2]),
        ("ArrowDown", first[2], second[2]),
        ("Enter", first[3], second[3]),
        ("Enter", first[1], second[1]),
        ("Enter", third[0], third[0]),
    ):
        field.press(key)
        assert has_focus(then), (key, field)
    first[3].press("ArrowDown")
    assert has_focus(first[3])
    first[3].select_option("")
    assert clerk.page.url.endswith("/planted/")

    assert paste(first[0], "只有一格")
    block = '王小丽\t2010年5月6日\t1,800.00\t专职\r\n"李\n""强"""\t2010.5.6\t1900\t兼职\r\n'
    assert not paste(first[0], block)
    assert values(first) == ["王小丽", "2010-05-06", "1800.00", "1"]
    assert values(second) == ['李 "强"', "2010-05-06", "1900", "0"]
    assert said(clerk).startswith("粘贴了 2 行,还没有保存。 ")
    clerk.page.get_by_role("button", name="撤销粘贴").click()
    assert [*values(first), *values(second)] == [""] * 8
    assert said(clerk) == "已撤销粘贴。"

    paste(second[2], '贵\t半天\t多出\n"1\t800"\t兼职\n赵六\t专职\n=HYPERLINK("x")\t专职\n')
    assert values(second)[2:] == ["", ""]
    assert values(third)[2:] == ["", "0"]
    assert '行不够,2 行没填:「赵六」、「=HYPERLINK("x")」。' in said(clerk)
    assert "列不够,1 格没填:「多出」。" in said(clerk)
    assert "3 格填不进去,请手工填:「第 2 行 工资 贵」、「第 2 行 专职 半天」、「第 3 行 工资 1 800」。" in said(clerk)
    paste(first[0], "\n".join(f"人{number}\t<img src=x onerror=alert(1)>" for number in range(5_000)))
    assert [field.input_value() for field in (first[0], third[0])] == ["人0", "人2"]
    assert "4997 行没填:「人3」" in said(clerk)
    assert clerk.page.locator("img").count() == 0
    assert [sentence for sentence in clerk.complaints if "specified value" not in sentence] == []


def test_ticks_are_counted_and_a_list_is_copied(visit: Visit) -> None:
    villages = GrassrootsUnit.objects.filter(township__code=YUELONG, kind="village").order_by("pk")[:3]
    for village in villages:
        a_household_count(unit=village, households=260, effective_from=REPORTING.first, approved=False)
    officer, approver = visit("officer"), visit("approver")
    a_grid(approver, "A")
    all_, none = (approver.page.get_by_role("button", name=name) for name in ("全选", "全不选"))
    told = approver.page.get_by_text("已勾选")
    expect(told).to_have_text("已勾选 0 人,共 2 人")
    all_.click()
    expect(told).to_have_text("已勾选 2 人,共 2 人")
    approver.page.get_by_label("甲").uncheck()
    expect(told).to_have_text("已勾选 1 人,共 2 人")
    none.click()
    expect(told).to_have_text("已勾选 0 人,共 2 人")
    assert approver.page.get_by_label("已调出").is_checked()

    approver.open(reverse("approvals"))
    ticks = approver.page.get_by_role("region", name="户籍户数").locator("input[name=entry]")
    number = ticks.count()
    assert number >= 3
    expect(told).to_have_text(f"已勾选 0 项,共 {number} 项")
    whole = approver.page.get_by_label("全部")
    whole.check()
    assert all(tick.is_checked() for tick in ticks.all())
    ticks.first.uncheck()
    expect(told).to_have_text(f"已勾选 {number - 1} 项,共 {number} 项")
    assert not whole.is_checked()
    found = barriers(approver)
    press(approver, "审核通过所勾选的")
    assert HouseholdCount.objects.filter(approved_at=None).count() == 1

    officer.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    list_ = officer.page.locator("details", has_text="复制催报名单")
    list_.locator("summary").click()
    list_.get_by_role("button", name="复制催报名单").click()
    expect(list_.get_by_role("status")).to_have_text("已复制,可以粘贴了。")
    copied = officer.page.evaluate("navigator.clipboard.readText()")
    assert copied == list_.locator("pre").inner_text()
    assert LATE in copied
    assert found + barriers(officer) + officer.complaints + approver.complaints == []


def test_a_form_is_not_left_unasked_goes_up_once_and_shows_its_first_error(visit: Visit) -> None:
    officer = visit("officer")
    page, address = officer.page, reverse("adjustments", args=[REPORTING])
    officer.open(address)
    asked = asked_on_leaving(page)
    officer.open(address)
    assert asked == []
    page.get_by_label("依据文件").fill("甬人社〔2010〕5号")
    officer.open(address)
    assert asked == ["beforeunload"]

    page.get_by_label("依据文件").fill("甬人社〔2010〕5号")
    page.get_by_label("镇乡(街道)").select_option(index=1)
    page.get_by_label("所属月份").fill(str(REPORTING))
    page.locator("form", has_text="登记").evaluate("form => form.noValidate = true")
    press(officer, "登记")
    wrong = page.get_by_label("金额(元")
    assert has_focus(wrong)
    assert asked == ["beforeunload"]
    officer.open(address)
    assert asked == ["beforeunload"] * 2  # what was refused is not saved either

    page.get_by_label("镇乡(街道)").select_option(index=1)
    page.get_by_label("所属月份").fill(str(REPORTING))
    page.get_by_label("金额(元").fill("-120.00")
    page.get_by_label("依据文件").fill("甬人社〔2010〕5号")
    page.get_by_label("原因").fill("误发")
    button = page.get_by_role("button", name="登记", exact=True)
    page.evaluate("addEventListener('submit', event => event.preventDefault(), {once: true})")
    button.click()
    expect(button).to_be_disabled()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow'))")
    expect(button).to_be_enabled()
    with page.expect_navigation():
        button.dblclick()
    expect(page.get_by_text("误发")).to_be_visible()
    assert Adjustment.objects.filter(reason="误发").count() == 1
    assert asked == ["beforeunload"] * 2
    assert [sentence for sentence in officer.complaints if "400" not in sentence] == []


def test_a_session_that_ends_is_told_and_what_was_typed_can_still_be_saved(
    visit: Visit, passwords: dict[str, str]
) -> None:
    officer = visit("officer")
    page, address = officer.page, reverse("adjustments", args=[REPORTING])
    page.context.clear_cookies()
    page.clock.install()
    officer.open(address)
    log_in(page, passwords["officer"])
    page.wait_for_url(officer.address + address)
    for label, words in (
        ("所属月份", str(REPORTING)),
        ("金额(元", "5.00"),
        ("依据文件", "批文"),
        ("原因", "到期前写的"),
    ):
        page.get_by_label(label).fill(words)
    page.get_by_label("镇乡(街道)").select_option(index=1)
    told = page.get_by_role("alert")
    page.clock.fast_forward("07:49:00")
    expect(told).to_be_empty()
    page.clock.fast_forward("02:00")
    expect(told).to_have_text(re.compile("登录将在 .* 到期,写好的请先保存"))
    page.clock.fast_forward("10:00")
    Session.objects.all().delete()
    expect(told).to_contain_text("登录已到期,本页写的内容都还在")
    page.get_by_role("button", name="登记", exact=True).click()
    assert has_focus(told)
    with page.expect_popup() as opened:
        told.get_by_role("link", name="在新窗口重新登录").click()
    log_in(opened.value, passwords["officer"])
    opened.value.wait_for_url(officer.address + reverse("desk"))
    press(officer, "登记")
    assert Adjustment.objects.filter(reason="到期前写的").exists()
    assert officer.complaints == []


def test_without_scripts_the_main_forms_do_their_work(visit_without_scripts: Visit) -> None:
    officer, clerk = visit_without_scripts("officer"), visit_without_scripts("clerk_yuelong")
    officer.open(reverse("adjustments", args=[REPORTING]))
    officer.page.get_by_label("镇乡(街道)").select_option(index=1)
    officer.page.get_by_label("所属月份").fill(str(REPORTING))
    officer.page.get_by_label("金额(元").fill("一百")
    officer.page.get_by_label("依据文件").fill("批文")
    officer.page.get_by_label("原因").fill("没有脚本")
    press(officer, "登记")
    assert officer.page.get_by_label("金额(元").input_value() == "一百"
    officer.page.get_by_label("金额(元").fill("100")
    press(officer, "登记")
    assert Adjustment.objects.get(reason="没有脚本").amount == 100
    list_ = officer.page.locator("details", has_text="复制催报名单")
    officer.open("/")
    list_.locator("summary").click()
    assert LATE in list_.locator("pre").inner_text()

    village = GrassrootsUnit.objects.filter(township__code=YUELONG, kind="village").earliest("pk")
    clerk.open(reverse("unit", args=[village.code]))
    clerk.page.locator("summary", has_text="登记新的户籍户数").click()
    clerk.page.get_by_label("户籍户数").last.fill("260")
    clerk.page.get_by_label("统计日期").fill("2010-04-30")
    clerk.page.get_by_label("执行日期").fill("2010-06-01")
    press(clerk, "登记户数")
    assert HouseholdCount.objects.filter(unit=village, households=260).exists()
    assert [sentence for sentence in officer.complaints + clerk.complaints if "400" not in sentence] == []


def log_in(page: Page, password: str) -> None:
    page.get_by_label("用户名").fill("officer")
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
