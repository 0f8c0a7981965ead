"""What is found of a posting, in words with its figures: contract dates, wages, places."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from foundation.dates import Month
from staffing.enums import Check, Education
from staffing.labels import position_name
from subsidies.rules import days
from subsidies.rules.checks import ContractRecord, Requirements, contract_on, ending_tier, wage_on
from subsidies.rules.dues import Due, count_of
from subsidies.rules.facts import CountyFacts, PostingFact, TownshipFact, UnitFact
from subsidies.rules.shortages import Shortage


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
                return f"登记的学历:{Education(record.education).label if record.education else '未填写'}"
            case Check.RECRUITMENT:
                return "人员来源和招聘公告都未填写"
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
