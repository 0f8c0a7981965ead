"""Townships that a run leaves out: said in words that are true whether they never reported or nobody looked at it."""

import pytest
from django.test import Client

from accounts.enums import Role
from foundation.dates import Month
from subsidies.models import Allocation, LedgerParameters, Revision
from subsidies.reports.services import accept_report
from subsidies.reports.waiting import waiting_reports
from subsidies.revisions.differences import change_rows
from subsidies.runs.services import calculate
from tests.builders import a_posting, a_township
from tests.reading import text_of
from tests.subsidies.months import a_submitted_report, an_accepted_report, an_approved_run
from tests.subsidies.policies import NOW, a_policy
from tests.subsidies.sheets.sheet_files import sheet_file
from tests.users import ClientOf, MakeUser
from townships.models import Township

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)
UNTRUE = ("未报", "迟报", "还没有报")


@pytest.fixture
def townships() -> tuple[Township, Township, Township]:
    """One whose report is accepted, one whose report waits for the bureau, one that never reported."""
    a_policy()
    names = {"330226001": "跃龙街道", "330226101": "长街镇", "330226102": "力洋镇"}
    accepted_one, waiting, silent = (a_township(name=name, code=code) for code, name in names.items())
    for township in (accepted_one, waiting, silent):
        a_posting(township=township)
    LedgerParameters.objects.create(county=waiting.county, reports_required=True)
    an_accepted_report(accepted_one)
    a_submitted_report(waiting)
    return accepted_one, waiting, silent


@pytest.fixture
def revision(townships: tuple[Township, Township, Township]) -> Revision:
    return calculate(month=JUNE, actor=None).revision


@pytest.fixture
def officer(client_of: ClientOf) -> Client:
    return client_of(Role.BUREAU_OFFICER)


def test_the_month_says_who_is_in_it_and_what_lies_unreviewed(revision: Revision, officer: Client) -> None:
    page = text_of(officer, "/months/2009-06/1/")
    assert "3 个镇乡(街道)中列入 1 个(2 个本月未结算),合计 1,530.00 元" in page
    assert page.count("<strong>未结算</strong>") == 2
    assert "不在这次核算内:长街镇、力洋镇。" in page
    assert "有 1 个镇乡(街道)的月报已上报、还没有审核,审核通过的才能结算:长街镇。" in page
    assert not [word for word in UNTRUE if word in page]


def test_who_calculates_is_told_before(townships: tuple[Township, Township, Township], officer: Client) -> None:
    assert waiting_reports(JUNE - 1) is None
    found = waiting_reports(JUNE + 1)
    assert found is not None
    assert (found.month, found.townships) == (JUNE, ["长街镇"])
    calculate(month=JUNE, actor=None)
    assert "审核通过的才能结算:长街镇。" in text_of(officer, "/months/")
    LedgerParameters.objects.update(reports_required=False)
    assert waiting_reports(JUNE) is None


def test_sheet_and_pages_of_approval_and_township_say_the_same(revision: Revision, client_of: ClientOf) -> None:
    sheet = sheet_file(revision, "T1")
    remarks = {row[1]: row[sheet.column("备注")] for row in sheet.people()}
    assert remarks["长街镇"] == remarks["力洋镇"] == "本月未结算(月报未审核通过)"
    assert "本月未结算" not in str(remarks["跃龙街道"])
    approver = client_of(Role.BUREAU_APPROVER)
    for path in ("/months/2009-06/1/approve/", "/months/2009-06/1/330226101/"):
        page = text_of(approver, path)
        assert "本月未结算" in page
        assert not [word for word in UNTRUE if word in page]


def test_the_cause_of_what_is_settled_later_is_true_of_both(
    townships: tuple[Township, Township, Township], make_user: MakeUser
) -> None:
    accepted_one, waiting, _ = townships
    an_approved_run(JUNE, approver=make_user(Role.BUREAU_APPROVER))
    accept_report(report=waiting.reports.get(), actor=None, now=NOW)
    an_accepted_report(accepted_one, JUNE + 1)
    revision = calculate(month=JUNE + 1, actor=None).revision
    found = [row for row in change_rows(revision, Allocation.objects.all()) if row.township_name == "长街镇"]
    assert [(row.cause and row.cause.value, row.label) for row in found] == [("report_late", "月报迟报或未审核")]
