"""A printed sheet with everything that one can have: two lines of header, formulas, sums of parts and of all."""

import dataclasses
import datetime
from decimal import Decimal

from foundation.excel.sheet import ColumnSpec, FormulaCell, HeaderCell, Row, Sheet, TotalRow
from foundation.excel.writer import write_workbook

CREATED = datetime.datetime(2009, 7, 1, 8, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
JUNE_1 = datetime.date(2009, 6, 1)
HEADER = [
    [HeaderCell("序号", rows=2), HeaderCell("人员", columns=2), HeaderCell("金额", columns=2)],
    [HeaderCell("姓名"), HeaderCell("到岗日期"), HeaderCell("本月补助"), HeaderCell("实补")],
]
COLUMNS = [ColumnSpec(6, "center"), ColumnSpec(12), ColumnSpec(12), ColumnSpec(14), ColumnSpec(14)]
SUBSIDY = Decimal("1530.10")


def line(number: int, name: str | None = "张三", amount: Decimal = SUBSIDY) -> Row:
    return [number, name, JUNE_1, amount, FormulaCell("D{row}*2", amount * 2)]


def total(label: str, amount: str) -> TotalRow:
    return TotalRow(label, {3: Decimal(amount), 4: Decimal(amount) * 2})


SHEET = Sheet(
    name="T2 协理员",
    title="2009年6月专职协理员补助明细表",
    banner="送审稿 未经审批,不作拨款依据",
    notes=["依据文件:意见", "资金来源:失业保险基金"],
    header=HEADER,
    columns=COLUMNS,
    rows=[line(1), line(2), total("小计", "3060.20"), line(3), total("小计", "1530.10")],
    totals=[total("合计", "4590.30")],
    footer=["大写:肆仟伍佰玖拾元叁角整"],
    signs=["制表人:", "复核人:"],
)


def written(**changes: object) -> bytes:
    return write_workbook([dataclasses.replace(SHEET, **changes)], created=CREATED)  # type: ignore[arg-type]  # fields
