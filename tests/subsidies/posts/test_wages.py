"""工资 from a day on: entered on the page of a posting, in what the month costs the township."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import AuditEvent
from foundation.dates import Month
from staffing.models import Posting, Wage
from subsidies.models import AllocationLine
from subsidies.runs.services import calculate
from tests.builders import a_posting, a_township, a_wage
from tests.pages.uploading import said
from tests.reading import text_of
from tests.subsidies.months import an_approved_run
from tests.subsidies.policies import a_policy
from tests.users import MakeUser, browser

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)
FIELDS = {
    "effective_from": "2009-07-01", "monthly_wage": "2000.00", "employer_insurance": "400", "housing_fund": "100",
    "reason": "镇政〔2009〕7 号",
}  # fmt: skip


@pytest.fixture
def posting() -> Posting:
    """Paid 1,800 yuan from the first day on."""
    a_policy()
    posting = a_posting(township=a_township(), started_on=date(2009, 1, 1))
    a_wage(posting=posting, monthly_wage=Decimal("1800.00"))
    return posting


@pytest.fixture
def clerk(posting: Posting, make_user: MakeUser) -> Client:
    return browser(make_user(Role.TOWNSHIP_CLERK, township=posting.township))


def shares() -> dict[str, str]:
    """for_month -> what the township bears itself, of everything that was calculated."""
    return {str(line.for_month): str(line.township_share) for line in AllocationLine.objects.all()}


def test_a_rise_holds_from_its_day_and_not_before(posting: Posting, clerk: Client) -> None:
    person, page = f"/people/{posting.person_id}/", f"/postings/{posting.pk}/wage/"
    assert f'href="{page}?next={person}"' in text_of(clerk, person)
    shown = text_of(clerk, page)
    assert ('name="monthly_wage" value="1800.00"' in shown, "2009-01-01 起每月 1,800.00 元" in shown) == (True, True)
    an_approved_run(JUNE)
    assert clerk.post(page, {**FIELDS, "next": person}).headers["Location"] == person
    told = text_of(clerk, person)
    assert "2009-07-01 起每月 2,000.00 元,单位社保 400.00 元,住房公积金 100.00 元" in told
    assert "2009-01-01 起每月 1,800.00 元" in told
    calculate(month=JUNE + 1, actor=None)
    assert shares() == {"2009-06-01": "670.00", "2009-07-01": "970.00"}
    assert AuditEvent.objects.get(action="set_wage").reason == "镇政〔2009〕7 号"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"monthly_wage": ""}, "请填写金额。"),
        ({"monthly_wage": "两千"}, "请填写金额,例如 1500.00。"),
        ({"monthly_wage": "2000.005"}, "金额最多两位小数。"),
        ({"housing_fund": "-1"}, "金额不能小于零。"),
        ({"effective_from": ""}, "请填写日期。"),
        ({"effective_from": "2008-12-31"}, "2009-01-01 才到岗,工资的执行日期不能更早。"),
        ({"reason": ""}, "请填写依据文件;没有文件的,请在下面写明原因。"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_saved(
    posting: Posting, clerk: Client, fields: dict[str, str], why: str
) -> None:
    response = clerk.post(f"/postings/{posting.pk}/wage/", {**FIELDS, **fields})
    assert (response.status_code, said(response)) == (400, why)
    assert Wage.objects.get().monthly_wage == Decimal("1800.00")


def test_nobody_of_another_township_is_touched(posting: Posting, make_user: MakeUser) -> None:
    far = make_user(Role.TOWNSHIP_CLERK, username="far", township=a_township(name="长街镇", code="330226101"))
    assert browser(far).post(f"/postings/{posting.pk}/wage/", FIELDS).status_code == 404
