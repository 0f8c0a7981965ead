"""What was read of some days once says of each of them what is read of it alone."""

from dataclasses import asdict
from datetime import date

import pytest
from django.utils import timezone

from foundation.dates import Month
from staffing.enums import SUBSIDISED, Position
from staffing.models import Person
from subsidies.demo.county import DemoCounty
from subsidies.policy.in_force import rulebook, rulebook_in_force, standards_in_force
from subsidies.posts.facts import county_facts
from subsidies.posts.findings import findings_of_month
from subsidies.posts.known_county import KnownCounty, known_county, known_of_month, of_person, of_townships
from subsidies.posts.month_facts import month_facts
from subsidies.posts.on_post import county_on
from subsidies.posts.places import township_places
from subsidies.posts.units import units_on
from tests.builders import (
    a_contract,
    a_grant,
    a_household_count,
    a_posting,
    a_suspension,
    a_township,
    a_unit,
)
from townships.models import HouseholdCount, Township, TownshipStatus

pytestmark = pytest.mark.django_db
MARCH = Month(2010, 3)
APRIL = MARCH + 1


@pytest.mark.parametrize("since", [MARCH.first, date(2010, 3, 31), (MARCH + 1).first])
@pytest.mark.parametrize("until", [date(2010, 3, 31), (MARCH + 2).last])
@pytest.mark.parametrize("positions", [SUBSIDISED, tuple(Position)])
def test_the_part_is_what_is_read_alone(
    demo: DemoCounty, since: date, until: date, positions: tuple[Position, ...]
) -> None:
    HouseholdCount.objects.filter(approved_at=None).update(approved_at=timezone.now())
    known = known_county(since=(MARCH - 2).first, until=(MARCH + 3).last)
    part = known.between(since, until, positions)
    assert part == county_facts(since=since, until=until, positions=positions)
    assert len(part.postings) <= len(known.facts.postings)


def test_days_that_were_not_read_are_refused(demo: DemoCounty) -> None:
    known = known_county(since=MARCH.first, until=MARCH.last)
    for since, until in ((date(2010, 2, 28), MARCH.last), (MARCH.first, date(2010, 4, 1))):
        with pytest.raises(ValueError, match="is not within"):
            known.between(since, until)


def test_what_is_read_together_is_told_once_and_in_order(db: None) -> None:
    """Statuses and grants of a township, counts of a unit, suspensions and contracts of a posting."""
    days = [date(2009, 1, 1), date(2009, 5, 1)]
    town = a_township(effective_from=days[1])
    TownshipStatus.objects.create(township=town, effective_from=days[0], code=town.code, name=town.name, kind="town")
    unit, posting = a_unit(township=town), a_posting(township=town)
    for day in reversed(days):
        a_grant(township=town, extra=1, effective_from=day)
        a_household_count(unit=unit, effective_from=day)
        a_contract(posting=posting, started_on=day, ended_on=day)
        a_suspension(posting=posting, started_on=day, ended_on=day)
    a_grant(township=town, extra=3, approved=False)
    a_household_count(unit=unit, effective_from=date(2009, 3, 1), approved=False)

    read = county_facts(since=days[0], until=days[1])

    assert [row.effective_from for row in read.townships[0].classes] == days
    assert [(row.extra, row.effective_from) for row in read.townships[0].grants] == [(1, day) for day in days]
    assert [row.effective_from for row in read.units[0].counts] == days
    assert read.units[0].waiting == 1
    assert [row.started_on for row in read.postings[0].record.contracts] == days
    assert [row.started_on for row in read.postings[0].suspensions] == days


def test_the_rules_in_force_are_those_of_the_versions_in_force(demo: DemoCounty) -> None:
    joined, one_by_one = rulebook_in_force(), rulebook(standards_in_force())
    assert [*map(asdict, joined.standards)] == [*map(asdict, one_by_one.standards)]
    assert joined.standards[0].bands
    assert [joined.minimum_wage_on(month.last) for month in (MARCH, MARCH + 1)] == [
        one_by_one.minimum_wage_on(month.last) for month in (MARCH, MARCH + 1)
    ]


def told_of(known: KnownCounty, township: int) -> tuple[object, ...]:
    """The findings of a township in a month, and how the last day of it finds its places and people."""
    county = county_on(APRIL.last, known)
    serving = [(row.posting, row.standing) for row in county.serving if row.posting.township == township]
    (places,) = township_places(county, [township])
    found = findings_of_month(month_facts(APRIL, known), [township])
    return found, sorted(serving), places.staffing, [unit.fact for unit in units_on(county, [township])]


def test_who_decides_on_a_township_is_enough_for_it(demo: DemoCounty) -> None:
    """Somebody of it has an earlier post elsewhere, at a unit and at a township whose places are taken; a record of
    somebody else was merged."""
    whole = known_of_month(APRIL)
    assistants = [row for row in whole.facts.postings if row.position is Position.ASSISTANT]
    here, there = assistants[0], next(row for row in assistants if row.township != assistants[0].township)
    coordinator = next(row for row in whole.facts.postings if row.unit and row.township == there.township)
    for person, of in ((here.person, there), (coordinator.person, here)):
        a_posting(
            person=Person.objects.get(pk=person),
            township=Township.objects.get(pk=of.township),
            started_on=date(2009, 1, 1),
        )
    Person.objects.filter(pk=assistants[-1].person).update(merged_into=assistants[1].person)
    whole, first, last = known_of_month(APRIL), APRIL.first, APRIL.last
    for township in Township.objects.all():
        alone = known_county(since=first, until=last, deciding_for=of_townships([township.pk]))
        assert len(alone.facts.postings) < len(whole.facts.postings) / 2
        assert told_of(alone, township.pk) == told_of(whole, township.pk)
    for person in (here.person, coordinator.person, assistants[1].person):
        alone = known_county(since=first, until=last, deciding_for=of_person(person))
        scope = [township.id for township in whole.facts.townships]
        found, all_found = (findings_of_month(month_facts(APRIL, of), scope, person=person) for of in (alone, whole))
        assert found == all_found
        assert found
