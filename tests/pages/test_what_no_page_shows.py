"""What is true of every page, whatever it tells: light, nothing inline, no id number and no birth date in any form."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from openpyxl import load_workbook

from staffing.models import Person
from subsidies.demo.county import DemoCounty
from subsidies.models import AllocationLine, SubsidyRun
from subsidies.sheets.register import SHEETS, XLSX
from tests.builders import a_national_id, a_national_id_like, a_person, a_posting, a_township
from tests.reading import HEAVIEST_PAGE
from tests.users import logged_in
from townships.models import Township

pytestmark = pytest.mark.django_db
MASKED = re.compile(r"339900\*{8}\d{3}[\dX]")
DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})|(\d\d)(\d\d))(?!\d)")
TOWNSHIP = "330226101"


def days_in(text: str) -> set[date]:
    found = set[date]()
    for match in DAY.findall(text):
        with suppress(ValueError):
            found.add(date(*(int(part) for part in match if part)))
    return found


def shown_by(response: Any) -> str:  # whatever the test client answers
    """What a reader sees of a page, an answer of the API or all worksheets of a file."""
    if not response.headers["Content-Type"].startswith(XLSX):
        return unescape(response.content.decode())
    book = load_workbook(io.BytesIO(response.content), data_only=True)
    return "\n".join(
        str(cell) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row if cell
    )


def answers_along_links(client: Client, start: str) -> Iterator[tuple[str, str]]:
    """Name of the route and what it shows, of the first page of each kind that links lead to; each page is sound."""
    waiting, seen = [start], set[str]()
    while waiting:
        address = waiting.pop(0)
        path = address.partition("?")[0]
        try:
            kind = resolve(path).url_name or path
        except Resolver404:
            continue
        if kind in seen:
            continue
        response = client.get(address)
        if response.status_code != 200:
            continue
        seen.add(kind)
        text = shown_by(response)
        yield kind, text
        if response.headers["Content-Type"].startswith("text/html"):
            assert faults_of(response) == [], address
            waiting += [link.partition("#")[0] for link in re.findall(r'href="(/[^"]*)"', text)]


def faults_of(response: Any) -> list[str]:  # whatever the test client answers
    """What no page of ours may have: weight, anything inline, a policy that would let it run, a name given twice."""
    page, policy = response.content.decode(), response.headers["Content-Security-Policy"]
    found = [mark for mark in (" style=", "<style", "<script>", " onclick=") if mark in page]
    if len(response.content) > HEAVIEST_PAGE:
        found.append("weight")
    if not policy.startswith("default-src 'self';") or "unsafe" in policy:
        found.append(policy)
    names = Counter(re.findall(r'\sid="([^"]+)"', page))
    return found + [name for name, times in names.items() if times > 1]


def answers_of_the_api(client: Client, run: SubsidyRun) -> Iterator[tuple[str, str]]:
    revision = run.current_revision_id
    line = AllocationLine.objects.filter(allocation__revision=revision, allocation__township_code=TOWNSHIP)[0]
    for path in (
        *("runs/", "months/", "reports/?month=2010-04", f"runs/{run.pk}/", f"runs/{run.pk}/issued-sheets/"),
        *(f"revisions/{revision}/", f"revisions/{revision}/lines/", f"revisions/{revision}/old-differences/"),
        *(f"lines/{line.pk}/", f"runs/{run.pk}/sheets/T2/"),
    ):
        response = client.get(f"/api/{path}")
        assert response.status_code == 200, path
        yield f"/api/{path}", shown_by(response)


@pytest.mark.parametrize("username", ["officer", "clerk_changjie"])
def test_nothing_shows_a_number_or_when_anybody_was_born(demo: DemoCounty, username: str) -> None:
    """Nobody of the demonstration was born on a day that stands in it for something else."""
    client = logged_in(username)
    births = days_in(" ".join(str(day) for day in Person.objects.values_list("born_on", flat=True)))
    number, run = demo.corrected.national_id, SubsidyRun.objects.get(state="in_review")
    person = Person.objects.with_national_id(number).get()
    # So that there are two to be listed.
    alike = a_person(name="张三", national_id=a_national_id_like(number))
    a_posting(township=Township.objects.get(code=TOWNSHIP), person=alike)
    found = [
        *answers_along_links(client, "/desk/"),
        ("person", shown_by(client.get(f"/people/{person.pk}/"))),
        ("people_by_number", shown_by(client.post("/people/by-number/", {"tail": number[-4:]}))),
        *((kind, shown_by(client.get(f"/months/2010-04/1/{kind}.xlsx"))) for kind in SHEETS),
        *answers_of_the_api(client, run),
    ]
    assert {kind for kind, text in found if births & days_in(text)} == set()
    numbers = re.compile("|".join(person.national_id for person in demo.people))
    assert {kind for kind, text in found if numbers.search(text)} == set()
    assert {"people", "people_export", "person", "people_by_number", "T2", "T3", "T4"} <= {
        kind for kind, text in found if MASKED.search(text)
    }


def test_each_fault_of_a_page_is_found() -> None:
    page = HttpResponse(
        '<p id="a" style="x"><b id="a" onclick="x"><script>', headers={"Content-Security-Policy": "unsafe"}
    )
    assert faults_of(page) == [" style=", "<script>", " onclick=", "unsafe", "a"]


@pytest.mark.parametrize("text", ["1985-03-07", "1985/3/7", "1985.03.07", "1985年3月7日", "19850307"])
def test_a_day_is_found_in_any_form(text: str) -> None:
    assert days_in(f"女,{text} 出生") == {date(1985, 3, 7)}


def test_the_page_says_the_age_of_its_day_and_the_logged_answer_the_date(demo: DemoCounty) -> None:
    """The books of the demonstration end on 30 April 2010; the number is shown once, its date with it."""
    client, township = logged_in("officer"), a_township(name="新镇", code="330226999")
    for born_on, age in ((date(1985, 4, 30), 25), (date(1985, 5, 1), 24)):
        person = a_person(national_id=a_national_id(born_on=born_on))
        a_posting(township=township, person=person)
        page = client.get(f"/people/{person.pk}/").content.decode()
        assert f"{age} 岁," in page
        assert born_on not in days_in(page)
        answer = client.post(f"/people/{person.pk}/national-id/", {"reason": "核对社保缴费"}).content.decode()
        assert f"{born_on} 出生" in answer


def test_a_refused_request_for_the_number_does_not_show_the_date(demo: DemoCounty) -> None:
    person = Person.objects.with_national_id(demo.corrected.national_id).get()
    answer = logged_in("officer").post(f"/people/{person.pk}/national-id/", {"reason": ""}).content.decode()
    assert person.born_on is not None
    assert person.born_on not in days_in(answer)
