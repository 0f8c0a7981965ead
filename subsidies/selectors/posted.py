"""What approved runs hold of every posting and month: the other side of the ledger."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q

from foundation.dates import Month
from foundation.expressions import Numbers, columns_of
from foundation.money import from_fen, in_fen
from foundation.remembered import Remembered
from subsidies.models import Allocation, AllocationLine, AllocationLineQuerySet
from subsidies.rules.ledger import Basis, Cell, Posted
from subsidies.selectors.runs import APPROVED_STATES

MOST_NAMED = 10_000
"""Postings that a statement names; when there are more all lines are read."""


def has_posted_line(first: Month, last: Month) -> Q:
    """Of a posting: approved runs hold a line of it for any of the months."""
    return Q(Exists(_posted_lines(first, last).filter(posting=OuterRef("pk"))))


def posted_by_month(months: Sequence[Month]) -> Iterator[Mapping[int, Decimal]]:
    """What approved runs hold for each of the months, which follow each other: the sum in yuan by posting id.

    One statement; no more than one month is in memory.
    """
    # The allocations are few: gathered once they need not be joined to each of very many lines.
    approved = Allocation.objects.filter(_of_approved_runs("revision__current_for", since=months[0]))
    lines = _for_months(months[0], months[-1]).filter(allocation__in=approved.values("pk"))
    by_month = lines.order_by("for_month").values("for_month")
    of_month = by_month.annotate(numbers=Numbers("posting", "amount")).values_list("for_month", "numbers")
    rows = of_month.iterator(chunk_size=1)
    yuan = Remembered(from_fen)
    first, numbers = next(rows, (None, ""))
    for asked in months:
        if first != asked.first:
            yield {}
            continue
        yield _summed(numbers, yuan)
        first, numbers = next(rows, (None, ""))


def _summed(numbers: str, yuan: Remembered[int, Decimal]) -> Mapping[int, Decimal]:
    """From postings and fen. Few postings have a second line for a month."""
    postings, fen = columns_of(numbers, 2)
    found = dict(zip(postings, map(yuan.__getitem__, fen), strict=True))
    if len(found) < len(postings):
        found = {}
        for posting, of_line in zip(postings, fen, strict=True):
            before = found.get(posting)
            found[posting] = yuan[of_line] if before is None else before + yuan[of_line]
    return found


def posted_of(cells: Collection[Cell], first: Month, last: Month) -> Posted:
    """What the latest line of each of these cells was made of, and which of their postings have a line for any of the
    months; one statement."""
    postings = {posting for posting, _ in cells}
    if not postings:
        return Posted({}, ())
    lines = _posted_lines(first, last)
    if len(postings) <= MOST_NAMED:
        lines = lines.filter(posting__in=postings)
    of_days = ("in_service", "suspended", "without_post", "duplicate", "over_quota")
    columns = lines.order_by("pk").values_list("posting", "for_month", *of_days, "band", in_fen("rate"), "blocked_by")
    month_of, basis_of = Remembered(Month.of), Remembered(_basis)
    bases: dict[Cell, Basis] = {}
    known: set[int] = set()
    for posting, for_month, *row in columns.iterator(chunk_size=5000):
        if posting in postings:
            known.add(posting)
            cell = posting, month_of[for_month]
            if cell in cells:
                bases[cell] = basis_of[tuple(row)]
    return Posted(bases, known)


def _basis(columns: tuple[Any, ...]) -> Basis:
    in_service, suspended, without_post, duplicate, over_quota, band, fen, blocked_by = columns
    rate = None if fen is None else from_fen(fen)
    return Basis(in_service, suspended, without_post, duplicate, over_quota, band, rate, blocked_by)


def _posted_lines(first: Month, last: Month) -> AllocationLineQuerySet:
    """The lines of approved runs for the months of a window."""
    return _for_months(first, last).filter(_of_approved_runs("allocation__revision__current_for", since=first))


def _for_months(first: Month, last: Month) -> AllocationLineQuerySet:
    return AllocationLine.objects.filter(for_month__gte=first.first, for_month__lte=last.first)


def _of_approved_runs(run: str, *, since: Month) -> Q:
    """Only runs since the first month of a window hold lines for its months: by the index of runs they are found
    without looking at the years before."""
    return Q((f"{run}__month__gte", since.first), (f"{run}__state__in", APPROVED_STATES))
