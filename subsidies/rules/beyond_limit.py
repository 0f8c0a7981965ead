"""What the ledger sees and does not settle: differences of months older than a run's window (domain 4, Window)."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from foundation.dates import Month, months_between
from subsidies.rules.facts import PostingFact
from subsidies.rules.ledger import Cause, MonthToSettle, Settled, amount_of, cause_of


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
    known: Collection[int],
    postings: Mapping[int, PostingFact],
    settled: Mapping[int, Settled],
) -> list[OldDifference]:
    """The differences of `months` that the run does not settle, by month and posting id.

    `months` are taken one after the other. What no run has settled with a township will be lines, now or when it
    reports, and is no hint. `known` and `settled` are as for `settle`.
    """
    found = []
    for for_month, dues, posted in months:
        for posting_id in sorted(dues.keys() | posted.keys()):
            due, before = dues.get(posting_id), posted.get(posting_id)
            due_amount, posted_amount = amount_of(due), amount_of(before)
            if due_amount == posted_amount:
                continue  # nearly always
            posting = postings[posting_id]
            of_township = settled.get(posting.township)
            if of_township is not None and for_month < of_township.since:
                cause = cause_of(posting, for_month, due, before, is_known=posting_id in known)
                found.append(OldDifference(posting, for_month, due_amount, posted_amount, cause))
    return found
