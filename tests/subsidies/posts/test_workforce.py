"""Turnover, months served and medians by example."""

from datetime import date
from decimal import Decimal

import pytest

from staffing.enums import Position
from staffing.models import Person
from subsidies.posts.known_county import known_county
from subsidies.posts.workforce import Service, Turnover, median, months_served, services, turnover
from tests.builders import a_person, a_posting, a_township

DAY = date(2010, 3, 31)
HERE, THERE = 1, 2


def service(
    person: int, started_on: str, ended_on: str | None = None, *, township: int = HERE, position: str = "assistant"
) -> Service:
    ended = None if ended_on is None else date.fromisoformat(ended_on)
    return Service(person, Position(position), township, date.fromisoformat(started_on), ended)


@pytest.mark.parametrize(
    ("ended_on", "expected"),
    [
        ("2009-03-30", Turnover(0, 0, 0)),
        ("2009-03-31", Turnover(1, 0, 1)),
        ("2010-03-30", Turnover(1, 0, 1)),
        ("2010-03-31", Turnover(1, 1, 0)),
        (None, Turnover(1, 1, 0)),
    ],
)
def test_who_is_away_the_day_after_the_last_one_has_left(ended_on: str | None, expected: Turnover) -> None:
    assert turnover([service(1, "2008-01-01", ended_on)], {HERE}, DAY) == expected


def test_who_goes_on_the_day_after_has_not_left() -> None:
    served = [service(1, "2008-01-01", "2009-12-31"), service(1, "2010-01-01")]
    assert turnover(served, {HERE}, DAY).left == 0
    served = [service(1, "2008-01-01", "2009-12-31"), service(1, "2010-01-02")]
    assert turnover(served, {HERE}, DAY) == Turnover(1, 1, 1)


def test_a_transfer_leaves_the_township_and_not_the_county() -> None:
    served = [service(1, "2008-01-01", "2009-12-31"), service(1, "2010-01-01", township=THERE)]
    assert turnover(served, {HERE}, DAY) == Turnover(1, 0, 1)
    assert turnover(served, {HERE, THERE}, DAY) == Turnover(1, 1, 0)


@pytest.mark.parametrize(
    ("numbers", "percent"),
    [((0, 0, 0), None), ((0, 0, 2), None), ((40, 44, 3), "7.1"), ((16, 16, 1), "6.3"), ((1, 0, 1), "200.0")],
)
def test_percent_is_of_the_average_rounded_half_up(numbers: tuple[int, int, int], percent: str | None) -> None:
    assert Turnover(*numbers).percent == (None if percent is None else Decimal(percent))


@pytest.mark.parametrize(
    ("served", "months"),
    [
        ([service(1, "2010-03-01")], 1),
        ([service(1, "2010-03-02")], 0),
        ([service(1, "2009-04-01")], 12),
        ([service(1, "2009-01-01", "2009-06-30"), service(1, "2009-07-01", township=THERE)], 15),
        ([service(1, "2009-01-01", "2009-06-29"), service(1, "2009-07-01")], 9),
        ([service(1, "2009-01-01"), service(1, "2009-07-01", position="village_coordinator")], 15),
    ],
)
def test_months_served_run_through_whatever_follows_without_a_day_between(served: list[Service], months: int) -> None:
    assert months_served(served, DAY) == {1: months}


@pytest.mark.parametrize(
    ("numbers", "middle"), [([], None), ([7], 7), ([1, 9], 5), ([1, 2], 2), ([9, 1, 3], 3), ([4, 1, 2, 9], 3)]
)
def test_median(numbers: list[int], middle: int | None) -> None:
    assert median(numbers) == middle


@pytest.mark.django_db
def test_services_of_people_of_the_townships_come_from_everywhere_and_merged_records_are_one() -> None:
    here, there = a_township(), a_township(name="力洋镇", code="330226102")
    person, copy = a_person(name="甲"), a_person(name="甲")
    a_posting(township=there, person=copy, started_on=date(2008, 1, 1), ended_on=date(2008, 12, 31))
    a_posting(township=here, person=person, started_on=date(2009, 1, 1))
    a_posting(township=there, person=a_person(name="乙"))
    a_posting(township=here, person=a_person(name="丙"), ended_on=date(2009, 3, 30))
    Person.objects.filter(pk=copy.pk).update(merged_into=person)
    merged = known_county(since=DAY, until=DAY).facts.merged
    found = services({here.pk}, DAY, merged)
    assert {(row.person, row.township) for row in found} == {(person.pk, there.pk), (person.pk, here.pk)}
    assert months_served(found, DAY) == {person.pk: 27}
