"""The ledger agrees with the naive one over months of late news, and settles everything once."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.dates import Month, months_between
from foundation.rounding import ZERO
from subsidies.rules.beyond_limit import OldDifference, beyond_limit, months_beyond
from subsidies.rules.facts import CountyFacts
from subsidies.rules.ledger import Entry, MonthToSettle, Settled, settle, window
from subsidies.rules.months_behind import MonthsBehind
from subsidies.rules.rulebook import Rulebook
from tests.subsidies.rules.changes import advanced, changed
from tests.subsidies.rules.examples import examples
from tests.subsidies.rules.history import History, amounts, approved, posted_in
from tests.subsidies.rules.naive import Rules, naive_due
from tests.subsidies.rules.naive_ledger import Cell, naive_entries, naive_old_differences, naive_window
from tests.subsidies.rules.strategies import Dates, counties, rules

FIRST, LAST = Month(2011, 12), Month(2012, 3)
DAYS = Dates(*months_between(FIRST, LAST))


class Ledger:
    """What approved runs hold, kept as the application keeps it and as the naive ledger does."""

    def __init__(self) -> None:
        self.posted: History = {}
        self.naive: dict[Cell, Decimal] = {}
        self.reached: dict[int, Month] = {}

    def unsettled(self, facts: CountyFacts, first_month: Month) -> dict[int, Month]:
        """The first month of each township that no run has settled."""
        reached = {town.id: self.reached.get(town.id, first_month - 1) + 1 for town in facts.townships}
        return {town: max(month, first_month) for town, month in reached.items()}

    def entries(
        self,
        month: Month,
        months: list[Month],
        facts: CountyFacts,
        in_force: Rules,
        until: Mapping[int, Month],
        unsettled: Mapping[int, Month],
    ) -> list[Entry]:
        settled = settled_of(months, until, unsettled)
        earliest = min([months[0], *(row.since for row in settled.values())])
        return settle(
            month,
            months=self.to_settle(months_between(earliest, month), facts, in_force),
            postings={posting.id: posting for posting in facts.postings},
            settled=settled,
            posted_of=posted_in(self.posted),
        )

    def old_differences(
        self,
        first_month: Month | None,
        months: list[Month],
        facts: CountyFacts,
        in_force: Rules,
        until: Mapping[int, Month],
        unsettled: Mapping[int, Month],
    ) -> list[OldDifference]:
        return beyond_limit(
            self.to_settle(months_beyond(months, first_month=first_month), facts, in_force),
            postings={posting.id: posting for posting in facts.postings},
            settled=settled_of(months, until, unsettled),
            posted_of=posted_in(self.posted),
        )

    def to_settle(self, months: Iterable[Month], facts: CountyFacts, in_force: Rules) -> Iterator[MonthToSettle]:
        book, months = Rulebook(*in_force), list(months)
        if not months:
            return iter(())
        behind = MonthsBehind(months[0], months[-1], facts)
        return (behind.to_settle(month, book.for_month(month), amounts(self.posted, month)) for month in months)

    def approve(self, entries: list[Entry], until: Mapping[int, Month]) -> None:
        self.reached |= until
        self.posted = approved(self.posted, entries)
        for entry in entries:
            cell = (entry.posting.id, entry.month)
            self.naive[cell] = self.naive.get(cell, ZERO) + entry.amount


@pytest.mark.long
@examples(300)
@given(st.data())
def test_runs_post_what_is_due_less_what_was_posted(data: st.DataObject) -> None:
    facts = data.draw(counties(DAYS, max_postings=6))
    in_force = data.draw(rules(DAYS))
    retro_months = data.draw(st.integers(0, 4))
    ledger = Ledger()
    until: dict[int, Month] = {}
    first_month = None
    for month in months_between(FIRST, LAST):
        for _run in range(data.draw(st.sampled_from((1, 1, 2)))):
            for _ in range(data.draw(st.sampled_from((0, 1, 1, 2)))):
                facts = data.draw(changed(DAYS, facts))
            if data.draw(st.sampled_from((False, False, False, True))):
                in_force = data.draw(rules(DAYS))
            until = data.draw(advanced(until, facts, month))
            months = window(month, first_month=first_month, retro_months=retro_months)
            assert months == naive_window(month, first_month, retro_months)

            unsettled = ledger.unsettled(facts, first_month or month)
            entries = ledger.entries(month, months, facts, in_force, until, unsettled)

            assert len(entries) == len({(entry.posting.id, entry.month) for entry in entries})
            assert {
                (entry.posting.id, entry.month): (entry.amount, entry.reason) for entry in entries
            } == naive_entries(month, months, facts, in_force, ledger.naive, until, unsettled)
            for entry in entries:
                assert_cause_fits(entry, ledger, month, unsettled)
            old = ledger.old_differences(first_month, months, facts, in_force, until, unsettled)
            assert [(row.month, row.posting.id) for row in old] == sorted({(row.month, row.posting.id) for row in old})
            assert {(row.posting.id, row.month): row.difference for row in old} == naive_old_differences(
                first_month, months, facts, in_force, ledger.naive, unsettled
            )
            assert not {(row.posting.id, row.month) for row in old} & {(row.posting.id, row.month) for row in entries}
            ledger.approve(entries, until)
            assert_settled(ledger, months, facts, in_force, until)
            again = ledger.entries(
                month, months, facts, in_force, until, ledger.unsettled(facts, first_month or month)
            )
            assert {(entry.month, entry.amount, entry.cause) for entry in again} <= {(month, ZERO, "")}
            first_month = FIRST


def settled_of(months: list[Month], until: Mapping[int, Month], unsettled: Mapping[int, Month]) -> dict[int, Settled]:
    return {town: Settled(min(months[0], unsettled[town]), last, unsettled[town]) for town, last in until.items()}


def assert_cause_fits(entry: Entry, ledger: Ledger, month: Month, unsettled: Mapping[int, Month]) -> None:
    """A cause for every difference, and for nothing else; two of them follow from the ledger alone."""
    is_new = (entry.posting.id, entry.month) not in ledger.naive
    is_difference = bool(entry.amount) and not (is_new and entry.month == month)
    assert bool(entry.cause) == is_difference
    if is_difference:
        is_late = is_new and entry.month >= unsettled[entry.posting.township]
        assert (entry.cause == "report_late") == is_late
        assert (entry.cause == "withdrawn") == (entry.posting.withdrawn and not is_late)


def assert_settled(
    ledger: Ledger, months: list[Month], facts: CountyFacts, in_force: Rules, until: Mapping[int, Month]
) -> None:
    """Within the window the entries of all runs add up to what is due now, posting by posting."""
    for month in months:
        due = naive_due(facts, in_force, month)
        for posting in facts.postings:
            if posting.township in until and month <= until[posting.township]:
                line = due.get(posting.id)
                assert ledger.naive.get((posting.id, month), ZERO) == (line.amount if line else ZERO)
                assert line is None or not posting.withdrawn
