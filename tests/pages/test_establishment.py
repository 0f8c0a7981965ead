"""The establishment: page, sheet, API, sheet T8 and a table counted by hand say the same."""

import io
import re
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.enums import Role
from accounts.models import AuditEvent
from staffing.enums import Position, Sex
from staffing.models import Person
from subsidies.demo.county import DemoCounty
from subsidies.models import Allocation, SubsidyRun
from subsidies.posts.establishment import establishment_on
from subsidies.sheets.t8 import t8_sheet
from tests.builders import a_grant, a_person, a_posting, a_suspension, a_township, a_unit
from tests.reading import text_of, words
from tests.subsidies.policies import a_policy
from tests.subsidies.posts.naive_places import naive_places
from tests.subsidies.posts.random_county import a_random_county
from tests.users import ClientOf, browser, demo_user, logged_in
from townships.enums import TownshipKind, UnitKind
from townships.models import Township

pytestmark = pytest.mark.django_db
DAY = date(2009, 6, 15)
ON = "?on=2009-06-15"
# Of what `counted_by_hand` makes: 应配 已配 缺员 缺员天数, 名额 其中增配 已配 缺员 缺员天数 超配,
# twice 名额 已配 缺员 缺员天数 超配, 应配 已配 缺员 超配.
BY_HAND = [
    ["跃龙街道", 5, 3, 2, 166, 4, 1, 2, 2, 166, 0, 1, 1, 0, None, 0, 1, 0, 1, 15, 0, 11, 6, 5, 0],
    ["力洋镇", 3, 4, 0, None, 2, 0, 2, 0, None, 1, 0, 0, 0, None, 0, 0, 0, 0, None, 0, 5, 6, 0, 1],
    ["合计", 8, 7, 2, 166, 6, 1, 4, 2, 166, 1, 1, 1, 0, None, 0, 1, 0, 1, 15, 0, 16, 12, 5, 1],
]
# By name, as the API says it.
DAYS_BY_HAND = {"platform_staff": [166, 166], "assistant": [166, 10], "village_coordinator": [15]}


@pytest.fixture
def counted_by_hand(db: None) -> tuple[Township, Township]:
    """An assistant left on 5 June, a village's coordinator on 31 May; one assistant is one too many."""
    a_policy()
    here = a_township()
    there = a_township(name="力洋镇", code="330226102", kind=TownshipKind.TOWN)
    a_grant(township=here)
    for number in range(3):
        a_posting(township=here, person=a_person(name=f"平{number}"), position=Position.PLATFORM_STAFF)
    a_posting(township=here, person=a_person(name="甲"))
    a_posting(township=here, person=a_person(name="乙"))
    a_posting(township=here, person=a_person(name="丙"), ended_on=date(2009, 6, 5))
    a_posting(township=here, unit=a_unit(township=here), position=Position.COMMUNITY_COORDINATOR)
    village = a_unit(township=here, name="下洋村", kind=UnitKind.VILLAGE)
    a_posting(township=here, unit=village, position=Position.VILLAGE_COORDINATOR, ended_on=date(2009, 5, 31))
    for number in range(4):
        a_posting(township=there, person=a_person(name=f"台{number}"), position=Position.PLATFORM_STAFF)
    for number in range(3):
        a_posting(township=there, person=a_person(name=f"协{number}"))
    return here, there


def export(client: Client, query: str = ON) -> Any:
    """The workbook."""
    response = client.get(f"/establishment/export/{query}")
    assert response.status_code == 200
    return load_workbook(io.BytesIO(response.content), data_only=True)


def rows_of(book: Any) -> list[list[Any]]:
    """Name and numbers of each row of its first sheet, the total last."""
    found = []
    for row in book.worksheets[0].iter_rows(values_only=True):
        if isinstance(row[0], int) or row[1] == "合计":
            found.append([row[1], *row[3:]])
    return found


def rows_on(page: str) -> list[list[Any]]:
    """The same of the page's table of townships, which shows a dash for nothing."""
    table = re.search(r'<table class="month-table">.*?</table>', page, re.DOTALL)
    assert table is not None
    found = []
    for row in re.findall(r"<tr>(.*?)</tr>", table[0], re.DOTALL)[2:]:
        name = re.search(r'<th scope="row".*?>(?:<a[^>]*>)?([^<]+)<', row)
        assert name is not None
        cells = [words(cell) for cell in re.findall(r'<td class="number">(.*?)</td>', row, re.DOTALL)]
        found.append([name[1], *(0 if cell == "–" else int(cell) for cell in cells)])
    return found


def zero(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [[0 if cell is None else cell for cell in row] for row in rows]


@pytest.mark.usefixtures("counted_by_hand")
def test_page_sheet_and_api_say_what_was_counted_by_hand(client_of: ClientOf) -> None:
    auditor = client_of(Role.AUDITOR)
    assert rows_of(export(auditor)) == BY_HAND
    assert rows_on(text_of(auditor, f"/establishment/{ON}")) == zero(BY_HAND)
    told = auditor.get(f"/api/establishment/{ON}").json()
    assert {row["position"]: row["days_vacant"] for row in told["positions"] if row["vacant"]} == DAYS_BY_HAND
    assert told["together"] == {"norm": 16, "filled": 12, "vacant": 5, "over": 1, "unplaced": 0}
    assert [(row["township"], row["unit_name"], row["since"], row["days"]) for row in told["vacant"]] == [
        *[("330226001", "", "2009-01-01", 166)] * 3,
        ("330226001", "下洋村", "2009-06-01", 15),
        ("330226001", "", "2009-06-06", 10),
    ]
    assert told["everybody"] == {
        "position": None,
        "on_post": 13,
        "before": 0,
        "now": 13,
        "left": 2,
        "turnover_percent": "30.8",
        "months_served": 5,
    }


@pytest.mark.usefixtures("counted_by_hand")
def test_the_page_answers_in_sentences(client_of: ClientOf) -> None:
    said = words(text_of(client_of(Role.BUREAU_APPROVER), f"/establishment/{ON}"))
    assert "2个镇乡(街道)应配16人,已配12人,缺5人;另有1人超出补助名额" in said
    assert "缺得最久的166天(跃龙街道),中位数166天。近12个月离岗2人次,流动率30.8%" in said
    assert "下洋村" in said


def test_page_sheet_api_and_t8_agree_on_the_demonstration(demo: DemoCounty, waiting: SubsidyRun) -> None:
    assert waiting.current_revision is not None
    query = f"?on={waiting.period.last}"
    client = logged_in("officer")
    t8 = t8_sheet(waiting.current_revision, Allocation.objects.all(), "")
    told = client.get(f"/api/establishment/{query}").json()
    from_api = [
        [row["name"], *(cell[key] for cell in row["positions"] for key in ("norm", "filled", "vacant", "over"))]
        for row in told["townships"]
    ]
    assert from_api == [[row[1], *list(row)[3:]] for row in t8.rows if not hasattr(row, "sums")]
    sheet = rows_of(export(client, query))
    assert rows_on(text_of(client, f"/establishment/{query}")) == zero(sheet)
    # 应配 and 名额, 已配, 缺员 and 超配 of each position, as far as the sheet has them.
    picked = [0, 1, 2, 3, 5, 7, 8, 10, 11, 12, 13, 15, 16, 17, 18, 20]
    without_over_of_staff = [[row[0], *row[1:4], *row[5:]] for row in from_api]
    assert [[row[index] for index in picked] for row in sheet[:-1]] == without_over_of_staff


@pytest.mark.parametrize("seed", range(3))
def test_vacancies_of_a_random_county_last_as_long_as_a_second_count_of_days_says(seed: int) -> None:
    a_policy()
    a_random_county(Random(seed))
    day = date(2009, 9, 20)
    found = establishment_on(day, Township.objects.all())
    one = timedelta(days=1)
    assert found.vacant
    for row in found.townships:
        for cell in row.positions:
            assert len(cell.days_vacant) == cell.staffing.vacant
    checked: dict[date, Any] = {}
    for row in found.townships:
        cell = next(cell for cell in row.positions if cell.position is Position.ASSISTANT)
        for number, days in enumerate(cell.days_vacant, 1):
            since = day - timedelta(days=days - 1)
            for looked_at, expected in ((since, True), (since - one, False)):
                if looked_at >= date(2009, 1, 1):
                    checked[looked_at] = checked.get(looked_at) or naive_places(looked_at)
                    vacant = checked[looked_at][row.places.name]["assistant"][2]
                    assert (vacant >= number) is expected, (row.places.name, number, looked_at)


def test_statements_do_not_grow_with_the_county(client_of: ClientOf) -> None:
    a_policy()
    client, counts = client_of(Role.BUREAU_OFFICER), []
    for number in range(30):
        township = a_township(code=f"3302261{number:02d}", name=f"镇{number}")
        a_posting(township=township, person=a_person(name=f"协{number}"))
        a_posting(township=township, unit=a_unit(township=township), position=Position.COMMUNITY_COORDINATOR)
        if number in (2, 29):
            for path in ("/establishment/", "/establishment/export/", "/api/establishment/"):
                with CaptureQueriesContext(connection) as captured:
                    assert client.get(f"{path}{ON}").status_code == 200
                counts.append(len(captured))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 20


def test_clerk_sees_the_own_township_and_no_other(demo: DemoCounty) -> None:
    client = logged_in("clerk_changjie")
    for query in ("", "?township=330226001"):
        page = text_of(client, f"/establishment/{query}")
        assert "长街镇编制与配备" in page
        assert "跃龙街道" not in page
        assert "month-table" not in page
        book = export(client, query)
        assert [row[0] for row in rows_of(book)] == ["长街镇", "合计"]
        assert {row[1] for row in book.worksheets[1].iter_rows(min_row=5, values_only=True)} <= {"长街镇", None}
    own = client.get("/api/establishment/?on=2010-04-30").json()
    assert [row["code"] for row in own["townships"]] == ["330226101"]
    foreign = client.get("/api/establishment/?on=2010-04-30&township=330226001")
    assert foreign.status_code == 400
    assert foreign.json()["errors"][0] == {"field": "township", "detail": "没有这个镇乡(街道),请核对代码。"}


def test_an_officer_looks_at_one_township_as_its_clerk_does(demo: DemoCounty) -> None:
    officer, clerk = logged_in("officer"), logged_in("clerk_changjie")
    assert rows_of(export(officer, "?township=330226101")) == rows_of(export(clerk, ""))
    query = "?on=2010-04-30"
    assert officer.get(f"/api/establishment/{query}&township=330226101").json() == (
        clerk.get(f"/api/establishment/{query}").json()
    )


def test_who_may_not_see_places_is_refused(client_of: ClientOf) -> None:
    finance = client_of(Role.FINANCE_OFFICER)
    for path in ("/establishment/", "/establishment/export/", f"/api/establishment/{ON}"):
        assert finance.get(path).status_code == 403


@pytest.mark.usefixtures("counted_by_hand")
@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("on=2009-02-30", "没有这一天"),
        ("on=yesterday", "日期请写成 2009-06-15 的形式"),
        ("on=1899-01-01", "日期不能早于 1949-10-01"),
        ("on=2500-01-01", "日期不能晚于 2199-12-31"),
        ("township=999", "没有这个镇乡(街道)"),
    ],
)
def test_odd_addresses_are_answered_in_words(client_of: ClientOf, query: str, problem: str) -> None:
    client = client_of(Role.BUREAU_OFFICER)
    for path in ("/establishment/", "/establishment/export/"):
        response = client.get(f"{path}?{query}")
        assert response.status_code == 400
        assert problem in response.content.decode()
    told = client.get(f"/api/establishment/?on=2009-06-15&{query}")
    assert told.status_code == 400
    assert problem in told.json()["errors"][0]["detail"]


def test_the_api_wants_to_know_the_day(client_of: ClientOf) -> None:
    response = client_of(Role.AUDITOR).get("/api/establishment/")
    assert response.json()["errors"] == [{"field": "on", "detail": "请写明日期,例如 2009-06-15。"}]


@pytest.mark.usefixtures("counted_by_hand")
@pytest.mark.parametrize("on", ["1949-10-01", "2008-12-31", "2199-12-31"])
def test_the_first_and_the_last_day_there_are_can_be_looked_at(client_of: ClientOf, on: str) -> None:
    client = client_of(Role.BUREAU_OFFICER)
    page = text_of(client, f"/establishment/?on={on}")
    assert ("应配人数无法确定" in page) is (on < "2009")
    book = export(client, f"?on={on}")
    assert ("应配人数无法确定" in str(book.worksheets[0]["A2"].value)) is (on < "2009")
    told = client.get(f"/api/establishment/?on={on}").json()
    assert [bool(row["positions"]) for row in told["townships"]] == [on > "2009"] * 2


def test_an_empty_county_says_what_to_do_first(client_of: ClientOf) -> None:
    client = client_of(Role.BUREAU_OFFICER)
    assert "第一步是导入区划" in text_of(client, "/establishment/")
    assert rows_of(export(client, ""))[0][0] == "合计"


def test_ages_and_retirements_are_told_of_the_usual_day_only(client_of: ClientOf) -> None:
    """On one day after another somebody's birthday could be read off them."""
    a_policy()
    old = a_person(name="老")
    Person.objects.filter(pk=old.pk).update(born_on=date(1966, 10, 1), sex=Sex.MALE.value)
    a_posting(township=a_township(), person=old)
    client = client_of(Role.BUREAU_OFFICER)
    today = text_of(client, "/establishment/")
    assert "在岗人员年龄" in today
    assert "一年内到龄" in today
    other = text_of(client, f"/establishment/{ON}")
    assert "在岗人员年龄" not in other
    assert "年龄和到龄人数只按现在的日期统计" in other
    footers = [
        "".join(str(cell) for row in export(client, query).worksheets[0].iter_rows(values_only=True) for cell in row)
        for query in ("", ON)
    ]
    assert ["退休年龄" in text for text in footers] == ["岁" in text for text in footers] == [True, False]
    assert "retiring" not in client.get(f"/api/establishment/{ON}").content.decode()


def test_who_is_suspended_is_not_on_post_and_has_not_left(client_of: ClientOf) -> None:
    a_policy()
    posting = a_posting(township=a_township())
    a_suspension(posting=posting, started_on=date(2009, 6, 1))
    told = client_of(Role.AUDITOR).get(f"/api/establishment/{ON}").json()["everybody"]
    assert (told["on_post"], told["now"], told["left"], told["months_served"]) == (0, 1, 0, None)


def test_an_export_is_an_event_with_its_day(demo: DemoCounty) -> None:
    export(logged_in("officer"), "?on=2010-04-30&township=330226101")
    event = AuditEvent.objects.get(action="download")
    assert event.subject_label == "编制与配备 长街镇 2010-04-30"


def test_the_pages_of_places_lead_to_it(demo: DemoCounty) -> None:
    for username, path in (("officer", "/townships/"), ("clerk_changjie", "/units/"), ("auditor", "/desk/")):
        assert 'href="/establishment/"' in text_of(browser(demo_user(username)), path)
    assert 'href="/establishment/"' not in text_of(logged_in("finance"), "/desk/")
