"""The template of the roster: what each column takes, as a list for a page and as a workbook to fill in."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from foundation.excel.grid import Form, Grid, GridColumn, Look, from_column, listed, write_grids
from foundation.excel.table import Cell
from staffing.enums import ContractKind, Education, Position
from staffing.imports import roster_layout as layout
from townships.models import Township

SHEET, GUIDE_SHEET, UNITS_SHEET = "花名册", "填写说明", "村(社区)名单"
_OPTIONAL = {column.name for column in layout.COLUMNS if not column.required}
EXAMPLE_TOWNSHIP, EXAMPLE_UNIT = "某某镇", "某某村"


@dataclass(frozen=True, slots=True)
class ColumnGuide:
    """`needed`: whether a cell may be blank; `is_rare`: most offices have no such column, and the template says so."""

    name: str
    needed: str
    says: str
    example: str
    is_rare: bool = False

    @property
    def is_optional(self) -> bool:
        """Whether a file may lack the column."""
        return self.name in _OPTIONAL


def column_guides() -> list[ColumnGuide]:
    """Every column, in the order of the template; the examples together are one row."""
    positions = "、".join(settings.POSITION_NAMES.values())
    coordinator = settings.POSITION_NAMES[Position.VILLAGE_COORDINATOR.value]
    staff = settings.POSITION_NAMES[Position.PLATFORM_STAFF.value]
    dates = "如 2009-06-01"
    return [
        ColumnGuide(layout.TOWNSHIP, "必填", "名称或区划代码", EXAMPLE_TOWNSHIP),
        ColumnGuide(layout.UNIT, "协管员必填", "名称或区划代码;其他岗位不填", EXAMPLE_UNIT),
        ColumnGuide(layout.POSITION, "必填", f"{positions} 之一", coordinator),
        ColumnGuide(layout.NAME, "必填", "", "张三"),
        ColumnGuide(layout.NATIONAL_ID, "必填", f"18 位,单元格须是文本格式;只有{staff}可以不填", "33990019850307001X"),
        ColumnGuide(layout.EDUCATION, "可空", "、".join(education.label for education in Education), "大专"),
        ColumnGuide(layout.FULL_TIME, "可空", "专职 或 兼职", "专职"),
        ColumnGuide(layout.STARTED_ON, "必填", f"在岗的第一天,{dates}", "2009-06-01"),
        ColumnGuide(layout.ENDED_ON, "可空", "在岗的最后一天;空白表示仍在岗", ""),
        ColumnGuide(layout.CONTRACT_NUMBER, "可空", "", "劳聘2009-018"),
        ColumnGuide(layout.CONTRACT_START, "可空", dates, "2009-06-01"),
        ColumnGuide(layout.CONTRACT_END, "可空", "日期,或 无固定期限", "2012-05-31"),
        ColumnGuide(layout.WAGE, "可空", "元/月,最多两位小数", "1350.00"),
        ColumnGuide(layout.INSURANCE, "可空", "单位每月缴纳的社会保险费,元", "402.30"),
        ColumnGuide(layout.PHONE, "可空", "", "13800000000"),
        ColumnGuide(layout.NOTE, "可空", "", ""),
        ColumnGuide(layout.HOUSING_FUND, "可空", "单位每月缴存的住房公积金,元", "", is_rare=True),
        ColumnGuide(layout.SOURCE, "可空", "如 公开招聘", "公开招聘", is_rare=True),
        ColumnGuide(layout.NOTICE, "可空", "招聘公告的名称或文号", "", is_rare=True),
        ColumnGuide(layout.COMPUTER_SKILL, "可空", "是 或 否(是否熟悉计算机操作)", "是", is_rare=True),
        ColumnGuide(
            layout.CONTRACT_KIND, "可空", "、".join(kind.label for kind in ContractKind), "镇街聘用", is_rare=True
        ),
        ColumnGuide(layout.EMPLOYER, "可空", "合同不是与镇街签订时填写", "", is_rare=True),
        ColumnGuide(layout.END_REASON, "可空", "离岗时填写", "", is_rare=True),
    ]


def roster_template(township: Township, unit_names: Sequence[str]) -> bytes:
    """The workbook: an empty sheet to fill in, the guide with its example, the units to choose from.

    The importer reads the first sheet alone: the example cannot be taken for a person.
    """
    guides = column_guides()
    header: list[Cell] = [layout.optional_heading(guide.name) if guide.is_rare else guide.name for guide in guides]
    looks = {(0, number): Look.OPTIONAL if guide.is_rare else Look.HEADER for number, guide in enumerate(guides)}
    offered = _offered(township, len(unit_names))
    columns = [GridColumn(_width(guide), _form(guide), offered.get(guide.name, "")) for guide in guides]
    units: list[Sequence[Cell]] = [[name] for name in (UNITS_SHEET, *unit_names)]
    return write_grids(
        [
            Grid(SHEET, columns, [header], 1, looks),
            _guide_sheet(guides),
            Grid(UNITS_SHEET, [GridColumn(30)], units, 1, {(0, 0): Look.HEADER}),
        ]
    )


_WIDTHS = {layout.NATIONAL_ID: 22, layout.UNIT: 18, layout.POSITION: 16, layout.NOTE: 24, layout.NOTICE: 20}
_DATES = (layout.STARTED_ON, layout.ENDED_ON, layout.CONTRACT_START, layout.CONTRACT_END)
_AMOUNTS = (layout.WAGE, layout.INSURANCE, layout.HOUSING_FUND)


def _width(guide: ColumnGuide) -> int:
    return _WIDTHS.get(guide.name, 18 if guide.is_rare else 13)


def _form(guide: ColumnGuide) -> Form:
    """Text, so that an id number keeps its digits; dates and amounts as what they are."""
    if guide.name in _DATES:
        return Form.DATE
    return Form.GENERAL if guide.name in _AMOUNTS else Form.TEXT


def _offered(township: Township, units: int) -> dict[str, str]:
    """What can be chosen in a column, by its name."""
    offered = {
        layout.TOWNSHIP: listed([township.name]),
        layout.POSITION: listed(list(settings.POSITION_NAMES.values())),
        layout.EDUCATION: listed([education.label for education in Education]),
        layout.FULL_TIME: listed(["专职", "兼职"]),
        layout.COMPUTER_SKILL: listed(["是", "否"]),
        layout.CONTRACT_KIND: listed([kind.label for kind in ContractKind]),
    }
    if units:
        offered[layout.UNIT] = from_column(UNITS_SHEET, 0, units)
    return offered


def _guide_sheet(guides: Sequence[ColumnGuide]) -> Grid:
    rows: list[list[Cell]] = [["列名", "可否没有这一列", "可否空白", "填什么", "示例(不会被导入)"]]
    rows += [
        [guide.name, "可以没有" if guide.is_optional else "必须有", guide.needed, guide.says, guide.example]
        for guide in guides
    ]
    looks = {(0, column): Look.HEADER for column in range(len(rows[0]))}
    return Grid(GUIDE_SHEET, [GridColumn(width) for width in (16, 16, 12, 60, 24)], rows, 1, looks)
