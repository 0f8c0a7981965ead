"""The verbs of personnel in a real browser, each in three clicks at most from the desk."""

from datetime import date

import pytest

from staffing.models import Contract, Person, Posting, Suspension, Wage
from tests.builders import an_id_number
from tests.e2e.steps import Clicks
from tests.e2e.visitor import Visit
from townships.models import GrassrootsUnit

pytestmark = pytest.mark.e2e
MOST_CLICKS = 3
TOWNSHIP = "330226001"
SETTLED = "差额在下一次核算中补发或扣回"


def serving(position: str, place: int) -> Posting:
    """One of the clerk's own people, whose name nobody else has."""
    found = Posting.objects.filter(township__code=TOWNSHIP, position=position, ended_on=None, withdrawn_at=None)
    alone = [
        posting
        for posting in found.select_related("person").order_by("pk")
        if Posting.objects.filter(township__code=TOWNSHIP, person__name=posting.person.name).count() == 1
    ]
    return alone[place]


def test_every_verb_takes_three_clicks_and_repeats_what_it_saved(visit: Visit) -> None:
    clerk = visit("clerk_yuelong")
    page = clerk.page
    last = serving("village_coordinator", 0)
    village = GrassrootsUnit.objects.get(postings=last)

    # Appointed where somebody is still on post: asked back once, and whoever was there leaves the day before.
    appointing = Clicks(clerk)
    appointing.link("登记到岗")
    number = an_id_number(951, born_on=date(1981, 2, 3))
    page.get_by_label("姓名", exact=True).fill("方晓梅")
    page.get_by_label("身份证号", exact=True).fill(number)
    page.get_by_label("岗位", exact=True).select_option(village.code)
    page.get_by_label("到岗日期").fill("2010-05-10")
    page.get_by_label("月工资").fill("1500")
    appointing.button("登记到岗")
    # The status of the page that asks back, said by the browser's console.
    assert ["400 (Bad Request)" in said for said in clerk.complaints] == [True]
    clerk.complaints.clear()
    page.get_by_label("前任", exact=True).select_option(str(last.pk))
    page.get_by_label("前任离岗原因").select_option("换届")
    appointing.button("登记到岗")
    assert f"方晓梅:2010-05-10 到岗已登记(跃龙街道{village.name} 村(居)协管员)。" in clerk.text()
    assert f"{last.person.name}:2010-05-09 离岗已登记。" in clerk.text()
    assert appointing.count <= MOST_CLICKS
    appointed = Posting.objects.get(unit=village, ended_on=None)
    assert appointed.person == Person.objects.with_national_id(number).get()
    assert (str(appointed.started_on), appointed.person.name) == ("2010-05-10", "方晓梅")
    last.refresh_from_db()
    assert str(last.ended_on) == "2010-05-09"

    leaver = serving("village_coordinator", 1)
    ending = Clicks(clerk)
    ending.find(leaver.person.name)
    ending.link("离岗")
    page.get_by_label("离岗日期").fill("2010-05-20")
    page.get_by_label("离岗原因").select_option("辞职")
    ending.button("保存")
    assert f"{leaver.person.name}:2010-05-20 离岗已登记(辞职)。" in clerk.text()
    assert ending.count <= MOST_CLICKS
    leaver.refresh_from_db()
    assert (str(leaver.ended_on), leaver.end_kind) == ("2010-05-20", "resigned")

    # By the tail of the id number, where several have one name.
    wrong = serving("community_coordinator", 0).person
    old, new = wrong.name, f"{wrong.name[:2]}燕"
    correcting = Clicks(clerk)
    correcting.find(wrong.national_id[-6:])
    assert wrong.national_id[-6:] not in page.url
    correcting.link("更正姓名、身份证号、电话")
    page.get_by_label("姓名").fill(new)
    page.get_by_label("更正的原因").fill("按本人身份证更正")
    correcting.button("保存")
    assert f"{new}:姓名 {old} → {new}。" in clerk.text()
    assert correcting.count <= MOST_CLICKS
    wrong.refresh_from_db()
    assert wrong.name == new

    renewed = Contract.objects.filter(posting__township__code=TOWNSHIP, ended_on__isnull=False).earliest("ended_on")
    renewing = Clicks(clerk)
    renewing.find(renewed.posting.person.name)
    renewing.link("签订、续签合同")
    first, end = page.get_by_label("合同起始").input_value(), page.get_by_label("合同终止").input_value()
    renewing.button("保存")
    assert f"{renewed.posting.person.name}:劳动合同已登记:{first} 至 {end}。" in clerk.text()
    assert renewing.count <= MOST_CLICKS
    made = Contract.objects.get(posting=renewed.posting, started_on=first)
    assert (str(made.ended_on), made.started_on > date(2010, 5, 31)) == (end, True)

    paid = serving("community_coordinator", 1)
    raising = Clicks(clerk)
    raising.find(paid.person.name)
    raising.link("调整工资")
    page.get_by_label("执行日期").fill("2010-05-01")
    page.get_by_label("月工资").fill("1650")
    page.get_by_label("依据文件").fill("街道〔2010〕8号")
    raising.button("保存")
    assert f"{paid.person.name}:工资已登记:2010-05-01 起,月工资 1,650.00 元,单位社保 400.00 元。" in clerk.text()
    assert raising.count <= MOST_CLICKS
    wage = Wage.objects.get(posting=paid, effective_from="2010-05-01")
    assert (str(wage.monthly_wage), wage.document) == ("1650.00", "街道〔2010〕8号")

    absent = serving("community_coordinator", 2)
    stopping = Clicks(clerk)
    stopping.find(absent.person.name)
    stopping.link("停发")
    page.get_by_label("种类").select_option("病假")
    page.get_by_label("停发起始").fill("2010-05-05")
    page.get_by_label("停发终止").fill("2010-05-25")
    page.get_by_label("原因").fill("住院")
    stopping.button("保存")
    assert f"{absent.person.name}:停发已登记:2010-05-05 至 2010-05-25,病假。" in clerk.text()
    assert SETTLED in clerk.text()
    assert stopping.count <= MOST_CLICKS
    stop = Suspension.objects.get(posting=absent)
    assert (str(stop.started_on), str(stop.ended_on), stop.kind) == ("2010-05-05", "2010-05-25", "sick_leave")
    assert clerk.complaints == []
