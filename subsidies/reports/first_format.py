"""The first format of a report's facts: words by Chinese labels. Reports that were sent up in it are compared in it.

Its words stay as they were, whatever the labels of today say.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from foundation.dates import Month
from foundation.remembered import Remembered
from staffing.enums import ContractKind, Education, Position, SuspensionKind
from subsidies.reports.fields import Facts, day_told, labels_of
from subsidies.rules.facts import CostFact, CountyFacts, PostingFact, UnitFact
from subsidies.rules.held import education_on, has_computer_skill_on, is_full_time_on
from townships.enums import UnitKind

_POSITIONS = {
    Position.PLATFORM_STAFF: "平台工作人员",
    Position.ASSISTANT: "专职协理员",
    Position.COMMUNITY_COORDINATOR: "社区协管员",
    Position.VILLAGE_COORDINATOR: "村(居)协管员",
}
_EDUCATION = {
    Education.PRIMARY: "小学",
    Education.JUNIOR_SECONDARY: "初中",
    Education.SENIOR_SECONDARY: "高中",
    Education.VOCATIONAL: "中专",
    Education.COLLEGE: "大专",
    Education.BACHELOR: "本科",
    Education.POSTGRADUATE: "研究生",
    None: "",
}
_CONTRACTS = {
    ContractKind.TOWNSHIP: "镇街聘用",
    ContractKind.DISPATCH: "劳务派遣",
    ContractKind.OTHER_EMPLOYER: "其他单位聘用",
    None: "",
}
_SUSPENSIONS = {
    SuspensionKind.UNPAID_LEAVE: "停薪留职",
    SuspensionKind.DISCIPLINARY: "停职",
    SuspensionKind.SECONDED_AWAY: "借调离岗",
    SuspensionKind.SICK_LEAVE: "病假",
    SuspensionKind.MATERNITY_LEAVE: "产假",
}
_UNITS = {
    UnitKind.COMMUNITY: "社区",
    UnitKind.RESIDENTS_COMMITTEE: "居委会",
    UnitKind.VILLAGE: "行政村",
    UnitKind.NON_STANDARD: "其他区域",
}
_FULL_TIME = {True: "专职", False: "兼职", None: ""}
_KNOWN = {True: "有", False: "没有", None: ""}
_LABELS_OF_POSTING = {
    "name": "姓名",
    "position": "岗位",
    "unit": "村(社区)",
    "started_on": "到岗日期",
    "ended_on": "离岗日期",
    "is_full_time": "专兼职",
    "education": "学历",
    "has_computer_skill": "计算机操作",
    "recruitment_recorded": "招聘记录",
    "contracts": "合同",
    "contract_kinds": "合同类型",
    "costs": "工资",
    "suspensions": "停发",
    "records": "合并记录",
}
_LABELS_OF_UNIT = {
    "name": "名称",
    "kind": "类别",
    "opened_on": "设立日期",
    "closed_on": "撤销日期",
    "counts": "户籍户数",
}


class FirstFormat:
    """What is said of a posting and of a unit, as far as it is known on the month's last day."""

    def __init__(self, month: Month, facts: CountyFacts) -> None:
        self._last = last = month.last
        self._units = facts.unit_by_id
        self._merged: dict[int, list[int]] = defaultdict(list)
        for record, root in facts.merged.items():
            self._merged[root].append(record)
        # Few are said of many.
        self._of_wages = Remembered(partial(_of_wages, last))
        self._of_day = Remembered[date, str](str)
        self._until = Remembered[date | None, str](
            lambda day: self._of_day[day] if day is not None and day <= last else ""
        )

    def of_posting(self, posting: PostingFact) -> dict[str, Any]:
        record, last = posting.record, self._last
        unit = None if posting.unit is None else self._units[posting.unit]
        day = day_told(posting, last)
        said = {
            "姓名": posting.person_name,
            "岗位": _POSITIONS[posting.position],
            "村(社区)": unit.name_on(last) if unit else "",
            "到岗日期": self._of_day[posting.started_on],
            "离岗日期": self._until[posting.ended_on],
            "专兼职": _FULL_TIME[is_full_time_on(day, record.working_times)],
            "学历": _EDUCATION[education_on(day, record.educations)],
            "计算机操作": _KNOWN[has_computer_skill_on(day, record.computer_skills)],
            "招聘记录": _KNOWN[record.recruitment_recorded],
        }
        # Few have a contract or a suspension.
        contracts = record.contracts and [row for row in record.contracts if row.started_on <= last]
        if contracts:
            said["合同"] = "、".join(f"{row.started_on} 至 {row.ended_on or '无固定期限'}" for row in contracts)
            said["合同类型"] = "、".join(f"{_CONTRACTS[row.kind]}{row.employer}" for row in contracts)
        if wages := self._of_wages[posting.costs]:
            said["工资"] = wages
        suspensions = posting.suspensions and [row for row in posting.suspensions if row.started_on <= last]
        if suspensions:
            said["停发"] = "、".join(
                f"{row.started_on} 至 {self._until[row.ended_on] or '今'} {_SUSPENSIONS[row.kind]}"
                for row in suspensions
            )
        said["合并记录"] = self._of_records(posting.person)
        return said

    def of_unit(self, unit: UnitFact) -> dict[str, Any]:
        said = {
            "名称": unit.name_on(self._last),
            "类别": _UNITS[unit.kind],
            "设立日期": self._until[unit.opened_on],
            "撤销日期": self._until[unit.closed_on],
        }
        counts = [count for count in unit.counts if count.effective_from <= self._last]
        if counts:
            said["户籍户数"] = "、".join(
                f"{count.households} 户({self._of_day[count.effective_from]} 起)" for count in counts
            )
        return said

    def _of_records(self, person: int) -> str:
        """The records that stand for one person, by their numbers in this system."""
        if person not in self._merged:
            return ""
        return f"人员记录 {'、'.join(map(str, sorted((person, *self._merged[person]))))} 为同一人"

    @staticmethod
    def in_words(facts: Mapping[str, Mapping[str, Any]], key: str) -> dict[str, str]:
        """What is said of one posting or unit, by field."""
        labels = _LABELS_OF_UNIT if key.startswith("unit ") else _LABELS_OF_POSTING
        return {field: facts[key].get(label, "") for field, label in labels.items()}

    @classmethod
    def changed_fields(cls, before: Facts, now: Facts, key: str, *, last: date) -> list[str]:
        old, new = cls.in_words(before, key), cls.in_words(now, key)
        return [field for field in labels_of(key) if old[field] != new[field]]


def _of_wages(last: date, costs: tuple[CostFact, ...]) -> str:
    return "、".join(
        f"{cost.effective_from} 起 "
        + "+".join(
            "未登记" if amount is None else str(amount)
            for amount in (cost.monthly_wage, cost.employer_insurance, cost.housing_fund)
        )
        for cost in costs
        if cost.effective_from <= last
    )
