"""The rows of a calculated month as they are written, digested and compared: values of each table's columns.

They are as the database has them: amounts whole fen, days masks, dates text, booleans 0 or 1. JSON is lists and
mappings.
"""

from collections.abc import Hashable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from foundation.money import to_fen
from foundation.remembered import Remembered
from subsidies.calculation.calculated import CalculatedMonth, CalculatedTownship
from subsidies.enums import Component
from subsidies.line_details import details_of
from subsidies.models import Adjustment
from subsidies.rules import beyond_limit, days
from subsidies.rules.causes import NO_DAYS
from subsidies.rules.dues import cost_of_days, cost_on
from subsidies.rules.formulas import result_of_nothing
from subsidies.rules.ledger import Entry
from subsidies.rules.results import Reason, Result

ALLOCATION_COLUMNS = (
    "township",
    "township_code",
    "township_name",
    "township_class",
    "places",
    "places_by_day",
    "communities",
    "villages",
    "is_late",
    "settled_until",
    "total",
)
ADJUSTMENT_COLUMNS = (
    "adjustment",
    "person_name",
    "for_month",
    "amount",
    "document",
    "reason",
    "posting_id",
    "source_id",
)
OLD_DIFFERENCE_COLUMNS = (
    "posting",
    "person_id",
    "person_name",
    "position",
    "unit_name",
    "for_month",
    "due",
    "posted_before",
    "difference",
    "cause",
)
Row = tuple[object, ...]


class LineValues(NamedTuple):
    """A line as it is written: the columns of AllocationLine in their order, without its keys to other rows of its
    revision."""

    posting: int
    order: int
    person_id: int
    person_name: str
    position: str
    unit_code: str
    unit_name: str
    for_month: str
    month_days: int
    in_service: int
    suspended: int
    without_post: int
    duplicate: int
    over_quota: int
    counted_days: int
    on_post_at_end: int
    households: int | None
    band: int | None
    findings: str
    blocked_by: str
    rate: int | None
    due: int
    posted_before: int
    amount: int
    reason: str
    cause: str
    cost: int | None
    township_share: int | None
    surplus: int | None
    details: list[Any]
    component: str
    source_id: int | None
    by_source: list[list[int | None]] | None
    share_level: int | None
    surplus_level: int | None


LINE_COLUMNS = LineValues._fields


def allocation_row(township: CalculatedTownship) -> Row:
    return (
        township.fact.id,
        township.fact.code,
        township.fact.name,
        township.township_class.value if township.township_class else "",
        township.places,
        {str(places): with_that_many for places, with_that_many in sorted(township.places_by_day.items())},
        township.communities,
        township.villages,
        int(township.is_late),
        str(township.settled_until.first) if township.settled_until else None,
        to_fen(township.total),
    )


class LineRow(NamedTuple):
    """A line as it is written, and what it was made of."""

    township: CalculatedTownship
    entry: Entry
    values: LineValues


def line_rows(calculated: CalculatedMonth) -> Iterator[LineRow]:
    """The lines of a revision in their order."""
    fen, order = Remembered(_fen), 0
    for township in calculated.townships:
        for entry in township.entries:
            order += 1
            yield LineRow(township, entry, _values(order, entry, calculated, fen))


def _values(
    order: int, entry: Entry, calculated: CalculatedMonth, fen: Remembered[Decimal | None, int | None]
) -> LineValues:
    posting, due, month, borne = entry.posting, entry.due, entry.month, entry.borne
    of_days = due.days if due else NO_DAYS
    day = days.last_day(month, of_days.on_post) if of_days.on_post else month.last
    in_force = cost_on(day, posting.costs)
    unit = None if posting.unit is None else calculated.units[posting.unit]
    # A renewal that begins later takes a finding away, a table of ages brings one: such stand in no digest (domain 5).
    findings = [check.value for check in due.findings if check.is_in_digests] if due else []
    by_source = [[source, to_fen(amount)] for source, amount in entry.by_source]
    return LineValues(
        posting=posting.id,
        order=order,
        person_id=posting.person,
        person_name=posting.person_name,
        position=posting.position.value,
        unit_code=unit.code if unit else "",
        unit_name=unit.name_on(month.last) if unit else "",
        for_month=str(month.first),
        month_days=month.days,
        in_service=of_days.in_service,
        suspended=of_days.suspended,
        without_post=of_days.without_post,
        duplicate=of_days.duplicate,
        over_quota=of_days.over_quota,
        counted_days=days.count(of_days.counted),
        on_post_at_end=int(days.has_day(of_days.on_post, month.days)),
        households=due.households if due else None,
        band=due.key.band if due else None,
        findings=",".join(findings),
        blocked_by=due.key.blocked_by.value if due and due.key.blocked_by else "",
        rate=fen[due.result.rate] if due else None,
        due=to_fen(entry.due_amount),
        posted_before=to_fen(entry.posted),
        amount=to_fen(entry.amount),
        reason=entry.reason,
        cause=entry.cause,
        cost=fen[cost_of_days(month, of_days.on_post, in_force)] if due else None,
        township_share=fen[borne.share],
        surplus=fen[borne.surplus],
        details=details_of(posting, month, day, unit, in_force, known_until=calculated.month.last).as_list(),
        component=Component.POST.value,
        source_id=entry.source,
        by_source=by_source or None,
        share_level=fen[borne.share_level],
        surplus_level=fen[borne.surplus_level],
    )


def _fen(amount: Decimal | None) -> int | None:
    return None if amount is None else to_fen(amount)


def adjustment_row(adjustment: Adjustment) -> Row:
    return (
        adjustment.pk,
        adjustment.person.name if adjustment.person else "",
        str(adjustment.for_month),
        to_fen(adjustment.amount),
        adjustment.document,
        adjustment.reason,
        adjustment.posting_id,
        adjustment.source_id,
    )


def old_difference_row(old: beyond_limit.OldDifference, calculated: CalculatedMonth) -> Row:
    posting = old.posting
    return (
        posting.id,
        posting.person,
        posting.person_name,
        posting.position.value,
        "" if posting.unit is None else calculated.units[posting.unit].name_on(old.month.last),
        str(old.month.first),
        to_fen(old.due_amount),
        to_fen(old.posted),
        to_fen(old.difference),
        old.cause.value,
    )


def explanation_key(entry: Entry) -> Hashable:
    """Lines with the same one share an explanation: what the amount depends on in its month, or why nothing is due."""
    return entry.reason if entry.due is None else (entry.month, entry.due.key)


def result_of(entry: Entry) -> Result:
    return result_of_nothing(Reason(entry.reason)) if entry.due is None else entry.due.result


def steps_of(result: Result) -> list[dict[str, str]]:
    """The steps of an explanation as JSON."""
    return [{"label": step.label, "value": step.value, "basis": step.basis} for step in result.steps]
