"""T8 配备缺员表: norm, filled, vacant and over by township and position on the month's last day."""

from django.conf import settings

from foundation.excel.sheet import ColumnSpec, HeaderCell, Row, Sheet, TotalRow
from staffing.enums import Position
from subsidies.models import AllocationQuerySet, Revision
from subsidies.revisions.kept_staffing import StaffingRow, staffing_of
from subsidies.sheets.page_words import around

_COUNTS = ("应配", "已配", "缺员", "超配")


def t8_sheet(revision: Revision, allocations: AllocationQuerySet, where: str) -> Sheet:
    """Of an approved revision what was kept with it; of another one the registry as it is now."""
    codes = list(allocations.filter(revision=revision).values_list("township_code", flat=True))
    found = staffing_of(revision, codes)
    counts = [[count for numbers in row.numbers for count in numbers] for row in found]
    sums = {index: sum(column) for index, column in enumerate(zip(*counts, strict=True), 3)} if found else {}
    return Sheet(
        name="T8 配备缺员表",
        unit="单位:人",
        header=[
            [
                HeaderCell("序号", rows=2),
                HeaderCell("镇乡(街道)", rows=2),
                HeaderCell("类别", rows=2),
                *(HeaderCell(settings.POSITION_NAMES[position.value], columns=len(_COUNTS)) for position in Position),
            ],
            [HeaderCell(text) for _ in Position for text in _COUNTS],
        ],
        columns=[ColumnSpec(6, "center"), ColumnSpec(16), ColumnSpec(8), *([ColumnSpec(8)] * 4 * len(Position))],
        rows=[_row(number, row) for number, row in enumerate(found, 1)],
        totals=[TotalRow("合计", sums=sums, label_column=1)],
        **around(revision, "人员配备缺员表", total=None, where=where),
    )


def _row(number: int, row: StaffingRow) -> Row:
    return [number, row.name, row.township_class, *(count for numbers in row.numbers for count in numbers)]
