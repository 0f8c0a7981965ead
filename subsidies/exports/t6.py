"""T6 公示表: who gets how much, to be posted up; no number of any person stands in it."""

from foundation.excel.sheet import ColumnSpec, HeaderCell, Row, Sheet, TotalRow
from foundation.money import total
from staffing.enums import SUBSIDISED
from subsidies.exports.page_words import around
from subsidies.labels import position_name
from subsidies.models import AllocationQuerySet, Revision
from subsidies.selectors.sheet_lines import PostingLines, posting_lines


def t6_sheet(revision: Revision, allocations: AllocationQuerySet, where: str) -> Sheet:
    """Everybody to whom the revision pays something, or from whom it claims back, in the given townships."""
    found = [row for row in posting_lines(revision, allocations, SUBSIDISED) if row.paid]
    together = total(row.paid for row in found)
    return Sheet(
        name="T6 公示表",
        header=[[HeaderCell(text) for text in ("序号", "姓名", "单位", "岗位", "金额")]],
        columns=[ColumnSpec(6, "center"), ColumnSpec(14), ColumnSpec(34), ColumnSpec(20), ColumnSpec(16)],
        rows=[_row(number, row) for number, row in enumerate(found, 1)],
        totals=[TotalRow("合计", sums={4: together}, label_column=1)],
        **around(revision, "协理(管)员补助公示表", total=together, where=where),
    )


def _row(number: int, row: PostingLines) -> Row:
    line = row.any_line
    place = f"{row.allocation.township_name}{line.unit_name}"
    return [number, line.person_name, place, position_name(line.position), row.paid]
