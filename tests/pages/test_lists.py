"""Lists of people and of units: sorted by any head, page by page, and as a file."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import AuditEvent
from foundation.lists import paging, sorting
from pages.people_columns import FINDING, PEOPLE_COLUMNS
from pages.unit_columns import UNIT_COLUMNS
from staffing.enums import Education, Position
from staffing.models import Posting
from staffing.names import spelling
from subsidies.demo.county import DemoCounty
from tests.builders import a_contract, a_household_count, a_person, a_posting, a_township, a_unit
from tests.reading import text_of
from tests.users import ClientOf, logged_in
from townships.enums import UnitKind
from townships.models import GrassrootsUnit

pytestmark = pytest.mark.django_db
DAY = date(2010, 4, 15)
PEOPLE = f"/people/?on={DAY}"
UNITS = f"/units/?on={DAY}"


@pytest.fixture
def officer(client_of: ClientOf) -> Client:
    return client_of(Role.BUREAU_OFFICER)


def body(page: str) -> list[list[str]]:
    """The cells of the list's rows."""
    rows = re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2].partition("</tbody>")[0], re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells]


def pages(client: Client, address: str, link: str = "下一页") -> Iterator[str]:
    """Every page, following the link of that name."""
    path = address.partition("?")[0]
    while True:
        page = text_of(client, address)
        yield page
        found = re.search(rf'href="(\?[^"]*)">{link}<', page)
        if found is None:
            return
        address = path + found[1].replace("&amp;", "&")


def a_mixed_roster() -> None:
    """Nine people with equal names, days and educations, some of each unknown."""
    town, other = a_township(), a_township(name="长街镇", code="330226101")
    village = a_unit(township=other, name="范家村", code="330226101200", kind=UnitKind.VILLAGE)
    names = ["张三", "李四", "张三", "安然", "单雄信", "李四", "张三", "王五", "曾志伟"]
    levels = [Education.COLLEGE, None, Education.PRIMARY]
    for number, name in enumerate(names):
        posting = a_posting(
            township=other if number % 2 else town,
            unit=village if number == 5 else None,
            position=Position.VILLAGE_COORDINATOR if number == 5 else Position.ASSISTANT,
            person=a_person(name=name, education=levels[number % 3]),
            started_on=date(2009, 1 + number % 4, 1),
            ended_on=DAY + timedelta(days=number) if number % 2 else None,
        )
        if number % 3:
            a_contract(posting=posting, ended_on=DAY + timedelta(days=100 - number) if number % 2 else None)


BY: dict[str, Callable[[Posting], Any]] = {
    "township": lambda posting: posting.township.code,
    "unit": lambda posting: posting.unit and spelling(posting.unit.name),
    "position": lambda posting: list(Position).index(Position(posting.position)),
    "name": lambda posting: spelling(posting.person.name),
    "started_on": lambda posting: posting.started_on,
    "ended_on": lambda posting: posting.ended_on,
}


def people_on(page: str) -> list[int]:
    """The people of the list's rows, of whom each has one posting."""
    return [int(key) for key in re.findall(r'<th scope="row" class="place"><a href="/people/(\d+)/"', page)]


@pytest.mark.both
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("head", [column.name for column in PEOPLE_COLUMNS if column.name != FINDING])
def test_people_are_sorted_by_each_head_and_shown_once(
    officer: Client, monkeypatch: pytest.MonkeyPatch, head: str, sign: str
) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    a_mixed_roster()
    address = f"{PEOPLE}&sort={sign}{head}"

    forward = list(map(people_on, pages(officer, address)))
    last = Posting.objects.get(person=forward[-1][0])
    backward = list(map(people_on, pages(officer, f"{address}&before={last.pk}", "上一页")))

    rows = [person for page in forward for person in page]
    of_person = {posting.person_id: posting for posting in Posting.objects.all()}
    assert sorted(rows) == sorted(of_person)
    assert backward[::-1] == forward[:-1]
    if head in BY:
        keys = [BY[head](of_person[person]) for person in rows]
        filled = [key for key in keys if key is not None]
        assert filled == sorted(filled, reverse=bool(sign))
        assert keys == [*filled, *([None] * (len(keys) - len(filled)))]


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("head", [column.name for column in UNIT_COLUMNS])
def test_units_are_sorted_by_each_head_and_shown_once(
    officer: Client, monkeypatch: pytest.MonkeyPatch, head: str, sign: str
) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    town, other = a_township(), a_township(name="长街镇", code="330226101")
    for number, name in enumerate(["张村", "李村", "单家村", "安村", "王村"]):
        place = other if number % 2 else town
        unit = a_unit(township=place, name=name, code=f"{place.code}20{number}", kind=UnitKind.VILLAGE)
        if number % 3:
            a_household_count(unit=unit, households=100 * (number % 2) + 50)

    forward = list(map(body, pages(officer, f"{UNITS}&sort={sign}{head}")))

    names = [row[1] for page in forward for row in page]
    assert sorted(names) == sorted(GrassrootsUnit.objects.values_list("name", flat=True))
    code = GrassrootsUnit.objects.get(name=names[-1]).code
    assert list(map(body, pages(officer, f"{UNITS}&sort={sign}{head}&before={code}", "上一页")))[::-1] == forward[:-1]
    if head == "name":
        assert names == sorted(names, key=spelling, reverse=bool(sign))
    if head == "households":
        assert [row[4] for page in forward for row in page] == [
            *sorted(["150", "50", "50"], key=int, reverse=bool(sign)),
            "没有",
            "没有",
        ]


@pytest.mark.parametrize("path", ["/people/", "/people/export/", "/units/", "/units/export/"])
@pytest.mark.parametrize("asked", ["sort=salary", "sort=-", "cols=name,salary"])
def test_a_head_that_the_list_does_not_have_is_told_and_shows_nobody(demo: DemoCounty, path: str, asked: str) -> None:
    response = logged_in("officer").get(f"{path}?{asked}")
    page = response.content.decode()
    assert response.status_code == 400
    assert f"地址里的 {asked[:4]} " in page
    assert "salary" not in page


def test_a_list_too_long_to_sort_in_memory_is_sorted_by_names_and_places_only(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_mixed_roster()
    monkeypatch.setattr(sorting, "MOST_SORTED", 8)
    page = text_of(officer, f"{PEOPLE}&sort=started_on")
    assert "不能按“到岗日期”排序" in page
    assert body(page) == body(text_of(officer, PEOPLE))
    heads = re.findall(r'<a class="sort" href="[^"]*sort=(\w+)"', page)
    assert heads == ["township", "name"]
    names = [row[3] for row in body(text_of(officer, f"{PEOPLE}&sort=-name"))]
    assert names == sorted(names, key=spelling, reverse=True)


def sheet_of(client: Client, address: str) -> list[list[str]]:
    """Head and rows of a file, as text, without the numbers of its rows."""
    rows = openpyxl.load_workbook(io.BytesIO(client.get(address).content)).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    told = [["" if cell is None else str(cell).removesuffix(" 00:00:00") for cell in row] for row in rows]
    head = next(number for number, row in enumerate(told) if row[0] == "序号")
    return [row[1:] for row in told[head:]]


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "&sort=-name",
        "&sort=education&cols=education,unit",
        "&sort=contract_ends&position=assistant",
        "&finding=any&sort=-finding&cols=finding",
    ],
)
def test_the_file_of_people_is_what_the_pages_show(demo: DemoCounty, asked: str) -> None:
    client = logged_in("auditor")
    page = text_of(client, f"/people/?show=all{asked}")
    heads = [re.sub(r"<[^>]+>|[▲▼]", "", head) for head in re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", page)]
    shown = [row[:-1] for some in pages(client, f"/people/?show=all{asked}") for row in body(some)]
    head, *rows = sheet_of(client, f"/people/export/?show=all{asked}")
    assert head == heads[:-1]
    # The page says in words that a number is missing, and puts findings on lines of their own.
    assert [[cell.replace(";", "") for cell in row] for row in rows] == [
        [cell if head[place] != "身份证号" else cell.removesuffix("未登记") for place, cell in enumerate(row)]
        for row in shown
    ]


@pytest.mark.parametrize("asked", ["", "?sort=-households", "?township=330226001&sort=name&cols=amount,coordinator"])
def test_the_file_of_units_is_what_the_pages_show(demo: DemoCounty, asked: str) -> None:
    client = logged_in("auditor")
    shown = [row for some in pages(client, f"/units/{asked}") for row in body(some)]
    head, *rows = sheet_of(client, f"/units/export/{asked}")
    assert [row[head.index("村(社区)")] for row in rows] == [row[head.index("村(社区)")] for row in shown]
    place = head.index("补助标准(元/月)")
    amounts = [f"{float(row[place]):,.2f}" if row[place] else "" for row in rows]
    assert amounts == [row[place] for row in shown]
    assert AuditEvent.objects.get(action="download").subject_label.startswith(f"村(社区)名单 {len(rows)} 条:")


def test_a_clerk_lists_and_exports_the_units_of_the_own_township_only(demo: DemoCounty) -> None:
    _, *rows = sheet_of(logged_in("clerk_changjie"), "/units/export/?township=330226001&sort=name")
    own = GrassrootsUnit.objects.filter(township__code="330226101", closed_on=None)
    assert sorted(row[0] for row in rows) == sorted(own.values_list("name", flat=True))


@pytest.mark.parametrize("address", ["/people/?sort=-education&cols=unit,education", "/people/?sort=name", "/units/"])
def test_a_list_asks_the_same_of_the_database_with_three_rows_and_with_thirty(officer: Client, address: str) -> None:
    town = a_township()

    def queries(numbers: range) -> int:
        for number in numbers:
            unit = a_unit(township=town, name=f"村{number}", code=f"330226001{number:03}", kind=UnitKind.VILLAGE)
            person = a_person(name=f"张{number}")
            a_posting(township=town, unit=unit, position=Position.VILLAGE_COORDINATOR, person=person)
        officer.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert officer.get(address).status_code == 200
        return len(captured)

    assert queries(range(3)) == queries(range(3, 30)) <= (8 if "people" in address else 20)
