"""T6 公示表: who gets how much, to be posted up; without id and phone numbers."""

from collections import defaultdict
from collections.abc import Iterator

from foundation.excel.sheet import ColumnSpec, HeaderCell, Sheet, TotalRow, Value
from foundation.money import total
from staffing.enums import SUBSIDISED
from staffing.labels import position_name
from subsidies.models import AllocationQuerySet, Revision
from subsidies.revisions.adjustment_lines import HeldAdjustment, HeldAdjustments, adjustment_lines
from subsidies.revisions.sheet_lines import PostingLines, posting_lines
from subsidies.sheets.page_words import around

_COLUMNS = (
    ("序号", ColumnSpec(6, "center")),
    ("姓名", ColumnSpec(14)),
    ("单位", ColumnSpec(34)),
    ("岗位", ColumnSpec(20)),
    ("金额", ColumnSpec(16)),
    ("备注", ColumnSpec(12)),
)


def t6_sheet(revision: Revision, allocations: AllocationQuerySet, where: str) -> Sheet:
    """Everybody to whom the revision pays something, or from whom it claims back, in the given townships.

    An adjustment has a row of its own after the people of its township, so that the sheet adds up to T1.
    """
    found = [row for row in posting_lines(revision, allocations, SUBSIDISED) if row.paid]
    held = adjustment_lines(revision, allocations)
    together = total(row.paid for row in found) + held.amount
    cells = _by_township(found, held)
    return Sheet(
        name="T6 公示表",
        header=[[HeaderCell(name) for name, _ in _COLUMNS]],
        columns=[spec for _, spec in _COLUMNS],
        rows=[[number, *row] for number, row in enumerate(cells, 1)],
        totals=[TotalRow("合计", sums={4: together}, label_column=1)],
        **around(revision, "协理(管)员补助公示表", total=together, where=where),
    )


def _by_township(found: list[PostingLines], held: HeldAdjustments) -> Iterator[list[Value]]:
    """Townships by code; in each first the people, then the adjustments."""
    cells: dict[str, list[list[Value]]] = defaultdict(list)
    for posting in found:
        cells[posting.allocation.township_code].append(_of_posting(posting))
    for adjustment in held.rows:
        cells[adjustment.township_code].append(_of_adjustment(adjustment))
    for code in sorted(cells):
        yield from cells[code]


def _of_posting(row: PostingLines) -> list[Value]:
    line = row.any_line
    place = f"{row.allocation.township_name}{line.unit_name}"
    return [line.person_name, place, position_name(line.position), row.paid, ""]


def _of_adjustment(row: HeldAdjustment) -> list[Value]:
    return [row.recipient, f"{row.township_name}{row.unit_name}", "", row.line.amount, "其他调整"]
