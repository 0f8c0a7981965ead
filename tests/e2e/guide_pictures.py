"""Makes the pictures of the user guide anew: pytest -m e2e tests/e2e/guide_pictures.py, and then look at each.

A folder of tests that is run leaves this module out, since its name does not begin with test_.
"""

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import FloatRect, Locator

from staffing.enums import EndKind, Position
from staffing.models import PersonProposal, Posting, Transfer
from subsidies.demo.seed import ELECTING, REPORTING
from tests.builders import a_national_id, a_person, a_posting
from tests.e2e.palette import with_palette
from tests.e2e.steps import answer_findings, press, submit
from tests.e2e.visitor import Visit, Visitor
from townships.models import GrassrootsUnit

pytestmark = pytest.mark.e2e
FOLDER = Path(settings.BASE_DIR) / "docs" / "pictures"
CLERK, OFFICER = "clerk_yuelong", "officer"
MOST_BYTES = 60_000
BORDER = 12
# A number that somebody could read whole, and what stands for it in a field.
WHOLE = re.compile(r"\d{17}[\dXx]")
HIDE = "field => { field.value = field.value.replace(/(\\d{6})\\d{8}(\\d{3}[\\dXx])/g, '$1********$2') }"


def take(
    visitor: Visitor, name: str, *, since: Locator | None = None, upto: Locator | None = None, width: int | None = None
) -> None:
    """The main part of the page as docs/pictures/`name`.png, from one piece of it to another; `width` of it leaves out
    what is empty on the right."""
    page, main = visitor.page, visitor.page.locator("main")
    fields = main.locator("input:not([type=hidden], [type=checkbox]), textarea").all()
    for field in fields:
        field.evaluate(HIDE)
    for shown in (main.inner_text(), *(field.input_value() for field in fields)):
        assert WHOLE.search(shown) is None
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0) }")
    box = main.bounding_box()
    assert box is not None
    first = _edges(since)[0] - BORDER if since is not None else box["y"]
    last = _edges(upto)[1] + BORDER if upto is not None else box["y"] + box["height"]
    clip = FloatRect(x=box["x"], y=first, width=width or box["width"], height=last - first)
    png = with_palette(page.screenshot(full_page=True, clip=clip))
    assert len(png) <= MOST_BYTES, f"{name}: {len(png)}"
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.png").write_bytes(png)


def _edges(piece: Locator) -> tuple[float, float]:
    box = piece.first.bounding_box()
    assert box is not None
    return box["y"], box["y"] + box["height"]


def opened(visitor: Visitor, name: str, *args: object, query: str = "") -> Visitor:
    assert visitor.open(reverse(name, args=args) + query) == 200
    return visitor


def one_of(position: str, *, number: int = 0, township: str = ELECTING) -> Posting:
    """Somebody on post in the clerk's township."""
    return Posting.objects.filter(township__name=township, position=position, ended_on=None).order_by("pk")[number]


def test_the_desk(visit: Visit) -> None:
    clerk = visit(CLERK)
    take(clerk, "desk", upto=clerk.page.get_by_role("link", name="登记到岗"), width=1180)


def test_an_appointment(visit: Visit) -> None:
    clerk, place = visit(CLERK), one_of("village_coordinator").unit
    assert place is not None
    page = opened(clerk, "appoint", query=f"?unit={place.code}").page
    page.get_by_label("姓名").fill("示例人员")
    page.get_by_label("到岗日期").fill("2010-06-01")
    page.get_by_label("前任", exact=True).select_option(index=1)
    page.get_by_label("前任离岗原因").select_option("辞职")
    page.get_by_label("月工资").fill("1600")
    take(clerk, "appoint")


def test_the_page_of_a_person(visit: Visit) -> None:
    clerk = opened(visit(CLERK), "person", one_of("assistant").person_id)
    timeline = clerk.page.locator(".timeline > li").first
    take(clerk, "person", since=clerk.page.locator("#postings"), upto=timeline, width=980)


def test_leaving(visit: Visit) -> None:
    clerk = opened(visit(CLERK), "end_posting", one_of("assistant", number=1).pk)
    clerk.page.get_by_label("离岗日期").fill("2010-05-31")
    reasons = clerk.page.get_by_label("离岗原因")
    reasons.evaluate("list => { list.size = list.options.length }")
    reasons.select_option("辞职")
    take(clerk, "leave")


def test_a_proposal_before_the_bureau(visit: Visit) -> None:
    officer = opened(visit(OFFICER), "proposal", PersonProposal.objects.latest("pk").pk)
    take(officer, "proposal")


def test_merging(visit: Visit) -> None:
    posting = one_of("assistant", township="长街镇")
    unit = GrassrootsUnit.objects.filter(township=posting.township, kind="village").latest("pk")
    left = Posting.objects.filter(unit=unit, ended_on=None)
    left.update(ended_on=date(2010, 2, 28), end_kind=EndKind.RESIGNED.value)
    twice = a_person(name=posting.person.name, national_id=a_national_id())
    a_posting(
        person=twice,
        township=posting.township,
        unit=unit,
        position=Position.VILLAGE_COORDINATOR,
        started_on=date(2010, 3, 1),
    )
    take(opened(visit(OFFICER), "merge_people", twice.pk, posting.person_id), "merge")


def test_receiving_a_transfer(visit: Visit) -> None:
    take(opened(visit(CLERK), "receive_transfer", Transfer.objects.get().pk), "receive")


def test_wages_of_many_and_undoing_them(visit: Visit) -> None:
    clerk = visit(CLERK)
    page = opened(clerk, "people", query="?position=assistant").page
    for box in page.get_by_role("table").get_by_role("checkbox").all():
        box.check()
    press(clerk, "调整工资")
    page.get_by_label("执行日期").fill("2010-06-01")
    page.get_by_label("怎样调整").select_option("每人增加(元)")
    page.get_by_label("金额(元)").fill("100")
    page.get_by_label("依据文件").fill("示例:工资调整审批表")
    press(clerk, "核对")
    take(clerk, "wages")
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name="登记").click()
    take(clerk, "undo")


def test_an_election(visit: Visit) -> None:
    clerk = opened(visit(CLERK), "election", one_of("assistant").township.code)
    take(clerk, "election", upto=clerk.page.locator("table tbody tr").nth(7))


def test_what_was_changed(visit: Visit) -> None:
    clerk, posting = visit(CLERK), one_of("assistant", number=1)
    page = opened(clerk, "posting_wage", posting.pk).page
    page.get_by_label("执行日期").fill("2010-06-01")
    page.get_by_label("月工资").fill("1900")
    page.get_by_label("依据文件").fill("示例:工资审批表")
    press(clerk, "保存")
    take(opened(clerk, "person_history", posting.person_id), "history")


def test_the_report_after_a_change(visit: Visit) -> None:
    clerk, posting = visit(CLERK), one_of("assistant", number=1)
    code = posting.township.code
    opened(clerk, "report", REPORTING, code)
    answer_findings(clerk)
    submit(clerk)
    page = opened(clerk, "end_posting", posting.pk).page
    page.get_by_label("离岗日期").fill(f"{REPORTING}-20")
    page.get_by_label("离岗原因").select_option("辞职")
    press(clerk, "保存")
    opened(clerk, "report", REPORTING, code)
    take(clerk, "report", upto=page.get_by_role("table"))
