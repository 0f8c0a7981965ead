"""The list of people: who sees whom, its filters, its pages and the export."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlencode

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import AuditEvent
from foundation.asked import LAST_ID
from foundation.dates import Month
from foundation.lists import paging
from pages import filters, people
from pages.views import people as views
from staffing.enums import Position, SuspensionKind
from staffing.models import Posting
from staffing.postings.services import withdraw_posting
from subsidies.demo.county import DemoCounty
from subsidies.models import AllocationLine
from subsidies.posts.findings import open_findings
from subsidies.runs.services import approve
from tests.builders import (
    a_contract,
    a_national_id,
    a_person,
    a_posting,
    a_suspension,
    a_township,
    a_unit,
    an_id_number,
)
from tests.reading import names_on, text_of
from tests.subsidies.months import JUNE, a_sent_run
from tests.subsidies.policies import NOW, a_policy
from tests.users import ClientOf, logged_in
from townships.enums import UnitKind
from townships.models import Township

pytestmark = pytest.mark.django_db
DAY = date(2010, 4, 15)


def listed(client: Client, **asked: object) -> list[str]:
    """The names on the page, in order."""
    return names_on(text_of(client, "/people/?" + urlencode({"on": DAY} | asked)))


@pytest.fixture
def town() -> Township:
    return a_township()


@pytest.fixture
def officer(client_of: ClientOf) -> Client:
    return client_of(Role.BUREAU_OFFICER)


def somebody(town: Township, name: str, **posting: object) -> Posting:
    return a_posting(township=town, person=a_person(name=name), **posting)  # type: ignore[arg-type]  # handed on


def test_clerk_sees_the_own_township_and_no_other(demo: DemoCounty) -> None:
    client = logged_in("clerk_yuelong")
    for path in ("/people/", "/people/?township=330226101", "/people/?show=all&finding=any"):
        page = text_of(client, path)
        assert "跃龙街道" in page
        assert "长街镇" not in page
    foreign = Posting.objects.filter(township__name="长街镇", unit__isnull=False).first()
    assert foreign is not None
    assert foreign.unit is not None
    assert client.get("/people/", {"unit": foreign.unit.code}).status_code == 400
    assert f">{foreign.person.name}</a>" not in client.get("/people/", {"unit": foreign.unit.code}).content.decode()


def test_the_list_is_of_whoever_serves_on_the_day(town: Township, officer: Client) -> None:
    somebody(town, "甲", ended_on=DAY)
    somebody(town, "乙", ended_on=DAY - timedelta(days=1))
    somebody(town, "丙", started_on=DAY)
    somebody(town, "丁", started_on=DAY + timedelta(days=1))
    withdraw_posting(posting=somebody(town, "戊"), reason="录错", actor=None)
    suspended = somebody(town, "己")
    a_suspension(posting=suspended, kind=SuspensionKind.SICK_LEAVE, started_on=DAY)
    assert listed(officer) == ["甲", "丙", "己"]
    assert listed(officer, show="left") == ["乙"]
    assert listed(officer, show="all") == ["甲", "乙", "丙", "丁", "己"]
    page = text_of(officer, f"/people/?on={DAY}&show=all")
    said = [f'<td class="place">{situation}</td>' for situation in ("在岗", "已离岗", "未到岗", "停发(病假)")]
    assert [words for words in said if words not in page] == []


@pytest.mark.both
def test_whoever_was_ever_paid_is_found_and_led_to_from_the_amount(town: Township, officer: Client) -> None:
    a_policy()
    paid = a_posting(township=town, person=a_person(name="戊", national_id=a_national_id(1)))
    approve(run=a_sent_run(JUNE), actor=None, now=NOW)
    for posting in (paid, somebody(town, "己")):
        withdraw_posting(posting=posting, reason="录错", actor=None)
    assert (listed(officer), listed(officer, show="left"), listed(officer, show="all")) == ([], [], ["戊"])
    assert "已撤销" in text_of(officer, f"/people/?on={DAY}&show=all")
    found = officer.post("/people/by-number/", {"tail": an_id_number(1)[-4:]})
    assert found.headers["Location"] == f"/people/{paid.person_id}/"
    line = AllocationLine.objects.get(posting=paid)
    assert f'href="/people/{paid.person_id}/"' in text_of(officer, f"/lines/{line.pk}/")


def test_of_the_contracts_the_list_tells_the_end_of_the_one_in_force(town: Township, officer: Client) -> None:
    somebody(town, "甲")
    kept: dict[str, list[tuple[date, date | None]]] = {
        "乙": [(date(2008, 1, 1), date(2009, 12, 31)), (date(2010, 1, 1), date(2012, 12, 31))],
        "丙": [(date(2007, 1, 1), date(2009, 12, 31)), (DAY + timedelta(days=1), date(2013, 12, 31))],
        "丁": [(date(2012, 1, 1), None), (DAY + timedelta(days=1), date(2011, 12, 31))],
        "戊": [(DAY, None)],
    }
    for name, contracts in kept.items():
        posting = somebody(town, name)
        for started_on, ended_on in contracts:
            a_contract(posting=posting, started_on=started_on, ended_on=ended_on)
    page = text_of(officer, f"/people/?on={DAY}")
    rows = re.findall(r">(.)</a></th>(?:\s*<td[^>]*>[^<]*</td>){5}\s*<td class=\"place\">([^<]*)</td>", page)
    assert rows == [("甲", ""), ("乙", "2012-12-31"), ("丙", "2009-12-31"), ("丁", "2011-12-31"), ("戊", "无固定期限")]


def test_place_and_position_narrow_the_list(town: Township, officer: Client) -> None:
    other = a_township(name="长街镇", code="330226101")
    unit = a_unit(township=other, name="范家村", code="330226101200", kind=UnitKind.VILLAGE)
    somebody(town, "甲")
    somebody(town, "乙", position=Position.PLATFORM_STAFF)
    somebody(other, "丙")
    somebody(other, "丁", unit=unit, position=Position.VILLAGE_COORDINATOR)
    assert listed(officer, township=town.code) == ["甲", "乙"]
    assert listed(officer, unit=unit.code) == ["丁"]
    assert listed(officer, position="assistant") == ["甲", "丙"]
    assert listed(officer, township=other.code, position="assistant") == ["丙"]
    page = text_of(officer, f"/people/?on={DAY}&township={other.code}&position=village_coordinator")
    assert "长街镇、村(居)协管员、2010-04-15 在岗:找到 1 人,1 条在岗记录。" in page


@pytest.mark.both
def test_names_and_initials_are_searched(town: Township, officer: Client) -> None:
    for name in ("张三", "张三丰", "李四"):
        somebody(town, name)
    somebody(town, "赵散", ended_on=DAY - timedelta(days=1))
    assert listed(officer, q="三丰") == ["张三丰"]
    assert listed(officer, q="zs") == ["张三", "张三丰"]
    page = text_of(officer, f"/people/?on={DAY}&q=赵散")
    assert names_on(page) == []
    assert "在全部记录(含已离岗、撤销前补过的)里找" in page
    wider = re.search(r'href="(\?[^"]*show=all[^"]*)"', page)
    assert wider is not None
    assert names_on(text_of(officer, "/people/" + wider[1].replace("&amp;", "&"))) == ["赵散"]


@pytest.mark.parametrize(("number", "names"), [(29, []), (30, ["甲"]), (90, ["甲", "乙"]), (3650, ["甲", "乙"])])
def test_contracts_that_end_soon_and_are_not_renewed(
    town: Township, officer: Client, number: int, names: list[str]
) -> None:
    def contract(name: str, left: int, *, renewed: bool = False) -> None:
        posting, end = somebody(town, name), DAY + timedelta(days=left)
        a_contract(posting=posting, ended_on=end)
        if renewed:
            a_contract(posting=posting, started_on=end + timedelta(days=1))

    contract("甲", 30)
    contract("乙", 90)
    contract("丙", 10, renewed=True)
    contract("丁", -1)
    a_contract(posting=somebody(town, "戊"), ended_on=None)
    assert listed(officer, contract_ending=number) == names


def test_the_desk_counts_the_contracts_that_the_list_shows(demo: DemoCounty) -> None:
    """The numbers on the desk lead here."""
    Posting.objects.get(contracts__started_on=date(2007, 3, 1)).contracts.update(ended_on=date(2010, 5, 20))
    client = logged_in("clerk_changjie")
    township = Township.objects.get(name="长街镇")
    posting = Posting.objects.filter(township=township, contracts__isnull=False).first()
    assert posting is not None
    posting.contracts.update(ended_on=date(2010, 6, 20))
    links = re.findall(r'href="(/people/\?contract_ending=\d+)".*?(\d+) 份', text_of(client, "/desk/"), re.DOTALL)
    assert links
    for address, number in links:
        assert len(names_on(text_of(client, address))) == int(number)


@pytest.mark.parametrize("check", ["any", "contract_expired", "subsidy_above_cost", "over_quota", "education"])
def test_a_check_lists_whom_the_findings_name(demo: DemoCounty, check: str) -> None:
    found = open_findings(Month(2010, 4), Township.objects.all())
    expected = {row.posting_id for row in found if row.posting_id and check in (row.check.value, "any")}
    page = text_of(logged_in("officer"), f"/people/?finding={check}")
    assert bool(expected) is (check != "education")
    assert (f"{len(expected)} 条在岗记录" if expected else "没有找到") in page
    names = Posting.objects.filter(pk__in=expected).values_list("person__name", flat=True)
    shown = names_on(page)
    assert len(shown) == min(len(expected), 50)
    assert Counter(shown) <= Counter(names)
    if check == "contract_expired":
        assert "2010年4月有异常提示“劳动合同已到期”:找到 1 人" in page
        assert "劳动合同已到期:合同 2010-02-28 已到期(2010-03-01 起)" in page


def test_without_a_standard_no_check_is_made(town: Township, officer: Client) -> None:
    somebody(town, "甲")
    response = officer.get("/people/?finding=education")
    assert response.status_code == 400
    assert "没有生效的补助标准" in response.content.decode()


def test_the_list_looks_for_no_findings_unless_asked(demo: DemoCounty, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise AssertionError("findings of the county were computed")

    monkeypatch.setattr("pages.filters.open_findings", fail)
    client = logged_in("officer")
    text_of(client, "/people/?q=zs&show=all&contract_ending=90")
    with pytest.raises(AssertionError):
        client.get("/people/?finding=any")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("on=2009-13-40", "查看日期:没有这一天,请核对年、月、日。"),
        ("on=1900-01-01", "查看日期:日期不能早于"),
        ("position=mayor", "岗位类别:没有这个选项"),
        ("township=x", "镇乡(街道):没有这个镇乡(街道)"),
        ("contract_ending=0", "合同几天内到期:请填写天数"),
        ("contract_ending=soon", "合同几天内到期:请填写天数"),
        ("finding=vacancy", "异常提示:没有这个选项"),
        ("show=some", "显示:没有这个选项"),
    ],
)
def test_what_an_address_cannot_ask_is_said_in_words_and_shows_nobody(
    town: Township, officer: Client, asked: str, said: str
) -> None:
    somebody(town, "甲")
    for path in ("/people/", "/people/export/"):
        response = officer.get(f"{path}?{asked}")
        assert response.status_code == 400
        assert said in response.content.decode()
        assert names_on(response.content.decode()) == []


def pages(client: Client, address: str, link: str) -> Iterator[list[str]]:
    """The names of every page, following the link of that name."""
    while True:
        page = text_of(client, address)
        yield names_on(page)
        found = re.search(rf'href="(\?[^"]*)">{link}<', page)
        if found is None:
            return
        address = "/people/" + found[1].replace("&amp;", "&")


@pytest.mark.both
def test_pages_show_everybody_once_in_the_same_order_both_ways(
    town: Township, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 3)
    other = a_township(name="长街镇", code="330226101")
    for number, place in enumerate([other, town, other, town]):
        somebody(place, f"协{number}")
        somebody(place, f"平{number}", position=Position.PLATFORM_STAFF)
        unit = a_unit(township=place, name="村", code=f"{place.code}{9 - number}", kind=UnitKind.VILLAGE)
        for clerk in range(2):
            somebody(place, f"村{number}{clerk}", unit=unit, position=Position.VILLAGE_COORDINATOR)
    order = ["协1", "协3", "平1", "平3", "村30", "村31", "村10", "村11"]
    order += ["协0", "协2", "平0", "平2", "村20", "村21", "村00", "村01"]

    forward = list(pages(officer, f"/people/?on={DAY}", "下一页"))
    last = Posting.objects.get(person__name=forward[-1][0])
    backward = list(pages(officer, f"/people/?on={DAY}&before={last.pk}", "上一页"))

    assert [name for page in forward for name in page] == order
    assert [len(page) for page in forward] == [3, 3, 3, 3, 3, 1]
    assert backward[::-1] == forward[:-1]


@pytest.mark.parametrize("cursor", ["after=999999", "before=", f"before={LAST_ID}"])
def test_a_cursor_that_names_nobody_is_the_first_page(town: Township, officer: Client, cursor: str) -> None:
    somebody(town, "甲")
    assert names_on(text_of(officer, f"/people/?on={DAY}&{cursor}")) == ["甲"]


@pytest.mark.parametrize("path", ["/people/", "/people/?q=zs&show=all", "/people/?finding=any", "/people/export/"])
def test_queries_do_not_grow_with_the_people(town: Township, officer: Client, path: str) -> None:
    a_policy()

    def queries(serials: range) -> int:
        for serial in serials:
            posting = a_posting(township=town, person=a_person(name="张三", national_id=a_national_id(serial)))
            a_contract(posting=posting)
            a_suspension(posting=posting)
        officer.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert officer.get(path).status_code == 200
        return len(captured)

    assert queries(range(1, 4)) == queries(range(4, 31))


def test_a_page_of_the_list_takes_eight_queries(town: Township, officer: Client) -> None:
    first, *_ = [somebody(town, name) for name in "甲乙丙"]
    with CaptureQueriesContext(connection) as captured:
        assert names_on(text_of(officer, f"/people/?on={DAY}&after={first.pk}")) == ["乙", "丙"]
    assert len(captured) <= 8


def test_a_very_long_list_is_not_counted_to_its_end(
    town: Township, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "MOST_COUNTED", 2)
    for name in "甲乙":
        somebody(town, name)
    assert "找到 2 人,2 条在岗记录。" in text_of(officer, f"/people/?on={DAY}")
    for name in "丙丁":
        somebody(town, name)
    page = text_of(officer, f"/people/?on={DAY}")
    assert "在岗记录超过 2 条" in page
    assert names_on(page) == ["甲", "乙", "丙", "丁"]


def test_among_very_many_townships_a_code_is_typed(
    town: Township, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = a_township(name="长街镇", code="330226101")
    somebody(town, "甲")
    somebody(other, "乙")
    monkeypatch.setattr(filters, "MOST_LISTED", 2)
    assert f'<option value="{other.code}">长街镇</option>' in text_of(officer, "/people/")
    monkeypatch.setattr(filters, "MOST_LISTED", 1)
    page = text_of(officer, "/people/")
    assert "镇乡(街道)区划代码" in page
    assert "<option" not in page.partition("区划代码")[2].partition("</p>")[0]
    assert listed(officer, township=other.code) == ["乙"]
    wrong = officer.get("/people/", {"township": "330226999"})
    assert (wrong.status_code, "没有这个镇乡(街道),请核对区划代码。" in wrong.content.decode()) == (400, True)


def sheet_of(content: bytes) -> list[list[object]]:
    rows = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    return [list(row) for row in rows]


@pytest.mark.parametrize(
    "asked",
    ["", "?township=330226001", "?q=zz&show=all", "?finding=any&township=330226101", "?position=assistant"],
)
def test_the_export_is_the_list(demo: DemoCounty, asked: str) -> None:
    client = logged_in("officer")
    shown = [name for page in pages(client, f"/people/{asked}", "下一页") for name in page]

    response = client.get(f"/people/export/{asked}")

    rows = sheet_of(response.content)
    header = next(number for number, row in enumerate(rows) if "姓名" in row)
    column = rows[header].index("姓名")
    exported = [row[column] for row in rows[header + 1 :]]
    assert shown
    assert exported == shown
    assert response.headers["Content-Disposition"].startswith("attachment;")


def test_the_export_masks_numbers_and_says_what_it_is(demo: DemoCounty) -> None:
    content = logged_in("auditor").get("/people/export/?township=330226001").content
    text = "\n".join(str(cell) for row in sheet_of(content) for cell in row)
    assert "跃龙街道、2010-04-30 在岗,共 42 条" in text
    assert "339900********" in text
    assert not [person for person in demo.people if person.national_id in text]
    event = AuditEvent.objects.get(action="download")
    assert event.subject_label == "人员名单 42 条:跃龙街道、2010-04-30 在岗"


@pytest.mark.parametrize("name", ["=1+1", "+8610", "-5", "@SUM(A1)"])
def test_a_name_never_becomes_a_formula(town: Township, officer: Client, name: str) -> None:
    somebody(town, name)
    sheet = openpyxl.load_workbook(io.BytesIO(officer.get(f"/people/export/?on={DAY}").content)).active
    assert sheet is not None
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == name]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_too_many_rows_are_not_exported(town: Township, officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_ROWS", 1)
    somebody(town, "甲")
    assert officer.get(f"/people/export/?on={DAY}").status_code == 200
    somebody(town, "乙")
    response = officer.get(f"/people/export/?on={DAY}")
    assert response.status_code == 400
    assert "超过 1 条" in response.content.decode()


def test_id_numbers_are_masked(demo: DemoCounty) -> None:
    page = text_of(logged_in("officer"), "/people/?show=all")
    assert "339900********" in page
    assert not [person for person in demo.people if person.national_id in page]


@pytest.mark.parametrize("role", [Role.TOWNSHIP_CLERK, Role.BUREAU_OFFICER])
def test_the_empty_list_teaches(client_of: ClientOf, role: Role) -> None:
    page = text_of(client_of(role), "/people/")
    assert "现在还没有登记" in page
    assert "第一步是导入花名册" in page


def test_a_page_weighs_little(demo: DemoCounty) -> None:
    client = logged_in("officer")
    for path in ("/people/", "/people/?township=330226001&finding=any", "/people/?show=all"):
        assert len(client.get(path).content) < 60_000


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/people/?q=%07", "姓名或拼音首字母:含看不见的字符(第 1 个字),请重新输入。"),
        ("/people/?q=张%E2%80%AE三", "姓名或拼音首字母:含看不见的字符(第 2 个字),请重新输入。"),
        ("/people/?unit=%07", "村(社区):所选的镇乡(街道)没有这个村(社区),请从列表中选择。"),
        ("/people/?township=33%07", "镇乡(街道):没有这个镇乡(街道),请从列表中选择。"),
        ("/units/?township=%07", "没有这个镇乡(街道),请从列表中选择。"),
    ],
)
def test_what_cannot_be_typed_is_refused_in_our_own_words(demo: DemoCounty, address: str, said: str) -> None:
    response = logged_in("officer").get(address)
    page = response.content.decode()
    assert said in page
    assert "不允许是用空字符串" not in page


def test_a_name_is_found_whatever_invisible_is_pasted_with_it(demo: DemoCounty) -> None:
    name = demo.corrected.name
    page = text_of(logged_in("officer"), f"/people/?q=%EF%BB%BF{name}%E2%80%8B")
    assert name in page.partition("<tbody>")[2]
