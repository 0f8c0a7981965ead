"""Small counties in few words: keyword functions with the opinion's numbers as defaults. Dates are ISO text."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from foundation.dates import Month
from staffing.enums import ContractKind, Position, RetirementGroup, SuspensionKind
from subsidies.rules.checks import ContractRecord, PostingRecord, WageRecord
from subsidies.rules.dues import Due, dues_of_month
from subsidies.rules.facts import (
    CostFact,
    CountFact,
    CountyFacts,
    PostingFact,
    SuspensionFact,
    TownshipFact,
    UnitFact,
)
from subsidies.rules.parameters import (
    Band,
    CalendarDay,
    MinimumWage,
    MonthParameters,
    PercentOfMinimumWage,
    Standard,
    WholeIfOnDay,
)
from subsidies.rules.quotas import DatedClass, Grant
from subsidies.rules.retirement import RetirementAge
from tests.subsidies.rules.held import undated
from townships.enums import TownshipClass, UnitKind

JANUARY = Month(2010, 1)
TOWN = 1
VILLAGE = 11

STANDARD = Standard(
    effective_from=date(2009, 1, 1),
    document="opinion",
    assistant_percent_or_fixed=PercentOfMinimumWage(Decimal(180)),
    community_percent_or_fixed=PercentOfMinimumWage(Decimal(180)),
    bands=tuple(
        Band(lower, secretary_pay=Decimal(pay)) for lower, pay in ((0, 500), (101, 600), (201, 700), (301, 800))
    ),
    village_percent=Decimal(40),
    proration=CalendarDay(),
    assistant_base={TownshipClass.A: 3, TownshipClass.B: 2},
    assistant_extra_max=2,
    platform_minimum={TownshipClass.A: 5, TownshipClass.B: 3},
    wage_floor=Decimal(1300),
)
# Before the delays.
RETIREMENT = {
    group: RetirementAge(date(1978, 6, 2), group, years)
    for group, years in zip(RetirementGroup, (60, 55, 50), strict=True)
}


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def on(text: str) -> date:
    return date.fromisoformat(text)


def standard(**changes: Any) -> Standard:
    """The opinion's standard with some of it changed."""
    return replace(STANDARD, **changes)


def whole_if_on_day(number: int) -> Standard:
    return standard(proration=WholeIfOnDay(number))


def parameters(rules: Standard = STANDARD, *, minimum_wage: str = "850.00") -> MonthParameters:
    return MonthParameters(rules, MinimumWage(date(2008, 9, 1), Decimal(minimum_wage), "wage"), RETIREMENT)


def township(
    number: int = TOWN,
    *,
    classes: Iterable[tuple[str, str]] = (("2000-01-01", "B"),),
    grants: Iterable[tuple[int, str, str | None]] = (),
) -> TownshipFact:
    """Classes as (from, letter), grants as (extra, from, to)."""
    return TownshipFact(
        id=number,
        code=f"3302260{number:02d}",
        name=f"镇{number}",
        classes=tuple(DatedClass(on(start), TownshipClass(letter)) for start, letter in classes),
        grants=tuple(Grant(extra, on(start), day(end)) for extra, start, end in grants),
    )


def unit(
    number: int = VILLAGE,
    *,
    town: int = TOWN,
    kind: UnitKind = UnitKind.VILLAGE,
    opened: str | None = None,
    closed: str | None = None,
    counts: Iterable[tuple[str, int]] = (("2009-01-01", 350),),
) -> UnitFact:
    """Household counts as (from, households)."""
    return UnitFact(
        id=number,
        code=f"330226001{number:03d}",
        name=f"村{number}",
        kind=kind,
        opened_on=day(opened),
        closed_on=day(closed),
        township=town,
        counts=tuple(CountFact(on(start), households) for start, households in counts),
    )


def record(position: Position = Position.ASSISTANT, *, started: str = "2009-01-01", **changes: Any) -> PostingRecord:
    """A record that no check finds fault with, some of it changed: as `undated` takes it, or by its own fields."""
    faultless = PostingRecord(
        position=position,
        started_on=on(started),
        contracts=(ContractRecord(on(started), None, ContractKind.TOWNSHIP),),
        wages=(WageRecord(on(started), Decimal(2000)),),
    )
    return faultless._replace(**undated(**changes))


def posting(
    number: int,
    *,
    person: int | None = None,
    position: Position | None = None,
    town: int = TOWN,
    unit: int | None = None,
    started: str = "2009-01-01",
    ended: str | None = None,
    withdrawn: bool = False,
    suspended: Iterable[tuple[str, str | None]] = (),
    kind: SuspensionKind = SuspensionKind.UNPAID_LEAVE,
    costs: Iterable[tuple[str, str | None]] = (),
    **recorded: Any,
) -> PostingFact:
    """An assistant, or a village coordinator at a unit; suspensions as (from, to), costs as (from, yuan)."""
    place = position or (Position.ASSISTANT if unit is None else Position.VILLAGE_COORDINATOR)
    return PostingFact(
        id=number,
        person=number if person is None else person,
        person_name=f"人员{number}",
        position=place,
        township=town,
        unit=unit,
        started_on=on(started),
        ended_on=day(ended),
        withdrawn=withdrawn,
        suspensions=tuple(SuspensionFact(kind, on(start), day(end)) for start, end in suspended),
        costs=tuple(CostFact(on(start), None if cost is None else Decimal(cost)) for start, cost in costs),
        record=record(place, started=started, **recorded),
    )


def county(
    *postings: PostingFact, townships: Iterable[TownshipFact] | None = None, units: Iterable[UnitFact] | None = None
) -> CountyFacts:
    """By default one township of class B with one village of 350 households."""
    return CountyFacts(
        townships=(township(),) if townships is None else tuple(townships),
        units=(unit(),) if units is None else tuple(units),
        postings=postings,
    )


def dues(
    facts: CountyFacts, rules: Standard = STANDARD, *, month: Month = JANUARY, minimum_wage: str = "850.00"
) -> dict[int, Due]:
    return dues_of_month(month, facts, parameters(rules, minimum_wage=minimum_wage))


def counted(found: dict[int, Due]) -> dict[int, int]:
    """Posting -> number of counted days."""
    return {number: due.key.counted for number, due in found.items()}


def reasons(found: dict[int, Due]) -> dict[int, str]:
    return {number: due.result.reason for number, due in found.items()}


def amounts(found: dict[int, Due]) -> dict[int, str]:
    return {number: str(due.amount) for number, due in found.items()}
