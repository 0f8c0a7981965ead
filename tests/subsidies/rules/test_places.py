"""Rules 1 to 3: who is on post, one post a person, and who holds the places on which day."""

import pytest

from staffing.enums import Check, Position, Severity, SuspensionKind
from subsidies.rules.facts import PostingFact
from tests.subsidies.rules.builders import (
    VILLAGE,
    counted,
    county,
    dues,
    posting,
    reasons,
    standard,
    township,
    unit,
)
from townships.enums import TownshipClass, UnitKind

ONE_PLACE = standard(assistant_base={TownshipClass.A: 1, TownshipClass.B: 1}, assistant_extra_max=0)


def test_earliest_start_holds_the_place() -> None:
    facts = county(posting(1, started="2009-01-02"), posting(2, started="2009-01-01"))

    assert reasons(dues(facts, ONE_PLACE)) == {1: "over_quota", 2: ""}


def test_lower_id_wins_on_the_same_start() -> None:
    assistants = county(posting(2), posting(1))
    coordinators = county(posting(2, unit=VILLAGE), posting(1, unit=VILLAGE))
    posts_of_one = county(posting(2, person=7), posting(1, person=7, unit=VILLAGE))

    assert reasons(dues(assistants, ONE_PLACE)) == {1: "", 2: "over_quota"}
    assert reasons(dues(coordinators)) == {1: "", 2: "over_quota"}
    assert reasons(dues(posts_of_one)) == {1: "", 2: "duplicate_person"}


def test_next_in_line_takes_over_from_the_day_after() -> None:
    facts = county(posting(1, ended="2010-01-10"), posting(2, started="2009-02-01"), posting(3, started="2009-03-01"))

    assert counted(dues(facts, ONE_PLACE)) == {1: 10, 2: 21, 3: 0}


def test_who_started_first_takes_the_place_when_he_comes_back() -> None:
    """A suspended day is not on post and holds no place: the next in line counts for it."""
    facts = county(posting(1, suspended=[("2010-01-05", "2010-01-14")]), posting(2, started="2009-02-01"))

    found = dues(facts, ONE_PLACE)

    assert counted(found) == {1: 21, 2: 10}
    assert reasons(found) == {1: "", 2: ""}


def test_suspended_post_leaves_the_person_free_for_the_second() -> None:
    facts = county(
        posting(1, person=7, suspended=[("2010-01-05", "2010-01-14")]),
        posting(2, person=7, unit=VILLAGE, started="2009-02-01"),
    )

    assert counted(dues(facts)) == {1: 21, 2: 10}


def test_counting_suspensions_take_no_day() -> None:
    rules = standard(counting_suspensions=frozenset({SuspensionKind.MATERNITY_LEAVE}))
    away = [("2009-12-01", None)]
    facts = county(
        posting(1, suspended=away, kind=SuspensionKind.MATERNITY_LEAVE),
        posting(2, suspended=away, kind=SuspensionKind.SICK_LEAVE),
    )

    assert counted(dues(facts, rules)) == {1: 31, 2: 0}


def test_second_post_is_not_paid_when_the_first_is_over_quota() -> None:
    facts = county(
        posting(1, started="2008-01-01"),
        posting(2, person=7, started="2009-01-01"),
        posting(3, person=7, unit=VILLAGE, started="2009-06-01"),
    )

    assert reasons(dues(facts, ONE_PLACE)) == {1: "", 2: "over_quota", 3: "duplicate_person"}


def test_duplicate_holds_no_place() -> None:
    facts = county(
        posting(1, person=7, unit=VILLAGE, started="2008-01-01"),
        posting(2, person=7, started="2008-06-01"),
        posting(3, started="2009-06-01"),
    )

    assert reasons(dues(facts, ONE_PLACE)) == {1: "", 2: "duplicate_person", 3: ""}


def test_one_post_a_person_reaches_over_townships() -> None:
    facts = county(
        posting(1, person=7), posting(2, person=7, town=2, started="2009-06-01"), townships=[township(), township(2)]
    )

    assert reasons(dues(facts)) == {1: "", 2: "duplicate_person"}


def test_second_post_counts_from_the_day_after_the_first_ends() -> None:
    facts = county(posting(1, person=7, ended="2010-01-10"), posting(2, person=7, unit=VILLAGE, started="2009-06-01"))

    assert counted(dues(facts)) == {1: 10, 2: 21}


def test_third_post_of_a_person_is_a_duplicate_of_the_first() -> None:
    """The second ends on the 10th; the first goes on."""
    facts = county(
        posting(1, person=7),
        posting(2, person=7, unit=11, started="2009-06-01", ended="2010-01-10"),
        posting(3, person=7, unit=12, started="2009-07-01"),
        units=[unit(11), unit(12)],
    )

    assert counted(dues(facts)) == {1: 31, 2: 0, 3: 0}


def test_blocked_posting_still_holds_its_place() -> None:
    rules = standard(
        assistant_base={TownshipClass.A: 1, TownshipClass.B: 1},
        assistant_extra_max=0,
        checks={Check.COMPUTER_SKILL: Severity.BLOCK},
    )
    facts = county(posting(1, has_computer_skill=False), posting(2, started="2009-06-01"))

    found = dues(facts, rules)

    assert reasons(found) == {1: "computer_skill", 2: "over_quota"}
    assert counted(found) == {1: 31, 2: 0}


def test_coordinator_without_households_still_holds_the_place_and_the_person() -> None:
    facts = county(
        posting(1, unit=VILLAGE, person=7),
        posting(2, unit=VILLAGE, started="2009-06-01"),
        posting(3, person=7, started="2009-06-01"),
        units=[unit(counts=[])],
    )

    assert reasons(dues(facts)) == {1: "households_missing", 2: "over_quota", 3: "duplicate_person"}


@pytest.mark.parametrize(
    ("kind", "position", "reason"),
    [
        (UnitKind.COMMUNITY, Position.COMMUNITY_COORDINATOR, ""),
        (UnitKind.COMMUNITY, Position.VILLAGE_COORDINATOR, "unit_without_post"),
        (UnitKind.VILLAGE, Position.VILLAGE_COORDINATOR, ""),
        (UnitKind.VILLAGE, Position.COMMUNITY_COORDINATOR, "unit_without_post"),
        (UnitKind.RESIDENTS_COMMITTEE, Position.VILLAGE_COORDINATOR, ""),
        (UnitKind.RESIDENTS_COMMITTEE, Position.COMMUNITY_COORDINATOR, "unit_without_post"),
        (UnitKind.NON_STANDARD, Position.VILLAGE_COORDINATOR, "unit_without_post"),
        (UnitKind.NON_STANDARD, Position.COMMUNITY_COORDINATOR, "unit_without_post"),
    ],
)
def test_unit_has_the_post_of_its_kind(kind: UnitKind, position: Position, reason: str) -> None:
    found = dues(county(posting(1, unit=VILLAGE, position=position), units=[unit(kind=kind)]))

    assert reasons(found) == {1: reason}


def test_unit_exists_from_its_opening_to_its_closing_day() -> None:
    facts = county(posting(1, unit=VILLAGE), units=[unit(opened="2010-01-03", closed="2010-01-29")])

    assert counted(dues(facts)) == {1: 27}


def test_day_at_a_unit_without_a_post_uses_neither_person_nor_place() -> None:
    """The unit opens on the 11th; until then the person's second post and the unit's next posting are free."""
    facts = county(
        posting(1, person=7, unit=VILLAGE),
        posting(2, person=7, started="2009-06-01"),
        posting(3, unit=VILLAGE, position=Position.VILLAGE_COORDINATOR, started="2009-06-01"),
        units=[unit(opened="2010-01-11")],
    )
    wrong_kind = county(
        posting(1, unit=VILLAGE, position=Position.COMMUNITY_COORDINATOR),
        posting(2, unit=VILLAGE, started="2009-06-01"),
    )

    assert counted(dues(facts)) == {1: 21, 2: 10, 3: 0}
    assert counted(dues(wrong_kind)) == {1: 0, 2: 31}


def assistants(number: int) -> list[PostingFact]:
    """So many assistants, who started one after the other."""
    return [posting(which, started=f"2009-{which:02d}-01") for which in range(1, number + 1)]


@pytest.mark.parametrize(
    ("classes", "days"),
    [
        ([("2000-01-01", "A")], [31, 31, 31, 0]),
        ([("2000-01-01", "B")], [31, 31, 0, 0]),
        ([("2000-01-01", "B"), ("2010-01-16", "A")], [31, 31, 16, 0]),
        ([("2000-01-01", "A"), ("2010-01-31", "B")], [31, 31, 30, 0]),
        ([("2000-01-01", "A"), ("2010-01-10", "B"), ("2010-01-20", "A")], [31, 31, 21, 0]),
        ([("2010-01-02", "B")], [30, 30, 0, 0]),
        ([], [0, 0, 0, 0]),
    ],
)
def test_class_of_the_day_gives_the_places(classes: list[tuple[str, str]], days: list[int]) -> None:
    facts = county(*assistants(4), townships=[township(classes=classes)])

    assert list(counted(dues(facts)).values()) == days


@pytest.mark.parametrize(
    ("grants", "days"),
    [
        ([(1, "2009-05-01", None)], [31, 31, 31, 0, 0, 0]),
        ([(1, "2010-01-31", None)], [31, 31, 1, 0, 0, 0]),
        ([(1, "2009-05-01", "2010-01-01")], [31, 31, 1, 0, 0, 0]),
        ([(1, "2009-05-01", "2009-12-31"), (1, "2010-02-01", None)], [31, 31, 0, 0, 0, 0]),
        ([(2, "2009-05-01", None)], [31, 31, 31, 31, 0, 0]),
        ([(3, "2009-05-01", None)], [31, 31, 31, 31, 0, 0]),
        ([(1, "2009-05-01", None), (2, "2010-01-11", None)], [31, 31, 31, 21, 0, 0]),
        ([(1, "2009-05-01", "2010-01-10"), (1, "2010-01-10", None)], [31, 31, 31, 1, 0, 0]),
        ([(1, "2010-01-05", "2010-01-06"), (1, "2010-01-08", "2010-01-09")], [31, 31, 4, 0, 0, 0]),
    ],
)
def test_grants_of_the_day_add_up_to_the_limit(grants: list[tuple[int, str, str | None]], days: list[int]) -> None:
    """Class B has 2 places; at most 2 more are subsidised."""
    facts = county(*assistants(6), townships=[township(grants=grants)])

    assert list(counted(dues(facts)).values()) == days


def test_places_of_one_township_are_not_those_of_another() -> None:
    facts = county(
        posting(1), posting(2, town=2), posting(3, town=2, started="2009-06-01"), townships=[township(), township(2)]
    )

    assert reasons(dues(facts, ONE_PLACE)) == {1: "", 2: "", 3: "over_quota"}


def test_merged_records_are_one_person() -> None:
    """The facts name the record that merged ones point to."""
    apart = county(posting(1, person=7), posting(2, person=8, unit=VILLAGE))
    merged = county(posting(1, person=7), posting(2, person=7, unit=VILLAGE))

    assert reasons(dues(apart)) == {1: "", 2: ""}
    assert reasons(dues(merged)) == {1: "", 2: "duplicate_person"}
