"""The ledger: for every posting and month of the window, what is due as known now less what was posted (domain 4)."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from foundation.dates import Month, months_between
from foundation.rounding import ZERO
from staffing.enums import Position
from subsidies.rules.causes import Cell, Now, PostedBases, cause_of
from subsidies.rules.dues import Due, borne
from subsidies.rules.facts import PostingFact
from subsidies.rules.results import Reason

Source = int | None
"""A fund source by its id; None where the standard names none."""

BasesOf = Callable[[Collection[Cell]], PostedBases]


class Stated(NamedTuple):
    """Township share and surplus that approved lines state of a posting and month together, in yuan."""

    share: Decimal
    surplus: Decimal


_NOTHING_STATED = Stated(ZERO, ZERO)


@dataclass(frozen=True)
class PostedMonth:
    """What approved runs hold for one month, in yuan by posting id.

    `lines`: fund source -> the sums of the lines that it pays; `by_hand`: the same of adjustments that name their
    posting. `stated`: what lines say of share and surplus.
    """

    lines: Mapping[Source, Mapping[int, Decimal]]
    by_hand: Mapping[Source, Mapping[int, Decimal]]
    stated: Mapping[int, Stated]

    @cached_property
    def held(self) -> Collection[int]:
        """The postings with a line."""
        return {number for of_source in self.lines.values() for number in of_source}

    @cached_property
    def amounts(self) -> Mapping[int, Decimal]:
        """All that was posted, whatever it came from."""
        parts = [*self.lines.values(), *self.by_hand.values()]
        if len(parts) == 1:
            return parts[0]
        found: dict[int, Decimal] = {}
        for of_source in parts:
            for number, amount in of_source.items():
                found[number] = found.get(number, ZERO) + amount
        return found

    def by_source(self, number: int) -> dict[Source, Decimal]:
        """What was posted to one posting, by the source that it came from, 0.00 left out."""
        found: dict[Source, Decimal] = {}
        for part in (self.lines, self.by_hand):
            for source, of_source in part.items():
                if number in of_source:
                    found[source] = found.get(source, ZERO) + of_source[number]
        return {source: amount for source, amount in found.items() if amount}

    @cached_property
    def sources(self) -> frozenset[Source]:
        return frozenset((*self.lines, *self.by_hand))


NOTHING_POSTED = PostedMonth({}, {}, {})


class Borne(NamedTuple):
    """Township share and surplus of a posting and month (domain 3.9), in yuan: the level as known now, None where the
    cost is not known, and what a line adds to what approved lines state."""

    share_level: Decimal | None
    surplus_level: Decimal | None
    share: Decimal | None
    surplus: Decimal | None

    @property
    def changes(self) -> bool:
        return bool(self.share or self.surplus)


NOT_STATED = Borne(None, None, None, None)
"""Of months whose sheets were made before shares were settled."""


class Entry(NamedTuple):
    """One line of a run: `amount` = `due_amount` - `posted`; `due` is None for what is no longer due at all.

    All of the amount comes from `source`, or `by_source` says from which how much.
    """

    posting: PostingFact
    month: Month
    due: Due | None
    due_amount: Decimal
    posted: Decimal
    source: Source
    by_source: tuple[tuple[Source, Decimal], ...]
    borne: Borne
    reason: str
    cause: str

    @property
    def amount(self) -> Decimal:
        return self.due_amount - self.posted

    @property
    def changes(self) -> bool:
        """Whether it moves money, changes a share or surplus, or moves money between sources."""
        return bool(self.amount) or bool(self.by_source) or self.borne.changes


@dataclass(frozen=True)
class MonthToSettle:
    """A month of the window: its dues by posting id as known now, and what approved runs posted for it.

    `source_of`: the fund source of each position under the standard in force on its first day; `caps`: that standard
    takes the cost for a limit. `states_costs`: share and surplus of the month are settled.
    """

    month: Month
    dues: Mapping[int, Due]
    posted: PostedMonth
    source_of: Mapping[Position, Source]
    caps: bool
    states_costs: bool

    def differing(self) -> list[int]:
        """The postings of which another amount is due than was posted; nothing where there is no row."""
        dues, posted = self.dues, self.posted.amounts
        found = [number for number, due in dues.items() if due.amount != posted.get(number, ZERO)]
        gone = [number for number, amount in posted.items() if amount and number not in dues]
        return sorted(found + gone)

    def changing(self, postings: Mapping[int, PostingFact], townships: Collection[int]) -> Iterator[Entry]:
        """The entries of an earlier month in these townships: what changes, and the first line of whoever has none."""
        held = self.posted.held
        for entry in self.entries(postings, townships):
            if entry.changes or (entry.due is not None and entry.posting.id not in held):
                yield entry

    def entries(self, postings: Mapping[int, PostingFact], townships: Collection[int]) -> Iterator[Entry]:
        """An entry for every posting of either side, by its id, without a cause."""
        for number in sorted(self.dues.keys() | self.posted.amounts.keys()):
            posting = postings[number]
            if posting.township in townships:
                yield self._entry(posting)

    def _entry(self, posting: PostingFact) -> Entry:
        number, posted = posting.id, self.posted
        due = self.dues.get(number)
        amount = posted.amounts.get(number)
        if due is None:
            gone = Reason.WITHDRAWN if posting.withdrawn else Reason.NOT_ON_POST
            reason, due_amount = gone.value, ZERO
        else:
            reason, due_amount = due.result.reason, due.amount
        if not reason and amount == due_amount:
            reason = Reason.ALREADY_POSTED.value
        source = self.source_of.get(posting.position)
        return Entry(
            posting=posting,
            month=self.month,
            due=due,
            due_amount=due_amount,
            posted=amount or ZERO,
            source=source,
            by_source=self._by_source(number, source, due_amount),
            borne=self._borne(number, due, due_amount),
            reason=reason,
            cause="",
        )

    def _by_source(self, number: int, source: Source, due_amount: Decimal) -> tuple[tuple[Source, Decimal], ...]:
        """Empty where all that was posted came from the source of now."""
        if not self.posted.sources - {source}:
            return ()
        posted = self.posted.by_source(number)
        if not posted.keys() - {source}:
            return ()
        due = {source: due_amount}
        split = {of: due.get(of, ZERO) - posted.get(of, ZERO) for of in posted.keys() | due.keys()}
        return tuple(sorted(((of, amount) for of, amount in split.items() if amount), key=lambda row: row[0] or 0))

    def _borne(self, number: int, due: Due | None, due_amount: Decimal) -> Borne:
        if not self.states_costs:
            return NOT_STATED
        share, surplus = (ZERO, ZERO) if due is None else borne(due.cost, due_amount)
        stated = self.posted.stated.get(number, _NOTHING_STATED)
        if share is None or surplus is None:
            # What was stated is taken back; a cost that was never known is stated by nobody.
            return Borne(None, None, -stated.share if any(stated) else None, -stated.surplus if any(stated) else None)
        return Borne(share, surplus, share - stated.share, surplus - stated.surplus)


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
    bases_of: BasesOf,
) -> list[Entry]:
    """The entries of a run of `month`: all that is due in `month` itself, of earlier months what changes and whatever
    has no line yet.

    `months` are taken one after the other, so that nobody need hold them all. `settled` gives for each township whose
    lines the run holds the months that are settled with it. `bases_of` is asked once, for the entries that may have a
    cause.
    """
    entries: list[Entry] = []
    with_cause: list[tuple[int, bool]] = []  # their places, and whether their standard takes the cost for a limit
    for to_settle in months:
        townships = {township for township, row in settled.items() if row.holds(to_settle.month)}
        is_regular = to_settle.month == month
        found = to_settle.entries if is_regular else to_settle.changing
        for entry in found(postings, townships):
            # What nobody has posted before for the month of the run itself needs no cause.
            is_change = entry.posting.id in to_settle.posted.held and entry.changes
            if not is_regular or is_change:
                with_cause.append((len(entries), to_settle.caps))
            entries.append(entry)
    posted = bases_of({(entries[place].posting.id, entries[place].month) for place, _ in with_cause})
    for place, caps in with_cause:
        entry = entries[place]
        is_late = entry.month < month and entry.month >= settled[entry.posting.township].unsettled
        cause = cause_of(_now(entry, caps=caps), posted, is_late=is_late)
        entries[place] = entry._replace(cause="" if cause is None else cause.value)
    return entries


def _now(entry: Entry, *, caps: bool) -> Now:
    return Now(
        posting=entry.posting,
        month=entry.month,
        due=entry.due,
        amount=entry.due_amount,
        cost=None if entry.due is None else entry.due.cost,
        caps=caps,
        changes_amount=bool(entry.amount),
        changes_source=bool(entry.by_source),
    )
