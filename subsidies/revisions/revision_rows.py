"""The rows of a calculated month as they are written, digested and compared: values of each table's columns.

They are as the database has them: amounts whole fen, days masks, dates text, booleans 0 or 1. JSON is lists and
mappings.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from foundation.money import ZERO, to_fen
from foundation.remembered import Remembered
from subsidies.calculation.calculated import CalculatedMonth, CalculatedTownship
from subsidies.line_details import details_of
from subsidies.models import Adjustment
from subsidies.rules import beyond_limit, days
from subsidies.rules.competition import PostingDays
from subsidies.rules.dues import borne, cost_of_days, cost_on
from subsidies.rules.facts import CostFact
from subsidies.rules.ledger import Entry
from subsidies.rules.results import Reason, Result, Step

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
ADJUSTMENT_COLUMNS = ("adjustment", "person_name", "for_month", "amount", "document", "reason")
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
_OWN_COLUMNS = (
    "posting",
    "order",
    "person_id",
    "person_name",
    "unit_code",
    "unit_name",
    "households",
    "findings",
    "posted_before",
    "amount",
    "reason",
    "cause",
    "details",
)
# What lines with the same days, the same result and the same cost have in common.
_SHARED_COLUMNS = (
    "position",
    "for_month",
    "month_days",
    "in_service",
    "suspended",
    "without_post",
    "duplicate",
    "over_quota",
    "counted_days",
    "on_post_at_end",
    "band",
    "blocked_by",
    "rate",
    "due",
    "cost",
    "township_share",
    "surplus",
)
LINE_COLUMNS = (*_OWN_COLUMNS, *_SHARED_COLUMNS)
Row = tuple[object, ...]


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
    """A line as it is written: `values` are LINE_COLUMNS of the entry."""

    township: CalculatedTownship
    entry: Entry
    values: Row


def line_rows(calculated: CalculatedMonth) -> Iterator[LineRow]:
    """The lines of a revision in their order."""
    lines, order = _Lines(calculated), 0
    for township in calculated.townships:
        for entry in township.entries:
            order += 1
            yield LineRow(township, entry, lines.values(order, entry))


class _Lines:
    """Makes the values of lines; what many have in common is made once."""

    def __init__(self, calculated: CalculatedMonth) -> None:
        self._month, self._units = calculated.month, calculated.units
        self._fen = Remembered(_fen)
        # By the identity of the result, which belongs to one month, the days, and the identity of the cost.
        self._shared_by: dict[tuple[int, PostingDays, int], Row] = {}

    def values(self, order: int, entry: Entry) -> Row:
        posting, due, month = entry.posting, entry.due, entry.month
        of_days = due.days if due else NO_DAYS
        on_post = of_days.on_post
        day = days.last_day(month, on_post) if on_post else month.last
        in_force = cost_on(day, posting.costs)
        shared: Row | None
        if due is None:
            shared = self._shared(entry, of_days, in_force)
        else:
            key = id(due.result), of_days, id(in_force)
            shared = self._shared_by.get(key)
            if shared is None:
                shared = self._shared_by[key] = self._shared(entry, of_days, in_force)
        unit = None if posting.unit is None else self._units[posting.unit]
        return (
            posting.id,
            order,
            posting.person,
            posting.person_name,
            unit.code if unit else "",
            unit.name if unit else "",
            due.households if due else None,
            ",".join(due.findings) if due else "",
            self._fen[entry.posted],
            self._fen[entry.amount],
            entry.reason,
            entry.cause,
            details_of(posting, month, day, unit, in_force).as_list(),
            *shared,
        )

    def _shared(self, entry: Entry, of_days: PostingDays, in_force: CostFact | None) -> Row:
        month, due = entry.month, entry.due
        cost = cost_of_days(month, of_days.on_post, in_force) if due else None
        share, surplus = borne(cost, entry.due_amount) if month == self._month else (None, None)
        return (
            entry.posting.position.value,
            str(month.first),
            month.days,
            *of_days,
            days.count(of_days.counted),
            int(days.has_day(of_days.on_post, month.days)),
            due.key.band if due else None,
            due.key.blocked_by.value if due and due.key.blocked_by else "",
            *map(_fen, (due.result.rate if due else None, entry.due_amount, cost, share, surplus)),
        )


NO_DAYS = PostingDays(0, 0, 0, 0, 0)


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
    )


def old_difference_row(old: beyond_limit.OldDifference, calculated: CalculatedMonth) -> Row:
    posting = old.posting
    return (
        posting.id,
        posting.person,
        posting.person_name,
        posting.position.value,
        "" if posting.unit is None else calculated.units[posting.unit].name,
        str(old.month.first),
        to_fen(old.due_amount),
        to_fen(old.posted),
        to_fen(old.difference),
        old.cause.value,
    )


_GONE = {
    reason: Result(
        rate=None,
        amount=ZERO,
        reason=reason.value,
        steps=(Step("应补", f"0.00 元:{reason.label}", "二.1"),),
        sentence=f"{reason.label},已补金额收回。",
    )
    for reason in (Reason.NOT_ON_POST, Reason.WITHDRAWN)
}


def result_of(entry: Entry) -> Result:
    return entry.due.result if entry.due is not None else _GONE[Reason(entry.reason)]


def steps_of(result: Result) -> list[dict[str, str]]:
    """The steps of an explanation as JSON."""
    return [{"label": step.label, "value": step.value, "basis": step.basis} for step in result.steps]
