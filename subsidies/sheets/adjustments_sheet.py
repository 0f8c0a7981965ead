"""其他调整, the second sheet of T1: each adjustment with person, document and reason, from stored lines only."""

from foundation.excel.sheet import ColumnSpec, HeaderCell, Row, Sheet, TotalRow
from subsidies.models import AllocationQuerySet, Revision
from subsidies.revisions.adjustment_lines import HeldAdjustment, adjustment_lines
from subsidies.sheets.page_words import around

_COLUMNS = (
    ("序号", ColumnSpec(6, "center")),
    ("镇乡(街道)", ColumnSpec(14)),
    ("村(社区)", ColumnSpec(16)),
    ("姓名", ColumnSpec(10)),
    ("所属月份", ColumnSpec(12)),
    ("金额", ColumnSpec(14)),
    ("依据文件", ColumnSpec(30)),
    ("原因", ColumnSpec(36)),
)


def adjustments_sheet(revision: Revision, allocations: AllocationQuerySet, where: str) -> Sheet | None:
    """What the column 其他调整 of T1 consists of; None where the townships have no adjustment."""
    held = adjustment_lines(revision, allocations)
    if not held.rows:
        return None
    return Sheet(
        name="其他调整",
        header=[[HeaderCell(name) for name, _ in _COLUMNS]],
        columns=[spec for _, spec in _COLUMNS],
        rows=[_row(number, row) for number, row in enumerate(held.rows, 1)],
        totals=[TotalRow("合计", sums={5: held.amount}, label_column=1)],
        **around(revision, "其他调整明细表", total=held.amount, where=where),
    )


def _row(number: int, row: HeldAdjustment) -> Row:
    return [
        number,
        row.township_name,
        row.unit_name,
        row.line.person_name,
        row.period.label,
        row.line.amount,
        row.line.document,
        row.line.reason,
    ]
