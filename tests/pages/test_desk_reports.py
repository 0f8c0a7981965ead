"""What the desks tell of reports: accepted ones that are stale, of whatever month, and townships that are late."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from subsidies.models import LedgerParameters
from subsidies.reports.services import return_report
from tests.builders import a_posting, a_township
from tests.reading import text_of, words
from tests.subsidies.months import JUNE, a_submitted_report, an_accepted_report, an_approved_run
from tests.subsidies.policies import NOW, a_policy
from tests.users import ClientOf, MakeUser
from townships.models import Township

pytestmark = pytest.mark.django_db


@pytest.fixture
def townships(monkeypatch: pytest.MonkeyPatch) -> tuple[Township, Township]:
    """Two townships with one assistant each; reports are required, the ledger begins in June; it is 26 July 2009."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda now=None: date(2009, 7, 26))
    a_policy()
    near, far = a_township(), a_township(name="长街镇", code="330226101")
    for township in (near, far):
        a_posting(township=township)
    LedgerParameters.objects.create(county=near.county, reports_required=True, first_month=JUNE.first)
    return near, far


@pytest.fixture
def clerk(townships: tuple[Township, Township], make_user: MakeUser) -> Client:
    client = Client()
    user = make_user(Role.TOWNSHIP_CLERK, township=townships[0])
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def desk(client: Client) -> str:
    """What its tasks say, without spaces."""
    return words(text_of(client, "/desk/")).partition("待办事项")[2]


def test_a_stale_accepted_report_is_a_task_of_its_clerk_and_comes_first(
    townships: tuple[Township, Township], clerk: Client
) -> None:
    near, _ = townships
    an_accepted_report(near)
    assert clerk.get("/my-month/").headers["Location"] == f"/reports/2009-07/{near.code}/"
    a_posting(township=near)
    told = desk(clerk)
    assert told.index("审核通过以后又有变动的月报,请核对变动,重新上报") < told.index("2009年7月月报还没有上报")
    assert f'<a href="/reports/2009-06/{near.code}/">2009年6月</a>' in text_of(clerk, "/desk/")
    assert clerk.get("/my-month/").headers["Location"] == f"/reports/2009-06/{near.code}/"


@pytest.mark.parametrize("role", [Role.BUREAU_OFFICER, Role.BUREAU_APPROVER])
def test_officer_and_approver_read_of_which_township_and_month(
    townships: tuple[Township, Township], client_of: ClientOf, role: Role
) -> None:
    near, far = townships
    for month in (JUNE, JUNE + 1):
        an_accepted_report(near, month)
    an_accepted_report(far)
    client = client_of(role)
    assert "又有变动的月报" not in desk(client)
    a_posting(township=near, started_on=date(2009, 7, 1))
    assert "跃龙街道2009年7月有变动" in desk(client)
    assert "2009年6月有变动" not in desk(client)
    a_posting(township=near)
    page = text_of(client, "/desk/")
    for month in (JUNE, JUNE + 1):
        assert f'<a href="/reports/{month}/{near.code}/">跃龙街道{month.label}</a>' in page
    assert f'/reports/2009-06/{far.code}/">长街镇2009年6月' not in page


def test_months_are_led_to_in_the_order_in_which_they_can_be_sent_up(
    townships: tuple[Township, Township], clerk: Client
) -> None:
    near, _ = townships
    LedgerParameters.objects.update(first_month=None)
    an_accepted_report(near, JUNE + 1)
    LedgerParameters.objects.update(first_month=JUNE.first)
    a_posting(township=near)
    assert clerk.get("/my-month/").headers["Location"] == f"/reports/2009-06/{near.code}/"
    a_submitted_report(near)
    assert clerk.get("/my-month/").headers["Location"] == f"/reports/2009-07/{near.code}/"


def test_what_is_settled_is_not_stale(
    townships: tuple[Township, Township], clerk: Client, make_user: MakeUser
) -> None:
    near, _ = townships
    an_accepted_report(near)
    an_approved_run(JUNE, approver=make_user(Role.BUREAU_APPROVER))
    a_posting(township=near)
    assert "又有变动的月报" not in desk(clerk)
    assert clerk.get("/my-month/").headers["Location"] == f"/reports/2009-07/{near.code}/"


def test_late_townships_are_named_on_the_officers_desk_as_text_to_copy(
    townships: tuple[Township, Township], client_of: ClientOf, clerk: Client
) -> None:
    near, far = townships
    an_accepted_report(near)
    officer = client_of(Role.BUREAU_OFFICER)
    page = text_of(officer, "/desk/")
    assert f'<a href="/reports/2009-07/{near.code}/">跃龙街道</a> <b>2009年7月</b>' in page
    both = "2009年7月,连同以前的共 2 个月(2009年6月起)"
    assert f'<a href="/reports/2009-06/{far.code}/">长街镇</a> <b>{both}</b>' in page
    assert "<summary>复制催报名单</summary>" in page
    # Named and reached by the keyboard; whoever clicks into it selects it all.
    assert '<pre tabindex="0" role="textbox" aria-readonly="true" aria-label="复制催报名单"' in page
    copied = page.partition("<pre ")[2].partition(">")[2].partition("</pre>")[0]
    assert copied.splitlines()[1:] == ["跃龙街道:2009年7月", f"长街镇:{both}"]
    assert "催报" not in desk(client_of(Role.BUREAU_APPROVER))
    assert "2009年7月月报还没有上报,已过截止日2009-07-25" in desk(clerk)


def test_the_day_is_over_only_where_nothing_was_sent_up(
    townships: tuple[Township, Township], client_of: ClientOf, clerk: Client
) -> None:
    near, far = townships
    for township in (near, far):
        an_accepted_report(township)
    report = a_submitted_report(near, JUNE + 1)
    officer = client_of(Role.BUREAU_OFFICER)
    assert "1个镇乡(街道)的月报已过截止日" in desk(officer)
    assert "截止日" not in desk(clerk)
    return_report(report=report, reason="有误", actor=None, now=NOW)
    assert "1个镇乡(街道)的月报已过截止日" in desk(officer)
    assert "截止日" not in desk(clerk)
    own = text_of(clerk, f"/reports/2009-07/{near.code}/")
    assert ("请尽快重新上报" in own, "截止日" in own) == (True, False)
    assert "已过截止日 2009-07-25,请尽快上报。" in text_of(officer, f"/reports/2009-07/{far.code}/")


def test_before_the_day_is_over_nobody_is_late(
    townships: tuple[Township, Township], client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    for township in townships:
        an_accepted_report(township)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda now=None: date(2009, 7, 25))
    assert "催报" not in desk(client_of(Role.BUREAU_OFFICER))


def test_statements_do_not_grow_with_stale_reports(townships: tuple[Township, Township], client_of: ClientOf) -> None:
    client, counts = client_of(Role.BUREAU_OFFICER), []
    for months, stale in (((JUNE,), 2), ((JUNE + 1, JUNE + 2), 6)):
        for month in months:
            for township in townships:
                an_accepted_report(township, month)
        for township in townships:
            a_posting(township=township)
        with CaptureQueriesContext(connection) as captured:
            told = desk(client)
        assert told.count("月有变动") == stale
        counts.append(len(captured))
    assert counts[0] == counts[1]
