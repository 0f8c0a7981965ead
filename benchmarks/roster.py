"""Budget: a roster of 10,000 rows is read, checked and previewed within eight seconds."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from io import BytesIO
from itertools import islice
from typing import Any

from openpyxl import Workbook

from benchmarks.measure import compare
from benchmarks.results import Result
from foundation.excel.reader import read_any
from foundation.personal import check_character
from staffing.imports.roster import import_roster, preview_roster
from townships.enums import UnitKind
from townships.models import GrassrootsUnit

ROWS = 10_000
_TODAY = date(2026, 11, 1)
_NAME = "roster.xlsx"
_POSITIONS = {UnitKind.COMMUNITY: "社区协管员", UnitKind.VILLAGE: "村(居)协管员"}


def preview() -> list[Result]:
    """The floor: reading the cells of the file, in the process that shields ours from it.

    The candidate: the preview of its import, with every check of every row. Half of the rows are stored already.
    """
    rows = list(islice(_rows(), ROWS))
    stored, whole = _file(rows[: ROWS // 2]), _file(rows)
    import_roster(stored, _NAME, actor=None, today=_TODAY, facts_from=None, accept_warnings=True)
    found = compare(
        floor=lambda: read_any(whole, _NAME),
        candidate=lambda: preview_roster(whole, _NAME, today=_TODAY, facts_from=None),
    )
    return [Result.of("preview a roster", len(rows), found, budget_seconds=8.0)]


def _file(rows: Sequence[dict[str, Any]]) -> bytes:
    """An .xlsx of one sheet, its columns those of the first row."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def _rows() -> Iterator[dict[str, Any]]:
    """A coordinator for each unit, of a person of whom nobody has heard."""
    units = GrassrootsUnit.objects.filter(kind__in=[kind.value for kind in _POSITIONS]).select_related("township")
    for serial, unit in enumerate(units.order_by("pk")):
        # 999 numbers for each day of birth, with the unassigned prefix 339900.
        born_on = date(1970, 1, 1) + timedelta(days=serial // 999)
        body = f"339900{born_on:%Y%m%d}{serial % 999 + 1:03d}"
        yield {
            "镇乡(街道)": unit.township.name,
            "村(社区)": unit.name,
            "岗位类别": _POSITIONS[UnitKind(unit.kind)],
            "姓名": f"测算{serial}",
            "身份证号": body + check_character(body),
            "学历": "大专",
            "专职/兼职": "专职",
            "到岗日期": date(2009, 1, 1),
            "离岗日期": None,
            "合同编号": f"R-{serial}",
            "合同起始": date(2009, 1, 1),
            "合同终止": date(2011, 12, 31),
            "月工资": 1500,
            "单位社保": 400.5,
            "联系电话": "13800000000",
            "备注": None,
        }
