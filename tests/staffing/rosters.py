"""Rosters as files, for the tests of their import."""

import csv
import io
from datetime import date
from typing import Any

from staffing.imports.roster import import_roster
from tests.builders import TODAY, a_workbook, an_id_number
from townships.entries import Outcome

HEADER = (
    "镇乡(街道)",
    "村(社区)",
    "岗位类别",
    "姓名",
    "身份证号",
    "学历",
    "专职/兼职",
    "到岗日期",
    "离岗日期",
    "合同编号",
    "合同起始",
    "合同终止",
    "月工资",
    "单位社保",
    "联系电话",
    "备注",
)
_DEFAULTS: dict[str, Any] = {
    "镇乡(街道)": "跃龙街道",
    "岗位类别": "专职协理员",
    "姓名": "张三",
    "学历": "大专",
    "专职/兼职": "专职",
    "到岗日期": date(2009, 1, 1),
    "合同编号": "HT-1",
    "合同起始": date(2009, 1, 1),
    "合同终止": date(2011, 12, 31),
    "月工资": 1500,
    "单位社保": 400.5,
    "联系电话": "13800000000",
}


def a_row(serial: int = 1, **cells: Any) -> dict[str, Any]:
    """A good row of an assistant; `cells` by column name differ."""
    return _DEFAULTS | {"身份证号": an_id_number(serial)} | cells


def a_name(number: int) -> str:
    """A name for each number up to 20,000."""
    return f"张{chr(0x4E00 + number)}"


def a_roster(*rows: dict[str, Any], header: tuple[str, ...] = HEADER) -> bytes:
    return a_workbook(header, *([row.get(column) for column in header] for row in rows))


def imported(
    *rows: dict[str, Any],
    header: tuple[str, ...] = HEADER,
    facts_from: date | None = None,
    only_township: int | None = None,
    accept_warnings: bool = False,
) -> Outcome:
    return import_roster(
        a_roster(*rows, header=header),
        "roster.xlsx",
        actor=None,
        today=TODAY,
        facts_from=facts_from,
        only_township=only_township,
        accept_warnings=accept_warnings,
    )


def a_roster_csv(*rows: dict[str, Any], header: tuple[str, ...] = HEADER) -> bytes:
    """The same as text: an id number would be seen in it, and `=1` is no formula."""
    file = io.StringIO()
    csv.writer(file).writerows([header, *([row.get(column) or "" for column in header] for row in rows)])
    return file.getvalue().encode()
