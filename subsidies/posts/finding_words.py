"""A finding in words: what is found with its figures (contract dates, wages, places), and how a clerk clears it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from foundation.dates import Month
from staffing.enums import Check, Position, PostingSource
from staffing.labels import position_name
from subsidies.rules import days
from subsidies.rules.checks import ContractRecord, Requirements, contract_on, ending_tier, wage_on
from subsidies.rules.dues import Due, count_of
from subsidies.rules.facts import CountyFacts, PostingFact, TownshipFact, UnitFact
from subsidies.rules.held import education_on
from subsidies.rules.shortages import Shortage

# What a clerk does about it.
REMEDIES: Mapping[Check, str] = {
    Check.PLATFORM_BELOW_NORM: "请通过内部调剂配足专职平台工作人员,到岗后录入花名册;一时配不足的,向县局说明。",
    Check.PLATFORM_SHORT: "请先配足专职平台工作人员;正在调剂的,向县局说明人数和到位时间。",
    Check.VACANCY: "请选定人员到岗并录入花名册;已经到岗的,在花名册补录到岗日期。",
    Check.OVER_QUOTA: "请核对先到岗的人是否已离岗,离岗的在人员页补登离岗日期;确需增加名额的,向县局申请增配批复。",
    Check.EDUCATION: "请核对学历证书,在人员页点「登记资格」写明取得日期;确未达到的,向县局说明。",
    Check.RECRUITMENT: "请在人员页点「人员来源」选是哪一次公开招聘,还没有的先登记;没有公开招聘的,向县局说明。",
    Check.COMPUTER_SKILL: "请安排计算机操作培训,合格后在人员页点「登记资格」登记。",
    Check.CONTRACT_MISSING: "请与本人签订书面劳动合同,在人员页点「签订、续签合同」登记;人多的,填入花名册重新导入。",
    Check.CONTRACT_EXPIRED: "请续签劳动合同,在人员页点「签订、续签合同」登记;不再续签的,在人员页登记离岗日期。",
    Check.CONTRACT_SHORT: "请改签达到规定期限的合同,改签后或原来填错的,在人员页那份合同旁点「更正」。",
    Check.CONTRACT_THIRD_PARTY: "请改由镇乡(街道)与本人签订劳动合同,在人员页登记;类型填错的,在那份合同旁点「更正」。",
    Check.CONTRACT_ENDING: "请在到期前办好续签,在人员页点「签订、续签合同」登记;不再续签的,到期时登记离岗日期。",
    Check.ASSISTANT_PART_TIME: "请改为专职,在人员页点「专兼职变动」登记;原来填错的,也在那里更正。",
    Check.COMMUNITY_PART_TIME: "请改为专职,在人员页点「专兼职变动」登记;原来填错的,也在那里更正。",
    Check.SEVERAL_UNITS: "请核对是否确由一人兼任;不再兼任的,在人员页给该岗位登记离岗日期。",
    Check.DUPLICATE_PERSON: "请核对哪个岗位实际在岗,在人员页给另一个登记离岗日期;录错的,在人员页撤销。",
    Check.WAGE_BELOW_FLOOR: "请把月工资提高到下限以上,在人员页点「调整工资」;原来填错的,在那条工资旁点「更正」。",
    Check.HOUSEHOLDS_MISSING: "请在该村(居)的页面“登记新的户籍户数”,写明统计日期,县局审核后生效。",
    Check.HOUSEHOLDS_ZERO: "请核对该村(居)的户籍户数,填错的在该村(居)的页面“登记新的户籍户数”,县局审核后生效。",
    Check.SUBSIDY_ABOVE_COST: "请核对花名册「月工资」「单位社保」是否填全;没有填错的,向县局说明结余的用途。",
    Check.COST_UNKNOWN: "请在人员页点「工资」登记月工资和单位社保;补助以用工成本为限,未登记的无法核对。",
    Check.RETIREMENT_AGE: "请办理退休并在人员页登记离岗;干部、工人登记错了的在人员页更正,另有规定的写明情况。",
}
_SOURCES: Mapping[PostingSource | None, str] = {
    PostingSource.OPEN_RECRUITMENT: "登记为公开招聘,没有登记是哪一次公开招聘",
    PostingSource.OTHER: "人员来源和招聘公告都未填写",
}
_OVER_QUOTA_AT_UNIT = "一个村(社区)只补助一人:请核对前任是否已离岗,离岗的在人员页补登离岗日期。"


@dataclass(eq=False)
class Words:
    """Details of the findings of one month for a reader of `scope`: nothing names a place outside of it."""

    month: Month
    facts: CountyFacts
    dues: Mapping[int, Due]
    requirements: Requirements
    scope: Collection[int]
    townships: Mapping[int, TownshipFact] = field(init=False)
    units: Mapping[int, UnitFact] = field(init=False)
    _of_person: Mapping[int, Sequence[Due]] = field(init=False)

    def __post_init__(self) -> None:
        self.townships = {township.id: township for township in self.facts.townships}
        self.units = self.facts.unit_by_id
        of_person: dict[int, list[Due]] = defaultdict(list)
        for due in self.dues.values():
            of_person[due.posting.person].append(due)
        self._of_person = of_person

    def of_posting(self, check: Check, due: Due) -> str:
        """ValueError for a check of townships and units, whose shortages `of_shortage` words."""
        day = days.last_day(self.month, due.days.on_post)
        record = due.posting.record
        match check:
            case Check.OVER_QUOTA:
                return "名额已由先到岗的人占满"
            case Check.EDUCATION:
                education = education_on(day, record.educations)
                return f"登记的学历:{education.label if education else '未填写'}"
            case Check.RECRUITMENT:
                return _SOURCES.get(record.source, f"人员来源:{record.source.label if record.source else '未填写'}")
            case Check.COMPUTER_SKILL:
                return "登记为不熟悉计算机操作"
            case Check.CONTRACT_MISSING:
                coming = min((contract.started_on for contract in record.contracts), default=None)
                return f"合同从 {coming} 才起始" if coming else "没有劳动合同"
            case Check.CONTRACT_EXPIRED | Check.CONTRACT_SHORT | Check.CONTRACT_THIRD_PARTY | Check.CONTRACT_ENDING:
                contract = contract_on(day, record)
                if contract is None:
                    raise ValueError(f"{check} of a posting without a contract")
                return self._of_contract(check, contract, day)
            case Check.ASSISTANT_PART_TIME | Check.COMMUNITY_PART_TIME:
                return "登记为兼职"
            case Check.WAGE_BELOW_FLOOR:
                return f"月工资 {wage_on(day, record):,.2f} 元,下限 {self.requirements.lowest_wage:,.2f} 元"
            case Check.SUBSIDY_ABOVE_COST:
                return f"补助标准 {due.result.rate:,.2f} 元,当月用工成本 {due.cost:,.2f} 元"
            case Check.COST_UNKNOWN:
                return "补助以用工成本为限,月工资或单位社保未登记"
            case Check.RETIREMENT_AGE:
                return f"按{record.retiree.group.label if record.retiree else ''}的退休年龄已过"
            case Check.SEVERAL_UNITS | Check.DUPLICATE_PERSON:
                return f"同时在{'、'.join(dict.fromkeys(self._places(self.other_posts(check, due))))}"
            case Check.HOUSEHOLDS_MISSING | Check.HOUSEHOLDS_ZERO:
                return self._of_households(due.posting)
            case Check.PLATFORM_BELOW_NORM | Check.PLATFORM_SHORT | Check.VACANCY:
                raise ValueError(f"{check} is of no posting")

    def of_shortage(self, shortage: Shortage) -> str:
        missing = shortage.needed - shortage.present
        kind = "专职平台工作人员" if shortage.check is not Check.VACANCY else position_name(shortage.position)
        return f"应配{kind} {shortage.needed} 人,已配 {shortage.present} 人,缺 {missing} 人"

    def _of_contract(self, check: Check, contract: ContractRecord, day: date) -> str:
        if check is Check.CONTRACT_THIRD_PARTY:
            employer = f",用工单位 {contract.employer}" if contract.employer else ""
            return f"合同类型:{contract.kind.label if contract.kind else '未填写'}{employer}"
        if check is Check.CONTRACT_SHORT:
            months = self.requirements.contract_min_months
            return f"合同 {contract.started_on} 至 {contract.ended_on},不满 {months} 个月"
        if contract.ended_on is None or check is Check.CONTRACT_EXPIRED:
            return f"合同 {contract.ended_on} 已到期"
        left = (contract.ended_on - day).days
        return f"合同 {contract.ended_on} 到期,{ending_tier(left, self.requirements)} 天内(到 {day} 还有 {left} 天)"

    def other_posts(self, check: Check, due: Due) -> list[PostingFact]:
        """The person's posts that make it a finding: of somebody posted twice the one that counts."""
        day = days.last_day(self.month, due.days.on_post)
        others = [
            other.posting
            for other in self._of_person[due.posting.person]
            if other.posting.id != due.posting.id
            and days.has_day(other.days.on_post, day.day)
            and (check is Check.DUPLICATE_PERSON or other.posting.unit not in (None, due.posting.unit))
        ]
        return others[:1] if check is Check.DUPLICATE_PERSON else others

    def _places(self, postings: Iterable[PostingFact]) -> Iterable[str]:
        for posting in postings:
            if posting.township not in self.scope:
                yield "其他镇乡(街道)任职"
                continue
            unit = self.units[posting.unit].name if posting.unit is not None else ""
            township = self.townships[posting.township].name
            yield f"{township}{unit}任{position_name(posting.position)}({posting.started_on} 到岗)"

    def _of_households(self, posting: PostingFact) -> str:
        count = count_of(self.month, self.units[posting.unit or 0])
        if count is None:
            return f"{self.month.label} 1 日没有生效的户籍户数"
        return f"{count.effective_from} 起的户籍户数是 {count.households} 户"


def remedy_of(check: Check, position: Position) -> str:
    """One sentence for a clerk: what to do, and where."""
    return _OVER_QUOTA_AT_UNIT if check is Check.OVER_QUOTA and position.has_unit else REMEDIES[check]
