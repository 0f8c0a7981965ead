"""Pages at the first and the last of the months and days that an address can name, and beyond them."""

import pytest
from django.test import Client

from accounts.enums import Role
from staffing.models import Posting
from subsidies.demo.county import DemoCounty
from subsidies.models import SubsidyStandard
from tests.users import ClientOf, demo_user
from townships.models import GrassrootsUnit

FIRST, LAST = "1950-01", "2199-12"
DAYS = ("1949-10-01", "1950-01-01", "2199-12-31")
BEYOND = ("0001-01-01", "1949-09-30", "2200-01-01", "9999-12-31")


@pytest.mark.parametrize(
    ("month", "links"), [(FIRST, ["1950-02"]), (LAST, ["2199-11"]), ("2010-05", ["2010-04", "2010-06"])]
)
def test_reports_lead_to_months_that_have_a_page(client_of: ClientOf, month: str, links: list[str]) -> None:
    client = client_of(Role.BUREAU_OFFICER)
    page = client.get(f"/reports/{month}/").content.decode()
    assert [text.partition("/")[0] for text in page.split('href="/reports/')[1:]] == links
    for link in links:
        assert client.get(f"/reports/{link}/").status_code == 200


@pytest.mark.parametrize("month", ["0001-01", "1949-12", "2200-01", "9999-12", "2010-13", "2010-00"])
def test_a_month_beyond_has_no_page(client_of: ClientOf, month: str) -> None:
    client = client_of(Role.BUREAU_OFFICER)
    for address in (f"/months/{month}/adjustments/", f"/reports/{month}/"):
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize("month", ["1949-12", "2200-01"])
def test_a_month_beyond_is_neither_calculated_nor_adjusted(demo: DemoCounty, month: str) -> None:
    client = _officer()
    for address, field in (("/months/calculate/", "month"), ("/months/2010-05/adjustments/add/", "for_month")):
        response = client.post(address, {field: month, "token": "once"})
        assert response.status_code == 400
        assert 'role="alert">月份不能' in response.content.decode()


def test_pages_answer_at_the_edges(demo: DemoCounty) -> None:
    client, unit, posting = _officer(), GrassrootsUnit.objects.all()[0], Posting.objects.all()[0]
    standard = SubsidyStandard.objects.all()[0]
    pages = [
        "/people/", "/people/export/", "/townships/", f"/townships/{unit.township.code}/", "/units/",
        f"/units/{unit.code}/", "/policy/",
    ]  # fmt: skip
    for page in pages:
        assert {client.get(page, {"on": day}).status_code for day in DAYS} == {200}, page
        assert {client.get(page, {"on": day}).status_code for day in BEYOND} <= {200, 400}, page
    for day in DAYS:
        for asked in ({"finding": "any"}, {"contract_ending": "3650"}, {"show": "left"}):
            assert client.get("/people/", {"on": day, **asked}).status_code in (200, 400)
    others = (f"/people/{posting.person_id}/", f"/policy/standards/{standard.pk}/", "/desk/")
    assert {client.get(page).status_code for page in others} == {200}
    for month in (FIRST, LAST):
        code = unit.township.code
        for page in (f"/months/{month}/adjustments/", f"/reports/{month}/{code}/", f"/api/reports/?month={month}"):
            assert client.get(page).status_code < 500, page


def _officer() -> Client:
    client = Client()
    client.force_login(demo_user("officer"), backend="django.contrib.auth.backends.ModelBackend")
    return client
