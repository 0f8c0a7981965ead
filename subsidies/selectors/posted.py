"""What approved runs hold of every posting and month: the other side of the ledger."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Max, TextField
from django.db.models.functions import Cast

from foundation.dates import Month
from foundation.money import from_fen, in_fen
from foundation.remembered import Remembered
from subsidies.models import AllocationLine, AllocationLineQuerySet
from subsidies.rules.ledger import Basis, Posted
from subsidies.selectors.runs import APPROVED_STATES


def posted_postings(first: Month, last: Month) -> dict[int, Month]:
    """The postings of which approved runs hold a line for any of the months, each with the last such month."""
    lines = _posted_lines(first, last).order_by().values_list("posting").annotate(latest=Max("for_month"))
    month_of = Remembered(Month.of)
    return {posting: month_of[latest] for posting, latest in lines}


def posted_by_month(months: Sequence[Month]) -> Iterator[Mapping[int, Posted]]:
    """What approved runs hold for each of the months, which follow each other: sums and the basis of the latest line,
    by posting id.

    One statement; no more than one month is in memory.
    """
    of_days = ("in_service", "suspended", "without_post", "duplicate", "over_quota")
    month, amount, rate = Cast("for_month", TextField()), in_fen("amount"), in_fen("rate")
    ordered = _posted_lines(months[0], months[-1]).order_by("for_month", "pk")
    lines = ordered.values_list(month, "posting", amount, *of_days, "band", rate, "blocked_by")
    of_month = groupby(lines.iterator(chunk_size=5000), key=itemgetter(0))
    day, rows = next(of_month, (None, iter(())))
    for asked in months:
        if day != str(asked.first):
            yield {}
            continue
        yield _posted(rows)
        day, rows = next(of_month, (None, iter(())))


def _posted(rows: Iterable[tuple[Any, ...]]) -> Mapping[int, Posted]:
    """From the month, the posting and the columns of a `Posted`; most postings have the same."""
    distinct: Remembered[tuple[Any, ...], Posted] = Remembered(_posted_of_line)
    found: dict[int, Posted] = {}
    for row in rows:
        posting, line = row[1], distinct[row[2:]]
        before = found.get(posting)
        found[posting] = line if before is None else Posted(before.amount + line.amount, line.basis)
    return found


def _posted_of_line(columns: tuple[Any, ...]) -> Posted:
    amount, in_service, suspended, without_post, duplicate, over_quota, band, rate, blocked_by = columns
    known_rate = None if rate is None else from_fen(rate)
    basis = Basis(in_service, suspended, without_post, duplicate, over_quota, band, known_rate, blocked_by)
    return Posted(from_fen(amount), basis)


def _posted_lines(first: Month, last: Month) -> AllocationLineQuerySet:
    """The lines of approved runs for the months of a window. Only runs of these months hold any: by the index of
    runs they are found without looking at the years before."""
    return AllocationLine.objects.filter(
        for_month__gte=first.first,
        for_month__lte=last.first,
        allocation__revision__current_for__month__gte=first.first,
        allocation__revision__current_for__state__in=APPROVED_STATES,
    )
