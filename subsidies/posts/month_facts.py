"""What the findings of one month are worked out from: its facts, what is due, and the rules in force."""

from collections.abc import Mapping
from dataclasses import dataclass

from foundation.dates import Month
from subsidies.posts.known_county import KnownCounty
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


def month_facts(month: Month, known: KnownCounty) -> MonthFacts:
    """Of a month whose days are known. Raises MissingParameter."""
    parameters = known.book.for_month(month)
    facts = known.between(month.first, month.last)
    return MonthFacts(month, known.book, parameters, facts, dues_of_month(month, facts, parameters))
