"""Why a posting is paid another amount this month than last, by the same causes as the ledger's differences."""

from dataclasses import dataclass
from decimal import Decimal

from subsidies.rules.causes import Cause
from subsidies.rules.competition import PostingDays


@dataclass(frozen=True, slots=True)
class PaidMonth:
    """What one posting was paid for one month as its own month, and what the figure was made of.

    Days are of a month of `month_days`.
    """

    amount: Decimal
    month_days: int
    days: PostingDays
    band: int | None
    rate: Decimal | None
    blocked_by: str

    @property
    def serves_from_the_first(self) -> bool:
        return bool(self.days.in_service & 1)

    @property
    def serves_to_the_last(self) -> bool:
        return bool(self.days.in_service >> (self.month_days - 1))


def cause_of_change(before: PaidMonth | None, now: PaidMonth | None) -> Cause:
    """The first cause that applies to another amount; one of the two is there."""
    if before is None:
        return Cause.JOINED
    if now is None:
        return Cause.LEFT
    joined = not (before.serves_from_the_first and now.serves_from_the_first)
    left = not (before.serves_to_the_last and now.serves_to_the_last)
    if joined and left:
        return Cause.JOINED if now.amount > before.amount else Cause.LEFT
    if joined or left:
        return Cause.JOINED if joined else Cause.LEFT
    if any(_share(before, kind) != _share(now, kind) for kind in ("without_post", "duplicate", "over_quota")):
        return Cause.DUPLICATE_OR_QUOTA
    if _share(before, "suspended") != _share(now, "suspended"):
        return Cause.SUSPENSION
    if before.band != now.band:
        return Cause.BAND
    if before.rate == now.rate and before.blocked_by != now.blocked_by:
        return Cause.CHECK
    # The same days: the rate, the proration or the cap on it.
    return Cause.RATE


def _share(paid: PaidMonth, kind: str) -> tuple[int, int]:
    """Lost days as a share of the month: none is none whatever the month's length."""
    lost = getattr(paid.days, kind).bit_count()
    return (lost, paid.month_days) if lost else (0, 0)
