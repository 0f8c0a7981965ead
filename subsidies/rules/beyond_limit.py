"""What the ledger sees and does not settle: differences of months older than a run's window (domain 4, Window)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from foundation.dates import Month, months_between
from foundation.rounding import ZERO
from subsidies.rules.dues import Due
from subsidies.rules.facts import PostingFact
from subsidies.rules.ledger import Cause, MonthToSettle, PostedOf, Settled, cause_of


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
    posted_of: PostedOf,
) -> list[OldDifference]:
    """The differences of `months` that the run does not settle, by month and posting id.

    `months` are taken one after the other. What no run has settled with a township will be lines, now or when it
    reports, and is no hint. `settled` and `posted_of` are as for `settle`.
    """
    found: list[tuple[PostingFact, Month, Due | None, Decimal]] = []
    for to_settle in months:
        for_month, _, due_of, amounts = to_settle
        for posting_id in to_settle.differing():
            posting = postings[posting_id]
            of_township = settled.get(posting.township)
            if of_township is not None and for_month < of_township.since:
                found.append((posting, for_month, due_of(posting_id), amounts.get(posting_id, ZERO)))
    posted = posted_of({(posting.id, month) for posting, month, *_ in found})
    return [
        OldDifference(
            posting,
            month,
            ZERO if due is None else due.amount,
            amount,
            cause_of(posting, month, due, posted.bases.get((posting.id, month)), is_known=posting.id in posted.known),
        )
        for posting, month, due, amount in found
    ]
