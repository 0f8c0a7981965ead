"""What a township reports for a month: its people and units in words, as they were until the month's last day.

A report keeps these facts; when they give another digest, the report is stale, and the difference says what changed.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from foundation.canonical import canonical
from foundation.dates import Month
from foundation.differences import differing_labels, differing_rows
from foundation.remembered import Remembered
from staffing.enums import Position
from subsidies.posts.facts import county_facts
from subsidies.rules.facts import CostFact, CountyFacts, PostingFact, UnitFact

# Posting or unit, by its key -> what is said of it, by Chinese label.
Facts = dict[str, dict[str, str]]

# In place of a label: the whole posting or unit is new, or no longer registered.
NEW, GONE = "新增", "不再登记"


class FactPart(NamedTuple):
    """One fact that changed, in words; `by` says who changed it and when, empty where that is not asked or known."""

    label: str
    words: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class FactChange:
    """What changed of one posting or unit, named by its key."""

    key: str
    name: str
    parts: Sequence[FactPart]

    @property
    def sentence(self) -> str:
        """The change in words; who changed it is said once, at the end, where it is the same for all parts."""
        if len({part.by for part in self.parts}) == 1:
            by = f"({self.parts[0].by})" if self.parts[0].by else ""
            return f"{self.name}:{','.join(part.words for part in self.parts)}{by}"
        told = (part.words + (f"({part.by})" if part.by else "") for part in self.parts)
        return f"{self.name}:{','.join(told)}"


def facts_to_report(month: Month, *, since: Mapping[int, Month]) -> CountyFacts:
    """What `report_facts` looks at of the townships in `since`, in a fixed number of queries."""
    return county_facts(since=min(since.values()).first, until=month.last, positions=Position, townships=list(since))


def report_facts(month: Month, facts: CountyFacts, *, since: Mapping[int, Month]) -> dict[int, Facts]:
    """Township id -> its facts of the months from its one of `since` to `month`.

    What is dated after the month's last day is left out, and an end after it counts as none. There is no id number
    among them.
    """
    found: dict[int, Facts] = {township: {} for township in since}
    words, with_postings = _Words(month, facts), set[int]()
    for posting in facts.postings:
        first = since.get(posting.township)
        if first is None or posting.withdrawn or posting.started_on > month.last:
            continue
        if posting.ended_on is None or posting.ended_on >= first.first:
            found[posting.township][f"posting {posting.id}"] = words.of_posting(posting)
            if posting.unit is not None:
                with_postings.add(posting.unit)
    for unit in facts.units:
        if unit.township not in since:
            continue
        if unit.id in with_postings or any(count.effective_from <= month.last for count in unit.counts):
            found[unit.township][f"unit {unit.id}"] = words.of_unit(unit)
    return found


def digest_of_facts(facts: Facts) -> str:
    return hashlib.sha256(canonical(facts)).hexdigest()


def differences(before: Mapping[str, Any], now: Facts) -> list[FactChange]:
    """What changed between two states of a township's facts."""
    return list(_differences(before, now))


def posting_of(key: str) -> int | None:
    """The posting that a key of facts means."""
    return _number(key, "posting")


def unit_of(key: str) -> int | None:
    """The unit that a key of facts means."""
    return _number(key, "unit")


def _number(key: str, wanted: str) -> int | None:
    kind, _, number = key.partition(" ")
    return int(number) if kind == wanted else None


def _differences(before: Mapping[str, Any], now: Facts) -> Iterator[FactChange]:
    for key, old, new in differing_rows(before, now):
        name = (new or old or {}).get("姓名") or (new or old or {}).get("名称", "")
        if old is None:
            parts = [FactPart(NEW, f"{NEW}({_in_words(new or {})})")]
        elif new is None:
            parts = [FactPart(GONE, f"{GONE}(原为 {_in_words(old)})")]
        else:
            parts = [FactPart(difference.label, str(difference)) for difference in differing_labels(old, new)]
        yield FactChange(key, name, parts)


def _in_words(facts: Mapping[str, str]) -> str:
    return ",".join(f"{label} {value}" for label, value in facts.items() if value and label not in ("姓名", "名称"))


class _Words:
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

    def of_posting(self, posting: PostingFact) -> dict[str, str]:
        record, last = posting.record, self._last
        unit = None if posting.unit is None else self._units[posting.unit]
        said = {
            "姓名": posting.person_name,
            "岗位": posting.position.label,
            "村(社区)": unit.name if unit else "",
            "到岗日期": self._of_day[posting.started_on],
            "离岗日期": self._until[posting.ended_on],
            "专兼职": _FULL_TIME[record.is_full_time],
            "学历": record.education.label if record.education else "",
            "计算机操作": _KNOWN[record.has_computer_skill],
            "招聘记录": _KNOWN[record.recruitment_recorded],
        }
        # Few have a contract or a suspension.
        contracts = record.contracts and [row for row in record.contracts if row.started_on <= last]
        if contracts:
            said["合同"] = "、".join(f"{row.started_on} 至 {row.ended_on or '无固定期限'}" for row in contracts)
            said["合同类型"] = "、".join(f"{row.kind.label if row.kind else ''}{row.employer}" for row in contracts)
        if wages := self._of_wages[posting.costs]:
            said["工资"] = wages
        suspensions = posting.suspensions and [row for row in posting.suspensions if row.started_on <= last]
        if suspensions:
            said["停发"] = "、".join(
                f"{row.started_on} 至 {self._until[row.ended_on] or '今'} {row.kind.label}" for row in suspensions
            )
        said["合并记录"] = self._of_records(posting.person)
        return said

    def of_unit(self, unit: UnitFact) -> dict[str, str]:
        said = {
            "名称": unit.name,
            "类别": unit.kind.label,
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
        """The records that stand for one person, by their numbers in this system: whose they are changes what is
        due."""
        if person not in self._merged:
            return ""
        return f"人员记录 {'、'.join(map(str, sorted((person, *self._merged[person]))))} 为同一人"


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


_FULL_TIME = {True: "专职", False: "兼职", None: ""}
_KNOWN = {True: "有", False: "没有", None: ""}
