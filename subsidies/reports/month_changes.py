"""What is different in a township's month from the one before: who came, who left, wages, counts, suspensions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from foundation.dates import Month
from foundation.labels import Labelled
from staffing.labels import position_name
from subsidies.rules.facts import CountyFacts, PostingFact


class ChangeKind(Labelled):
    JOINED = "joined", "新到岗"
    LEFT = "left", "离岗"
    SUSPENDED = "suspended", "停发"
    RESUMED = "resumed", "停发结束"
    WAGE = "wage", "工资"
    HOUSEHOLDS = "households", "户籍户数"


@dataclass(frozen=True, slots=True)
class Change:
    """One change; `name` is a person or a unit, `detail` says what and when."""

    kind: ChangeKind
    name: str
    detail: str


def month_changes(township: int, month: Month, facts: CountyFacts) -> list[Change]:
    """By kind, in the order of ChangeKind. `facts` are those from the day before the month to its end."""
    return list(_changes(township, month, facts))


def _changes(township: int, month: Month, facts: CountyFacts) -> Iterator[Change]:
    here = [row for row in facts.postings if row.township == township and not row.withdrawn]
    units = facts.unit_by_id
    # Who left on the last day of the month before is missing from the first day of this one.
    left = (month.first - timedelta(days=1), month.last - timedelta(days=1))

    def place(posting: PostingFact) -> str:
        return f"{units[posting.unit].name if posting.unit else ''}{position_name(posting.position)}"

    for day, row in sorted(((row.started_on, row) for row in here), key=_by_day):
        if month.first <= day <= month.last:
            yield Change(ChangeKind.JOINED, row.person_name, f"{place(row)},{day} 到岗")
    for day, row in sorted(((row.ended_on, row) for row in here if row.ended_on), key=_by_day):
        if left[0] <= day <= left[1]:
            yield Change(ChangeKind.LEFT, row.person_name, f"{place(row)},{day} 离岗")
    stops = [(stop, row) for row in here for stop in row.suspensions]
    for stop, row in sorted(stops, key=lambda pair: (pair[0].started_on, pair[1].id)):
        if month.first <= stop.started_on <= month.last:
            until = f"至 {stop.ended_on}" if stop.ended_on else "起"
            yield Change(ChangeKind.SUSPENDED, row.person_name, f"{stop.kind.label},{stop.started_on} {until}")
    ended = [(stop.ended_on, row) for stop, row in stops if stop.ended_on and stop.started_on < month.first]
    for day, row in sorted(ended, key=_by_day):
        if left[0] <= day <= left[1]:
            yield Change(ChangeKind.RESUMED, row.person_name, f"{day} 停发结束")
    for row in here:
        for cost in row.costs:
            if month.first <= cost.effective_from <= month.last:
                amount = "未登记" if cost.monthly_wage is None else f"{cost.monthly_wage:,.2f} 元/月"
                yield Change(ChangeKind.WAGE, row.person_name, f"{cost.effective_from} 起 {amount}")
    for unit in facts.units:
        for count in unit.counts if unit.township == township else ():
            if month.first <= count.effective_from <= month.last:
                detail = f"{count.effective_from} 起 {count.households} 户"
                yield Change(ChangeKind.HOUSEHOLDS, unit.name, detail)


def _by_day(pair: tuple[date, PostingFact]) -> tuple[date, int]:
    return pair[0], pair[1].id
