"""The establishment as a file: one A4 with a row a township, and the vacant places on a sheet of their own."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from foundation.excel.sheet import ColumnSpec, HeaderCell, Row, Sheet, TotalRow
from foundation.excel.writer import write_workbook
from pages.establishment.columns import COLUMNS, cells_of
from staffing.labels import position_name
from subsidies.posts.establishment import Establishment, TownshipEstablishment, VacantPlace
from subsidies.posts.workforce import AGE_LABELS, Workforce

_TOGETHER = ("应配", "已配", "缺员", "超配")
# What stands before the columns of the positions.
_FIRST = 3
_VACANT = (
    ("序号", ColumnSpec(6, "center")),
    ("镇乡(街道)", ColumnSpec(18)),
    ("村(社区)", ColumnSpec(24)),
    ("岗位类别", ColumnSpec(18)),
    ("缺员起始日", ColumnSpec(14)),
    ("缺员天数", ColumnSpec(10)),
)


def establishment_workbook(found: Establishment, whose: str, *, made_at: datetime) -> bytes:
    """An xlsx; `whose` names the only township, empty for the county."""
    sheets = [_places_sheet(found, whose), _vacant_sheet(found, whose)]
    return write_workbook(sheets, created=made_at, creator=settings.COUNTY_BUREAU_NAME, title=sheets[0].title)


def _places_sheet(found: Establishment, whose: str) -> Sheet:
    groups = [(position_name(row.position), COLUMNS[row.position]) for row in found.positions]
    heads = [column.head for _, columns in groups for column in columns]
    return Sheet(
        name="编制与配备",
        title=f"{whose}{settings.PLATFORM_NAME}编制与配备",
        notes=[_day_in_words(found), f"编制单位:{settings.COUNTY_BUREAU_NAME}"],
        unit="单位:人",
        header=[
            [
                *(HeaderCell(text, rows=2) for text in ("序号", "镇乡(街道)", "类别")),
                *(HeaderCell(name, columns=len(columns)) for name, columns in groups),
                HeaderCell("合计", columns=len(_TOGETHER)),
            ],
            [HeaderCell(text) for text in (*heads, *_TOGETHER)],
        ],
        columns=[ColumnSpec(5, "center"), ColumnSpec(14), ColumnSpec(6), *[ColumnSpec(6)] * (len(heads) + 4)],
        rows=[_row(number, row) for number, row in enumerate(found.townships, 1)],
        totals=[_total(found)],
        footer=[*_footer(found)],
    )


def _day_in_words(found: Establishment) -> str:
    if found.standard is None:
        return f"截至 {found.day};这一天没有生效的补助标准,应配人数无法确定"
    return f"截至 {found.day}"


def _row(number: int, row: TownshipEstablishment) -> Row:
    places, together = row.places, row.places.together
    township_class = places.township_class.label if places.township_class else ""
    numbers = [cell.number for cell in cells_of(row.positions)]
    return [
        *(number, places.name, township_class, *numbers),
        *(together.norm, together.filled, together.vacant, together.over),
    ]


def _total(found: Establishment) -> TotalRow:
    cells = list(enumerate(cells_of(found.positions), _FIRST))
    together = (found.together.norm, found.together.filled, found.together.vacant, found.together.over)
    sums = {index: cell.number or 0 for index, cell in cells if cell.column.adds_up}
    sums.update(enumerate(together, _FIRST + len(cells)))
    others = {index: cell.number for index, cell in cells if not cell.column.adds_up}
    return TotalRow("合计", sums=sums, cells=others, label_column=1)


def _footer(found: Establishment) -> Iterator[str]:
    yield "缺员天数:到这一天为止缺员最久的一个名额已经缺了几天,从补助标准施行之日算起。平台工作人员的应配是最低人数。"
    for row in (*found.workforce, found.everybody):
        yield _team_in_words(row)
    if found.ages is not None:
        yield "在岗人员年龄:" + ",".join(
            f"{label} {sum(numbers[index] for numbers in found.ages.values())} 人"
            for index, label in enumerate(AGE_LABELS)
        )


def _team_in_words(row: Workforce) -> str:
    turnover = row.turnover
    words = [
        f"在岗 {row.on_post} 人",
        f"近 12 个月离岗 {turnover.left} 人次(一年前 {turnover.before} 人,现在 {turnover.now} 人)",
    ]
    if turnover.percent is not None:
        words.append(f"流动率 {turnover.percent}%")
    if row.months_served is not None:
        words.append(f"连续在岗中位数 {row.months_served} 个月")
    if row.retiring is not None:
        words.append(f"12 个月内到退休年龄 {row.retiring} 人")
    name = "全部人员" if row.position is None else position_name(row.position)
    return f"{name}:{','.join(words)}"


def _vacant_sheet(found: Establishment, whose: str) -> Sheet:
    return Sheet(
        name="缺员明细",
        title=f"{whose}{settings.PLATFORM_NAME}缺员明细",
        notes=[_day_in_words(found), f"编制单位:{settings.COUNTY_BUREAU_NAME}"],
        unit="",
        header=[[HeaderCell(name) for name, _ in _VACANT]],
        columns=[spec for _, spec in _VACANT],
        rows=[_vacant_row(number, row) for number, row in enumerate(found.vacant, 1)],
    )


def _vacant_row(number: int, row: VacantPlace) -> Row:
    unit = "" if row.unit is None else row.unit.name
    return [number, row.township.name, unit, position_name(row.position), row.since, row.days]
