"""The pages of the policy: what is in force on a day, what a version changed, and who may read it."""

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.enums import Role
from subsidies.demo.county import FOLDER, DemoCounty
from subsidies.models import AllocationLine, FundSource, MinimumWage, SubsidyStandard
from subsidies.policy.in_force import standards_in_force
from subsidies.policy.pages import PAGE_LENGTH, policy_page
from tests.subsidies.policies import POLICY, a_minimum_wage, a_policy
from tests.users import ClientOf

pytestmark = pytest.mark.django_db
TODAY = date(2010, 6, 1)
NEW_STANDARD = POLICY[POLICY.index("[[standard]]") :]


@pytest.fixture
def reader(client_of: ClientOf) -> Client:
    return client_of(Role.FINANCE_OFFICER)


def words(page: bytes) -> str:
    """What a reader sees, in one line."""
    text = strip_tags(page.decode().replace("<br>", " "))
    return " ".join(unescape(text).split())


def on(reader: Client, day: str) -> str:
    response = reader.get("/policy/", {"on": day})
    assert response.status_code == 200, day
    return words(response.content)


def a_standard(day: str, *, more: str = "", **changed: str) -> None:
    """One more standard, which says what the first one says, but for `changed`."""
    text = NEW_STANDARD.replace("2009-01-01", day)
    for name, value in changed.items():
        text, found = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
        assert found == 1, name
    a_policy(text + more)


def unapproved(model: type[MinimumWage] | type[SubsidyStandard], day: str) -> None:
    model.objects.filter(effective_from=day).update(approved_at=None)


def test_a_rate_is_told_in_words_and_figures_with_clause_and_document(reader: Client) -> None:
    a_policy()
    a_minimum_wage("2010-04-01", "980.00")
    assert "最低工资标准 850.00 元 × 180% = 1,530.00 元/月(二.1,《意见》)" in on(reader, "2010-03-31")
    page = on(reader, "2010-04-01")
    assert "最低工资标准 980.00 元 × 180% = 1,764.00 元/月(二.1,《意见》)" in page
    assert "2010-04-01 执行 2009-01-01 起的补助标准和 2010-04-01 起的最低工资标准 980.00 元/月" in page


def test_the_page_says_what_the_month_pays(demo: DemoCounty, reader: Client) -> None:
    """Every rate of the lines of a month stands on the page of its first day."""
    for month in (date(2010, 3, 1), date(2010, 4, 1)):
        lines = AllocationLine.objects.filter(for_month=month, allocation__revision__run__month=month)
        rates = set(lines.exclude(rate=None).values_list("rate", flat=True))
        page = on(reader, str(month))
        assert len(rates) == 5
        assert [rate for rate in rates if f"{rate:,.2f}" not in page] == []


def test_the_bands_are_a_table_with_pay_percent_and_result(reader: Client) -> None:
    a_policy()
    page = on(reader, "2010-01-01")
    for row in ("100 户以下 500.00 40% 200.00", "101–200 户 600.00 40% 240.00", "301 户以上 800.00 40% 320.00"):
        assert row in page


def test_flat_sums_and_a_day_that_decides_are_told_as_such(reader: Client) -> None:
    a_policy()
    a_standard(
        "2010-01-01",
        more="proration_day = 15",
        proration='"whole_if_on_day"',
        bands='[{ from_households = 0, amount = "210" },',
    )
    SubsidyStandard.objects.filter(proration_day=15).update(assistant_percent=None, assistant_fixed=Decimal(2000))
    page = on(reader, "2010-01-01")
    for said in ("定额 2,000.00 元/月(二.1", "200 户以下 定额 – 210.00", "当月 15 日(当月没有这一天的,为最后一天)"):
        assert said in page


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2010-03-31", "1,300.00 元,即规定的 1,300.00 元与最低工资标准 850.00 元中较高的一个"),
        ("2010-04-01", "1,310.00 元,即规定的 1,300.00 元与最低工资标准 1,310.00 元中较高的一个"),
    ],
)
def test_the_floor_of_the_wage_is_the_higher_of_two(reader: Client, day: str, said: str) -> None:
    a_policy()
    a_minimum_wage("2010-04-01", "1310.00")
    assert said in on(reader, day)


def test_places_and_platform_are_told_by_class(reader: Client) -> None:
    a_policy()
    page = on(reader, "2010-01-01")
    assert "甲类:街道、中心镇 3 2 5 至少 5 人" in page
    assert "乙类:其他镇、乡 2 2 4 至少 3 人" in page


def test_checks_say_what_happens_and_whom_they_spare(reader: Client) -> None:
    a_policy()
    a_standard(
        "2010-01-01", more='checks = { contract_missing = "block", recruitment = "off" }\nchecks_from = 2009-07-01'
    )
    page = on(reader, "2010-01-01")
    assert "未签劳动合同 停发补助 专职协理员 一.2" in page
    assert "未公开招聘 不检查 专职协理员;2009-07-01 以前到岗的存量人员不查 一.2" in page
    assert "劳动合同期限不足(要求至少 36 个月) 提示 专职协理员 一.2" in page
    assert "社区协管员不是专职 提示 社区协管员 一.3" in page
    assert "存量人员" not in on(reader, "2009-12-31")


@pytest.mark.parametrize(
    ("valid_until", "said"),
    [
        (None, "没有期限"),
        ("2010-05-31", "已于 2010-05-31 到期,以后的月份不能审批"),
        ("2010-06-01", "有效期至 2010-06-01,还有 0 天到期"),
        ("2010-08-30", "有效期至 2010-08-30,还有 90 天到期"),
        ("2010-08-31", "有效期至 2010-08-31 《意见》"),
    ],
)
def test_a_fund_source_that_ends_is_told_in_words(reader: Client, valid_until: str | None, said: str) -> None:
    a_policy()
    FundSource.objects.update(valid_until=valid_until)
    assert f"失业保险基金 专职协理员、社区协管员、村(居)协管员 {said}" in on(reader, "2010-06-01")


def test_a_version_lasts_until_the_day_before_the_next_and_says_what_it_changed(reader: Client) -> None:
    a_policy()
    a_minimum_wage("2010-04-01", "980.00")
    page = on(reader, "2010-06-01")
    assert "2010-04-01 起 最低工资标准 现行 2010-06-01 执行 最低工资 850.00 → 980.00 《意见》" in page
    assert "2008-09-01 至 2010-03-31 最低工资标准 已结束 第一个版本" in page
    assert page.index("2010-04-01 起 最低") < page.index("2009-01-01 起 补助") < page.index("2008-09-01 至")


def test_a_changed_standard_is_told_rule_by_rule(reader: Client) -> None:
    a_policy()
    a_standard("2010-01-01", assistant_percent='"200"', assistant_base="{ A = 4, B = 2 }", wage_floor='"1500"')
    page = on(reader, "2010-01-01")
    told = (
        "专职协理员补助 最低工资标准的 180% → 最低工资标准的 200% "
        "月工资下限 1,300.00 元 → 1,500.00 元 甲类协理员基数 3 名 → 4 名 《意见》"
    )
    assert told in page


def test_what_waits_is_named_and_not_in_force(reader: Client) -> None:
    a_policy()
    a_minimum_wage("2010-04-01", "980.00")
    unapproved(MinimumWage, "2010-04-01")
    page = on(reader, "2010-06-01")
    assert "有 1 个版本待县局和财政审核,审核前不执行:2010-04-01 起的最低工资标准。" in page
    assert '<a href="/approvals/">' in reader.get("/policy/").content.decode()
    assert "最低工资标准 待审核 最低工资 850.00 → 980.00" in page
    assert "850.00 元 × 180% = 1,530.00 元/月" in page


def test_a_correction_takes_the_place_of_its_row_once_it_is_approved(reader: Client) -> None:
    a_policy()
    a_minimum_wage("2008-09-01", "860.00", more="replaces = true")
    MinimumWage.objects.filter(replaces__isnull=False).update(approved_at=None)
    waits = on(reader, "2010-06-01")
    assert "“2008-09-01 起的最低工资标准(更正 1)”审核后代替本版" in waits
    assert "850.00 元 × 180%" in waits

    MinimumWage.objects.filter(replaces__isnull=False).update(approved_at=timezone.now())
    page = on(reader, "2010-06-01")
    assert "860.00 元 × 180%" in page
    correction = "更正“2008-09-01 起的最低工资标准” 最低工资 850.00 → 860.00"
    assert f"最低工资标准(更正 1) 现行 2010-06-01 执行 {correction}" in page
    assert "最低工资标准 已更正 已由“2008-09-01 起的最低工资标准(更正 1)”代替 第一个版本" in page


def test_only_the_correction_is_in_force() -> None:
    a_policy()
    a_standard("2009-01-01", more="replaces = true", assistant_percent='"200"')
    assert [row.assistant_percent for row in standards_in_force()] == [Decimal(200)]
    unapproved(SubsidyStandard, "2009-01-01")
    assert standards_in_force() == []


def test_what_comes_later_says_when_it_begins(reader: Client) -> None:
    a_policy()
    a_minimum_wage("2010-04-01", "980.00")
    a_minimum_wage("2999-01-01", "990.00")
    assert "2010-04-01 起执行新的最低工资标准:最低工资 850.00 → 980.00。" in on(reader, "2010-03-31")
    page = on(reader, "2010-04-01")
    assert "2999-01-01 起执行新的最低工资标准:最低工资 980.00 → 990.00。" in page
    assert "2999-01-01 起 最低工资标准 未开始" in page


def test_before_the_first_standard_the_page_says_when_it_begins(reader: Client) -> None:
    a_policy()
    assert "2008-12-31 没有执行中的补助标准;最早的从 2009-01-01 起执行。" in on(reader, "2008-12-31")


def test_a_missing_minimum_wage_leaves_no_amount(reader: Client) -> None:
    a_policy()
    unapproved(MinimumWage, "2008-09-01")
    assert "最低工资标准的 180%;没有执行中的最低工资标准,算不出金额" in on(reader, "2010-06-01")


def test_without_any_policy_the_page_teaches_how_to_bring_one(reader: Client) -> None:
    response = reader.get("/policy/")
    page = words(response.content)
    assert response.status_code == 200
    assert "manage.py import_policy" in page
    assert "subsidies/demo/policy.toml" in page
    assert " ".join((FOLDER / "policy.toml").read_text(encoding="utf-8").split()) in page


def test_a_day_that_cannot_be_read_is_told_and_today_is_shown(reader: Client) -> None:
    a_policy()
    response = reader.get("/policy/", {"on": "2010-02-30"})
    assert response.status_code == 400
    assert "没有这一天,请核对年、月、日。下面是今天的规定。" in words(response.content)
    assert 'value="2010-02-30"' in response.content.decode()
    assert "今天执行 2009-01-01 起的补助标准" in words(response.content)


def test_a_version_in_full_tells_what_it_paid_while_minimum_wages_changed(reader: Client) -> None:
    a_policy()
    a_minimum_wage("2010-04-01", "980.00")
    a_standard("2011-01-01", assistant_percent='"200"')
    first, second = SubsidyStandard.objects.order_by("effective_from")
    page = words(reader.get(f"/policy/standards/{first.pk}/").content)
    assert "2009-01-01 至 2010-12-31执行,依据《意见》。" in page
    assert "2009-01-01 至 2010-03-31 850.00 1,530.00 1,530.00" in page
    assert "2010-04-01 至 2010-12-31 980.00 1,764.00 1,764.00" in page
    later = words(reader.get(f"/policy/standards/{second.pk}/").content)
    assert "2011-01-01 起 980.00 1,960.00 1,764.00" in later
    assert reader.get(f"/policy/standards/{second.pk + 1}/").status_code == 404


def test_a_version_that_waits_says_that_it_is_not_in_force(reader: Client) -> None:
    a_policy()
    unapproved(SubsidyStandard, "2009-01-01")
    page = words(reader.get(f"/policy/standards/{SubsidyStandard.objects.get().pk}/").content)
    assert "待县局和财政审核,审核前不执行" in page
    assert "执行期间的月标准" not in page


def minimum_wages(number: int) -> None:
    stored = MinimumWage.objects.get(effective_from=date(2008, 9, 1))
    MinimumWage.objects.bulk_create(
        MinimumWage(
            effective_from=date(2009 + month // 12, month % 12 + 1, 1),
            amount=Decimal(851 + month),
            document=stored.document,
            approved_at=stored.approved_at,
        )
        for month in range(number)
    )


@pytest.mark.parametrize("path", ["/policy/", "/policy/standards/{}/"])
def test_queries_do_not_grow_with_the_versions(reader: Client, path: str) -> None:
    a_policy()
    address = path.format(SubsidyStandard.objects.get().pk)
    counts = []
    for number in (3, 30):
        MinimumWage.objects.exclude(effective_from=date(2008, 9, 1)).delete()
        minimum_wages(number)
        for year in range(2010, 2010 + number):
            a_standard(f"{year}-01-01", assistant_percent='"200"')
        with CaptureQueriesContext(connection) as captured:
            assert reader.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 8


def test_versions_come_by_the_page_and_none_is_lost_between_pages() -> None:
    a_policy()
    minimum_wages(PAGE_LENGTH + 10)
    # A correction of the last version of the first page: both stand on it.
    last = MinimumWage.objects.order_by("-effective_from")[PAGE_LENGTH - 1]
    a_minimum_wage(str(last.effective_from), "1.00", more="replaces = true")
    first = policy_page(TODAY, today=TODAY, before=None)
    second = policy_page(TODAY, today=TODAY, before=first.older)
    assert [len(first.versions), second.older] == [PAGE_LENGTH + 1, None]
    told = [(version.kind, version.row.pk) for version in (*first.versions, *second.versions)]
    assert len(told) == len(set(told)) == MinimumWage.objects.count() + 1


def test_thirty_years_of_versions_are_a_light_page(reader: Client) -> None:
    a_policy()
    minimum_wages(PAGE_LENGTH)
    for year in range(2010, 2025):
        a_standard(f"{year}-01-01", assistant_percent=f'"{year - 1800}"')
    page = reader.get("/policy/").content
    assert "更早的版本" in page.decode()
    assert len(page) < 150_000
