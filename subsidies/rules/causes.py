"""Why another amount is due for a month than was posted for it: the first cause that applies (domain 4)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from foundation.dates import Month
from foundation.labels import Labelled
from subsidies.rules.competition import PostingDays
from subsidies.rules.dues import Due
from subsidies.rules.facts import PostingFact

NO_DAYS = PostingDays(0, 0, 0, 0, 0)


class Cause(Labelled):
    """In the order in which they are looked for."""

    REPORT_LATE = "report_late", "月报迟报或未审核"
    REPLACED = "replaced", "在岗记录撤销重录"
    WITHDRAWN = "withdrawn", "在岗记录撤销"
    JOINED = "joined", "补录到岗"
    LEFT = "left", "离岗"
    DATES = "dates", "起止日期更正"
    DUPLICATE_OR_QUOTA = "duplicate_or_quota", "一人多岗或名额变化"
    SUSPENSION = "suspension", "停发变化"
    BAND = "band", "户数档次变化"
    RATE = "rate", "补助标准变化"
    CHECK = "check", "检查结果变化"
    COST = "cost", "用工成本变化"
    SOURCE = "source", "资金来源变化"


class Basis(NamedTuple):
    """What a line was made of, as far as a later one can differ from it; amounts in yuan.

    `due` is what was found due. `caps`: the standard of then took the cost for a limit. `started_on` and `ended_on`
    are the dates of the posting that the line says; both are None for a line that keeps none.
    """

    days: PostingDays
    band: int | None
    rate: Decimal | None
    blocked_by: str
    due: Decimal
    cost: Decimal | None
    caps: bool
    started_on: date | None
    ended_on: date | None


Cell = tuple[int, Month]
"""A posting, by its id, and a month that it is paid for."""


class PostedBases(NamedTuple):
    """`of_cell`: what the latest approved line of a cell was made of, where there is one; `latest`: the same of the
    latest line of a posting for whatever month."""

    of_cell: Mapping[Cell, Basis]
    latest: Mapping[int, Basis]


class Now(NamedTuple):
    """What is due to a posting for a month now: `due` is None where it is not in service; amounts in yuan.

    `changes_amount` and `changes_source` say whether money moves, at all or between sources.
    """

    posting: PostingFact
    month: Month
    due: Due | None
    amount: Decimal
    cost: Decimal | None
    caps: bool
    changes_amount: bool
    changes_source: bool

    @property
    def days(self) -> PostingDays:
        return NO_DAYS if self.due is None else self.due.days


def cause_of(now: Now, posted: PostedBases, *, is_late: bool = False) -> Cause | None:
    """The cause of a line for an earlier month, or of a change in a supplementary run; None for a first line of 0.00.

    `is_late`: no approved run has settled the month with the township.
    """
    posting = now.posting
    if is_late:
        return Cause.REPORT_LATE
    before = posted.of_cell.get((posting.id, now.month))
    if before is None and not now.amount:
        return None
    if not now.changes_amount and not now.changes_source:
        return Cause.COST
    if posting.withdrawn:
        return Cause.REPLACED if posting.is_replaced else Cause.WITHDRAWN
    if before is None:
        return _cause_of_first_line(now, posted.latest.get(posting.id))
    return _cause_between(before, now)


def _cause_of_first_line(now: Now, latest: Basis | None) -> Cause:
    """Entered late, or anew; or the dates are others than those that its latest line says."""
    if now.posting.replaces is not None:
        return Cause.REPLACED
    return Cause.JOINED if latest is None or _covers(latest, now.month) else Cause.DATES


def _covers(basis: Basis, month: Month) -> bool:
    if basis.started_on is None:
        return False
    return basis.started_on <= month.last and (basis.ended_on is None or basis.ended_on >= month.first)


def _cause_between(before: Basis, now: Now) -> Cause:
    days_before, days_now = before.days, now.days
    if days_now.in_service != days_before.in_service:
        return Cause.LEFT if _only_ends_earlier(before, now) else Cause.DATES
    if _places_lost(days_now) != _places_lost(days_before):
        return Cause.DUPLICATE_OR_QUOTA
    if days_now.suspended != days_before.suspended:
        return Cause.SUSPENSION
    if now.due is None:  # not in service then, and not now
        return Cause.COST if not now.changes_amount else Cause.DATES
    if now.due.key.band != before.band:
        return Cause.BAND
    if now.due.result.rate != before.rate:
        return Cause.RATE
    if (now.due.key.blocked_by or "") != before.blocked_by:
        return Cause.CHECK
    if now.amount != before.due:
        return Cause.COST if before.caps and now.caps and before.cost != now.cost else Cause.RATE
    return Cause.SOURCE if now.changes_source else Cause.RATE


def _only_ends_earlier(before: Basis, now: Now) -> bool:
    """Days in service are lost at the end only, and the posting starts when the line says."""
    then, kept = before.days.in_service, now.days.in_service
    lost = then & ~kept
    return not kept & ~then and kept < (lost & -lost) and before.started_on == now.posting.started_on


def _places_lost(days: PostingDays) -> tuple[int, int, int]:
    """The days on which there was no place: none at the unit, the person's at another, others' before."""
    return days.without_post, days.duplicate, days.over_quota
