"""Exported sheets as a reader sees them: rows under the header, columns by name, numbers exact."""

import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook

from subsidies.models import Allocation, AllocationQuerySet, Revision
from subsidies.sheets.register import workbook


@dataclass(frozen=True)
class SheetFile:
    """Cached values of the one worksheet; `header` is its last header row."""

    rows: list[list[Any]]  # whatever a cell holds

    @property
    def header_row(self) -> int:
        return max(
            index for index, row in enumerate(self.rows) if "镇乡(街道)" in row or "单位" in row or "金额" in row
        )

    def column(self, name: str) -> int:
        """The column whose header, in any header row, is `name`."""
        for row in self.rows[: self.header_row + 1]:
            if name in row:
                return row.index(name)
        raise AssertionError(f"no column {name}")

    @property
    def total_row(self) -> list[Any]:
        return next(row for row in self.rows if row[1] == "合计")

    def total(self, name: str) -> Decimal:
        return Decimal(str(self.total_row[self.column(name)]))

    def people(self) -> list[list[Any]]:
        """The numbered rows."""
        return [row for row in self.rows[self.header_row + 1 :] if isinstance(row[0], int)]

    def text(self) -> str:
        return "\n".join(str(cell) for row in self.rows for cell in row if cell is not None)


def sheet_file(
    revision: Revision,
    number: str,
    allocations: AllocationQuerySet | None = None,
    *,
    where: str = "",
    worksheet: int = 0,
) -> SheetFile:
    content = workbook(revision, number, Allocation.objects.all() if allocations is None else allocations, where=where)
    return read_sheet(content, worksheet)


def read_sheet(content: bytes, worksheet: int = 0) -> SheetFile:
    sheet = load_workbook(io.BytesIO(content), data_only=True).worksheets[worksheet]
    return SheetFile([list(row) for row in sheet.iter_rows(values_only=True)])
