"""Whether the fund sources of a calculated month are valid for what it pays (二.1)."""

from collections.abc import Iterator

from foundation.dates import Month
from subsidies.calculation.calculated import CalculatedMonth
from subsidies.models import FundSource
from subsidies.rules.ledger import Entry, Source


def expired_sources(calculated: CalculatedMonth) -> list[str]:
    """In words, each source that has ended by the first day of a month that it pays for: 「…」(2010年6月)."""
    paid = {pair for entry in calculated.entries for pair in _paid_by(entry)}
    paid |= {
        (row.source_id, Month.of(row.for_month)) for township in calculated.townships for row in township.adjustments
    }
    sources = FundSource.objects.in_bulk({source for source, _ in paid if source is not None})
    return [
        f"「{sources[source].name}」({month.label})"
        for source, month in sorted(paid, key=lambda pair: (pair[1], pair[0] or 0))
        if source in sources and not sources[source].is_valid_on(month.first)
    ]


def _paid_by(entry: Entry) -> Iterator[tuple[Source, Month]]:
    """The sources whose money the line moves."""
    if entry.by_source:
        yield from ((source, entry.month) for source, _ in entry.by_source)
    elif entry.amount:
        yield entry.source, entry.month
