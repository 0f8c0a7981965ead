"""What a township reports, by identifiers, and what the fields are called on sheets and in sentences."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from subsidies.rules.facts import PostingFact

# A posting or unit by its key ("posting 12", "unit 5") -> field -> value, as JSON has it.
Facts = dict[str, dict[str, Any]]

POSTING_LABELS: Mapping[str, str] = {
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
UNIT_LABELS: Mapping[str, str] = {
    "name": "名称",
    "kind": "类别",
    "opened_on": "设立日期",
    "closed_on": "撤销日期",
    "counts": "户籍户数",
}


def posting_of(key: str) -> int | None:
    """The posting that a key of facts means."""
    return _number(key, "posting")


def unit_of(key: str) -> int | None:
    """The unit that a key of facts means."""
    return _number(key, "unit")


def labels_of(key: str) -> Mapping[str, str]:
    """The fields of what a key means, in the order in which they are told, with what they are called."""
    return UNIT_LABELS if unit_of(key) is not None else POSTING_LABELS


def day_told(posting: PostingFact, last: date) -> date:
    """The day for which it is told what a person holds: the last one in service up to `last`."""
    return last if posting.ended_on is None else min(posting.ended_on, last)


def _number(key: str, wanted: str) -> int | None:
    kind, _, number = key.partition(" ")
    return int(number) if kind == wanted else None
