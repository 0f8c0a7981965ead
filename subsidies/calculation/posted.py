"""What approved runs hold of every posting and month: the other side of the ledger."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q

from foundation.dates import Month
from foundation.expressions import MOST_NAMED, Numbers, numbers_of
from foundation.money import ZERO, from_fen, in_fen
from foundation.remembered import Remembered
from subsidies.calculation.first_sources import FirstSources
from subsidies.known_runs import approved_runs
from subsidies.line_details import LineDetails
from subsidies.models import AdjustmentLine, AllocationLine, AllocationLineQuerySet, Revision
from subsidies.rules.causes import Basis, Cell, PostedBases
from subsidies.rules.competition import PostingDays
from subsidies.rules.facts import PostingFact
from subsidies.rules.ledger import NOTHING_POSTED, PostedMonth, Source, Stated
from subsidies.workflow import APPROVED_STATES


def has_posted_line(first: Month, last: Month) -> Q:
    """Of a posting: approved runs hold a line of it for any of the months, or an adjustment that names it."""
    adjusted = AdjustmentLine.objects.filter(
        posting_id=OuterRef("pk"),
        for_month__gte=first.first,
        for_month__lte=last.first,
        allocation__revision__current_for__state__in=APPROVED_STATES,
    )
    return Q(Exists(_posted_lines(first, last).filter(posting=OuterRef("pk")))) | Q(Exists(adjusted))


def posted_by_month(months: Sequence[Month], postings: Mapping[int, PostingFact]) -> Iterator[PostedMonth]:
    """What approved runs hold for each of the months, which follow each other.

    A fixed number of statements; of lines no more than one month is in memory.
    """
    if not months:
        return
    # Which revisions these are is found out once, not for each of very many lines.
    revisions = approved_runs().filter(month__gte=months[0].first).values("current_revision")
    lines = _for_months(months[0], months[-1]).filter(allocation__revision__in=revisions)
    amounts_of, stated_of, split_of = map(_by_month, (_amounts(lines), _stated(lines), _split(lines)))
    by_hand = _by_hand(months[0], months[-1])
    first_sources = FirstSources()
    for month in months:
        amounts, stated = amounts_of(month), stated_of(month)
        if not amounts and not stated and month not in by_hand:
            yield NOTHING_POSTED
            continue
        yield PostedMonth(
            lines=_lines_by_source(amounts, split_of(month), postings, first_sources),
            by_hand=by_hand.get(month, {}),
            stated=_added_up(stated),
        )


def _amounts(lines: AllocationLineQuerySet) -> Iterable[tuple[Any, ...]]:
    """(month, source, revision, fen, postings): amounts are few, who has the same comes over together."""
    by_amount = lines.order_by("for_month").values(
        "for_month", "source_id", revision=F("allocation__revision"), fen=in_fen("amount")
    )
    rows = by_amount.annotate(postings=Numbers("posting"))
    columns = ("for_month", "source_id", "revision", "fen", "postings")
    return rows.values_list(*columns).iterator(chunk_size=100)


def _split(lines: AllocationLineQuerySet) -> Iterable[tuple[Any, ...]]:
    """(month, source, posting, fen, parts) of the few lines whose amount comes from more than one source."""
    of_several = lines.filter(by_source__isnull=False).order_by("for_month")
    return of_several.values_list("for_month", "source_id", "posting", in_fen("amount"), "by_source")


def _stated(lines: AllocationLineQuerySet) -> Iterable[tuple[Any, ...]]:
    """(month, share, surplus, postings) in fen, of lines that state any; who has the same comes over together."""
    stating = lines.filter(component__isnull=False).exclude(township_share=0, surplus=0)
    alike = stating.order_by("for_month").values(
        "for_month", share=in_fen("township_share"), left_over=in_fen("surplus")
    )
    rows = alike.annotate(postings=Numbers("posting"))
    return rows.values_list("for_month", "share", "left_over", "postings").iterator(chunk_size=500)


def _added_up(stated: Iterable[tuple[Any, ...]]) -> dict[int, Stated]:
    """Posting -> what its lines state together."""
    found: dict[int, Stated] = {}
    for _, share, surplus, numbers in stated:
        of_line = Stated(from_fen(share or 0), from_fen(surplus or 0))
        for number in numbers_of(numbers):
            before = found.get(number)
            both = before and Stated(before.share + of_line.share, before.surplus + of_line.surplus)
            found[number] = both or of_line
    return found


def _by_month(rows: Iterable[tuple[Any, ...]]) -> Callable[[Month], list[tuple[Any, ...]]]:
    """Rows in the order of their months, asked for month by month."""
    groups = groupby(rows, key=itemgetter(0))
    waiting: list[tuple[date | None, Iterator[tuple[Any, ...]]]] = [next(groups, (None, iter(())))]

    def of(month: Month) -> list[tuple[Any, ...]]:
        first, of_month = waiting[0]
        if first != month.first:
            return []
        found = list(of_month)
        waiting[0] = next(groups, (None, iter(())))
        return found

    return of


def _lines_by_source(
    amounts: Iterable[tuple[Any, ...]],
    split: Iterable[tuple[Any, ...]],
    postings: Mapping[int, PostingFact],
    first_sources: FirstSources,
) -> dict[Source, dict[int, Decimal]]:
    """Source -> posting -> the sum of its lines. Few postings have a second line for a month."""
    found: dict[Source, dict[int, Decimal]] = defaultdict(dict)

    def add(source: Source, number: int, amount: Decimal) -> None:
        of_source = found[source]
        of_source[number] = of_source.get(number, ZERO) + amount

    for _, source, revision, fen, numbers in amounts:
        amount = from_fen(fen)
        for number in numbers_of(numbers):
            paid_by = source
            if paid_by is None:
                paid_by = first_sources.of(revision, postings[number].position)
            add(paid_by, number, amount)
    for _, source, number, fen, parts in split:
        add(source, number, -from_fen(fen))
        for of, part in parts:
            add(of, number, from_fen(part))
    return dict(found)


def _by_hand(first: Month, last: Month) -> dict[Month, dict[Source, dict[int, Decimal]]]:
    """Of adjustments that name their posting: month -> source -> posting -> yuan."""
    lines = AdjustmentLine.objects.filter(
        posting_id__isnull=False,
        for_month__gte=first.first,
        for_month__lte=last.first,
        allocation__revision__current_for__state__in=APPROVED_STATES,
    )
    found: dict[Month, dict[Source, dict[int, Decimal]]] = defaultdict(lambda: defaultdict(dict))
    for for_month, source, posting, amount in lines.values_list("for_month", "source_id", "posting_id", "amount"):
        if posting is not None:
            of_source = found[Month.of(for_month)][source]
            of_source[posting] = of_source.get(posting, ZERO) + amount
    return found


class _BasisColumns(NamedTuple):
    """What a basis is read from, in the order of the statement."""

    posting: int
    for_month: date
    revision: int
    in_service: int
    suspended: int
    without_post: int
    duplicate: int
    over_quota: int
    band: int | None
    rate: int | None
    blocked_by: str
    due: int
    cost: int | None
    details: list[Any]


def bases_of(cells: Collection[Cell]) -> PostedBases:
    """What the latest approved line of each of these cells was made of, and that of each of their postings; at most
    two statements."""
    postings = {posting for posting, _ in cells}
    if not postings:
        return PostedBases({}, {})
    lines = AllocationLine.objects.filter(allocation__revision__current_for__state__in=APPROVED_STATES)
    if len(postings) <= MOST_NAMED:
        lines = lines.filter(posting__in=postings)
    columns = lines.order_by("pk").values_list(
        "posting",
        "for_month",
        "allocation__revision",
        *PostingDays._fields,
        "band",
        in_fen("rate"),
        "blocked_by",
        in_fen("due"),
        in_fen("cost"),
        "details",
    )
    month_of = Remembered(Month.of)
    of_cell: dict[Cell, _BasisColumns] = {}
    latest: dict[int, _BasisColumns] = {}
    for row in map(_BasisColumns._make, columns.iterator(chunk_size=2000)):
        if row.posting in postings:
            latest[row.posting] = row
            cell = row.posting, month_of[row.for_month]
            if cell in cells:
                of_cell[cell] = row
    capping = _capping({row.revision for row in (*of_cell.values(), *latest.values())})
    return PostedBases(
        {cell: _basis(row, capping) for cell, row in of_cell.items()},
        {posting: _basis(row, capping) for posting, row in latest.items()},
    )


def _basis(row: _BasisColumns, capping: Collection[tuple[int, str]]) -> Basis:
    details = LineDetails.from_list(row.details) if row.details else None
    return Basis(
        days=PostingDays(row.in_service, row.suspended, row.without_post, row.duplicate, row.over_quota),
        band=row.band,
        rate=None if row.rate is None else from_fen(row.rate),
        blocked_by=row.blocked_by,
        due=from_fen(row.due),
        cost=None if row.cost is None else from_fen(row.cost),
        caps=(row.revision, f"{row.for_month:%Y-%m}") in capping,
        started_on=details.started_on if details else None,
        ended_on=details.ended_on if details else None,
    )


def _capping(revisions: Collection[int]) -> set[tuple[int, str]]:
    """(revision, month) where the standard took the cost for a limit, as the basis of the revision says."""
    bases = Revision.objects.filter(pk__in=revisions).values_list("pk", "basis")
    return {(pk, kept["month"]) for pk, basis in bases for kept in basis["months"] if kept.get("cap_at_cost")}


def _posted_lines(first: Month, last: Month) -> AllocationLineQuerySet:
    """The lines of approved runs for the months of a window. Only runs of these months hold any: by the index of
    runs they are found without looking at the years before."""
    return _for_months(first, last).filter(
        allocation__revision__current_for__month__gte=first.first,
        allocation__revision__current_for__state__in=APPROVED_STATES,
    )


def _for_months(first: Month, last: Month) -> AllocationLineQuerySet:
    return AllocationLine.objects.filter(for_month__gte=first.first, for_month__lte=last.first)
