"""What the ledger sees and does not settle: differences of months older than a run's window (domain 4, Window)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from foundation.dates import Month, months_between
from foundation.rounding import ZERO
from subsidies.rules.causes import Cause, Now, cause_of
from subsidies.rules.facts import PostingFact
from subsidies.rules.ledger import BasesOf, MonthToSettle, Settled


class OldDifference(NamedTuple):
    """The hint `beyond_retro_limit`: what is due as known now is not what approved runs posted; no line settles it."""

    posting: PostingFact
    month: Month
    due_amount: Decimal
    posted: Decimal
    cause: Cause

    @property
    def difference(self) -> Decimal:
        return self.due_amount - self.posted


def months_beyond(window: list[Month], *, first_month: Month | None) -> list[Month]:
    """The months of the ledger before the window of a run; none before the first approval."""
    return [] if first_month is None else list(months_between(first_month, window[0] - 1))


def beyond_limit(
    months: Iterable[MonthToSettle],
    *,
    postings: Mapping[int, PostingFact],
    settled: Mapping[int, Settled],
    bases_of: BasesOf,
) -> list[OldDifference]:
    """The differences of `months` that the run does not settle, by month and posting id.

    `months` are taken one after the other. What no run has settled with a township will be lines, now or when it
    reports, and is no hint. `settled` and `bases_of` are as for `settle`.
    """
    found: list[tuple[Now, Decimal]] = []
    for to_settle in months:
        month, amounts = to_settle.month, to_settle.posted.amounts
        for number in to_settle.differing():
            posting = postings[number]
            of_township = settled.get(posting.township)
            if of_township is not None and month < of_township.since:
                due = to_settle.dues.get(number)
                amount = ZERO if due is None else due.amount
                cost = None if due is None else due.cost
                now = Now(posting, month, due, amount, cost, to_settle.caps, changes_amount=True, changes_source=False)
                found.append((now, amounts.get(number, ZERO)))
    bases = bases_of({(now.posting.id, now.month) for now, _ in found})
    return [
        OldDifference(now.posting, now.month, now.amount, posted, cause_of(now, bases) or Cause.RATE)
        for now, posted in found
    ]
