"""A list as a file: the rows and columns that its page shows, in the same order."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from foundation.excel.sheet import ColumnSpec, HeaderCell, Sheet
from foundation.excel.writer import write_workbook
from foundation.lists.columns import Column, Row


def list_workbook(
    name: str, columns: Sequence[Column[Row]], rows: Sequence[Row], words: Sequence[str], *, made_at: datetime
) -> bytes:
    """An xlsx of the rows, numbered; `words` say what was asked for."""
    sheet = Sheet(
        name=name,
        title=f"{settings.PLATFORM_NAME}{name}名单",
        notes=[f"{'、'.join(words)},共 {len(rows)} 条", f"编制单位:{settings.COUNTY_BUREAU_NAME}"],
        unit="",
        header=[[HeaderCell("序号"), *(HeaderCell(column.head) for column in columns)]],
        columns=[ColumnSpec(6, "center"), *(column.spec for column in columns)],
        rows=[[number, *(column.value(row) for column in columns)] for number, row in enumerate(rows, 1)],
    )
    return write_workbook([sheet], created=made_at, creator=settings.COUNTY_BUREAU_NAME, title=sheet.title)
