"""本年累计: the approved months of the calendar year and the run itself, each run once, on sheet, page and API."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from accounts.enums import Role
from foundation.dates import Month
from subsidies.calculation.adjusting import adjust
from subsidies.models import SubsidyRun
from subsidies.runs.services import calculate, send_back
from tests.builders import a_posting, a_township
from tests.reading import text_of
from tests.subsidies.months import an_approved_run
from tests.subsidies.policies import NOW, a_policy
from tests.subsidies.sheets.sheet_files import read_sheet
from tests.users import ClientOf
from townships.models import Township

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER, JANUARY = Month(2009, 11), Month(2009, 12), Month(2010, 1)


@pytest.fixture
def townships() -> list[Township]:
    """Two; an assistant in each, at 1,530.00 a month."""
    a_policy()
    found = [a_township(), a_township(name="长街镇", code="330226101")]
    for township in found:
        a_posting(township=township)
    return found


@pytest.fixture
def officer(client_of: ClientOf) -> Client:
    return client_of(Role.BUREAU_OFFICER)


def said_of(officer: Client, run: SubsidyRun) -> list[str]:
    """本年累计 of each township and of both together; sheet, page and API say the same."""
    run.refresh_from_db()
    address = f"/months/{run.period}/{run.number}/"
    sheet = read_sheet(officer.get(f"{address}T1.xlsx").content)
    column = sheet.column("本年累计")
    on_sheet = [f"{row[column]:,.2f}" for row in (*sheet.people(), sheet.total_row)]

    table = text_of(officer, address).partition('<table class="month-table">')[2].partition("</table>")[0]
    in_rows = [re.findall(r'<td class="number">([^<]*)</td>', row) for row in table.split("<tr>") if "<td" in row]
    on_page = [cells[-1] for cells in in_rows]

    answer = officer.get(f"/api/revisions/{run.current_revision_id}/").json()
    figures = [*(row["figures"] for row in answer["townships"]), answer["figures"]]
    by_api = [f"{Decimal(row['year_to_date']):,.2f}" for row in figures]
    assert on_sheet == on_page == by_api
    return on_sheet


def test_a_year_begins_anew(townships: list[Township], officer: Client) -> None:
    an_approved_run(NOVEMBER)
    december = an_approved_run(DECEMBER)
    assert said_of(officer, december) == ["3,060.00", "3,060.00", "6,120.00"]
    january = an_approved_run(JANUARY)
    assert said_of(officer, january) == ["1,530.00", "1,530.00", "3,060.00"]
    # What is approved later changes nothing of what an earlier month said.
    assert said_of(officer, december) == ["3,060.00", "3,060.00", "6,120.00"]
    # A month that waits counts itself, and nothing else that waits.
    february = calculate(month=JANUARY + 1, actor=None).run
    assert said_of(officer, february) == ["3,060.00", "3,060.00", "6,120.00"]
    assert said_of(officer, january) == ["1,530.00", "1,530.00", "3,060.00"]


def test_a_supplementary_run_comes_on_top_of_the_first(townships: list[Township], officer: Client) -> None:
    an_approved_run(DECEMBER)
    first = an_approved_run(JANUARY)
    a_posting(township=townships[0], started_on=JANUARY.first)
    second = an_approved_run(JANUARY)
    assert (second.number, said_of(officer, second)) == (2, ["3,060.00", "1,530.00", "4,590.00"])
    assert said_of(officer, first) == ["1,530.00", "1,530.00", "3,060.00"]
    february = calculate(month=JANUARY + 1, actor=None).run
    assert said_of(officer, february) == ["6,120.00", "3,060.00", "9,180.00"]


def test_a_run_that_was_returned_counts_once_as_it_was_approved_in_the_end(
    townships: list[Township], officer: Client
) -> None:
    january = an_approved_run(JANUARY)
    send_back(run=january, actor=None, reason="漏列", now=NOW)
    adjust(
        month=JANUARY, township=townships[0], person=None, for_month=JANUARY, amount=Decimal("-30.50"),
        document="函", reason="误发", actor=None,
    )  # fmt: skip
    assert said_of(officer, january) == ["1,530.00", "1,530.00", "3,060.00"]
    assert an_approved_run(JANUARY).current_revision_id != january.current_revision_id
    assert said_of(officer, january) == ["1,499.50", "1,530.00", "3,029.50"]
    february = calculate(month=JANUARY + 1, actor=None).run
    assert said_of(officer, february) == ["3,029.50", "3,060.00", "6,089.50"]
