"""The columns of the sheets by name, each value of a small county by hand, each figure of T1 counted a second time."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from foundation.dates import Month
from staffing.enums import Position
from staffing.models import EstablishmentGrant, Posting, Wage
from staffing.postings.services import correct_dates
from subsidies.calculation.adjusting import adjust
from subsidies.models import AdjustmentLine, AllocationLine, LedgerParameters, Revision, SubsidyRun
from subsidies.runs.services import calculate, send_back
from subsidies.sheets.register import SHEETS
from tests.builders import (
    a_contract,
    a_household_count,
    a_national_id,
    a_person,
    a_posting,
    a_township,
    a_unit,
    a_wage,
)
from tests.subsidies.months import JUNE, an_approved_run
from tests.subsidies.policies import NOW, a_policy
from tests.subsidies.sheets.sheet_files import SheetFile, sheet_file
from townships.enums import UnitKind
from townships.models import GrassrootsUnit, Township, TownshipStatus

pytestmark = pytest.mark.django_db
APRIL = Month(2010, 4)
BANDS = {0: "100 户以下", 101: "101–200 户", 201: "201–300 户", 301: "301 户以上"}
T1_ABOVE = [
    *("序号", "镇乡(街道)", "专职协理员", "社区协管员", "村(居)协管员"),
    *("本月应补", "补发", "扣回", "其他调整", "合计", "镇街承担", "结余", "本年累计", "备注"),
]
T1_BELOW = [
    *("应配", "在岗", "补助人数", "标准", "金额"),
    *("社区数", "补助人数", "金额"),
    *("村居数", *BANDS.values(), "金额"),
]
COST = ["应发工资", "单位社保", "住房公积金"]
MONEY = ["补助标准", "计发/当月天数", "本月补助", "补发/扣回", "所属月份、原因", "实补", "镇街承担", "结余", "备注"]
HEADERS: dict[str, list[list[str]]] = {
    "T1": [T1_ABOVE, T1_BELOW],
    "T2": [["序号", "镇乡(街道)", "姓名", "身份证号", "学历", "合同起止", "到岗", "离岗", *COST, *MONEY]],
    "T3": [["序号", "镇乡(街道)", "村(社区)", "姓名", "身份证号", "学历", "合同起止", "到岗", "离岗", *COST, *MONEY]],
    "T4": [
        [
            *("序号", "镇乡(街道)", "村(社区)", "姓名", "身份证号", "学历", "合同起止"),
            *("专/兼", "户籍户数", "统计日期", "档次", "到岗", "离岗", *COST, *MONEY),
        ]
    ],
    "T6": [["序号", "姓名", "单位", "岗位", "金额", "备注"]],
    "T7": [["序号", "镇乡(街道)", "部分", "原因", "人次", "比上月增减"]],
    "T8": [
        ["序号", "镇乡(街道)", "类别", "平台工作人员", "专职协理员", "社区协管员", "村(居)协管员"],
        ["应配", "已配", "缺员", "超配"] * 4,
    ],
}


def headers(sheet: SheetFile) -> list[list[str]]:
    """The header rows, without the cells that another one covers."""
    first = next(index for index, row in enumerate(sheet.rows) if row[0] == "序号")
    last = next(index for index, row in enumerate(sheet.rows[first:], first) if row[0] == 1)
    return [[cell for cell in row if cell is not None] for row in sheet.rows[first:last]]


@pytest.mark.parametrize("number", SHEETS)
def test_a_sheet_has_these_columns(waiting: SubsidyRun, number: str) -> None:
    assert waiting.current_revision is not None
    assert headers(sheet_file(waiting.current_revision, number)) == HEADERS[number]


# May came to 1,480.65 + 1,530.00 + 280.00 = 3,290.65; a wage of 1,500 + 400 + 100 is 470 more than 1,530. One day more
# in May costs 2,000 ÷ 31 = 64.52, of which the subsidy pays 49.35.
OF_SMALL: dict[str, list[list[Any]]] = {
    "T1": [
        [
            "跃龙街道",
            *(3, 1, 1, "1530.00", "1530.00"),
            *(1, 1, "765.00"),
            *(1, 0, 0, 1, 0, "280.00"),
            *("2575.00", "49.35", "0.00", "-20.50", "2603.85", "485.17", "15.00", "5894.50", "1 人用工成本未登记"),
        ]
    ],
    "T2": [
        [
            *("跃龙街道", "张三", "339900********001X", "大专", "2009-01-01\n2011-12-31", "2009-05-01", None),
            *("1500.00", "400.00", "100.00", "1530.00", "30/30", "1530.00", "49.35", "2009年5月 +49.35 起止日期更正"),
            *("1579.35", "485.17", "0.00", None),
        ]
    ],
    "T3": [
        [
            *("跃龙街道", "五丰社区", "李四", "339900********0028", "大专", "2009-01-01\n无固定期限"),
            *("2009-01-01", "2009-06-15", "1300.00", "200.00", None),
            *("1530.00", "15/30", "765.00", "0.00", None, "765.00", "0.00", "15.00", "补助高于用工成本"),
        ]
    ],
    "T4": [
        [
            *("跃龙街道", "范家村", "王五", "339900********0036", None, None),
            *("兼职", 250, "2009-01-01", "201–300 户", "2009-01-01", None, "300.00", None, None),
            *("280.00", "30/30", "280.00", "0.00", None, "280.00", None, None, None),
        ]
    ],
    "T6": [
        ["张三", "跃龙街道", "专职协理员", "1579.35", None],
        ["李四", "跃龙街道五丰社区", "社区协管员", "765.00", None],
        ["王五", "跃龙街道范家村", "村(居)协管员", "280.00", None],
        ["跃龙街道", "跃龙街道", None, "-20.50", "其他调整"],
    ],
    "T7": [
        ["跃龙街道", "本月应补", "到岗", 1, "49.35"],
        ["跃龙街道", "本月应补", "离岗", 1, "-765.00"],
        ["跃龙街道", "本月补发扣回", "起止日期更正", 1, "49.35"],
        ["跃龙街道", "其他调整", None, 1, "-20.50"],
    ],
    "T8": [["跃龙街道", "甲类", *(5, 0, 5, 0), *(3, 1, 2, 0), *(1, 0, 1, 0), *(1, 1, 0, 0)]],
}


@pytest.fixture
def small() -> Revision:
    """June 2009 of one township: an assistant who came a day earlier than May knew, a coordinator of a community who
    left in the middle, one of a village whose insurance is not known, and an adjustment."""
    a_policy()
    town = a_township()
    assistant = a_posting(
        township=town,
        person=a_person(name="张三", national_id=a_national_id(1)),
        started_on=date(2009, 5, 2),
    )
    a_contract(posting=assistant, number="HT-1", ended_on=date(2011, 12, 31))
    a_wage(posting=assistant, effective_from=date(2009, 5, 1), housing_fund=Decimal("100.00"))
    community = a_unit(township=town, name="五丰社区", code="330226001001")
    li = a_posting(
        township=town,
        unit=community,
        position=Position.COMMUNITY_COORDINATOR,
        person=a_person(name="李四", national_id=a_national_id(2)),
        ended_on=date(2009, 6, 15),
    )
    a_contract(posting=li)
    a_wage(posting=li, monthly_wage=Decimal("1300.00"), employer_insurance=Decimal("200.00"))
    village = a_unit(township=town, name="范家村", code="330226001201", kind=UnitKind.VILLAGE)
    a_household_count(unit=village, households=250)
    wang = a_posting(
        township=town,
        unit=village,
        position=Position.VILLAGE_COORDINATOR,
        person=a_person(name="王五", national_id=a_national_id(3), education=None),
        is_full_time=False,
    )
    a_wage(posting=wang, monthly_wage=Decimal("300.00"), employer_insurance=None)
    an_approved_run(Month(2009, 5))
    correct_dates(posting=assistant, started_on=date(2009, 5, 1), ended_on=None, reason="更正", actor=None)
    adjust(
        month=JUNE, township=town, person=None, for_month=JUNE, amount=Decimal("-20.50"),
        document="函", reason="误发", actor=None,
    )  # fmt: skip
    return calculate(month=JUNE, actor=None).revision


def rows(revision: Revision, number: str) -> list[list[Any]]:
    """The numbered rows without their number; days and amounts as text."""
    return [[_plain(cell) for cell in row[1:]] for row in sheet_file(revision, number).people()]


def _plain(cell: Any) -> Any:
    if isinstance(cell, date):
        return str(cell)[:10]
    return str(Decimal(str(cell)).quantize(Decimal("0.01"))) if isinstance(cell, float) else cell


@pytest.mark.parametrize("number", SHEETS)
def test_each_value_of_a_small_county_stands_in_its_column(small: Revision, number: str) -> None:
    assert rows(small, number) == OF_SMALL[number]


@pytest.fixture
def eventful(waiting: SubsidyRun) -> Revision:
    """April of the demonstration once more: days claimed back, somebody gone, a cost not known, an adjustment."""
    send_back(run=waiting, actor=None, now=NOW, reason="更正")
    LedgerParameters.objects.update(reports_required=False)
    assistants = list(Posting.objects.filter(position="assistant", started_on__lt="2010-01-01").order_by("pk"))
    correct_dates(posting=assistants[0], started_on=date(2010, 3, 11), ended_on=None, reason="更正", actor=None)
    correct_dates(
        posting=assistants[6],
        started_on=assistants[6].started_on,
        ended_on=date(2010, 4, 20),
        reason="离岗",
        actor=None,
    )
    Wage.objects.filter(posting=assistants[9]).delete()
    adjust(
        month=APRIL, township=assistants[12].township, person=None, for_month=APRIL, amount=Decimal("300.00"),
        document="函", reason="差额", actor=None,
    )  # fmt: skip
    return calculate(month=APRIL, actor=None).revision


def test_every_figure_of_the_summary_is_counted_a_second_time(eventful: Revision) -> None:
    sheet = sheet_file(eventful, "T1")
    found = {row[1]: row[2:-1] for row in sheet.people()}
    counted = {township.name: counted_again(eventful, township) for township in Township.objects.all()}
    assert {name: _exact(row) for name, row in found.items()} == counted
    sums = [sum(value or 0 for value in column) for column in zip(*counted.values(), strict=True)]
    assert all(sums), "none of what is counted is nothing everywhere"
    rate = T1_BELOW.index("标准")
    total = _exact(sheet.total_row[2:-1])
    assert total[rate] is None
    assert total[:rate] + total[rate + 1 :] == sums[:rate] + sums[rate + 1 :]


def _exact(cells: Iterable[Any]) -> list[Any]:
    return [Decimal(str(cell)) if isinstance(cell, float) else cell for cell in cells]


def counted_again(revision: Revision, township: Township) -> list[Any]:
    """A row of T1 from township to 本年累计, from lines, postings and units."""
    held = AllocationLine.objects.filter(allocation__township=township)
    lines = list(held.filter(allocation__revision=revision))
    of_month = [line for line in lines if line.for_month == APRIL.first]
    earlier = [line.amount for line in lines if line.for_month < APRIL.first]
    assistants, communities, villages = (
        [line for line in of_month if line.position == position.value]
        for position in (Position.ASSISTANT, Position.COMMUNITY_COORDINATOR, Position.VILLAGE_COORDINATOR)
    )
    (rate,) = {line.rate for line in assistants}
    upper = [*list(BANDS)[1:], 10**6]
    adjusted = AdjustmentLine.objects.filter(allocation__township=township)
    counts = [
        *(places_of(township), on_post(township), paid(assistants), rate, amount(assistants)),
        *(open_units(township, UnitKind.COMMUNITY), paid(communities), amount(communities)),
        open_units(township, UnitKind.VILLAGE, UnitKind.RESIDENTS_COMMITTEE),
        *(
            paid(line for line in villages if line.households is not None and lowest <= line.households < beyond)
            for lowest, beyond in zip(BANDS, upper, strict=True)
        ),
        amount(villages),
    ]
    sums = [
        amount(of_month),
        sum((value for value in earlier if value > 0), Decimal(0)),
        sum((value for value in earlier if value < 0), Decimal(0)),
        amount(adjusted.filter(allocation__revision=revision)),
    ]
    so_far = ["2010-02-01", "2010-03-01", "2010-04-01"]
    year = {"allocation__revision__current_for__month__in": so_far}
    return [
        *counts,
        *sums,
        sum(sums, Decimal(0)),
        sum((line.township_share or Decimal("0.00") for line in lines), Decimal("0.00")),
        sum((line.surplus or Decimal("0.00") for line in lines), Decimal("0.00")),
        amount(held.filter(**year)) + amount(adjusted.filter(**year)),
    ]


def paid(lines: Iterable[AllocationLine]) -> int:
    return sum(line.due > 0 for line in lines)


def amount(lines: Iterable[AllocationLine | AdjustmentLine]) -> Decimal:
    return sum((line.amount for line in lines), Decimal(0))


def places_of(township: Township) -> int:
    """Three of class A, two of class B, and what was granted, two at most."""
    status = TownshipStatus.objects.filter(township=township, effective_from__lte=APRIL.last).latest("effective_from")
    granted = EstablishmentGrant.objects.filter(
        township=township, effective_from__lte=APRIL.last, approved_at__isnull=False
    ).exclude(ended_on__lt=APRIL.last)
    is_a = status.kind == "subdistrict" or status.is_central_town
    return (3 if is_a else 2) + min(2, sum(grant.extra for grant in granted))


def on_post(township: Township) -> int:
    """Nobody of the demonstration is suspended at the end of April."""
    there = Posting.objects.filter(township=township, position="assistant", started_on__lte=APRIL.last)
    return there.filter(withdrawn_at=None).exclude(ended_on__lt=APRIL.last).count()


def open_units(township: Township, *kinds: UnitKind) -> int:
    units = GrassrootsUnit.objects.filter(township=township, kind__in=[kind.value for kind in kinds])
    return units.exclude(opened_on__gt=APRIL.last).exclude(closed_on__lt=APRIL.last).count()
