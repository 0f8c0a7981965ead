"""For each check the clause of the opinion it rests on, and what a clerk does to clear it. Pure."""

from collections.abc import Mapping

from staffing.enums import Check, Position

CLAUSES: Mapping[Check, str] = {
    Check.PLATFORM_BELOW_NORM: "一.1",
    Check.PLATFORM_SHORT: "一.2",
    Check.VACANCY: "一.2",
    Check.OVER_QUOTA: "一.2",
    Check.EDUCATION: "一.2",
    Check.RECRUITMENT: "一.2",
    Check.COMPUTER_SKILL: "一.2",
    Check.CONTRACT_MISSING: "一.2",
    Check.CONTRACT_EXPIRED: "一.2",
    Check.CONTRACT_SHORT: "一.2",
    Check.CONTRACT_THIRD_PARTY: "一.2",
    Check.CONTRACT_ENDING: "一.2",
    Check.ASSISTANT_PART_TIME: "一.2",
    Check.COMMUNITY_PART_TIME: "一.3",
    Check.SEVERAL_UNITS: "一.3",
    Check.DUPLICATE_PERSON: "一.3",
    Check.WAGE_BELOW_FLOOR: "二.1",
    Check.HOUSEHOLDS_MISSING: "二.1",
    Check.HOUSEHOLDS_ZERO: "二.1",
    Check.SUBSIDY_ABOVE_COST: "二.1",
    Check.COST_UNKNOWN: "二.1",
}
# What is asked of assistants by one clause and of coordinators by the next.
_OF_COORDINATORS = (Check.VACANCY, Check.OVER_QUOTA, Check.COMPUTER_SKILL)

REMEDIES: Mapping[Check, str] = {
    Check.PLATFORM_BELOW_NORM: "请通过内部调剂配足专职平台工作人员,到岗后录入花名册;一时配不足的,向县局说明。",
    Check.PLATFORM_SHORT: "请先配足专职平台工作人员;正在调剂的,向县局说明人数和到位时间。",
    Check.VACANCY: "请选定人员到岗并录入花名册;已经到岗的,在花名册补录到岗日期。",
    Check.OVER_QUOTA: "请核对先到岗的人是否已离岗,离岗的在人员页补登离岗日期;确需增加名额的,向县局申请增配批复。",
    Check.EDUCATION: "请核对学历证书,在花名册「学历」栏更正后重新导入;确未达到的,向县局说明。",
    Check.RECRUITMENT: "请在花名册「招聘公告」栏填写公告名称或文号后重新导入;没有公开招聘的,向县局说明。",
    Check.COMPUTER_SKILL: "请安排计算机操作培训,合格后把花名册「计算机操作」栏改为「是」重新导入。",
    Check.CONTRACT_MISSING: "请与本人签订书面劳动合同,在人员页点「劳动合同」登记;人多的,填入花名册重新导入。",
    Check.CONTRACT_EXPIRED: "请续签劳动合同,在人员页点「劳动合同」登记;不再续签的,在人员页登记离岗日期。",
    Check.CONTRACT_SHORT: "请改签达到规定期限的合同,改签后或原来填错的,在人员页点「更正合同」。",
    Check.CONTRACT_THIRD_PARTY: "请改由镇乡(街道)与本人签订劳动合同,在人员页登记;合同类型填错的,点「更正合同」。",
    Check.CONTRACT_ENDING: "请在到期前办好续签,在人员页点「劳动合同」登记;不再续签的,到期时在人员页登记离岗日期。",
    Check.ASSISTANT_PART_TIME: "请改为专职;原来填错的,更正花名册「专职/兼职」栏重新导入。",
    Check.COMMUNITY_PART_TIME: "请改为专职;原来填错的,更正花名册「专职/兼职」栏重新导入。",
    Check.SEVERAL_UNITS: "请核对是否确由一人兼任;不再兼任的,在人员页给该岗位登记离岗日期。",
    Check.DUPLICATE_PERSON: "请核对哪个岗位实际在岗,在人员页给另一个登记离岗日期;录错的,在人员页撤销。",
    Check.WAGE_BELOW_FLOOR: "请把月工资提高到下限以上;原来填错的,更正花名册「月工资」栏重新导入。",
    Check.HOUSEHOLDS_MISSING: "请在该村(居)的页面“登记新的户籍户数”,写明统计日期,县局审核后生效。",
    Check.HOUSEHOLDS_ZERO: "请核对该村(居)的户籍户数,填错的在该村(居)的页面“登记新的户籍户数”,县局审核后生效。",
    Check.SUBSIDY_ABOVE_COST: "请核对花名册「月工资」「单位社保」是否填全;没有填错的,向县局说明结余的用途。",
    Check.COST_UNKNOWN: "请在人员页点「工资」登记月工资和单位社保;补助以用工成本为限,未登记的无法核对。",
}
_OVER_QUOTA_AT_UNIT = "一个村(社区)只补助一人:请核对前任是否已离岗,离岗的在人员页补登离岗日期。"


def clause_of(check: Check, position: Position) -> str:
    """The clause that asks this of somebody in this position, such as 一.2."""
    return "一.3" if check in _OF_COORDINATORS and position.has_unit else CLAUSES[check]


def remedy_of(check: Check, position: Position) -> str:
    """One sentence for a clerk: what to do, and where."""
    return _OVER_QUOTA_AT_UNIT if check is Check.OVER_QUOTA and position.has_unit else REMEDIES[check]
