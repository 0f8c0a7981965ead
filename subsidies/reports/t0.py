"""T0 镇街月报表: what a township reported for a month, for its stamp; from the facts kept with the report."""

from collections.abc import Mapping

from django.conf import settings

from foundation.excel.sheet import ColumnSpec, HeaderCell, Row, Sheet
from foundation.excel.writer import write_workbook
from subsidies.enums import ReportState
from subsidies.models import TownshipReport
from subsidies.reports.facts import FORMATS
from subsidies.reports.fields import POSTING_LABELS, posting_of

_BANNERS = {ReportState.RETURNED: ReportState.RETURNED.label, ReportState.SUBMITTED: "待县局审核"}
_FIELDS = (
    *("name", "position", "unit", "is_full_time", "education"),
    *("started_on", "ended_on", "contracts", "costs", "suspensions"),
)
_HEADERS = {**POSTING_LABELS, "costs": "应发工资+单位社保+住房公积金"}
_WIDTHS = (10, 14, 16, 7, 7, 12, 12, 24, 30, 24)


def t0_workbook(report: TownshipReport) -> bytes:
    """The sheet as xlsx; the report has been sent up."""
    if report.submitted_at is None:
        raise ValueError("a report that was never sent up has no sheet")
    sheet = t0_sheet(report)
    return write_workbook([sheet], created=report.submitted_at, creator=settings.COUNTY_BUREAU_NAME, title=sheet.title)


def t0_sheet(report: TownshipReport) -> Sheet:
    in_words = FORMATS[report.facts_format].in_words
    people = [in_words(report.facts, key) for key in report.facts if posting_of(key) is not None]
    clerk = f"填报:{report.submitted_by or '命令行'} 第 {report.submission} 次上报"
    return Sheet(
        name="T0 镇街月报表",
        title=f"{report.township.name}{report.period.label}{settings.PLATFORM_NAME}人员月报表",
        banner=_BANNERS.get(ReportState(report.state), ""),
        notes=[clerk, *([f"说明:{report.note}"] if report.note else []), f"共 {len(people)} 人"],
        header=[[HeaderCell("序号"), *(HeaderCell(_HEADERS[field]) for field in _FIELDS)]],
        columns=[ColumnSpec(5, "center"), *(ColumnSpec(width) for width in _WIDTHS)],
        rows=[_row(number, words) for number, words in enumerate(people, 1)],
        signs=("填报人", "负责人", "镇乡(街道)盖章"),
    )


def _row(number: int, words: Mapping[str, str]) -> Row:
    return [number, *(words[field] for field in _FIELDS)]
