"""The rows that facts are made of: each table is read once, however large the county is."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from subsidies.posts.facts import county_facts
from subsidies.rules.facts import CountyFacts
from tests.builders import a_household_count, a_township, a_unit
from tests.subsidies.policies import NOW
from townships.models import HouseholdCount

pytestmark = pytest.mark.django_db


def facts_of_june() -> CountyFacts:
    return county_facts(since=date(2009, 6, 1), until=date(2009, 6, 30))


def test_a_count_that_an_approved_one_replaces_is_not_in_force() -> None:
    unit = a_unit(township=a_township())
    first = a_household_count(unit=unit, households=150)
    again = HouseholdCount.objects.create(
        unit=unit, households=250, counted_on=first.counted_on, effective_from=first.effective_from, replaces=first
    )
    (fact,) = facts_of_june().units
    assert ([count.households for count in fact.counts], fact.waiting) == ([150], 1)
    HouseholdCount.objects.filter(pk=again.pk).update(approved_at=NOW)
    (fact,) = facts_of_june().units
    assert ([count.households for count in fact.counts], fact.waiting) == ([250], 0)


def test_no_statement_meets_the_household_counts_with_themselves() -> None:
    """SQLite looks for each count through all of them where hardly any replaces another."""
    with CaptureQueriesContext(
        connection,
    ) as statements:
        facts_of_june()
    of_counts = [row["sql"] for row in statements if "townships_householdcount" in row["sql"]]
    assert [sql.count('JOIN "townships_householdcount"') for sql in of_counts] == [1]
