"""What approved runs hold of every posting and month: the other side of the ledger."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast

from foundation.dates import Month
from foundation.money import from_fen, in_fen
from foundation.remembered import Remembered
from subsidies.models import AllocationLine, AllocationLineQuerySet
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
    month = Cast("for_month", TextField())
    lines = _posted_lines(months[0], months[-1]).order_by("for_month").values_list(month, "posting", in_fen("amount"))
    of_month = groupby(lines.iterator(chunk_size=5000), key=itemgetter(0))
    yuan = Remembered(from_fen)
    day, rows = next(of_month, (None, iter(())))
    for asked in months:
        if day != str(asked.first):
            yield {}
            continue
        yield _summed(rows, yuan)
        day, rows = next(of_month, (None, iter(())))


def _summed(rows: Iterable[tuple[str, int, int]], yuan: Remembered[int, Decimal]) -> Mapping[int, Decimal]:
    """From month, posting and fen. Few postings have a second line for a month."""
    found: dict[int, Decimal] = {}
    for _, posting, fen in rows:
        before = found.get(posting)
        found[posting] = yuan[fen] if before is None else before + yuan[fen]
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
    """The lines of approved runs for the months of a window. Only runs of these months hold any: by the index of
    runs they are found without looking at the years before."""
    return AllocationLine.objects.filter(
        for_month__gte=first.first,
        for_month__lte=last.first,
        allocation__revision__current_for__month__gte=first.first,
        allocation__revision__current_for__state__in=APPROVED_STATES,
    )
