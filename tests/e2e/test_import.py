"""A clerk brings a roster in with the keyboard alone, and meets no barrier on the way."""

import pytest
from django.urls import reverse

from staffing.models import ImportBatch, Posting
from tests.builders import an_id_number
from tests.e2e.soundness import barriers, faults_at
from tests.e2e.visitor import Visit, Visitor
from tests.staffing.rosters import a_roster, a_row

pytestmark = pytest.mark.e2e
LONGEST_WALK = 60  # keys to the last thing on a page


def rows(**cells: str) -> list[dict[str, object]]:
    here = {"镇乡(街道)": "长街镇", "到岗日期": "2010-05-04", "合同编号": None, "合同起始": None, "合同终止": None}
    return [a_row(serial, 姓名=name, **{**here, **cells}) for serial, name in enumerate(("𠮷永强", "<b>李</b>"), 1)]


def choose(visitor: Visitor, content: bytes) -> None:
    file = {"name": "名册.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    visitor.page.set_input_files("input[type=file]", file)  # type: ignore[arg-type]  # its own kind of dictionary


def press(visitor: Visitor, words: str) -> None:
    """Walks with Tab from the top of the page to what has these words, and presses it."""
    page = visitor.page
    page.evaluate("document.activeElement.blur()")
    for _ in range(LONGEST_WALK):
        page.keyboard.press("Tab")
        reached = page.evaluate("(document.activeElement.innerText || document.activeElement.id).trim()")
        if reached == words:
            break
    else:
        raise AssertionError(f"no key leads to {words}")
    page.keyboard.press("Space" if page.evaluate("document.activeElement.type") == "checkbox" else "Enter")


def sound(visitor: Visitor) -> list[str]:
    path = visitor.page.url.removeprefix(visitor.address)
    return [*barriers(visitor), *faults_at(visitor, path, 200), *visitor.complaints]


def test_a_roster_comes_in_with_the_keyboard_alone(visit: Visit) -> None:
    clerk = visit("clerk_changjie")
    clerk.open(reverse("import_roster"))
    assert sound(clerk) == []
    choose(clerk, a_roster(*rows(岗位类别="保安")))
    press(clerk, "上传并核对")
    clerk.page.wait_for_url("**/people/import/*/")
    assert "共 2 处问题,涉及 2 行;什么也没有保存" in clerk.text()
    assert sound(clerk) == []

    choose(clerk, a_roster(*rows()))
    press(clerk, "重新上传")
    clerk.page.wait_for_selector("text=确认导入")
    assert "<b>李</b>" in clerk.text()
    assert sound(clerk) == []
    before = Posting.objects.count()
    press(clerk, "accept_warnings")  # a name with signs in it
    press(clerk, "确认导入")
    clerk.page.wait_for_url("**/people/imports/*/")
    assert "导入完成:新增 2" in clerk.text()
    assert Posting.objects.count() == before + 2
    assert an_id_number(1) not in clerk.page.content()
    assert sound(clerk) == []
    clerk.open(reverse("imports"))
    assert sound(clerk) == []
    assert ImportBatch.objects.latest("pk").created_count == 2


def test_what_must_be_acknowledged_cannot_be_passed_over(visit: Visit) -> None:
    clerk = visit("clerk_changjie")
    clerk.open(reverse("import_roster"))
    same_person = [*rows(), *[row | {"岗位类别": "平台工作人员"} for row in rows()]]
    same_person[1] |= {
        "身份证号": an_id_number(1),
        "岗位类别": "村(居)协管员",
        "村(社区)": "长街村委会",
        "姓名": "𠮷永强",
    }
    choose(clerk, a_roster(*same_person[:2]))
    press(clerk, "上传并核对")
    clerk.page.wait_for_selector("text=须核对的情况")
    assert sound(clerk) == []
    press(clerk, "确认导入")
    assert ImportBatch.objects.filter(township__name="长街镇").count() == 0
    press(clerk, "accept_warnings")
    press(clerk, "确认导入")
    clerk.page.wait_for_url("**/people/imports/*/")
    assert "导入完成" in clerk.text()
