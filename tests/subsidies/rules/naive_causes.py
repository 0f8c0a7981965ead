"""Why a line differs from what was posted, once more, sentence by sentence as the domain lists the causes."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from foundation.dates import Month
from subsidies.rules.facts import PostingFact
from tests.subsidies.rules.naive import Made

OTHERS = ("unit_without_post", "duplicate_person", "over_quota")


class Change(NamedTuple):
    """What a line does: money, money between sources, share and surplus."""

    amount: Decimal
    moves_source: bool
    costs: bool


def naive_cause(
    posting: PostingFact,
    month: Month,
    change: Change,
    now: Made | None,
    before: Made | None,
    latest: Made | None,
    *,
    is_late: bool,
    replaced: set[int],
) -> str:
    """`before` is the last line of the cell, `latest` that of the posting for any month."""
    if is_late:
        return "report_late"
    if before is None and (now is None or now.line.amount == 0):
        return ""
    if change.costs and change.amount == 0 and not change.moves_source:
        return "cost"
    if posting.withdrawn:
        return "replaced" if posting.id in replaced else "withdrawn"
    if before is None:
        if posting.replaces is not None:
            return "replaced"
        entered_late = latest is None or overlaps(latest.started, latest.ended, month)
        return "joined" if entered_late else "dates"
    served, serves = set(before.lost_by), set(now.lost_by) if now else set()
    if served != serves:
        only_at_the_end = serves < served and all(day < gone for day in serves for gone in served - serves)
        return "left" if only_at_the_end and posting.started_on == before.started else "dates"
    assert now is not None
    for lost in OTHERS:
        if days_lost(before, lost) != days_lost(now, lost):
            return "duplicate_or_quota"
    if days_lost(before, "suspended") != days_lost(now, "suspended"):
        return "suspension"
    if before.band != now.band:
        return "band"
    if before.line.rate != now.line.rate:
        return "rate"
    if before.blocked != now.blocked:
        return "check"
    if before.line.amount != now.line.amount:
        return "cost" if before.caps and now.caps and before.cost != now.cost else "rate"
    return "source"


def days_lost(made: Made, to: str) -> set[date]:
    return {day for day, lost in made.lost_by.items() if to in lost}


def overlaps(started: date, ended: date | None, month: Month) -> bool:
    return started <= month.last and (ended is None or ended >= month.first)
