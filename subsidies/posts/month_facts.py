"""What the findings of one month are looked for in: its facts, what is due by them, and the rules in force."""

from collections.abc import Mapping
from dataclasses import dataclass

from foundation.dates import Month
from subsidies.policy.in_force import rulebook, standards_in_force
from subsidies.posts.facts import county_facts, people_concerned
from subsidies.rules.dues import Due, dues_of_month
from subsidies.rules.facts import CountyFacts
from subsidies.rules.parameters import MonthParameters
from subsidies.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True, eq=False)
class MonthFacts:
    """The facts of `month` alone and its dues by posting id, of every township whatever its report says."""

    month: Month
    book: Rulebook
    parameters: MonthParameters
    facts: CountyFacts
    dues: Mapping[int, Due]


def month_facts(month: Month, *, person: int | None = None) -> MonthFacts:
    """Read in a fixed number of queries; with `person` only what decides on this person's findings.

    Raises MissingParameter.
    """
    book = rulebook(standards_in_force())
    parameters = book.for_month(month)
    concerned = None if person is None else people_concerned(person, since=month.first, until=month.last)
    facts = county_facts(since=month.first, until=month.last, people=concerned)
    return MonthFacts(month, book, parameters, facts, dues_of_month(month, facts, parameters))
