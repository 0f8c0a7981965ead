"""The rows of a calculated month as they are written, digested and compared: values of each table's columns."""

from collections.abc import Iterator
from typing import NamedTuple

from foundation.money import ZERO
from subsidies.line_details import details_of
from subsidies.models import Adjustment
from subsidies.rules import beyond_limit, days
from subsidies.rules.competition import PostingDays
from subsidies.rules.dues import borne, cost_of_days, cost_on
from subsidies.rules.ledger import Entry
from subsidies.rules.results import Reason, Result, Step
from subsidies.selectors.calculated import CalculatedMonth, CalculatedTownship

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
OWN_COLUMNS = (
    "posting",
    "order",
    "person_id",
    "person_name",
    "unit_code",
    "unit_name",
    "households",
    "findings",
    "due",
    "posted_before",
    "amount",
    "reason",
    "cause",
    "cost",
    "township_share",
    "surplus",
    "details",
)
# What lines with the same days and the same result have in common.
SHARED_COLUMNS = (
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
)
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
        township.is_late,
        township.settled_until.first if township.settled_until else None,
        township.total,
    )


class LineRow(NamedTuple):
    """A line as it is written: `values` are OWN_COLUMNS and SHARED_COLUMNS of the entry."""

    township: CalculatedTownship
    entry: Entry
    values: Row


def line_rows(calculated: CalculatedMonth) -> Iterator[LineRow]:
    """The lines of a revision in their order."""
    # By the identity of the result, which belongs to one month, and the days.
    shared_by: dict[tuple[int, PostingDays], Row] = {}
    order = 0
    for township in calculated.townships:
        for entry in township.entries:
            order += 1
            due = entry.due
            if due is None:
                yield LineRow(township, entry, (*_own(calculated, order, entry, NO_DAYS), *_shared(entry, NO_DAYS)))
                continue
            key = id(due.result), due.days
            shared = shared_by.get(key)
            if shared is None:
                shared = shared_by[key] = _shared(entry, due.days)
            yield LineRow(township, entry, (*_own(calculated, order, entry, due.days), *shared))


def _own(calculated: CalculatedMonth, order: int, entry: Entry, of_days: PostingDays) -> Row:
    posting, due, month = entry.posting, entry.due, entry.month
    unit = None if posting.unit is None else calculated.units[posting.unit]
    on_post = of_days.on_post
    day = days.last_day(month, on_post) if on_post else month.last
    in_force = cost_on(day, posting.costs)
    cost = cost_of_days(month, on_post, in_force) if due else None
    share, surplus = borne(cost, entry.due_amount) if month == calculated.month else (None, None)
    return (
        posting.id,
        order,
        posting.person,
        posting.person_name,
        unit.code if unit else "",
        unit.name if unit else "",
        due.households if due else None,
        ",".join(due.findings) if due else "",
        entry.due_amount,
        entry.posted,
        entry.amount,
        entry.reason,
        entry.cause,
        cost,
        share,
        surplus,
        details_of(posting, month, day, unit, in_force).as_list(),
    )


NO_DAYS = PostingDays(0, 0, 0, 0, 0)


def _shared(entry: Entry, of_days: PostingDays) -> Row:
    month, due = entry.month, entry.due
    return (
        entry.posting.position.value,
        month.first,
        month.days,
        *of_days,
        days.count(of_days.counted),
        days.has_day(of_days.on_post, month.days),
        due.key.band if due else None,
        due.key.blocked_by.value if due and due.key.blocked_by else "",
        due.result.rate if due else None,
    )


def adjustment_row(adjustment: Adjustment) -> Row:
    return (
        adjustment.pk,
        adjustment.person.name if adjustment.person else "",
        adjustment.for_month,
        adjustment.amount,
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
        old.month.first,
        old.due_amount,
        old.posted,
        old.difference,
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
