"""T7 变动表: what the total differs by from last month's, by township and cause, from stored lines only."""

from foundation.excel.sheet import ColumnSpec, HeaderCell, Sheet, TotalRow
from foundation.money import total
from subsidies.models import AllocationQuerySet, Revision
from subsidies.revisions.differences import change_rows
from subsidies.sheets.page_words import around


def t7_sheet(revision: Revision, allocations: AllocationQuerySet, where: str) -> Sheet:
    """A row for each township, part and cause that changes anything."""
    found = change_rows(revision, allocations)
    together = total(row.amount for row in found)
    return Sheet(
        name="T7 变动表",
        header=[[HeaderCell(text) for text in ("序号", "镇乡(街道)", "部分", "原因", "人次", "比上月增减")]],
        columns=[
            ColumnSpec(6, "center"),
            ColumnSpec(18),
            ColumnSpec(26),
            ColumnSpec(24),
            ColumnSpec(8),
            ColumnSpec(18),
        ],
        rows=[
            [number, row.township_name, row.part.label, row.label if row.cause else "", row.people, row.amount]
            for number, row in enumerate(found, 1)
        ],
        totals=[TotalRow("合计", sums={5: together}, label_column=1)],
        **around(revision, "补助变动表", total=None, where=where),
    )
