"""What approved runs hold, in the memory of a test: amounts for the ledger, and what the latest lines were made of."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from foundation.dates import Month
from foundation.rounding import ZERO
from subsidies.rules.causes import NO_DAYS, Basis, Cell, PostedBases
from subsidies.rules.dues import Due
from subsidies.rules.ledger import BasesOf, Entry, MonthToSettle, PostedMonth, Source, Stated
from subsidies.rules.parameters import Standard


class Posted(NamedTuple):
    """What the lines of one posting for one month hold together, and the basis of the latest."""

    by_source: Mapping[Source, Decimal]
    basis: Basis
    share: Decimal = ZERO
    surplus: Decimal = ZERO


History = Mapping[Month, Mapping[int, Posted]]


def basis_of(due: Due, *, caps: bool = False) -> Basis:
    """What a line says that is made of `due`."""
    return Basis(
        days=due.days,
        band=due.key.band,
        rate=due.result.rate,
        blocked_by=due.key.blocked_by or "",
        due=due.amount,
        cost=due.cost,
        caps=caps,
        started_on=due.posting.started_on,
        ended_on=due.posting.ended_on,
    )


def posted_as(dues: Mapping[int, Due]) -> dict[int, Posted]:
    """A month whose dues were posted as they are, without a word of shares."""
    return {number: Posted({None: due.amount}, basis_of(due)) for number, due in dues.items()}


def approved(history: History, entries: Iterable[Entry]) -> dict[Month, dict[int, Posted]]:
    """The history after the approval of a run with these entries."""
    found = {month: dict(of_month) for month, of_month in history.items()}
    for entry in entries:
        of_month = found.setdefault(entry.month, {})
        before = of_month.get(entry.posting.id)
        parts = dict(before.by_source) if before else {}
        for source, amount in entry.by_source or ((entry.source, entry.amount),):
            parts[source] = parts.get(source, ZERO) + amount
        of_month[entry.posting.id] = Posted(
            by_source=parts,
            basis=_basis(entry),
            share=(before.share if before else ZERO) + (entry.borne.share or ZERO),
            surplus=(before.surplus if before else ZERO) + (entry.borne.surplus or ZERO),
        )
    return found


def _basis(entry: Entry) -> Basis:
    if entry.due is not None:
        return basis_of(entry.due)
    dates = entry.posting.started_on, entry.posting.ended_on
    return Basis(NO_DAYS, None, None, "", ZERO, None, False, *dates)


def posted(history: History, month: Month) -> PostedMonth:
    of_month = history.get(month, {})
    lines: dict[Source, dict[int, Decimal]] = {}
    for number, row in of_month.items():
        for source, amount in row.by_source.items():
            lines.setdefault(source, {})[number] = amount
    return PostedMonth(lines, {}, {number: Stated(row.share, row.surplus) for number, row in of_month.items()})


def posted_in(history: History) -> BasesOf:
    """The latest line of a posting is taken for that of its latest month."""

    def bases_of(cells: Collection[Cell]) -> PostedBases:
        of_cell = {
            (number, month): row.basis
            for month, of_month in history.items()
            for number, row in of_month.items()
            if (number, month) in cells
        }
        latest = {number: row.basis for month in sorted(history) for number, row in history[month].items()}
        return PostedBases(of_cell, latest)

    return bases_of


def to_settle(
    month: Month, dues: Mapping[int, Due], history: History, rules: Standard, *, states_costs: bool = False
) -> MonthToSettle:
    """A month of which all is known, paid by no source in particular."""
    return MonthToSettle(
        month=month,
        dues=dues,
        posted=posted(history, month),
        source_of={},
        caps=rules.cap_at_cost,
        states_costs=states_costs,
    )
