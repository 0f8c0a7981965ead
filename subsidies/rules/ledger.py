"""The ledger: for every posting and month of the window, what is due as known now less what was posted (domain 4)."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from foundation.dates import Month, months_between
from foundation.labels import Labelled
from foundation.rounding import ZERO
from subsidies.rules.dues import Due
from subsidies.rules.facts import PostingFact
from subsidies.rules.results import Reason


class Cause(Labelled):
    """Why an earlier month is paid or claimed back now, in the order in which they are looked for."""

    REPORT_LATE = "report_late", "月报迟报或未审核"
    WITHDRAWN = "withdrawn", "在岗记录撤销"
    JOINED = "joined", "补录到岗"
    LEFT = "left", "离岗"
    DATES = "dates", "起止日期更正"
    DUPLICATE_OR_QUOTA = "duplicate_or_quota", "一人多岗或名额变化"
    SUSPENSION = "suspension", "停发变化"
    BAND = "band", "户数档次变化"
    RATE = "rate", "补助标准变化"
    CHECK = "check", "检查结果变化"


class Basis(NamedTuple):
    """What a due was made of, as far as a later one can differ from it; sets of days as in days.py."""

    in_service: int
    suspended: int
    without_post: int
    duplicate: int
    over_quota: int
    band: int | None
    rate: Decimal | None
    blocked_by: str


Cell = tuple[int, Month]
"""A posting, by its id, and a month that it is paid for."""


class Posted(NamedTuple):
    """Of the cells that were asked for, what the latest approved line was made of, where there is one; `known` are the
    postings with a line for whatever month."""

    bases: Mapping[Cell, Basis]
    known: Collection[int]


PostedOf = Callable[[Collection[Cell]], Posted]


class Entry(NamedTuple):
    """One line of a run: `amount` = `due_amount` - `posted`; `due` is None for what is no longer due at all."""

    posting: PostingFact
    month: Month
    due: Due | None
    due_amount: Decimal
    posted: Decimal
    reason: str
    cause: str

    @property
    def amount(self) -> Decimal:
        return self.due_amount - self.posted


class MonthToSettle(NamedTuple):
    """A month of the window: what is due for it as known now, and what approved runs posted for it; yuan by posting
    id. `due_of` gives what an amount was made of, None for a posting with no amount."""

    month: Month
    amounts: Mapping[int, Decimal]
    due_of: Callable[[int], Due | None]
    posted: Mapping[int, Decimal]

    def differing(self) -> list[int]:
        """The postings of which something else is due than was posted; nothing where there is no row."""
        amounts, posted = self.amounts, self.posted
        if amounts == posted:
            return []
        found = [number for number, amount in amounts.items() if amount != posted.get(number, ZERO)]
        gone = [number for number in posted.keys() - amounts.keys() if posted[number] != ZERO]
        return sorted(found + gone)

    def together(self) -> list[int]:
        """All postings of either side."""
        return sorted(self.amounts.keys() | self.posted.keys())


def month_to_settle(month: Month, dues: Mapping[int, Due], posted: Mapping[int, Decimal]) -> MonthToSettle:
    """Of a month whose dues are all known."""
    return MonthToSettle(month, {number: due.amount for number, due in dues.items()}, dues.get, posted)


@dataclass(frozen=True, slots=True)
class Settled:
    """The months of one township that a run settles, both included: from the window's first one, or for a late
    township from the first that no run has settled (`unsettled`), until the last one that it has reported."""

    since: Month
    until: Month
    unsettled: Month

    def holds(self, month: Month) -> bool:
        return self.since <= month <= self.until


def window(month: Month, *, first_month: Month | None, retro_months: int) -> list[Month]:
    """The months a run of `month` settles; before the first approval only that month itself."""
    earliest = month if first_month is None else max(first_month, month - retro_months)
    return list(months_between(min(earliest, month), month))


def settle(
    month: Month,
    *,
    months: Iterable[MonthToSettle],
    postings: Mapping[int, PostingFact],
    settled: Mapping[int, Settled],
    posted_of: PostedOf,
) -> list[Entry]:
    """The entries of a run of `month`: all that is due in `month` itself, of earlier months what differs.

    `months` are taken one after the other, so that nobody need hold them all. `settled` gives for each township whose
    lines the run holds the months that are settled with it. `posted_of` is asked once, for the
    differences that have a cause.
    """
    entries: list[Entry] = []
    with_cause: list[int] = []  # their places
    for to_settle in months:
        for_month, _, due_of, amounts_posted = to_settle
        townships = {township for township, row in settled.items() if row.holds(for_month)}
        is_regular = for_month == month
        for posting_id in to_settle.together() if is_regular else to_settle.differing():
            posting = postings[posting_id]
            if posting.township not in townships:
                continue
            entry = _entry(posting, for_month, due_of(posting_id), amounts_posted.get(posting_id))
            # What nobody has posted before for the month of the run itself needs no cause.
            is_first_time = is_regular and posting_id not in amounts_posted
            if entry.due_amount != entry.posted and not is_first_time:
                with_cause.append(len(entries))
            entries.append(entry)
    posted = posted_of({(entries[place].posting.id, entries[place].month) for place in with_cause})
    for place in with_cause:
        entries[place] = entries[place]._replace(cause=_cause_of_entry(entries[place], settled, posted).value)
    return entries


def _entry(posting: PostingFact, for_month: Month, due: Due | None, posted: Decimal | None) -> Entry:
    """Without a cause, which is looked for where there is a difference."""
    if due is None:
        gone = Reason.WITHDRAWN if posting.withdrawn else Reason.NOT_ON_POST
        reason, amount = gone.value, ZERO
    else:
        reason, amount = due.result.reason, due.amount
    if not reason and amount == posted:
        reason = Reason.ALREADY_POSTED.value
    return Entry(posting, for_month, due, amount, posted or ZERO, reason, "")


def _cause_of_entry(entry: Entry, settled: Mapping[int, Settled], posted: Posted) -> Cause:
    """What is due for a month that no run has settled was reported late."""
    posting = entry.posting
    return cause_of(
        posting,
        entry.month,
        entry.due,
        posted.bases.get((posting.id, entry.month)),
        is_known=posting.id in posted.known,
        is_late=entry.month >= settled[posting.township].unsettled,
    )


def cause_of(
    posting: PostingFact,
    month: Month,
    due: Due | None,
    posted: Basis | None,
    *,
    is_known: bool,
    is_late: bool = False,
) -> Cause:
    """The first cause that applies to a difference between what was posted for `month` and what is due now.

    `posted` is what the latest line was made of; None where there is none.
    `is_known` tells whether approved runs hold any line of the posting: if so, a month without one is a date mended.
    So is a month that was paid before the posting began; one after its end is somebody who left.
    """
    if is_late and posted is None:
        return Cause.REPORT_LATE
    if posting.withdrawn:
        return Cause.WITHDRAWN
    if posted is None:
        return Cause.DATES if is_known else Cause.JOINED
    if due is None:
        return Cause.DATES if posting.started_on > month.last else Cause.LEFT
    return _cause_between(posted, basis_of(due))


def _cause_between(before: Basis, now: Basis) -> Cause:
    if now.in_service != before.in_service:
        ends_earlier = now.in_service.bit_length() < before.in_service.bit_length()
        same_beginning = now.in_service & -now.in_service == before.in_service & -before.in_service
        return Cause.LEFT if ends_earlier and same_beginning else Cause.DATES
    if _places_lost(now) != _places_lost(before):
        return Cause.DUPLICATE_OR_QUOTA
    if now.suspended != before.suspended:
        return Cause.SUSPENSION
    if now.band != before.band:
        return Cause.BAND
    if now.rate == before.rate and now.blocked_by != before.blocked_by:
        return Cause.CHECK
    return Cause.RATE


def _places_lost(basis: Basis) -> tuple[int, int, int]:
    """The days on which there was no place: none at the unit, the person's at another, others' before."""
    return basis.without_post, basis.duplicate, basis.over_quota


def basis_of(due: Due) -> Basis:
    return Basis(
        in_service=due.days.in_service,
        suspended=due.days.suspended,
        without_post=due.days.without_post,
        duplicate=due.days.duplicate,
        over_quota=due.days.over_quota,
        band=due.key.band,
        rate=due.result.rate,
        blocked_by=due.key.blocked_by or "",
    )
