"""The columns of the list of people, on the page and in its file."""

from collections.abc import Sequence

from foundation.excel.sheet import ColumnSpec
from foundation.lists.columns import Column
from pages.people import BY_NAME, BY_PLACE, RosterRow
from staffing.enums import Education, Position
from staffing.labels import full_time_label, position_name
from staffing.names import spelling
from subsidies.posts.findings import finding_in_words

FINDING = "finding"
_POSITIONS = {position.value: number for number, position in enumerate(Position)}
_EDUCATIONS = {education.label: number for number, education in enumerate(Education)}

PEOPLE_COLUMNS: Sequence[Column[RosterRow]] = (
    Column("township", "镇乡(街道)", lambda row: row.township, ColumnSpec(14), order=BY_PLACE),
    Column("unit", "村(社区)", lambda row: row.unit, ColumnSpec(20), key=lambda row: row.unit and spelling(row.unit)),
    Column(
        "position",
        "岗位类别",
        lambda row: position_name(row.position),
        ColumnSpec(16),
        key=lambda row: _POSITIONS[row.position],
    ),
    Column("name", "姓名", lambda row: row.name, ColumnSpec(12), order=BY_NAME, is_fixed=True),
    Column("number", "身份证号", lambda row: row.national_id, ColumnSpec(22)),
    Column(
        "education",
        "学历",
        lambda row: row.education,
        ColumnSpec(8),
        key=lambda row: _EDUCATIONS.get(row.education),
    ),
    Column("full_time", "专职/兼职", lambda row: full_time_label(row.is_full_time), ColumnSpec(10)),
    Column("started_on", "到岗日期", lambda row: row.started_on, ColumnSpec(12)),
    Column("ended_on", "离岗日期", lambda row: row.ended_on, ColumnSpec(12)),
    Column("contract_ends", "合同终止", lambda row: row.contract_ends, ColumnSpec(14)),
    Column("situation", "情况", lambda row: row.situation, ColumnSpec(14)),
    Column(
        FINDING,
        "异常提示",
        lambda row: ";".join(finding_in_words(finding) for finding in row.findings),
        ColumnSpec(44),
    ),
)
