"""What is improbable in what is done for many, each with the name of whoever it is about."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pages.personnel.doubts import far_wage
from subsidies.policy.in_force import rulebook_in_force


class NewWage(NamedTuple):
    """Whose, yuan a month, and from which day on."""

    name: str
    amount: Decimal
    day: date


def of_wages(wages: Iterable[NewWage]) -> Iterator[str]:
    """Those far from the minimum wage in force on their day; the rules are read once."""
    rules = None
    for wage in wages:
        rules = rules or rulebook_in_force()
        yield from (f"{wage.name}:{doubt}" for doubt in far_wage(wage.amount, wage.day, rules))
