"""An election of ten villages and new wages for twenty in a real browser, each in six clicks at most from the desk."""

from datetime import date
from decimal import Decimal

import pytest

from staffing.models import Election, Posting, Wage
from tests.builders import an_id_number
from tests.e2e.steps import Clicks
from tests.e2e.visitor import Visit

pytestmark = pytest.mark.e2e
MOST_CLICKS = 6
TOWNSHIP = "330226101"
ELECTED = ("方春兰", "方建军", "方丽华", "方志强", "方晓燕", "方国庆", "方美玲", "方海波", "方秋月")
SEPARATOR = "\t"


def coordinators() -> list[Posting]:
    """Of the villages, in the order of the list."""
    found = Posting.objects.filter(
        township__code=TOWNSHIP, position="village_coordinator", ended_on=None, withdrawn_at=None
    )
    return list(found.select_related("person", "unit").order_by("unit__code", "pk"))


def test_ten_villages_elect_and_twenty_wages_rise(visit: Visit) -> None:
    clerk = visit("clerk_changjie")
    page = clerk.page

    # Nine are followed by somebody else, the tenth stays; pasted from a sheet.
    ten = coordinators()[:10]
    rows = [("村(社区)", "新任姓名", "身份证号", "连任", "月工资")]
    for serial, (posting, name) in enumerate(zip(ten[:9], ELECTED, strict=True), 961):
        number = an_id_number(serial, born_on=date(1981, 2, 3))
        rows.append((posting.unit.name if posting.unit else "", name, number, "", "1500"))
    rows.append((ten[9].unit.name if ten[9].unit else "", "", "", "是", ""))
    electing = Clicks(clerk)
    electing.link("换届")
    page.get_by_label("新任到岗日期").fill("2010-05-15")
    page.get_by_label("依据文件").fill("长街镇换届选举委员会公告")
    electing.open("从表格粘贴")
    page.get_by_label("粘贴区").fill("\n".join(map(SEPARATOR.join, rows)))
    electing.button("保存")
    assert "填了 10 行,其中 9 人离任、9 人到任、1 人连任" in clerk.text()
    electing.button("办理换届")
    left = "、".join(posting.person.name for posting in ten[:9])
    assert f"长街镇换届已办理:9 人离任({left}),9 人到任({'、'.join(ELECTED)}),1 人连任" in clerk.text()
    assert electing.count <= MOST_CLICKS
    assert Election.objects.get(township__code=TOWNSHIP).state == "done"
    for posting, name in zip(ten[:9], ELECTED, strict=True):
        posting.refresh_from_db()
        assert str(posting.ended_on) == "2010-05-14"
        newcomer = Posting.objects.get(unit=posting.unit, ended_on=None)
        assert (newcomer.person.name, str(newcomer.started_on)) == (name, "2010-05-15")
    ten[9].refresh_from_db()
    assert ten[9].ended_on is None

    # Twenty of the villages are ticked on the list; one percent for all.
    twenty = coordinators()[10:30]
    before = {posting.pk: posting.wages.live().latest("effective_from").monthly_wage for posting in twenty}
    raising = Clicks(clerk)
    raising.menu("人员")
    page.get_by_role("combobox", name="岗位类别").select_option("village_coordinator")
    raising.button("筛选")
    for posting in twenty:
        page.locator(f'input[name="posting"][value="{posting.pk}"]').check()
    raising.button("调整工资")
    page.get_by_label("执行日期").fill("2010-05-01")
    page.get_by_label("怎样调整").select_option("percent")
    page.get_by_label("金额(元)或百分数").fill("8")
    page.get_by_label("依据文件").fill("长政〔2010〕9号")
    raising.button("核对")
    raising.button("登记 20 人")
    names = "、".join(posting.person.name for posting in twenty)
    assert f"调整工资:已登记 20 人({names})。" in clerk.text()
    assert raising.count <= MOST_CLICKS
    made = {wage.posting_id: wage for wage in Wage.objects.filter(posting__in=twenty, effective_from="2010-05-01")}
    for posting in twenty:
        old, wage = before[posting.pk], made[posting.pk]
        assert old is not None
        assert (wage.monthly_wage, wage.document) == (old * Decimal("1.08"), "长政〔2010〕9号")
    assert clerk.complaints == []
