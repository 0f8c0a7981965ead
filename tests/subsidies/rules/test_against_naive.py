"""The rules agree with the naive ones, in every amount, rate, reason and number of days."""

import pytest
from hypothesis import given

from foundation.dates import Month
from subsidies.rules.dues import Due, dues_of_month
from subsidies.rules.facts import CountyFacts
from subsidies.rules.rulebook import Rulebook
from tests.subsidies.rules.examples import examples
from tests.subsidies.rules.naive import Line, Rules, naive_due
from tests.subsidies.rules.strategies import cases

pytestmark = pytest.mark.invented


def line_of(due: Due) -> Line:
    return Line(due.amount, due.result.rate, due.result.reason, due.key.counted, due.township_share, due.surplus)


@examples(200)
@given(cases())
def test_dues_agree_with_the_naive_rules(case: tuple[Month, CountyFacts, Rules]) -> None:
    """In the month with the edges and in the two beside it."""
    middle, facts, rules = case
    for month in (middle - 1, middle, middle + 1):
        parameters = Rulebook(*rules).for_month(month)

        found = {number: line_of(due) for number, due in dues_of_month(month, facts, parameters).items()}

        assert found == naive_due(facts, rules, month)


@examples(40)
@given(cases())
def test_amounts_need_no_hints(case: tuple[Month, CountyFacts, Rules]) -> None:
    """Earlier months are calculated without looking for hints; that changes no line."""
    month, facts, rules = case
    parameters = Rulebook(*rules).for_month(month)

    without_hints = dues_of_month(month, facts, parameters, with_hints=False)

    assert {number: line_of(due) for number, due in without_hints.items()} == naive_due(facts, rules, month)


@examples(40)
@given(cases())
def test_order_of_facts_does_not_matter(case: tuple[Month, CountyFacts, Rules]) -> None:
    month, facts, rules = case
    parameters = Rulebook(*rules).for_month(month)
    backwards = CountyFacts(facts.townships[::-1], facts.units[::-1], facts.postings[::-1])

    found = {number: line_of(due) for number, due in dues_of_month(month, backwards, parameters).items()}

    assert found == naive_due(facts, rules, month)
