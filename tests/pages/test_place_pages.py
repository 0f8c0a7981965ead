"""The pages of townships and units: who may open them, on which day they look, and what they say."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from foundation.dates import Month
from pages.days import day_choice
from staffing.enums import Check, Position
from subsidies.demo.county import DemoCounty
from subsidies.models import SubsidyRun
from subsidies.posts.findings import Finding, open_findings
from subsidies.posts.known_county import known_of_month
from subsidies.posts.open_findings import findings_beside_vacancies
from subsidies.runs.services import calculate
from tests.builders import a_grant, a_household_count, a_person, a_posting, a_township, a_unit, a_unit_change
from tests.reading import text_of, words
from tests.subsidies.policies import a_policy
from tests.users import ClientOf, MakeUser, logged_in
from townships.enums import TownshipKind, UnitKind
from townships.models import GrassrootsUnit, HouseholdCount, PolicyDocument, Township, TownshipQuerySet, TownshipStatus

pytestmark = pytest.mark.django_db
CHANGJIE, YUELONG = "/townships/330226101/", "/townships/330226001/"
ON = "?on=2009-06-15"


@pytest.fixture
def _policy(db: None) -> None:
    a_policy()


@pytest.fixture
def officer(client_of: ClientOf) -> Client:
    return client_of(Role.BUREAU_OFFICER)


def test_clerk_sees_the_own_township_and_no_other(demo: DemoCounty) -> None:
    client = logged_in("clerk_changjie")
    foreign = GrassrootsUnit.objects.filter(township__code="330226001").first()
    assert foreign is not None
    assert client.get(YUELONG).status_code == 404
    assert client.get(f"/units/{foreign.code}/").status_code == 404
    for path in ("/townships/", "/units/", "/units/?township=330226001"):
        page = text_of(client, path)
        assert "长街镇" in page
        assert "跃龙街道" not in page
        assert foreign.name not in page


def test_a_unit_that_came_from_another_township_is_not_shown_to_the_clerk(make_user: MakeUser) -> None:
    here, there = a_township(), a_township(code="330226002", name="桃源街道")
    before = a_unit(township=there, name="旧村", kind=UnitKind.VILLAGE)
    unit = a_unit(township=here)
    a_unit_change(before, unit)
    client = Client()
    client.force_login(
        make_user(Role.TOWNSHIP_CLERK, township=here), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert "旧村" not in text_of(client, f"/units/{unit.code}/")


@pytest.mark.parametrize("path", ["/townships/nowhere/", "/units/nowhere/"])
def test_what_does_not_exist_is_not_found(officer: Client, path: str) -> None:
    assert officer.get(path).status_code == 404


def test_the_list_says_where_somebody_is_missing_and_where_there_are_too_many(demo: DemoCounty) -> None:
    page = text_of(logged_in("officer"), "/townships/")
    assert "截至2010-04-30(最近核算月份的最后一天),18个镇乡(街道)应配498人,已配495人,缺3人" in words(page)
    rows = {row[:3]: row for row in map(words, page.split("<tr>")) if "类" in row}
    assert "3/3超1" in rows["西店镇"]
    assert "5/6缺1" in rows["桃源街"]
    assert "缺" not in rows["跃龙街"].replace("缺0人", "")


def test_every_bar_says_in_words_what_it_draws(demo: DemoCounty) -> None:
    page = text_of(logged_in("officer"), "/townships/")
    bars = re.findall(r'<svg class="gauge" role="img".*?</svg>', page, re.DOTALL)
    assert len(bars) > 18 * 3
    assert all(re.search(r"<title>.+:应配 \d+ 人,已配 \d+ 人,缺 \d+ 人,超配 \d+ 人</title>", bar) for bar in bars)
    # Every pattern that fills a piece is there, once.
    assert set(re.findall(r"url\(#(\w+)\)", page)) <= set(re.findall(r'<pattern id="(\w+)"', page))
    assert page.count('<pattern id="vacant"') == 1


def test_a_township_lists_its_people_units_and_months(demo: DemoCounty) -> None:
    page = text_of(logged_in("auditor"), CHANGJIE)
    said = words(page)
    assert "长街镇是中心镇,有社区1个、居委会1个、行政村42个;应配53人,已配53人,没有缺员。" in said
    assert "基数3人,增配1人" in said
    assert "示例批复·待核实已审核" in said
    for month in ("2010-02", "2010-03", "2010-04"):
        assert f'href="/months/{month}/1/330226101/"' in page
    unit = GrassrootsUnit.objects.filter(township__code="330226101").first()
    assert unit is not None
    assert f'href="/units/{unit.code}/"' in page


def beside_vacancies(day: date, townships: TownshipQuerySet) -> list[Finding]:
    known = known_of_month(Month.of(day))
    return findings_beside_vacancies(day, known, [township.pk for township in townships])


def test_findings_are_counted_in_the_list_and_told_on_the_page_of_the_township(demo: DemoCounty) -> None:
    client = logged_in("officer")
    found = beside_vacancies(date(2010, 4, 30), Township.objects.filter(code="330226001"))
    assert len(found) > 3
    assert f'href="{YUELONG}#findings">{len(found)}</a>' in text_of(client, "/townships/")
    page = words(text_of(client, YUELONG))
    assert f"异常提示({len(found)})" in page
    for finding in found:
        assert words(f"{finding.detail}{finding.since}{finding.remedy}") in page
    assert "未签劳动合同停发补助" in page


def test_vacancies_are_counted_once_and_not_again_as_findings(demo: DemoCounty) -> None:
    everywhere = Township.objects.all()
    told = {finding.check for finding in beside_vacancies(date(2010, 4, 30), everywhere)}
    both = {finding.check for finding in open_findings(Month(2010, 4), everywhere)}
    assert both - told == {Check.VACANCY, Check.PLATFORM_BELOW_NORM}


def test_before_the_rules_nothing_is_found(demo: DemoCounty) -> None:
    assert beside_vacancies(date(2000, 1, 1), Township.objects.all()) == []


def test_the_months_of_a_township_cost_what_its_sheets_say(demo: DemoCounty) -> None:
    officer = logged_in("officer")
    page = words(text_of(officer, CHANGJIE))
    for run in SubsidyRun.objects.all():
        sheet = text_of(officer, f"/months/{run.period}/1/330226101/")
        amount = re.search(r"长街镇合计 ([\d,.]+) 元", sheet)
        assert amount is not None
        assert f"{run}{run.state_label}{amount[1]}" in page


@pytest.mark.usefixtures("_policy")
def test_the_day_in_the_address_decides_what_is_shown(officer: Client) -> None:
    township = a_township(name="长街镇", code="330226101", kind=TownshipKind.TOWN)
    document = PolicyDocument.objects.create(key="central", title="关于中心镇的通知")
    TownshipStatus.objects.create(
        township=township,
        effective_from=date(2009, 7, 1),
        code=township.code,
        name="长街镇",
        kind="town",
        is_central_town=True,
        document=document,
    )
    a_posting(township=township, person=a_person(name="王小红"), ended_on=date(2009, 6, 30))
    a_grant(township=township, effective_from=date(2009, 8, 1), approved=False)
    before, after = (words(text_of(officer, f"{CHANGJIE}?on=2009-{day}")) for day in ("06-30", "07-01"))
    assert "截至2009-06-30(您选的日期),长街镇是镇,没有登记村(社区);应配5人,已配1人,缺4人" in before
    assert "长街镇是中心镇,没有登记村(社区);应配8人,已配0人,缺8人" in after
    assert ("王小红" in before, "王小红" in after) == (True, False)
    assert "2009-07-01长街镇330226101镇(中心镇),甲类《关于中心镇的通知》" in after
    assert "初次登记长街镇330226101镇,乙类未登记" in after
    assert "待审核,不计入名额" in after


@pytest.mark.usefixtures("_policy")
def test_links_keep_the_day_that_was_asked_for(officer: Client) -> None:
    unit = a_unit(township=a_township())
    assert f'href="/units/{unit.code}/{ON}"' in text_of(officer, f"{YUELONG}{ON}")
    assert f'href="{YUELONG}{ON}"' in text_of(officer, f"/townships/{ON}")
    assert f'href="{YUELONG}{ON}"' in text_of(officer, f"/units/{ON}")


@pytest.mark.parametrize("path", ["/townships/", "/units/", YUELONG])
@pytest.mark.parametrize("day", ["2010-13-01", "yesterday", "0001-01-01", "9999-12-31"])
def test_a_day_that_cannot_be_is_told_in_words_and_changes_nothing(officer: Client, path: str, day: str) -> None:
    a_unit(township=a_township())
    response = officer.get(path, {"on": day})
    assert response.status_code == 400
    assert re.search('role="alert">(日期|没有这一天)', response.content.decode())


def test_a_filter_that_does_not_exist_is_told_in_words(officer: Client) -> None:
    a_unit(township=a_township())
    a_township(code="330226002", name="桃源街道")
    assert "请从列表中选择" in officer.get("/units/?township=x").content.decode()
    assert "请从列表中选择" in officer.get("/units/?show=x").content.decode()


def test_the_usual_day_is_today_while_the_months_are_kept_up(demo: DemoCounty) -> None:
    kept_up, long_ago = date(2010, 6, 20), date(2010, 7, 1)
    assert (day_choice(None, kept_up).day, day_choice(None, kept_up).why) == (kept_up, "今天")
    assert day_choice(None, long_ago).day == date(2010, 4, 30)
    assert day_choice(date(2010, 3, 5), long_ago) == day_choice(date(2010, 3, 5), kept_up)
    assert day_choice(date(2010, 3, 5), long_ago).query == "?on=2010-03-05"


@pytest.mark.django_db
def test_the_usual_day_is_today_before_anything_is_calculated() -> None:
    assert day_choice(None, date(2026, 11, 1)).day == date(2026, 11, 1)


@pytest.mark.usefixtures("_policy")
@pytest.mark.parametrize(
    ("kind", "households", "said"),
    [
        (UnitKind.VILLAGE, 100, "户籍户数100户(100户以下),补助标准200.00元/月"),
        (UnitKind.VILLAGE, 101, "户籍户数101户(101–200户),补助标准240.00元/月"),
        (UnitKind.RESIDENTS_COMMITTEE, 301, "户籍户数301户(301户以上),补助标准320.00元/月"),
        (UnitKind.VILLAGE, None, "没有已审核的户籍户数,不能计发补助"),
        (UnitKind.COMMUNITY, None, "社区协管员缺员。补助标准1,530.00元/月"),
        (UnitKind.NON_STANDARD, None, "这里不设协管员"),
    ],
)
def test_a_unit_says_which_rate_its_households_lead_to(
    officer: Client, kind: UnitKind, households: int | None, said: str
) -> None:
    unit = a_unit(township=a_township(), kind=kind)
    if households is not None:
        a_household_count(unit=unit, households=households)
    assert said in words(text_of(officer, f"/units/{unit.code}/{ON}"))


@pytest.mark.usefixtures("_policy")
def test_counts_of_households_stand_with_their_dates_and_whether_they_are_in_force(officer: Client) -> None:
    unit = a_unit(township=a_township(), kind=UnitKind.VILLAGE)
    wrong = a_household_count(unit=unit, households=90)
    HouseholdCount.objects.create(
        unit=unit,
        households=150,
        counted_on=wrong.counted_on,
        effective_from=wrong.effective_from,
        replaces=wrong,
        approved_at=wrong.approved_at,
    )
    a_household_count(unit=unit, households=310, effective_from=date(2009, 7, 1), approved=False)
    said = words(text_of(officer, f"/units/{unit.code}/{ON}"))
    assert "2009-07-012009-07-01310301户以上320.00待审核" in said
    assert "2009-01-012009-01-01150101–200户240.00已审核,现行" in said
    assert "2009-01-012009-01-0190100户以下200.00已被更正" in said


@pytest.mark.usefixtures("_policy")
def test_a_village_that_became_a_community_names_both(officer: Client) -> None:
    township = a_township()
    village = a_unit(township=township, name="老村", kind=UnitKind.VILLAGE, closed_on=date(2009, 5, 31))
    community = a_unit(township=township, name="新社区", opened_on=date(2009, 6, 1))
    a_unit_change(village, community)
    for name in ("去者", "来者"):
        unit, position = (
            (village, Position.VILLAGE_COORDINATOR) if name == "去者" else (community, Position.COMMUNITY_COORDINATOR)
        )
        ended_on = date(2009, 5, 31) if name == "去者" else None
        a_posting(
            township=township,
            unit=unit,
            position=position,
            person=a_person(name=name),
            started_on=date(2009, 3, 1),
            ended_on=ended_on,
        )
    old, new = (words(text_of(officer, f"/units/{unit.code}/{ON}")) for unit in (village, community))
    assert "已撤销或还没有设立" in old
    assert "后继2009-06-01起改设为新社区(社区)" in old
    assert "去者村(居)协管员专职2009-03-012009-05-31" in old
    assert "前身老村(行政村),2009-06-01起改设为这里" in new
    assert "来者任社区协管员(2009-03-01到岗)" in new


@pytest.mark.usefixtures("_policy")
def test_the_list_of_units_shows_what_was_asked_for(officer: Client) -> None:
    township = a_township()
    held = a_unit(township=township, name="有人村", kind=UnitKind.VILLAGE)
    a_posting(township=township, unit=held, position=Position.VILLAGE_COORDINATOR)
    a_unit(township=township, name="空缺社区")
    waits = a_unit(township=township, name="待审村", kind=UnitKind.VILLAGE)
    a_household_count(unit=waits, approved=False)
    a_unit(township=township, name="撤销村", kind=UnitKind.VILLAGE, closed_on=date(2009, 1, 31))
    names = {"有人村", "空缺社区", "待审村", "撤销村"}
    for show, expected in {
        "open": {"有人村", "空缺社区", "待审村"},
        "vacant": {"空缺社区", "待审村"},
        "uncounted": {"有人村", "待审村"},
        "waiting": {"待审村"},
        "closed": {"撤销村"},
    }.items():
        page = text_of(officer, f"/units/{ON}&show={show}")
        assert {name for name in names if name in page} == expected, show
    assert "2个缺员,2个没有户籍户数" in words(text_of(officer, f"/units/{ON}"))


@pytest.mark.usefixtures("_policy")
def test_a_long_list_of_units_is_read_page_by_page(officer: Client) -> None:
    township = a_township()
    a_township(code="330226002", name="桃源街道")
    for number in range(101):
        a_unit(township=township, name=f"第{number:03d}村", code=f"330226001{number:03d}", kind=UnitKind.VILLAGE)
    seen: list[str] = []
    address = f"/units/{ON}&township=330226001"
    while address:
        page = text_of(officer, address)
        found = re.findall(r"第\d{3}村", page)
        assert len(found) <= 50
        seen += found
        following = re.search(r'href="(\?[^"]+)">下一页', page)
        address = f"/units/{following[1].replace('&amp;', '&')}" if following else ""
    assert seen == [f"第{number:03d}村" for number in range(101)]


def test_empty_pages_teach_the_first_step(officer: Client) -> None:
    assert "manage.py import_divisions" in text_of(officer, "/townships/")
    assert "manage.py import_divisions" in text_of(officer, "/units/")
    a_township()
    page = words(text_of(officer, YUELONG))
    assert "没有生效的补助标准,应配人数无法确定" in page
    assert "这一天没有登记在岗的人员。人员由镇街经办在「人员」页导入花名册。" in page
    assert "还没有核算过这个镇乡(街道)的补助" in page


def test_pages_of_places_show_no_id_number_and_nothing_inline(demo: DemoCounty) -> None:
    client = logged_in("officer")
    unit = GrassrootsUnit.objects.exclude(postings=None).first()
    assert unit is not None
    for path in ("/townships/", CHANGJIE, "/units/", f"/units/{unit.code}/"):
        page = text_of(client, path)
        assert not [person for person in demo.people if person.national_id in page]
        assert not [mark for mark in (" style=", "<script>", " onclick=") if mark in page]
        assert len(page.encode()) < 150_000


@pytest.mark.usefixtures("_policy")
@pytest.mark.parametrize("path", ["/townships/", "/units/", YUELONG, "/units/330226001000/"])
def test_queries_do_not_grow_with_the_places(officer: Client, path: str) -> None:
    township = a_township()
    for number in range(3):
        _with_everything(township, number)
    calculate(month=Month(2009, 6), actor=None)
    counts = []
    for numbers in (range(0), range(3, 30)):
        for number in numbers:
            _with_everything(township, number)
            a_township(code=f"3302261{number:02d}", name=f"镇{number}")
        with CaptureQueriesContext(connection) as captured:
            officer.get(f"{path}{ON}")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def _with_everything(township: Township, number: int) -> None:
    unit = a_unit(township=township, kind=UnitKind.VILLAGE, code=f"330226001{number:03d}")
    first = GrassrootsUnit.objects.get(code="330226001000")
    a_household_count(unit=unit)
    a_household_count(unit=first, effective_from=date(2010, 1, 1 + number))
    for place in {unit, first}:
        a_posting(township=township, unit=place, position=Position.VILLAGE_COORDINATOR)
    a_posting(township=township, ended_on=date(2009, 12, 31))
    a_grant(township=township, effective_from=date(2009, 1, 1 + number))
