"""The layout of the roster 花名册: its columns, and the words its cells may hold."""

from collections.abc import Mapping

from django.conf import settings

from foundation.excel.header import Column
from staffing.enums import ContractKind, Education, Position
from townships.places import comparable

TOWNSHIP, UNIT, POSITION, NAME, NATIONAL_ID = "镇乡(街道)", "村(社区)", "岗位类别", "姓名", "身份证号"
EDUCATION, FULL_TIME, STARTED_ON, ENDED_ON = "学历", "专职/兼职", "到岗日期", "离岗日期"
CONTRACT_NUMBER, CONTRACT_START, CONTRACT_END = "合同编号", "合同起始", "合同终止"
WAGE, INSURANCE, PHONE, NOTE = "月工资", "单位社保", "联系电话", "备注"
HOUSING_FUND, SOURCE, NOTICE, COMPUTER_SKILL = "住房公积金", "人员来源", "招聘公告", "计算机操作"
CONTRACT_KIND, EMPLOYER, END_REASON = "合同类型", "用工单位", "离岗原因"


def optional_heading(name: str) -> str:
    """How the template heads a column that a file may lack."""
    return f"{name}(选填)"


COLUMNS = (
    Column(TOWNSHIP, aliases=("镇乡街道", "镇街", "乡镇", "乡镇(街道)", "镇(街道)")),
    Column(UNIT, aliases=("村社区", "村(居)", "村居")),
    Column(POSITION),
    Column(NAME),
    Column(NATIONAL_ID, aliases=("身份证号码", "公民身份号码")),
    Column(EDUCATION),
    Column(FULL_TIME, aliases=("专兼职", "专(兼)职")),
    Column(STARTED_ON),
    Column(ENDED_ON),
    Column(CONTRACT_NUMBER),
    Column(CONTRACT_START, aliases=("合同起始日期",)),
    Column(CONTRACT_END, aliases=("合同终止日期",)),
    Column(WAGE),
    Column(INSURANCE),
    Column(PHONE),
    Column(NOTE),
    *(
        Column(name, required=False, aliases=(optional_heading(name),))
        for name in (HOUSING_FUND, SOURCE, NOTICE, COMPUTER_SKILL, CONTRACT_KIND, EMPLOYER, END_REASON)
    ),
)

EDUCATIONS: Mapping[str, Education] = Education.by_label() | {
    "大学专科": Education.COLLEGE,
    "专科": Education.COLLEGE,
    "高职": Education.COLLEGE,
    "大学本科": Education.BACHELOR,
    "大学": Education.BACHELOR,
    "学士": Education.BACHELOR,
    "硕士": Education.POSTGRADUATE,
    "硕士研究生": Education.POSTGRADUATE,
    "博士": Education.POSTGRADUATE,
    "博士研究生": Education.POSTGRADUATE,
    "普通高中": Education.SENIOR_SECONDARY,
    "职业高中": Education.VOCATIONAL,
    "职高": Education.VOCATIONAL,
    "技校": Education.VOCATIONAL,
    "中等专科": Education.VOCATIONAL,
    "中技": Education.VOCATIONAL,
    "初级中学": Education.JUNIOR_SECONDARY,
}
FULL_TIMES = {"专职": True, "全职": True, "兼职": False}
COMPUTER_SKILLS = dict.fromkeys(("是", "熟悉", "熟练", "会", "有", "掌握", "精通"), True) | dict.fromkeys(
    ("否", "不熟悉", "不熟练", "不会", "无", "没有"), False
)
CONTRACT_KINDS: Mapping[str, ContractKind] = ContractKind.by_label() | {
    "聘用": ContractKind.TOWNSHIP,
    "聘用制": ContractKind.TOWNSHIP,
    "派遣": ContractKind.DISPATCH,
    "其他单位": ContractKind.OTHER_EMPLOYER,
    "其他": ContractKind.OTHER_EMPLOYER,
}
STILL_ON_POST = frozenset({"在岗", "至今"})
OPEN_ENDED = frozenset({"无固定期限", "长期"})


def positions_by_word() -> dict[str, Position]:
    """Positions by their labels and by what this county calls them, as `comparable` writes words."""
    words = {comparable(position.label): position for position in Position}
    return words | {comparable(word): Position(name) for name, word in settings.POSITION_NAMES.items()}
