"""What was read of some days once says of each of them what is read of it alone."""

from dataclasses import asdict
from datetime import date

import pytest
from django.utils import timezone

from foundation.dates import Month
from staffing.enums import SUBSIDISED, Position
from subsidies.demo.county import DemoCounty
from subsidies.policy.in_force import rulebook, rulebook_in_force, standards_in_force
from subsidies.posts.facts import county_facts
from subsidies.posts.known_county import known_county
from tests.builders import (
    a_contract,
    a_grant,
    a_household_count,
    a_posting,
    a_suspension,
    a_township,
    a_unit,
)
from townships.models import HouseholdCount, TownshipStatus

pytestmark = pytest.mark.django_db
MARCH = Month(2010, 3)


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
        a_contract(posting=posting, started_on=day)
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
