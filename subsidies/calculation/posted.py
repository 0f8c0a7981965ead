"""What approved runs hold of every posting and month: the other side of the ledger."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Exists, OuterRef, Q

from foundation.dates import Month
from foundation.expressions import MOST_NAMED, Numbers, numbers_of
from foundation.money import ZERO, from_fen, in_fen
from foundation.remembered import Remembered
from subsidies.known_runs import approved_runs
from subsidies.models import AllocationLine, AllocationLineQuerySet
from subsidies.rules.ledger import Basis, Cell, Posted
from subsidies.workflow import APPROVED_STATES


def has_posted_line(first: Month, last: Month) -> Q:
    """Of a posting: approved runs hold a line of it for any of the months."""
    return Q(Exists(_posted_lines(first, last).filter(posting=OuterRef("pk"))))


def posted_by_month(months: Sequence[Month]) -> Iterator[Mapping[int, Decimal]]:
    """What approved runs hold for each of the months, which follow each other: the sum in yuan by posting id.

    One statement; no more than one month is in memory. Amounts are few: who has the same comes over together.
    """
    # Which revisions these are is found out once, not for each of very many lines.
    revisions = approved_runs().filter(month__gte=months[0].first).values("current_revision")
    lines = _for_months(months[0], months[-1]).filter(allocation__revision__in=revisions)
    by_amount = lines.order_by("for_month").values("for_month", fen=in_fen("amount"))
    rows = by_amount.annotate(postings=Numbers("posting")).values_list("for_month", "fen", "postings")
    by_month = groupby(rows.iterator(chunk_size=100), key=itemgetter(0))
    first, of_month = next(by_month, _NO_MORE)
    for asked in months:
        if first != asked.first:
            yield {}
            continue
        yield _summed((from_fen(fen), numbers_of(postings)) for _, fen, postings in of_month)
        first, of_month = next(by_month, _NO_MORE)


_NO_MORE: tuple[date | None, Iterator[tuple[date, int, str]]] = None, iter(())


def _summed(amounts: Iterable[tuple[Decimal, Sequence[int]]]) -> Mapping[int, Decimal]:
    """Few postings have a second line for a month."""
    found: dict[int, Decimal] = {}
    for amount, postings in amounts:
        alike = dict.fromkeys(postings, amount)
        if len(alike) == len(postings) and found.keys().isdisjoint(alike):
            found.update(alike)
            continue
        for posting in postings:
            found[posting] = found.get(posting, ZERO) + amount
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
    return _for_months(first, last).filter(
        allocation__revision__current_for__month__gte=first.first,
        allocation__revision__current_for__state__in=APPROVED_STATES,
    )


def _for_months(first: Month, last: Month) -> AllocationLineQuerySet:
    return AllocationLine.objects.filter(for_month__gte=first.first, for_month__lte=last.first)
