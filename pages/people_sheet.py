"""The list of people as a file: the rows that the page's filter shows, id numbers masked."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from foundation.excel.sheet import ColumnSpec, HeaderCell, Row, Sheet, Value
from foundation.excel.writer import write_workbook
from pages.people import RosterRow
from staffing.labels import full_time_label, position_name
from subsidies.posts.findings import finding_in_words

_COLUMNS = (
    ("序号", ColumnSpec(6, "center")),
    ("镇乡(街道)", ColumnSpec(14)),
    ("村(社区)", ColumnSpec(20)),
    ("岗位类别", ColumnSpec(16)),
    ("姓名", ColumnSpec(12)),
    ("身份证号", ColumnSpec(22)),
    ("学历", ColumnSpec(8)),
    ("专职/兼职", ColumnSpec(10)),
    ("到岗日期", ColumnSpec(12)),
    ("离岗日期", ColumnSpec(12)),
    ("合同终止", ColumnSpec(14)),
    ("情况", ColumnSpec(14)),
)
_FINDINGS = (("异常提示", ColumnSpec(44)),)


def people_workbook(rows: Sequence[RosterRow], words: Sequence[str], *, made_at: datetime) -> bytes:
    """An xlsx of the rows; `words` say what they were filtered by."""
    has_findings = any(row.findings for row in rows)
    columns = (*_COLUMNS, *(_FINDINGS if has_findings else ()))
    sheet = Sheet(
        name="人员",
        title=f"{settings.PLATFORM_NAME}人员名单",
        notes=[f"{'、'.join(words)},共 {len(rows)} 条", f"编制单位:{settings.COUNTY_BUREAU_NAME}"],
        unit="",
        header=[[HeaderCell(name) for name, _ in columns]],
        columns=[spec for _, spec in columns],
        rows=[_row(number, row, has_findings=has_findings) for number, row in enumerate(rows, 1)],
    )
    return write_workbook([sheet], created=made_at, creator=settings.COUNTY_BUREAU_NAME, title=sheet.title)


def _row(number: int, row: RosterRow, *, has_findings: bool) -> Row:
    cells: list[Value] = [
        number,
        row.township,
        row.unit,
        position_name(row.position),
        row.name,
        row.national_id,
        row.education,
        full_time_label(row.is_full_time),
        row.started_on,
        row.ended_on,
        row.contract_ends,
        row.situation,
    ]
    if not has_findings:
        return cells
    return [*cells, ";".join(finding_in_words(finding) for finding in row.findings)]
