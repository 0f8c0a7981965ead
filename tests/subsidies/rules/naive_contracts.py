"""The checks of contracts once more, with the arithmetic on their terms, and all of a posting's checks together."""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta

from staffing.enums import Check, ContractKind, Position
from subsidies.rules.checks import PostingRecord
from subsidies.rules.parameters import Standard

ONE_DAY = timedelta(days=1)
OF_CONTRACTS = {
    Check.CONTRACT_MISSING,
    Check.CONTRACT_EXPIRED,
    Check.CONTRACT_SHORT,
    Check.CONTRACT_THIRD_PARTY,
    Check.CONTRACT_ENDING,
}


def failed_contracts(record: PostingRecord, day: date, standard: Standard) -> Iterator[Check]:
    if record.position is not Position.ASSISTANT:
        return
    begun = sorted((row for row in record.contracts if row.started_on <= day), key=lambda row: row.started_on)
    if not begun:
        yield Check.CONTRACT_MISSING
        return
    mine = begun[-1]
    if mine.kind in (ContractKind.DISPATCH, ContractKind.OTHER_EMPLOYER):
        yield Check.CONTRACT_THIRD_PARTY
    if mine.ended_on is None:
        return
    if mine.ended_on < day:
        yield Check.CONTRACT_EXPIRED
        return
    if mine.ended_on + ONE_DAY < months_later(mine.started_on, standard.contract_min_months):
        yield Check.CONTRACT_SHORT
    follows = any(row.started_on > mine.ended_on for row in record.contracts)
    if not follows and (mine.ended_on - day).days <= standard.contract_ending_days:
        yield Check.CONTRACT_ENDING


def months_later(day: date, months: int) -> date:
    """One month after the other; the last day of a month that is too short."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
