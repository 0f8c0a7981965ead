"""The desk: whose it is, what waits on it, and that its totals are those of every other page."""

import io
import re
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.db.models import Min
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from accounts.enums import Role
from accounts.models import User
from foundation.dates import Month
from staffing.enums import Check, Position
from staffing.models import Transfer
from staffing.postings.services import correct_dates
from subsidies.calculation.adjusting import adjust
from subsidies.calculation.calculated import calculated_run
from subsidies.demo.county import DemoCounty
from subsidies.models import Acknowledgement, Allocation, AllocationLine, SubsidyRun
from subsidies.posts.findings import open_findings
from subsidies.runs.services import calculate, send_back
from subsidies.sheets.month_json import month_as_json
from tests.builders import a_contract, a_grant, a_household_count, a_posting, a_township, a_unit
from tests.reading import text_of, words
from tests.subsidies.months import an_approved_run, findings_left, without_triggers
from tests.subsidies.policies import a_minimum_wage, a_policy
from tests.users import BUSINESS, ClientOf, MakeUser, demo_user, logged_in
from townships.enums import UnitKind
from townships.models import Township

pytestmark = pytest.mark.django_db
ROLES = (
    Role.BUREAU_OFFICER,
    Role.BUREAU_APPROVER,
    Role.FINANCE_OFFICER,
    Role.AUDITOR,
    Role.TOWNSHIP_CLERK,
)
NOTHING_WAITS = "现在没有等您办理的事"


@pytest.fixture
def _policy(db: None) -> None:
    a_policy()


@pytest.fixture
def _june_2009(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is 15 June 2009."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2009, 6, 15))


def tasks(client: Client) -> str:
    """What the page says between its headings 待办事项 and 概况."""
    said = words(text_of(client, "/desk/"))
    return said.partition("待办事项")[2].partition("概况")[0]


def clerk_of(make_user: MakeUser, township: Township) -> Client:
    client = Client()
    clerk = make_user(Role.TOWNSHIP_CLERK, township=township)
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


def a_county_at_work() -> Township:
    """A township with one assistant, May 2009 approved."""
    a_policy()
    township = a_township()
    a_posting(township=township)
    an_approved_run(Month(2009, 5), now=timezone.now())
    return township


def test_a_clerk_reads_of_the_own_township_only(demo: DemoCounty) -> None:
    page = text_of(logged_in("clerk_yuelong"), "/desk/")
    # But for those that a transfer names.
    named = Transfer.objects.filter(to_township__code="330226001").values("posting__township")
    others = Township.objects.exclude(code="330226001").exclude(pk__in=named)
    assert not [township.name for township in others if township.name in page]
    assert "应配42人,已配42人,没有缺员" in words(page)


@pytest.mark.parametrize(("username", "code"), [("officer", ""), ("clerk_changjie", "330226101")])
def test_desk_month_page_sheet_and_json_say_the_same_total(waiting: SubsidyRun, username: str, code: str) -> None:
    client = logged_in(username)
    written = month_as_json(
        calculated_run(waiting.period, first_month=Month(2010, 2), retro_months=12, reports_required=True)
    )
    of_township = {row["code"]: row["total"] for row in written["townships"]}
    expected = Decimal(of_township[code] if code else written["total"])
    desk, month = words(text_of(client, "/desk/")), words(text_of(client, "/months/2010-04/1/"))
    assert f"2010年4月补助合计{expected:,.2f}元" in desk
    assert f"合计{expected:,.2f}元(本月应补" in month
    assert total_of_t1(client) == expected
    # The difference to last month, and the table beside the columns.
    difference = re.search(r"比2010年3月([+-][\d,.]+)元", desk)
    assert difference is not None
    assert f"比2010年3月{difference[1]}元" in month
    rows = re.findall(r"2010年\d月[\d,.]+[\d,.–]*?(?=已审批|未审批)", desk)
    assert rows[-1].endswith(f"{expected:,.2f}")


@pytest.mark.parametrize("username", ["officer", "clerk_changjie", "finance"])
def test_desk_month_page_sheet_and_api_say_the_same_total_where_there_are_adjustments(
    waiting: SubsidyRun, username: str
) -> None:
    send_back(run=waiting, actor=None, reason="补列其他调整", now=timezone.now())
    for code, amount in (("330226101", "-120.50"), ("330226101", "4120.00"), ("330226001", "77.00")):
        adjust(
            month=waiting.period,
            township=Township.objects.get(code=code),
            person=None,
            for_month=waiting.period,
            amount=Decimal(amount),
            document="函",
            reason="审计整改",
            actor=None,
        )
    revision = calculate(month=waiting.period, actor=None).revision
    visible = Allocation.objects.visible_to(demo_user(username)).filter(revision=revision)
    lines = sum(AllocationLine.objects.filter(allocation__in=visible).values_list("amount", flat=True), Decimal(0))
    expected = lines + Decimal("3999.50" if username.startswith("clerk") else "4076.50")

    client = logged_in(username)
    desk, month = words(text_of(client, "/desk/")), words(text_of(client, "/months/2010-04/1/"))
    assert f"2010年4月补助合计{expected:,.2f}元" in desk
    rows = re.findall(r"2010年4月[\d,.]+[\d,.–-]*?(?=未审批)", desk)
    assert rows[-1].endswith(f"{expected:,.2f}")
    assert f"合计{expected:,.2f}元(本月应补" in month
    assert total_of_t1(client) == expected
    assert client.get(f"/api/runs/{waiting.pk}/").json()["total"] == str(expected)
    assert client.get(f"/api/revisions/{revision.pk}/").json()["total"] == str(expected)


def total_of_t1(client: Client) -> Decimal:
    content = client.get("/months/2010-04/1/T1.xlsx").content
    sheet = load_workbook(io.BytesIO(content), data_only=True).active
    assert sheet is not None
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    column = next(row.index("合计") for row in cells if "合计" in row and "补发" in row)
    total_row = next(row for row in cells if row[1] == "合计")
    return Decimal(str(total_row[column])).quantize(Decimal("0.01"))


@pytest.mark.parametrize("role", ROLES)
def test_an_empty_installation_says_what_comes_first(client_of: ClientOf, role: Role) -> None:
    page = words(text_of(client_of(role), "/desk/"))
    assert "还没有核算过任何月份" in page
    if role is Role.BUREAU_OFFICER:
        for command in ("import_divisions", "import_policy", "import_households", "import_roster"):
            assert f"manage.py{command}" in page
        assert "各镇街经办在自己的工作台点“去导入”" in page
    if role is Role.TOWNSHIP_CLERK:
        assert "还没有登记在岗人员,请导入花名册" in page
        assert "逐人登记" not in page


@pytest.mark.usefixtures("_june_2009")
def test_when_nothing_waits_the_desk_says_so(client_of: ClientOf) -> None:
    a_county_at_work()
    assert NOTHING_WAITS in tasks(client_of(Role.BUREAU_APPROVER))
    assert NOTHING_WAITS not in tasks(client_of(Role.BUREAU_OFFICER))


@pytest.mark.usefixtures("_june_2009")
def test_the_officer_is_told_which_month_to_calculate(client_of: ClientOf) -> None:
    a_county_at_work()
    officer = client_of(Role.BUREAU_OFFICER)
    assert "2009年6月还没有核算。去核算" in tasks(officer)
    calculate(month=Month(2009, 6), actor=None)
    said = tasks(officer)
    assert "还没有核算" not in said
    assert "2009年6月已核算,合计1,530.00元,核对无误后请送审。去送审" in said
    assert "还没有审批" not in said


@pytest.mark.usefixtures("_june_2009")
def test_a_month_that_has_not_begun_does_not_wait(client_of: ClientOf) -> None:
    a_county_at_work()
    an_approved_run(Month(2009, 6), now=timezone.now())
    assert "核算" not in tasks(client_of(Role.BUREAU_OFFICER))


def test_a_change_after_the_calculation_asks_for_another_one(waiting: SubsidyRun) -> None:
    officer = logged_in("officer")
    assert "登记变动" not in tasks(officer)
    posting = waiting.current_revision.allocations.first().lines.first().posting  # type: ignore[union-attr]
    correct_dates(
        posting=posting, started_on=date(2010, 4, 2), ended_on=None, reason="更正", actor=demo_user("officer")
    )
    assert "2010年4月送审以后又有1次登记变动,与这个月有关的" in tasks(officer)
    send_back(run=waiting, actor=None, reason="更正", now=timezone.now())
    assert "2010年4月被退回,请更正后重新核算、送审" in tasks(officer)
    calculate(month=waiting.period, actor=demo_user("officer"))
    assert "核对无误后请送审" in tasks(officer)


def test_what_was_registered_after_sending_is_said_where_it_is_approved(waiting: SubsidyRun) -> None:
    approver, page = logged_in("approver"), "/months/2010-04/1/approve/"
    assert "核算以后又有" not in text_of(approver, page)
    adjust(
        month=waiting.period,
        township=Township.objects.earliest("code"),
        person=None,
        for_month=waiting.period,
        amount=Decimal("100.00"),
        document="函",
        reason="补发",
        actor=demo_user("officer"),
    )
    assert "核算以后又有 1 次登记变动" in text_of(approver, page)
    assert (
        "其他调整 2010年4月:没有 → 100.00 元"
        in approver.post("/months/2010-04/1/steps/approve/", {"revision": 1, "state": "in_review"}).content.decode()
    )


def test_the_approver_is_led_to_the_run_that_waits(waiting: SubsidyRun) -> None:
    client = logged_in("approver")
    assert 'href="/months/2010-04/1/approve/"' in text_of(client, "/desk/")
    client.post("/months/2010-04/1/steps/approve/", {"revision": 1})
    assert "approve" not in text_of(client, "/desk/")


def test_whoever_calculated_a_run_is_told_that_another_approves_it(waiting: SubsidyRun) -> None:
    User.objects.filter(username="officer").update(role=Role.BUREAU_APPROVER.value)
    client = logged_in("officer")
    assert "您是核算或送审过本次核算的人,不能审批;请由另一名人员办理" in tasks(client)
    assert "/approve/" not in text_of(client, "/desk/")


def test_finance_reads_what_is_to_be_paid_and_what_is_not_approved(waiting: SubsidyRun) -> None:
    approved = SubsidyRun.objects.get(month=date(2010, 3, 1)).current_revision
    assert approved is not None
    said = tasks(logged_in("finance"))
    assert f"2010年3月已审批,合计{approved.total:,.2f}元" in said
    assert "2010年4月待审批" in said


def test_the_auditor_reads_who_approved_lately(waiting: SubsidyRun) -> None:
    said = tasks(logged_in("auditor"))
    assert re.search(r"最近审批的月份:2010年3月[\d-]{10}由示例县局审核审批2010年2月", said)
    without_triggers()
    SubsidyRun.objects.filter(month=date(2010, 2, 1)).update(approved_at=datetime(2030, 1, 1, tzinfo=UTC))
    assert "最近审批的月份:2010年2月2030-01-01" in tasks(logged_in("auditor"))


@pytest.mark.usefixtures("_june_2009")
@pytest.mark.parametrize("role", [Role.BUREAU_OFFICER, Role.BUREAU_APPROVER])
def test_what_waits_for_approval_is_counted_by_kind(client_of: ClientOf, role: Role) -> None:
    township = a_county_at_work()
    client = client_of(role)
    assert "审核以前不参加核算" not in tasks(client)
    a_household_count(unit=a_unit(township=township, kind=UnitKind.VILLAGE), approved=False)
    a_grant(township=township, approved=False)
    a_minimum_wage("2010-01-01", "900.00")
    said = tasks(client)
    assert ("已录入、等您审核的" in said) is (role is Role.BUREAU_APPROVER)
    assert "户籍户数1项增配批复1项最低工资标准1项" in said
    assert 'href="/approvals/"' in text_of(client, "/desk/")


@pytest.mark.usefixtures("_june_2009")
def test_the_clerk_reads_which_contracts_end_in_three_steps(make_user: MakeUser) -> None:
    township = a_county_at_work()
    ends = (date(2009, 6, 14), date(2009, 7, 15), date(2009, 8, 14), date(2009, 9, 13), date(2009, 9, 14), None)
    for ended_on in ends:
        a_contract(posting=a_posting(township=township), ended_on=ended_on)
    renewed = a_posting(township=township)
    a_contract(posting=renewed, ended_on=date(2009, 6, 30))
    a_contract(posting=renewed, started_on=date(2009, 7, 1))
    said = tasks(clerk_of(make_user, township))
    assert "快到期、还没有续签的劳动合同:30天内1份60天内2份90天内3份" in said


@pytest.mark.usefixtures("_june_2009")
def test_the_clerk_reads_what_is_vacant_and_which_counts_are_missing(make_user: MakeUser) -> None:
    township = a_county_at_work()
    village = a_unit(township=township, kind=UnitKind.VILLAGE)
    a_posting(township=township, unit=village, position=Position.VILLAGE_COORDINATOR)
    a_unit(township=township)
    a_unit(township=a_township(code="330226002", name="桃源街道"), kind=UnitKind.VILLAGE)
    client = clerk_of(make_user, township)
    said = tasks(client)
    assert "缺员:平台工作人员缺5人专职协理员缺2人社区协管员缺1人" in said
    assert "1个村(居)没有已审核的户籍户数" in said
    page = text_of(client, "/desk/")
    for address in ("/units/?show=vacant", "/units/?show=uncounted", f"/townships/{township.code}/"):
        assert f'href="{address}"' in page
    a_household_count(unit=village)
    assert "户籍户数" not in tasks(client)


@pytest.mark.usefixtures("_june_2009")
def test_the_officer_reads_of_the_county_what_is_vacant_which_contracts_end_and_which_counts_are_missing(
    client_of: ClientOf,
) -> None:
    """Each link leads to as many as are told."""
    near = a_county_at_work()
    far = a_township(code="330226002", name="桃源街道")
    villages = [a_unit(township=township, kind=UnitKind.VILLAGE) for township in (near, far, far)]
    for village in villages:
        a_posting(township=village.township, unit=village, position=Position.VILLAGE_COORDINATOR)
    a_unit(township=far)
    for township, ended_on in ((near, date(2009, 7, 1)), (far, date(2009, 8, 1)), (far, date(2009, 8, 2))):
        a_contract(posting=a_posting(township=township), ended_on=ended_on)
    client = client_of(Role.BUREAU_OFFICER)
    said = tasks(client)
    assert "快到期、还没有续签的劳动合同:30天内1份60天内3份" in said
    assert "缺员:平台工作人员缺10人专职协理员缺2人社区协管员缺1人" in said
    assert "3个村(居)没有已审核的户籍户数,协管员的补助不能计发,请督促所在镇乡(街道)在各自的页面登记户数。" in said
    for address, listed in (
        ("/people/?contract_ending=30", "1条在岗记录"),
        ("/people/?contract_ending=60", "3条在岗记录"),
        ("/units/?show=uncounted", ""),
        ("/units/?show=vacant", ""),
    ):
        assert f'href="{address}"' in text_of(client, "/desk/")
        assert listed in words(text_of(client, address))
    assert text_of(client, "/units/?show=uncounted").count('href="/units/330226') == 3
    assert text_of(client, "/units/?show=vacant").count('href="/units/330226') == 1
    a_household_count(unit=villages[0])
    assert "2个村(居)没有已审核的户籍户数" in tasks(client)


@pytest.mark.usefixtures("_june_2009")
def test_the_clerk_reads_what_the_own_township_gets(make_user: MakeUser) -> None:
    township = a_county_at_work()
    other = a_township(code="330226002", name="桃源街道")
    a_posting(township=other)
    a_posting(township=township, started_on=date(2009, 6, 1))
    calculate(month=Month(2009, 6), actor=None)
    client = clerk_of(make_user, township)
    assert "2009年6月本镇街补助3,060.00元,比上月+1,530.00元,已核算;请核对人员和金额" in tasks(client)
    assert f'href="/months/2009-06/1/{township.code}/"' in text_of(client, "/desk/")
    an_approved_run(Month(2009, 6), now=timezone.now())
    calculate(month=Month(2009, 7), actor=None)
    assert "2009年7月本镇街补助3,060.00元,与上月相同,已核算" in tasks(client)


@pytest.fixture
def _one_explained(demo: DemoCounty) -> None:
    """Of every check only one finding in each township has a reason."""
    kept = Acknowledgement.objects.values("township", "check_name").annotate(first=Min("pk")).values("first")
    Acknowledgement.objects.exclude(pk__in=list(kept.values_list("first", flat=True))).delete()


@pytest.mark.usefixtures("_one_explained")
@pytest.mark.parametrize("username", ["officer", "clerk_yuelong"])
def test_findings_without_a_reason_are_counted_by_check(username: str) -> None:
    visible = Township.objects.visible_to(demo_user(username))
    beside = (Check.VACANCY, Check.PLATFORM_BELOW_NORM)
    counted = Counter(row.check for row in findings_left(Month(2010, 4), visible) if row.check not in beside)
    assert counted
    said = tasks(logged_in(username)).partition("待处理的异常提示:")[2]
    for check in Check:
        number = 0 if check is Check.CONTRACT_ENDING else counted[check]
        assert (f"{words(check.label)}{number}条" in said) is (number > 0), check


def test_what_is_explained_does_not_wait(demo: DemoCounty) -> None:
    assert open_findings(Month(2010, 4), Township.objects.all())
    assert findings_left(Month(2010, 4), Township.objects.all()) == []
    assert "异常提示" not in tasks(logged_in("officer"))


@pytest.mark.parametrize("username", BUSINESS)
def test_whatever_waits_leads_to_a_page_that_opens(demo: DemoCounty, username: str) -> None:
    client = logged_in(username)
    waiting = text_of(client, "/desk/").partition('<ul class="tasks">')[2].partition("<h2>")[0]
    addresses = [unescape(address) for address in re.findall(r'href="([^"]+)"', waiting)]
    assert addresses
    for address in addresses:
        page = client.get(address, follow=True)
        assert page.status_code == 200, address
        assert 'role="alert"' not in page.content.decode(), address


@pytest.mark.usefixtures("_one_explained")
@pytest.mark.parametrize("username", ["officer", "clerk_yuelong"])
def test_the_list_behind_a_finding_holds_as_many_as_the_desk_tells(username: str) -> None:
    client = logged_in(username)
    item = r'<a href="(/people/\?finding=\w+)">[^<]+</a> <b>(\d+) 条(?:\(另有 (\d+) 条已说明\))?</b>'
    found = re.findall(item, text_of(client, "/desk/"))
    assert any(explained for _, _, explained in found)
    for address, number, explained in found:
        assert f"{int(number) + int(explained or 0)}条在岗记录" in words(text_of(client, address)), address


@pytest.mark.usefixtures("_june_2009")
def test_the_list_behind_ending_contracts_holds_as_many_as_the_desk_counts(
    make_user: MakeUser,
) -> None:
    township = a_county_at_work()
    for ended_on in (date(2009, 6, 15), date(2009, 7, 15), date(2009, 7, 16), date(2009, 9, 13)):
        a_contract(posting=a_posting(township=township), ended_on=ended_on)
    client = clerk_of(make_user, township)
    found = re.findall(r'<a href="(/people/\?contract_ending=\d+)">[^<]+</a> <b>(\d+) 份', text_of(client, "/desk/"))
    assert [number for _, number in found] == ["2", "3", "4"]
    for address, number in found:
        assert f"{number}条在岗记录" in words(text_of(client, address)), address


@pytest.mark.parametrize("username", ["approver", "finance", "auditor"])
def test_findings_wait_for_those_who_clear_them_only(demo: DemoCounty, username: str) -> None:
    assert "异常提示" not in tasks(logged_in(username))


@pytest.mark.usefixtures("_june_2009")
@pytest.mark.parametrize("role", ROLES)
def test_queries_do_not_grow_with_the_county(make_user: MakeUser, role: Role) -> None:
    township = a_county_at_work()
    client = Client()
    user = make_user(role, township=township if role is Role.TOWNSHIP_CLERK else None)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    counts = []
    for numbers in (range(3), range(3, 30)):
        for number in numbers:
            another = a_township(code=f"3302261{number:02d}", name=f"镇{number}")
            for place in (township, another):
                unit = a_unit(township=place, kind=UnitKind.VILLAGE)
                a_household_count(unit=unit, approved=number % 2 == 0)
                a_posting(township=place, unit=unit, position=Position.VILLAGE_COORDINATOR)
                a_contract(posting=a_posting(township=place), ended_on=date(2009, 7, 1))
        calculate(month=Month(2009, 6), actor=None)
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/desk/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 60
