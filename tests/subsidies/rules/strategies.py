"""Random small counties, crowded enough for every rule to bite, with dates around the edges of a few months."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import starmap
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from foundation.dates import Month
from staffing.enums import Check, ContractKind, Education, Position, Severity, SuspensionKind
from subsidies.rules.checks import ContractRecord, PostingRecord, WageRecord
from subsidies.rules.facts import (
    CostFact,
    CountFact,
    CountyFacts,
    PostingFact,
    SuspensionFact,
    TownshipFact,
    UnitFact,
)
from subsidies.rules.held import ComputerRecord, EducationRecord, WorkingTimeRecord
from subsidies.rules.parameters import (
    Band,
    CalendarDay,
    FixedSum,
    MinimumWage,
    PercentOfMinimumWage,
    Standard,
    WholeIfOnDay,
)
from subsidies.rules.quotas import DatedClass, Grant
from tests.subsidies.rules.held import undated
from tests.subsidies.rules.naive import Rules
from townships.enums import TownshipClass, UnitKind

MONTHS = (Month(2012, 2), Month(2011, 2), Month(2012, 1), Month(2011, 12), Month(2012, 4))
LONG_AGO = date(2005, 6, 1)
HOUSEHOLDS = (0, 1, 100, 101, 200, 201, 300, 301, 5000)
KINDS = (UnitKind.VILLAGE, UnitKind.VILLAGE, UnitKind.COMMUNITY, UnitKind.RESIDENTS_COMMITTEE, UnitKind.NON_STANDARD)
BLOCKABLE = (
    Check.EDUCATION,
    Check.RECRUITMENT,
    Check.COMPUTER_SKILL,
    Check.CONTRACT_MISSING,
    Check.ASSISTANT_PART_TIME,
    Check.COMMUNITY_PART_TIME,
    Check.OVER_QUOTA,
    Check.SEVERAL_UNITS,
    Check.DUPLICATE_PERSON,
    Check.WAGE_BELOW_FLOOR,
    Check.HOUSEHOLDS_MISSING,
    Check.HOUSEHOLDS_ZERO,
    Check.SUBSIDY_ABOVE_COST,
    Check.COST_UNKNOWN,
)
FLAWS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {"is_full_time": False},
    {"is_full_time": None},
    {"education": Education.POSTGRADUATE},
    {"education": Education.VOCATIONAL},
    {"education": None},
    {"recruitment_recorded": False},
    {"recruitment_recorded": None},
    {"has_computer_skill": False},
    {"has_computer_skill": None},
    {"contracts": ()},
)
_educations = st.sampled_from((Education.VOCATIONAL, Education.COLLEGE, Education.BACHELOR))
_flaws = st.sampled_from(FLAWS)
YUAN = [Decimal(text) for text in ("0.01", "690.00", "850.00", "999.99", "1310.05", "1500.00")]
PERCENTS = [Decimal(text) for text in ("0.5", "33.3", "40", "100", "150.25", "180")]
_yuan = st.sampled_from(YUAN)
_some_yuan = st.sampled_from([None, None, *YUAN])
_percent = st.sampled_from(PERCENTS)
_tariffs = st.sampled_from([PercentOfMinimumWage(part) for part in PERCENTS] + [FixedSum(sum_) for sum_ in YUAN])
_prorations = st.sampled_from([CalendarDay()] * 7 + [WholeIfOnDay(number) for number in (1, 2, 15, 28, 29, 30, 31)])
_lower_bounds = st.sets(st.sampled_from((1, 100, 101, 201, 301)), max_size=4)
_households = st.sampled_from(HOUSEHOLDS)
_blocked = st.sets(st.sampled_from(BLOCKABLE), min_size=1, max_size=4)
_counting = st.sampled_from([frozenset[SuspensionKind](), frozenset({SuspensionKind.SICK_LEAVE})])
_kinds = st.sampled_from(KINDS)
_checks_from = st.sampled_from((None, date(2008, 1, 1)))
_letters = st.sampled_from(TownshipClass)
_one_to_three = st.sampled_from((1, 1, 2, 3))
_up_to_four = st.sampled_from(range(5))
_extras = st.sampled_from((1, 2))
_numbers = st.sampled_from(range(4))
_persons = st.sampled_from(range(1, 8))
_suspension_kinds = st.sampled_from((SuspensionKind.SICK_LEAVE, *SuspensionKind))
_numbers_of_suspensions = st.sampled_from((0, 0, 0, 1, 2))
_coordinators = st.sampled_from((Position.COMMUNITY_COORDINATOR, Position.VILLAGE_COORDINATOR))
_often = st.sampled_from((True, True, True, False))
_seldom = st.sampled_from((False, False, False, False, False, True))


def edges(months: Sequence[Month]) -> list[date]:
    """Days at and around the edges of the months above all, then every day in them, then one far away."""
    days = [date(2019, 1, 1)]
    for month in months:
        marked = (month.first, month.last, date(month.year, month.number, 15))
        days += [edge + timedelta(days=shift) for edge in marked for shift in (-1, 0, 0, 0, 1)]
        days += [month.first + timedelta(days=shift) for shift in range(month.days)]
    return days


class Dates:
    """Days to draw from, made once for a test: most of them where the months begin and end."""

    def __init__(self, *months: Month) -> None:
        days = edges(months)
        self.near = st.sampled_from(days)
        # Where what is held begins: long before, within, and after each month.
        within = [(month.first, month.last, month.last + timedelta(days=1)) for month in months]
        self.turning = st.sampled_from([None, date(2019, 1, 1), *(day for some in within for day in some)])
        self.inside = st.sampled_from([LONG_AGO, *days])
        # Half of all beginnings lie long ago, so that places fill up.
        self.beginnings = st.sampled_from([LONG_AGO] * (len(days) // 2) + [date(2008, 1, 1)] * (len(days) // 2) + days)
        self.ends = st.sampled_from([None] * len(days) + days)
        self.seldom = st.sampled_from([None] * (3 * len(days)) + days)


@st.composite
def townships(draw: DrawFn, days: Dates, number: int) -> TownshipFact:
    starts = draw(st.lists(days.inside, max_size=2, unique=True))
    if draw(_often):
        starts = [date(2000, 1, 1), *starts]
    classes = [DatedClass(start, draw(_letters)) for start in sorted(starts)]
    granted = draw(st.lists(st.tuples(_extras, days.beginnings, days.ends), max_size=3))
    return TownshipFact(number, f"{number:03d}", f"镇{number}", tuple(classes), tuple(Grant(*row) for row in granted))


@st.composite
def units(draw: DrawFn, days: Dates, number: int, town: int) -> UnitFact:
    # A new unit has no count from long ago: the first one within the month may be all there is.
    is_new = draw(_seldom)
    counted_from = draw(st.lists(days.near if is_new else days.beginnings, max_size=3, unique=True))
    return UnitFact(
        id=number,
        code=f"{number:05d}",
        name=f"村{number}",
        kind=draw(_kinds),
        opened_on=draw(days.near if is_new else days.seldom),
        closed_on=draw(days.seldom),
        township=town,
        counts=tuple(CountFact(start, draw(_households)) for start in counted_from),
    )


@st.composite
def suspensions(draw: DrawFn, days: Dates) -> SuspensionFact:
    return SuspensionFact(draw(_suspension_kinds), draw(days.inside), draw(days.ends))


@st.composite
def cost_rows(draw: DrawFn, days: Dates) -> tuple[CostFact, ...]:
    starts = draw(st.lists(days.beginnings, max_size=2, unique=True))
    return tuple(CostFact(start, draw(_some_yuan)) for start in starts)


@st.composite
def records(draw: DrawFn, days: Dates, position: Position, started_on: date) -> PostingRecord:
    """A record with at most one flaw that has no date, and with contract, wage and qualifications dated at an edge now
    and then."""
    paid_from = draw(st.lists(days.beginnings, max_size=2, unique=True))
    recorded = PostingRecord(
        position=position,
        started_on=started_on,
        contracts=(ContractRecord(draw(days.beginnings), None, ContractKind.TOWNSHIP),),
        wages=tuple(WageRecord(start, draw(_some_yuan)) for start in paid_from),
    )
    return recorded._replace(**{**undated(**draw(_flaws)), **draw(dated_rows(days))})


@st.composite
def dated_rows(draw: DrawFn, days: Dates) -> dict[str, Any]:
    """Qualifications and working times some of which begin near the months; of every other record none."""
    if draw(st.booleans()):
        return {}
    since = days.turning
    educations = draw(st.lists(st.tuples(_educations, since), max_size=3))
    skills = draw(st.lists(st.tuples(st.booleans(), since), max_size=3))
    return {
        "educations": tuple(starmap(EducationRecord, educations)),
        "computer_skills": tuple(starmap(ComputerRecord, skills)),
        "working_times": draw(working_times(days)),
    }


@st.composite
def working_times(draw: DrawFn, days: Dates) -> tuple[WorkingTimeRecord, ...]:
    """One a day at most."""
    starts = draw(st.lists(days.turning, max_size=3, unique=True))
    return tuple(WorkingTimeRecord(draw(st.booleans()), start) for start in starts)


def position_at(unit: UnitFact | None) -> Position:
    if unit is None:
        return Position.ASSISTANT
    return Position.COMMUNITY_COORDINATOR if unit.kind is UnitKind.COMMUNITY else Position.VILLAGE_COORDINATOR


@st.composite
def postings(
    draw: DrawFn,
    days: Dates,
    number: int,
    places: Sequence[tuple[int, UnitFact | None]],
    *,
    has_records: bool,
) -> PostingFact:
    """A posting at one of the places, now and then of the wrong position for its unit."""
    township, unit = draw(st.sampled_from(places))
    position = position_at(unit)
    if unit is not None and draw(_seldom):
        position = draw(_coordinators)
    started_on = draw(days.beginnings)
    return PostingFact(
        id=number,
        person=draw(_persons),
        person_name="",
        position=position,
        township=township,
        unit=None if unit is None else unit.id,
        started_on=started_on,
        ended_on=draw(days.ends),
        withdrawn=draw(_seldom),
        suspensions=tuple(draw(suspensions(days)) for _ in range(draw(_numbers_of_suspensions))),
        costs=draw(cost_rows(days)),
        record=draw(records(days, position, started_on)) if has_records else PostingRecord(position, started_on),
    )


@st.composite
def counties(draw: DrawFn, days: Dates, *, has_records: bool = True, max_postings: int = 12) -> CountyFacts:
    towns = [draw(townships(days, number)) for number in range(1, draw(_one_to_three) + 1)]
    places: list[tuple[int, UnitFact | None]] = []
    for town in towns:
        places += [(town.id, None)] * 2
        for number in range(1, draw(_up_to_four) + 1):
            places.append((town.id, draw(units(days, 100 * town.id + number, town.id))))
    # All postings of a county share at most four places, so that they compete.
    crowded = draw(st.lists(st.sampled_from(places), min_size=1, max_size=4))
    number_of_postings = draw(st.sampled_from(range(max_postings + 1)))
    people = [
        draw(postings(days, number, crowded, has_records=has_records)) for number in range(1, number_of_postings + 1)
    ]
    return CountyFacts(tuple(towns), tuple(unit for _, unit in places if unit is not None), tuple(people))


@st.composite
def standards(draw: DrawFn, effective_from: date, *, has_blocks: bool) -> Standard:
    lower_bounds = [0, *sorted(draw(_lower_bounds))]
    bands = [
        Band(bound, amount=draw(_yuan)) if draw(_seldom) else Band(bound, secretary_pay=draw(_yuan))
        for bound in lower_bounds
    ]
    blocked = draw(_blocked) if has_blocks else set()
    return Standard(
        effective_from=effective_from,
        document="意见",
        assistant_percent_or_fixed=draw(_tariffs),
        community_percent_or_fixed=draw(_tariffs),
        bands=tuple(bands),
        village_percent=draw(_percent),
        proration=draw(_prorations),
        assistant_base={letter: draw(_numbers) for letter in TownshipClass},
        assistant_extra_max=draw(_numbers),
        platform_minimum={},
        wage_floor=draw(_some_yuan),
        checks=dict.fromkeys(blocked, Severity.BLOCK),
        checks_from=draw(_checks_from),
        cap_at_cost=draw(_seldom),
        counting_suspensions=draw(_counting),
    )


@st.composite
def rules(draw: DrawFn, days: Dates, *, has_blocks: bool = True) -> Rules:
    """A standard and a minimum wage from long ago, and now and then newer ones around the months."""
    newer = draw(st.lists(days.inside, max_size=1))
    raised = draw(st.lists(days.inside, max_size=1))
    return Rules(
        tuple(draw(standards(start, has_blocks=has_blocks)) for start in [date(2000, 1, 1), *newer]),
        tuple(MinimumWage(start, draw(_yuan), "") for start in [date(2000, 1, 1), *raised]),
    )


_months = st.sampled_from([(month, Dates(month)) for month in MONTHS])


@st.composite
def cases(draw: DrawFn) -> tuple[Month, CountyFacts, Rules]:
    """A county and its rules, with the month that most of its dates are about."""
    month, days = draw(_months)
    has_blocks = draw(_often)
    return month, draw(counties(days, has_records=has_blocks)), draw(rules(days, has_blocks=has_blocks))
