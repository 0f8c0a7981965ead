"""Findings, and since when, agree with the naive ones: of postings and of places, in counties crowded with edges."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from foundation.dates import Month
from staffing.enums import Check, ContractKind, Position, RetirementGroup, Severity
from staffing.positions import POSITIONS_OF_KIND
from subsidies.rules import days as masks
from subsidies.rules.beginnings import Beginnings
from subsidies.rules.checks import ContractRecord
from subsidies.rules.dues import dues_of_month
from subsidies.rules.facts import CountyFacts, Presence
from subsidies.rules.parameters import MinimumWage
from subsidies.rules.retirement import Delay, Retiree, RetirementAge
from subsidies.rules.rulebook import Rulebook
from subsidies.rules.shortages import shortages, vacancies, vacant_units, with_earlier_posts
from tests.subsidies.rules.examples import examples
from tests.subsidies.rules.naive import Rules
from tests.subsidies.rules.naive_findings import Found, NaiveFindings, NaiveShortages, Short
from tests.subsidies.rules.strategies import YUAN, Dates, counties, standards, suspensions, working_times
from townships.enums import TownshipClass, UnitKind

pytestmark = pytest.mark.invented

MONTH = Month(2012, 2)
_kinds = st.sampled_from([None, ContractKind.TOWNSHIP, ContractKind.TOWNSHIP, ContractKind.DISPATCH])
_numbers = st.sampled_from(range(4))
_yuan = st.sampled_from(YUAN)
_off = st.sets(st.sampled_from(list(Check)), max_size=2)


class NearDates(Dates):
    """Days of the months before, so that going back day by day is soon over."""

    def __init__(self) -> None:
        super().__init__(MONTH - 3, MONTH - 1, MONTH)
        first = (MONTH - 4).first
        every = [first + timedelta(days=number) for number in range((MONTH.last - first).days + 3)]
        self.inside = st.sampled_from([first, *every])
        self.beginnings = st.sampled_from([first] * len(every) + every)
        self.ends = st.sampled_from([None] * len(every) + every)


DAYS = NearDates()


@st.composite
def rules(draw: DrawFn) -> Rules:
    """Standards from within the time that is looked back on, so that there are days before the first one."""
    starts = draw(st.lists(DAYS.inside.filter(lambda day: day <= MONTH.first), min_size=1, max_size=2, unique=True))
    rows = []
    for start in sorted(starts):
        platform = {letter: draw(_numbers) for letter in TownshipClass}
        row = draw(standards(start, has_blocks=False))
        off = dict.fromkeys(draw(_off), Severity.OFF)
        ending = draw(st.sampled_from((30, 90)))
        rows.append(
            replace(
                row,
                platform_minimum=platform,
                checks=off,
                contract_ending_days=ending,
                contract_min_months=draw(st.sampled_from((1, 2, 36))),
            )
        )
    wages = [MinimumWage(start, draw(_yuan), "") for start in sorted({min(starts), draw(DAYS.inside)})]
    return Rules(tuple(rows), tuple(wages), tuple(draw(retirement_ages())))


@st.composite
def retirement_ages(draw: DrawFn) -> list[RetirementAge]:
    """Rows of men and of women workers around the births that are drawn, some of them from within the days."""
    rows = []
    for group, birth in ((RetirementGroup.MALE, Month(1951, 11)), (RetirementGroup.FEMALE_WORKER, Month(1961, 11))):
        delay = draw(st.none() | st.builds(Delay, st.just(birth), st.sampled_from((1, 2, 4)), st.sampled_from((1, 3))))
        starts = draw(st.lists(DAYS.inside, max_size=2, unique=True))
        rows += [RetirementAge(start, group, 2011 - birth.year, delay) for start in sorted(starts)]
    return rows


_retirees = st.none() | st.builds(
    Retiree,
    st.sampled_from((RetirementGroup.MALE, RetirementGroup.FEMALE_WORKER)),
    st.sampled_from([Month(year, 10) + number for year in (1951, 1961) for number in range(7)]),
)


@st.composite
def contracts(draw: DrawFn) -> tuple[ContractRecord, ...]:
    """Up to three that follow each other, with or without a gap, the last one without an end now and then."""
    edges = sorted(draw(st.lists(DAYS.inside, max_size=6, unique=True)))
    rows = [ContractRecord(start, end, draw(_kinds)) for start, end in zip(edges[::2], edges[1::2], strict=False)]
    if len(edges) % 2:
        rows.append(ContractRecord(edges[-1], None, draw(_kinds)))
    return tuple(rows)


@st.composite
def cases(draw: DrawFn) -> tuple[CountyFacts, Rules]:
    facts = draw(counties(DAYS, max_postings=9))
    postings = tuple(
        posting._replace(record=posting.record._replace(contracts=draw(contracts()), retiree=draw(_retirees)))
        for posting in facts.postings
    )
    return CountyFacts(facts.townships, facts.units, postings), draw(rules())


@st.composite
def presences(draw: DrawFn, facts: CountyFacts) -> list[Presence]:
    positions = (Position.PLATFORM_STAFF, Position.PLATFORM_STAFF, Position.ASSISTANT)
    places: list[tuple[Position, int, int | None]] = [
        (position, town.id, None) for town in facts.townships for position in positions
    ]
    of_kind = {UnitKind.COMMUNITY: Position.COMMUNITY_COORDINATOR}
    places += [(of_kind.get(unit.kind, Position.VILLAGE_COORDINATOR), unit.township, unit.id) for unit in facts.units]
    places += [(Position.VILLAGE_COORDINATOR, unit.township, unit.id) for unit in facts.units]
    rows = []
    for position, township, unit in draw(st.lists(st.sampled_from(places), max_size=14)):
        stops = draw(st.lists(suspensions(DAYS), max_size=1))
        person, times = draw(st.sampled_from(range(1, 9))), draw(working_times(DAYS))
        started_on, ended_on = draw(DAYS.beginnings), draw(DAYS.ends)
        rows.append(Presence(person, position, township, unit, times, started_on, ended_on, tuple(stops)))
    return rows


def in_service(facts: CountyFacts) -> CountyFacts:
    """What the selector reads for the month: nothing that is withdrawn or over before it, or begins later."""
    now = (row for row in facts.postings if not row.withdrawn and masks.span(MONTH, row.started_on, row.ended_on))
    return CountyFacts(facts.townships, facts.units, tuple(now))


@examples(50)
@given(cases())
def test_findings_of_postings_agree_with_the_naive_ones(case: tuple[CountyFacts, Rules]) -> None:
    facts, book = in_service(case[0]), Rulebook(*case[1])
    dues = dues_of_month(MONTH, facts, book.for_month(MONTH))
    beginnings = Beginnings(MONTH, facts, book)

    found = set()
    for number, due in dues.items():
        for check in due.findings:
            since = beginnings.of(check, due)
            # It would tell the month of birth.
            assert (since is None) is (check is Check.RETIREMENT_AGE)
            found.add(Found(check, number, since))

    assert found == set(NaiveFindings(facts, case[1], MONTH).of_postings())


@examples(50)
@given(st.data())
def test_shortages_agree_with_the_naive_ones(data: st.DataObject) -> None:
    facts, rules_ = data.draw(cases())
    there = data.draw(presences(facts))
    subsidised = data.draw(st.sets(st.sampled_from([town.id for town in facts.townships])))
    book = Rulebook(*rules_)
    counting = book.for_month(MONTH).standard.counting_suspensions
    placed = with_earlier_posts(there, facts.unit_by_id)
    filled = {(row.unit, row.position) for row in placed if row.holds_post(MONTH.last, counting)}
    vacant = [
        unit for unit in vacant_units(MONTH, facts.units, []) if (unit.id, POSITIONS_OF_KIND[unit.kind]) not in filled
    ]

    found = set()
    for row in shortages(MONTH, facts.townships, vacant, placed, book, subsidised):
        assert row.since is not None
        place = ("township", row.township) if row.unit is None else ("unit", row.unit)
        found.add(Short(row.check, place, row.needed, row.present, row.since))

    assert found == set(NaiveShortages(facts, there, rules_, MONTH).all(subsidised))


@examples(50)
@given(st.data())
def test_vacancies_agree_with_a_count_of_every_day(data: st.DataObject) -> None:
    facts, rules_ = data.draw(cases())
    there = data.draw(presences(facts))
    day = data.draw(DAYS.inside.filter(lambda one: one <= MONTH.last))
    naive, book = NaiveShortages(facts, there, rules_, MONTH), Rulebook(*rules_)
    vacant = [unit for unit in facts.units if naive.at_unit(unit, day) == (1, 0)]

    found = [
        (("township", row.township) if row.unit is None else ("unit", row.unit), row.position, row.since)
        for row in vacancies(day, facts.townships, vacant, with_earlier_posts(there, facts.unit_by_id), book)
    ]

    assert sorted(found) == sorted(naive.vacancies(day))
