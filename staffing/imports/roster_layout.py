"""The layout of the roster 花名册: its columns, and the words its cells may hold."""

import re
from collections.abc import Mapping

from django.conf import settings

from foundation.excel.asides import About
from foundation.excel.header import Column
from staffing.enums import ContractKind, Education, Position, PostingSource
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


# Other heads of a column, as offices write them; marks and units around a head need not be listed.
_HEADS: Mapping[str, str] = {
    TOWNSHIP: "镇乡街道 镇街 乡镇 乡镇(街道) 镇(街道) 镇(乡) 镇(乡、街道) 镇(街道、乡) 街道(乡镇) 街道(镇乡) "
    "所属镇街 所属乡镇 所在乡镇 乡镇街道 乡镇(街道)名称 镇街名称 乡镇名称",
    UNIT: "村社区 村(居) 村居 社区(村) 村 社区 行政村 村名 村名称 社区名称 村(社区)名称 所在村(社区) 行政村(社区) "
    "所属村(社区) 村(居)名称 所在村 所在社区",
    POSITION: "岗位 岗位名称 人员类别 职务 岗位类型",
    NAME: "人员姓名 名字 协管员姓名 协理员姓名",
    NATIONAL_ID: "身份证 身份证号码 公民身份号码 公民身份证号码 身份证件号码 居民身份证号码 居民身份证号",
    EDUCATION: "文化程度 最高学历 学历层次",
    FULL_TIME: "专兼职 专(兼)职 是否专职 专职或兼职 专、兼职",
    STARTED_ON: "到岗时间 上岗时间 上岗日期 聘用时间 聘用日期 入职时间 入职日期 任职时间 任职日期",
    ENDED_ON: "离岗时间 离职时间 离职日期 解聘时间 解聘日期",
    CONTRACT_NUMBER: "劳动合同编号 合同号 劳动合同号",
    CONTRACT_START: "合同起始日期 合同开始日期 合同起始时间 合同开始时间 劳动合同起始 劳动合同起始日期 "
    "劳动合同起始时间 合同起 劳动合同起 合同期限起 合同期限起始 劳动合同期限起 劳动合同期限起始 "
    "劳动合同开始 劳动合同开始日期",
    CONTRACT_END: "合同终止日期 合同结束日期 合同到期日期 合同到期时间 合同终止时间 合同结束时间 劳动合同终止 "
    "劳动合同终止日期 劳动合同终止时间 合同止 劳动合同止 合同期限止 合同期限终止 劳动合同期限止 劳动合同期限终止 "
    "劳动合同结束 劳动合同结束日期 劳动合同到期日期",
    WAGE: "工资 应发工资 月工资标准 工资标准 月应发工资",
    INSURANCE: "单位缴纳社会保险 单位缴纳社保 单位社会保险 社保单位部分 单位缴纳社会保险费 单位社保费",
    PHONE: "手机号码 手机号 手机 联系方式 电话 电话号码 联系电话号码",
    NOTE: "说明",
}
_NEEDED = (TOWNSHIP, UNIT, POSITION, NAME, NATIONAL_ID, STARTED_ON)
_USUAL = (EDUCATION, FULL_TIME, ENDED_ON, CONTRACT_NUMBER, CONTRACT_START, CONTRACT_END, WAGE, INSURANCE, PHONE, NOTE)
_RARE = (HOUSING_FUND, SOURCE, NOTICE, COMPUTER_SKILL, CONTRACT_KIND, EMPLOYER, END_REASON)


def _column(name: str) -> Column:
    aliases = (*_HEADS.get(name, "").split(), optional_heading(name))
    return Column(name, required=name in _NEEDED, aliases=aliases)


COLUMNS = tuple(map(_column, (*_NEEDED[:5], EDUCATION, FULL_TIME, STARTED_ON, *_USUAL[2:], *_RARE)))

ABOUT = About(names=(NAME, NATIONAL_ID), beforehand=(TOWNSHIP, UNIT, POSITION, FULL_TIME))

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
    "电大": Education.COLLEGE,
    "专升本": Education.BACHELOR,
}
# How the degree was taken says nothing of its level.
_STUDY = re.compile(
    r"\((?:函授|自考|电大|成人|成教|夜大|在职|全日制|网络|党校|学士|硕士|博士|专科)\)$|^(?:在职|全日制|函授|自考|成人)"
)
FULL_TIMES = {"专职": True, "全职": True, "专": True, "全日制": True, "兼职": False, "兼": False}
SOURCES: Mapping[str, PostingSource] = PostingSource.by_label() | {
    "公开招考": PostingSource.OPEN_RECRUITMENT,
    "社会招聘": PostingSource.OPEN_RECRUITMENT,
    "公开选聘": PostingSource.OPEN_RECRUITMENT,
    "招聘": PostingSource.OPEN_RECRUITMENT,
    "调剂": PostingSource.INTERNAL_TRANSFER,
    "内部调配": PostingSource.INTERNAL_TRANSFER,
    "公益岗位": PostingSource.PUBLIC_WELFARE_POST,
    "公益性岗位安置": PostingSource.PUBLIC_WELFARE_POST,
    "村干部": PostingSource.VILLAGE_CADRE,
    "村干部兼任": PostingSource.VILLAGE_CADRE,
    "村(居)干部": PostingSource.VILLAGE_CADRE,
    "其他": PostingSource.OTHER,
}
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
STILL_ON_POST = frozenset({"在岗", "至今", "现在", "在职", "今"})
# What is written into a cell that is to say nothing.
NOTHING = frozenset({"/", "//", "\\", "-", "--", "—", "——", "–", "无", "空", "暂无"})
OPEN_ENDED = frozenset({"无固定期限", "长期"})


# Coordinators of either kind: the unit says which.
COORDINATOR = frozenset({"协管员", "劳动保障协管员", "协管", "基层协管员", "劳动保障协管"})
_SPOKEN_POSITIONS: Mapping[Position, tuple[str, ...]] = {
    Position.PLATFORM_STAFF: ("平台人员", "工作人员", "劳动保障平台工作人员"),
    Position.ASSISTANT: ("协理员", "劳动保障协理员", "专职劳动保障协理员", "镇街协理员"),
    Position.COMMUNITY_COORDINATOR: ("社区劳动保障协管员", "社区协管"),
    Position.VILLAGE_COORDINATOR: (
        *("村协管员", "村级协管员", "村居协管员", "居委会协管员", "村劳动保障协管员", "村级劳动保障协管员"),
        *("村(居)劳动保障协管员", "村居劳动保障协管员", "行政村协管员"),
    ),
}


def positions_by_word() -> dict[str, Position]:
    """Positions by their labels, by what people say, and by what this county calls them, as `comparable` writes
    words. What this county calls them comes last and holds."""
    words = {comparable(position.label): position for position in Position}
    spoken = {comparable(word): position for position, of_it in _SPOKEN_POSITIONS.items() for word in of_it}
    return words | spoken | {comparable(word): Position(name) for name, word in settings.POSITION_NAMES.items()}


def education_of(word: str) -> Education | None:
    """The level that a word names, however it was reached: 大专(函授) is 大专."""
    return EDUCATIONS.get(word) or EDUCATIONS.get(_STUDY.sub("", word))
