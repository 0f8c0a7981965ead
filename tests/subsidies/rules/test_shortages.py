"""Where people are missing, by example: norm and places of townships, posts of units, since when."""

from collections.abc import Iterable

import pytest

from foundation.dates import Month
from staffing.enums import Check, Position, SuspensionKind
from subsidies.rules.dues import Due, dues_of_month
from subsidies.rules.facts import CountyFacts, Presence, SuspensionFact, TownshipFact, UnitFact
from subsidies.rules.held import WorkingTimeRecord
from subsidies.rules.rulebook import Rulebook
from subsidies.rules.shortages import (
    Shortage,
    shortages,
    subsidised_townships,
    vacancies,
    vacant_units,
    with_earlier_posts,
)
from tests.subsidies.rules.builders import (
    STANDARD,
    TOWN,
    VILLAGE,
    county,
    day,
    on,
    parameters,
    posting,
    township,
    unit,
)
from townships.enums import UnitKind

MARCH = Month(2010, 3)
BOOK = Rulebook([STANDARD], [])
Found = tuple[str, int, int, str]


def presence(
    person: int,
    position: Position = Position.PLATFORM_STAFF,
    *,
    unit: int | None = None,
    is_full_time: bool | None = True,
    started: str = "2004-07-01",
    ended: str | None = None,
    suspended: Iterable[tuple[str, str | None]] = (),
) -> Presence:
    stops = tuple(SuspensionFact(SuspensionKind.SECONDED_AWAY, on(start), day(end)) for start, end in suspended)
    working_times = () if is_full_time is None else (WorkingTimeRecord(is_full_time),)
    return Presence(person, position, TOWN, unit, working_times, on(started), day(ended), stops)


def staff(*people: Presence) -> list[Presence]:
    """The people, and two assistants, so that no place of theirs is vacant."""
    return [*people, *(presence(number, Position.ASSISTANT, started="2009-02-01") for number in (91, 92))]


def found(
    presences: Iterable[Presence],
    *,
    towns: Iterable[TownshipFact] | None = None,
    vacant: Iterable[UnitFact] = (),
    subsidised: Iterable[int] = (),
) -> list[Found]:
    """(check, needed, present, since) of a township of class B, which needs 3 platform staff and 2 assistants."""
    rows = shortages(MARCH, towns or [township()], vacant, presences, BOOK, set(subsidised))
    return [(row.check.value, row.needed, row.present, str(row.since)) for row in rows]


def test_a_full_township_lacks_nobody() -> None:
    assert found(staff(presence(1), presence(2), presence(3)), subsidised=[TOWN]) == []


def test_the_norm_is_missed_since_the_last_one_left() -> None:
    left = presence(3, ended="2010-01-15")
    assert found(staff(presence(1), presence(2), left)) == [("platform_below_norm", 3, 2, "2010-01-16")]


def test_assistants_are_subsidised_while_the_platform_is_short() -> None:
    below, short = found(staff(presence(1), presence(2)), subsidised=[TOWN])
    assert below == ("platform_below_norm", 3, 2, "2009-01-01")
    assert short == ("platform_short", 3, 2, "2009-02-01")


@pytest.mark.parametrize(
    ("third", "is_missing"),
    [
        (presence(3, is_full_time=None), False),
        (presence(3, is_full_time=False), True),
        (presence(2), True),
        (presence(3, suspended=[("2010-03-31", None)]), True),
        (presence(3, suspended=[("2010-03-01", "2010-03-30")]), False),
        (presence(3, started="2010-04-01"), True),
        (presence(3, ended="2010-03-31"), False),
    ],
)
def test_full_time_heads_on_post_on_the_last_day_count(third: Presence, is_missing: bool) -> None:
    assert bool(found(staff(presence(1), presence(2), third))) == is_missing


def test_a_place_of_an_assistant_is_vacant_since_the_grant() -> None:
    people = staff(presence(1), presence(2), presence(3))
    granted = township(grants=[(1, "2010-03-05", None)])
    assert found(people, towns=[granted]) == [("vacancy", 3, 2, "2010-03-05")]


def test_a_township_without_class_needs_nobody() -> None:
    assert found([], towns=[township(classes=[("2010-04-01", "A")])]) == []


@pytest.mark.parametrize(
    ("predecessors", "opened", "since"),
    [
        ([], None, "2009-01-01"),
        ([], "2009-10-01", "2009-10-01"),
        ([presence(1, Position.VILLAGE_COORDINATOR, unit=VILLAGE, ended="2010-02-10")], None, "2010-02-11"),
        ([presence(1, Position.COMMUNITY_COORDINATOR, unit=VILLAGE, ended="2010-02-10")], None, "2009-01-01"),
    ],
)
def test_a_unit_is_vacant_since_its_last_coordinator_left(
    predecessors: list[Presence], opened: str | None, since: str
) -> None:
    rows = found(staff(*predecessors), vacant=[unit(opened=opened)])
    assert rows[-1] == ("vacancy", 1, 0, since)


@pytest.mark.parametrize(
    ("position", "started", "since"),
    [
        (Position.ASSISTANT, "2009-01-10", "2010-02-11"),
        (Position.ASSISTANT, "2009-03-10", "None"),
        (Position.PLATFORM_STAFF, "2009-01-10", "None"),
    ],
)
def test_whoever_began_elsewhere_before_fills_no_unit(position: Position, started: str, since: str) -> None:
    """Domain rule 2; while the first post is suspended the second one counts."""
    first = presence(1, position, started=started, suspended=[("2009-02-01", "2010-02-10")])
    here = presence(1, Position.VILLAGE_COORDINATOR, unit=VILLAGE, started="2009-02-01")
    rows = with_earlier_posts(staff(first, here), {VILLAGE: unit()})
    assert [row[3] for row in found(rows, vacant=[unit()]) if row[1] == 1] == [since]


@pytest.mark.parametrize(
    ("elsewhere", "is_first"),
    [
        (unit(12), True),
        (unit(12, kind=UnitKind.COMMUNITY), False),
        (unit(12, kind=UnitKind.COMMUNITY, closed="2010-03-30"), True),
        (unit(12, kind=UnitKind.COMMUNITY, opened="2010-04-01"), True),
    ],
)
def test_a_post_that_does_not_exist_takes_nobody_from_another(elsewhere: UnitFact, is_first: bool) -> None:
    first = presence(1, Position.COMMUNITY_COORDINATOR, unit=12, started="2009-01-10")
    here = presence(1, Position.VILLAGE_COORDINATOR, unit=VILLAGE, started="2009-02-01")
    (_, there) = with_earlier_posts([first, here], {VILLAGE: unit(), 12: elsewhere})
    assert there.holds_post(MARCH.last, frozenset()) is is_first


def test_open_units_with_a_post_and_nobody_on_it_are_vacant() -> None:
    units = [
        unit(11),
        unit(12),
        unit(13, closed="2010-03-30"),
        unit(14, opened="2010-03-31"),
        unit(15, kind=UnitKind.NON_STANDARD),
        unit(16),
        unit(17),
        unit(18, kind=UnitKind.COMMUNITY),
        unit(19),
    ]
    facts = county(
        posting(1, unit=11),
        posting(2, unit=12, ended="2010-03-30"),
        posting(3, unit=16, suspended=[("2010-03-01", None)]),
        posting(4, unit=17, started="2010-03-31"),
        posting(5, unit=18, position=Position.VILLAGE_COORDINATOR),
        posting(6, unit=19, person=1, started="2010-02-01"),
        units=units,
    )
    assert [row.id for row in vacant_units(MARCH, units, dues_of(facts))] == [12, 14, 16, 18, 19]


def test_a_township_is_subsidised_while_an_assistant_of_it_is_paid_for_the_last_day() -> None:
    towns = [township(number) for number in (1, 2, 3)]
    facts = county(
        posting(1, town=1),
        posting(2, town=2, ended="2010-03-30"),
        posting(3, town=3, suspended=[("2010-03-31", None)]),
        townships=towns,
    )
    assert subsidised_townships(MARCH, dues_of(facts)) == {1}


def dues_of(facts: CountyFacts) -> list[Due]:
    return list(dues_of_month(MARCH, facts, parameters()).values())


def test_a_shortage_names_its_place() -> None:
    (row,) = shortages(MARCH, [], [unit(kind=UnitKind.COMMUNITY)], [], BOOK, set())
    assert row == Shortage(Check.VACANCY, TOWN, VILLAGE, Position.COMMUNITY_COORDINATOR, 1, 0, on("2009-01-01"))


DAY = MARCH.last
STAFF = [presence(number) for number in (1, 2, 3)]


def days_of(presences: Iterable[Presence], towns: Iterable[TownshipFact] | None = None) -> list[tuple[str, int]]:
    """Position and days of each vacancy of a township of class B: 3 platform staff, 2 assistants."""
    found = vacancies(DAY, towns or [township()], [], presences, BOOK)
    return [(row.position.value, row.days_until(DAY)) for row in found]


def test_the_last_day_on_post_is_not_vacant_and_the_day_looked_at_is() -> None:
    assistants = [presence(11, Position.ASSISTANT), presence(12, Position.ASSISTANT, ended="2010-03-30")]
    assert days_of([*STAFF, *assistants]) == [("assistant", 1)]
    assert days_of([*STAFF, assistants[0], presence(12, Position.ASSISTANT, ended="2010-03-31")]) == []


def test_the_second_vacancy_of_a_township_counts_from_when_there_were_two() -> None:
    assistants = [
        presence(11, Position.ASSISTANT, ended="2010-03-01"),
        presence(12, Position.ASSISTANT, ended="2010-03-21"),
    ]
    assert days_of([*STAFF, *assistants]) == [("assistant", 30), ("assistant", 10)]


def test_a_vacancy_that_was_filled_for_a_day_begins_after_it() -> None:
    for_a_day = presence(13, Position.ASSISTANT, started="2010-03-10", ended="2010-03-10")
    assert days_of([*STAFF, presence(11, Position.ASSISTANT), for_a_day]) == [("assistant", 21)]


def test_nothing_is_vacant_before_the_first_standard_nor_longer_than_it() -> None:
    assert vacancies(on("2008-12-31"), [township()], [], [], BOOK) == []
    found = vacancies(on("2009-01-01"), [township()], [unit(VILLAGE)], [], BOOK)
    assert [(row.unit, row.position.value, row.since) for row in found] == [
        (None, "platform_staff", on("2009-01-01")),
        (None, "platform_staff", on("2009-01-01")),
        (None, "platform_staff", on("2009-01-01")),
        (None, "assistant", on("2009-01-01")),
        (None, "assistant", on("2009-01-01")),
        (VILLAGE, "village_coordinator", on("2009-01-01")),
    ]
