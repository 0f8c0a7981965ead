"""The second format of a report's facts: values by identifiers, so that another label is no other fact.

Facts are clipped to the days of the month (domain 5): what begins later is left out, and an end after which no day
of the month is left is no end. A contract that has begun keeps both its dates.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from foundation.dates import Month
from foundation.remembered import Remembered
from staffing.enums import ContractKind, Education, Position, SuspensionKind
from subsidies.reports.fields import Facts, day_told, labels_of, unit_of
from subsidies.rules.facts import CostFact, CountyFacts, PostingFact, UnitFact
from subsidies.rules.held import education_on, has_computer_skill_on, is_full_time_on
from townships.enums import UnitKind

_FULL_TIME = {True: "专职", False: "兼职"}
_KNOWN = {True: "有", False: "没有"}


class SecondFormat:
    """What is reported of a posting and of a unit; a field that is not known or empty may be absent."""

    def __init__(self, month: Month, facts: CountyFacts) -> None:
        self._last = last = month.last
        self._merged: dict[int, list[int]] = defaultdict(list)
        for record, root in facts.merged.items():
            self._merged[root].append(record)
        # Few are said of many.
        self._of_costs = Remembered(partial(_of_costs, last))
        self._of_day = Remembered[date, str](str)
        self._until = Remembered[date | None, str | None](
            lambda day: self._of_day[day] if day is not None and day < last else None
        )

    def of_posting(self, posting: PostingFact) -> dict[str, Any]:
        record, last = posting.record, self._last
        day = day_told(posting, last)
        education = education_on(day, record.educations)
        values: dict[str, Any] = {
            "name": posting.person_name,
            "position": posting.position.value,
            "unit": posting.unit,
            "started_on": self._of_day[posting.started_on],
            "ended_on": self._until[posting.ended_on],
            "is_full_time": is_full_time_on(day, record.working_times),
            "education": education.value if education else None,
            "has_computer_skill": has_computer_skill_on(day, record.computer_skills),
            "recruitment_recorded": record.recruitment_recorded,
        }
        # Few have a contract or a suspension.
        contracts = record.contracts and [row for row in record.contracts if row.started_on <= last]
        if contracts:
            values["contracts"] = [[str(row.started_on), _text(row.ended_on)] for row in contracts]
            values["contract_kinds"] = [[row.kind.value if row.kind else None, row.employer] for row in contracts]
        if costs := self._of_costs[posting.costs]:
            values["costs"] = costs
        suspensions = posting.suspensions and [row for row in posting.suspensions if row.started_on <= last]
        if suspensions:
            values["suspensions"] = [
                [str(row.started_on), self._until[row.ended_on], row.kind.value] for row in suspensions
            ]
        if posting.person in self._merged:
            values["records"] = sorted((posting.person, *self._merged[posting.person]))
        return values

    def of_unit(self, unit: UnitFact) -> dict[str, Any]:
        opened_on = unit.opened_on if unit.opened_on is not None and unit.opened_on <= self._last else None
        values: dict[str, Any] = {
            "name": unit.name_on(self._last),
            "kind": unit.kind.value,
            "opened_on": _text(opened_on),
            "closed_on": self._until[unit.closed_on],
        }
        counts = [count for count in unit.counts if count.effective_from <= self._last]
        if counts:
            values["counts"] = [[self._of_day[count.effective_from], count.households] for count in counts]
        return values

    @staticmethod
    def in_words(facts: Mapping[str, Mapping[str, Any]], key: str) -> dict[str, str]:
        """What is said of one posting or unit, by field; empty where nothing is known."""
        words = _UNIT_WORDS if unit_of(key) is not None else _POSTING_WORDS
        said = {field: _in_words(facts[key].get(field), words.get(field, str)) for field in labels_of(key)}
        if "unit" in said and facts[key].get("unit") is not None:
            said["unit"] = facts.get(f"unit {facts[key]['unit']}", {}).get("name", "")
        return said

    @staticmethod
    def changed_fields(before: Facts, now: Facts, key: str, *, last: date) -> list[str]:
        """Those that say something else of the month: that a contract in force on its last day ends later does not."""
        old, new = before[key], now[key]
        return [
            field
            for field in labels_of(key)
            if old.get(field) != new.get(field)
            and not (field == "contracts" and _only_end_later(old.get(field), new.get(field), str(last)))
        ]


def _only_end_later(old: Sequence[Sequence[Any]] | None, new: Sequence[Sequence[Any]] | None, last: str) -> bool:
    """Whether the contracts, [first day, last day or None] each, differ in later ends of those in force on `last`."""
    if old is None or new is None or len(old) != len(new):
        return False
    return all(
        first == begun and (end == until or (end is not None and end >= last and (until is None or until > end)))
        for (first, end), (begun, until) in zip(old, new, strict=True)
    )


def _of_costs(last: date, costs: tuple[CostFact, ...]) -> list[list[str | None]]:
    """[from, monthly wage, employer's insurance, housing fund] of each."""
    return [
        [
            str(cost.effective_from),
            *(_text(amount) for amount in (cost.monthly_wage, cost.employer_insurance, cost.housing_fund)),
        ]
        for cost in costs
        if cost.effective_from <= last
    ]


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _in_words(value: Any, words: Callable[[Any], str]) -> str:
    return "" if value is None or value == "" else words(value)


def _list(words: Callable[..., str]) -> Callable[[Any], str]:
    """Words for a list of rows from those for the values of one."""
    return lambda rows: "、".join(words(*row) for row in rows)


def _of_kind(kind: str | None, employer: str) -> str:
    return f"{ContractKind(kind).label if kind else ''}{employer}"


def _of_cost(effective_from: str, *amounts: str | None) -> str:
    return f"{effective_from} 起 {'+'.join(amount or '未登记' for amount in amounts)}"


def _of_records(records: Sequence[int]) -> str:
    return f"人员记录 {'、'.join(map(str, records))} 为同一人"


_POSTING_WORDS: Mapping[str, Callable[[Any], str]] = {
    "position": lambda value: Position(value).label,
    "is_full_time": _FULL_TIME.__getitem__,
    "education": lambda value: Education(value).label,
    "has_computer_skill": _KNOWN.__getitem__,
    "recruitment_recorded": _KNOWN.__getitem__,
    "contracts": _list(lambda first, last: f"{first} 至 {last or '无固定期限'}"),
    "contract_kinds": _list(_of_kind),
    "costs": _list(_of_cost),
    "suspensions": _list(lambda first, last, kind: f"{first} 至 {last or '今'} {SuspensionKind(kind).label}"),
    "records": _of_records,
}
_UNIT_WORDS: Mapping[str, Callable[[Any], str]] = {
    "kind": lambda value: UnitKind(value).label,
    "counts": _list(lambda effective_from, households: f"{households} 户({effective_from} 起)"),
}
