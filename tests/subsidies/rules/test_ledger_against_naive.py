"""The ledger agrees with the naive one over months of late news, and settles everything once."""

from collections.abc import Iterable, Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.dates import Month, months_between
from foundation.rounding import ZERO
from staffing.enums import SUBSIDISED
from subsidies.rules.beyond_limit import OldDifference, beyond_limit, months_beyond
from subsidies.rules.dues import dues_of_month
from subsidies.rules.facts import CountyFacts
from subsidies.rules.ledger import Entry, MonthToSettle, Settled, settle, window
from subsidies.rules.rulebook import Rulebook
from tests.subsidies.rules.changes import advanced, changed
from tests.subsidies.rules.examples import examples
from tests.subsidies.rules.history import History, approved, posted, posted_in
from tests.subsidies.rules.naive import Rules, naive_due
from tests.subsidies.rules.naive_ledger import (
    Cell,
    NaiveBooks,
    NaiveLine,
    naive_entries,
    naive_old_differences,
    naive_window,
)
from tests.subsidies.rules.strategies import Dates, counties, rules

pytestmark = pytest.mark.invented

FIRST, LAST = Month(2011, 12), Month(2012, 3)
DAYS = Dates(*months_between(FIRST, LAST))
Sources = Mapping[Month, int]


class Ledger:
    """What approved runs hold, kept as the application keeps it and as the naive ledger does."""

    def __init__(self) -> None:
        self.posted: History = {}
        self.naive = NaiveBooks()
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
        sources: Sources,
        until: Mapping[int, Month],
        unsettled: Mapping[int, Month],
    ) -> list[Entry]:
        settled = settled_of(months, until, unsettled)
        earliest = min([months[0], *(row.since for row in settled.values())])
        return settle(
            month,
            months=self.to_settle(months_between(earliest, month), facts, in_force, sources),
            postings={posting.id: posting for posting in facts.postings},
            settled=settled,
            bases_of=posted_in(self.posted),
        )

    def old_differences(
        self,
        first_month: Month | None,
        months: list[Month],
        facts: CountyFacts,
        in_force: Rules,
        sources: Sources,
        until: Mapping[int, Month],
        unsettled: Mapping[int, Month],
    ) -> list[OldDifference]:
        return beyond_limit(
            self.to_settle(months_beyond(months, first_month=first_month), facts, in_force, sources),
            postings={posting.id: posting for posting in facts.postings},
            settled=settled_of(months, until, unsettled),
            bases_of=posted_in(self.posted),
        )

    def to_settle(
        self, months: Iterable[Month], facts: CountyFacts, in_force: Rules, sources: Sources
    ) -> Iterator[MonthToSettle]:
        book = Rulebook(*in_force)
        for month in months:
            parameters = book.for_month(month)
            yield MonthToSettle(
                month=month,
                dues=dues_of_month(month, facts, parameters, with_hints=False),
                posted=posted(self.posted, month),
                source_of=dict.fromkeys(SUBSIDISED, sources[month]),
                caps=parameters.standard.cap_at_cost,
                states_costs=True,
            )

    def approve(
        self, entries: list[Entry], naive: Mapping[Cell, NaiveLine], sources: Sources, until: Mapping[int, Month]
    ) -> None:
        self.reached |= until
        self.posted = approved(self.posted, entries)
        self.naive.approve(naive, sources)


@examples(60)
@given(st.data())
def test_runs_post_what_is_due_less_what_was_posted(data: st.DataObject) -> None:
    facts = data.draw(counties(DAYS, max_postings=6))
    in_force = data.draw(rules(DAYS))
    sources = dict.fromkeys((LAST - back for back in range(40)), 1)
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
            if data.draw(st.sampled_from((False, False, False, True))):
                sources[data.draw(st.sampled_from(list(months_between(FIRST, LAST))))] = data.draw(st.integers(1, 3))
            until = data.draw(advanced(until, facts, month))
            months = window(month, first_month=first_month, retro_months=retro_months)
            assert months == naive_window(month, first_month, retro_months)

            unsettled = ledger.unsettled(facts, first_month or month)
            entries = ledger.entries(month, months, facts, in_force, sources, until, unsettled)

            assert len(entries) == len({(entry.posting.id, entry.month) for entry in entries})
            naive = naive_entries(month, months, facts, in_force, ledger.naive, sources, until, unsettled)
            assert {(entry.posting.id, entry.month): told(entry) for entry in entries} == {
                cell: line[:-1] for cell, line in naive.items()
            }
            old = ledger.old_differences(first_month, months, facts, in_force, sources, until, unsettled)
            assert [(row.month, row.posting.id) for row in old] == sorted({(row.month, row.posting.id) for row in old})
            amounts = {cell: ledger.naive.amount(cell) for cell in ledger.naive.posted}
            assert {(row.posting.id, row.month): row.difference for row in old} == naive_old_differences(
                first_month, months, facts, in_force, amounts, unsettled
            )
            assert not {(row.posting.id, row.month) for row in old} & {(row.posting.id, row.month) for row in entries}
            ledger.approve(entries, naive, sources, until)
            assert_settled(ledger, months, facts, in_force, until)
            again = ledger.entries(
                month, months, facts, in_force, sources, until, ledger.unsettled(facts, first_month or month)
            )
            assert {(entry.month, entry.changes, entry.cause) for entry in again} <= {(month, False, "")}
            first_month = FIRST


def told(entry: Entry) -> tuple[object, ...]:
    """What the naive line says, but for what it was made of."""
    borne = entry.borne
    return entry.amount, entry.reason, entry.cause, dict(entry.by_source), borne.share, borne.surplus


def settled_of(months: list[Month], until: Mapping[int, Month], unsettled: Mapping[int, Month]) -> dict[int, Settled]:
    return {town: Settled(min(months[0], unsettled[town]), last, unsettled[town]) for town, last in until.items()}


def assert_settled(
    ledger: Ledger, months: list[Month], facts: CountyFacts, in_force: Rules, until: Mapping[int, Month]
) -> None:
    """Within the window the entries of all runs add up to what is due now, posting by posting."""
    for month in months:
        due = naive_due(facts, in_force, month)
        for posting in facts.postings:
            if posting.township in until and month <= until[posting.township]:
                line = due.get(posting.id)
                cell = posting.id, month
                assert ledger.naive.amount(cell) == (line.amount if line else ZERO)
                share, surplus = ledger.naive.stated.get(cell, (ZERO, ZERO))
                assert (share, surplus) == ((line.share or ZERO, line.surplus or ZERO) if line else (ZERO, ZERO))
                assert line is None or not posting.withdrawn
