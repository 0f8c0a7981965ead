"""What approved runs hold, in the memory of a test: amounts for the ledger, and what the latest lines were made of."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from foundation.dates import Month
from subsidies.rules import ledger
from subsidies.rules.dues import Due
from subsidies.rules.ledger import Basis, Cell, Entry, PostedOf, basis_of

NOTHING_DUE = Basis(0, 0, 0, 0, 0, None, None, "")


class Posted(NamedTuple):
    """The sum of the lines of one posting for one month, and the basis of the latest."""

    amount: Decimal
    basis: Basis


History = Mapping[Month, Mapping[int, Posted]]


def posted_as(dues: Mapping[int, Due]) -> dict[int, Posted]:
    """A month whose dues were posted as they are."""
    return {number: Posted(due.amount, basis_of(due)) for number, due in dues.items()}


def approved(history: History, entries: Iterable[Entry]) -> dict[Month, dict[int, Posted]]:
    """The history after the approval of a run with these entries."""
    found = {month: dict(of_month) for month, of_month in history.items()}
    for entry in entries:
        basis = NOTHING_DUE if entry.due is None else basis_of(entry.due)
        found.setdefault(entry.month, {})[entry.posting.id] = Posted(entry.due_amount, basis)
    return found


def amounts(history: History, month: Month) -> dict[int, Decimal]:
    return {number: posted.amount for number, posted in history.get(month, {}).items()}


def posted_in(history: History) -> PostedOf:
    def posted_of(cells: Collection[Cell]) -> ledger.Posted:
        bases = {
            (number, month): posted.basis
            for month, of_month in history.items()
            for number, posted in of_month.items()
            if (number, month) in cells
        }
        return ledger.Posted(bases, {number for of_month in history.values() for number in of_month})

    return posted_of
