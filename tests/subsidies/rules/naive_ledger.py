"""The ledger once more: a dictionary of what was posted, and due less posted over the window."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from foundation.dates import Month
from subsidies.rules.facts import CountyFacts, PostingFact
from tests.subsidies.rules.naive import Line, Made, Rules, naive_due, naive_made
from tests.subsidies.rules.naive_causes import Change, naive_cause

Cell = tuple[int, Month]
ZERO = Decimal(0)


class NaiveLine(NamedTuple):
    """`moved` are the amounts by source where money comes from another source than before, else empty."""

    amount: Decimal
    reason: str
    cause: str
    moved: dict[int | None, Decimal]
    share: Decimal | None
    surplus: Decimal | None
    made: Made


@dataclass
class NaiveBooks:
    """What approved runs hold: money by cell and source, what was stated of shares, the last line of each cell and of
    each posting."""

    posted: dict[Cell, dict[int | None, Decimal]] = field(default_factory=dict)
    stated: dict[Cell, tuple[Decimal, Decimal]] = field(default_factory=dict)
    lines: dict[Cell, Made] = field(default_factory=dict)
    latest: dict[int, Made] = field(default_factory=dict)

    def amount(self, cell: Cell) -> Decimal:
        return sum(self.posted.get(cell, {}).values(), ZERO)

    def approve(self, entries: Mapping[Cell, NaiveLine], sources: Mapping[Month, int]) -> None:
        for cell, line in entries.items():
            parts = self.posted.setdefault(cell, {})
            for source, amount in (line.moved or {sources[cell[1]]: line.amount}).items():
                parts[source] = parts.get(source, ZERO) + amount
            share, surplus = self.stated.get(cell, (ZERO, ZERO))
            self.stated[cell] = share + (line.share or ZERO), surplus + (line.surplus or ZERO)
            self.lines[cell] = line.made
        for cell in sorted(entries, key=lambda cell: cell[1]):
            self.latest[cell[0]] = entries[cell].made


def naive_window(month: Month, first_month: Month | None, retro_months: int) -> list[Month]:
    """Back from the run's month, as far as the first month and the limit allow."""
    found = [month]
    while first_month is not None and found[0] > first_month and len(found) <= retro_months:
        found.insert(0, found[0] - 1)
    return found


def naive_entries(
    month: Month,
    window: list[Month],
    facts: CountyFacts,
    rules: Rules,
    books: NaiveBooks,
    sources: Mapping[Month, int],
    settled_until: Mapping[int, Month],
    unsettled: Mapping[int, Month],
) -> dict[Cell, NaiveLine]:
    """(posting, month) -> the line of a run, of all months that it settles.

    `unsettled` is each township's first month that no run has settled: it is exempt from the window's limit.
    """
    entries = {}
    replaced = {posting.replaces for posting in facts.postings if posting.replaces is not None}
    all_months = {month - back for back in range(40) if month - back >= min([*window, *unsettled.values()])}
    for for_month in sorted(all_months):
        due = naive_made(facts, rules, for_month)
        for posting in facts.postings:
            cell = (posting.id, for_month)
            is_left_out = posting.township not in settled_until or settled_until[posting.township] < for_month
            is_too_old = for_month not in window and for_month < unsettled[posting.township]
            if is_left_out or is_too_old or (posting.id not in due and cell not in books.posted):
                continue
            now = due.get(posting.id)
            if now is not None:
                amount, reason = now.line.amount, now.line.reason
                share, surplus = now.line.share, now.line.surplus
            else:
                amount, reason = ZERO, "withdrawn" if posting.withdrawn else "not_on_post"
                share = surplus = ZERO
            has_line = cell in books.posted
            difference = amount - books.amount(cell)
            if not reason and not difference and has_line:
                reason = "already_posted"
            stated = books.stated.get(cell, (ZERO, ZERO))
            changed = [(now_ or ZERO) - then for now_, then in zip((share, surplus), stated, strict=True)]
            is_unknown = share is None and stated == (ZERO, ZERO)
            moved = _moved(books.posted.get(cell, {}), sources[for_month], amount)
            change = Change(difference, bool(moved), any(changed))
            is_first = now is not None and not has_line
            if for_month != month and not (difference or moved or any(changed) or is_first):
                continue
            cause = ""
            if for_month != month or (has_line and (difference or moved or any(changed))):
                cause = naive_cause(
                    posting,
                    for_month,
                    change,
                    now,
                    books.lines.get(cell),
                    books.latest.get(posting.id),
                    is_late=unsettled[posting.township] <= for_month < month,
                    replaced=replaced,
                )
            entries[cell] = NaiveLine(
                amount=difference,
                reason=reason,
                cause=cause,
                moved=moved,
                share=None if is_unknown else changed[0],
                surplus=None if is_unknown else changed[1],
                made=now or _gone(posting, reason),
            )
    return entries


def _gone(posting: PostingFact, reason: str) -> Made:
    nothing = Line(ZERO, None, reason, 0, ZERO, ZERO)
    return Made(nothing, {}, None, "", None, False, posting.started_on, posting.ended_on)


def _moved(posted: Mapping[int | None, Decimal], source: int, amount: Decimal) -> dict[int | None, Decimal]:
    """Where something was paid from another source, what each source pays or gets back."""
    if not any(part for of, part in posted.items() if of != source):
        return {}
    due = {source: amount}
    parts = {of: due.get(of, ZERO) - posted.get(of, ZERO) for of in {*posted, source} if of is not None}
    return {of: part for of, part in parts.items() if part}


def naive_old_differences(
    first_month: Month | None,
    window: list[Month],
    facts: CountyFacts,
    rules: Rules,
    posted: Mapping[Cell, Decimal],
    unsettled: Mapping[int, Month],
) -> dict[Cell, Decimal]:
    """(posting, month) -> what is due and was not posted, of the months that no run settles any more."""
    found = {}
    for_month = window[0] - 1
    while first_month is not None and for_month >= first_month:
        due = naive_due(facts, rules, for_month)
        for posting in facts.postings:
            if for_month < unsettled[posting.township]:
                amount = due[posting.id].amount if posting.id in due else ZERO
                difference = amount - posted.get((posting.id, for_month), ZERO)
                if difference:
                    found[posting.id, for_month] = difference
        for_month -= 1
    return found
