"""The ledger once more: a dictionary of what was posted, and due less posted over the window."""

from collections.abc import Mapping
from decimal import Decimal

from foundation.dates import Month
from subsidies.rules.facts import CountyFacts
from tests.subsidies.rules.naive import Rules, naive_due

Cell = tuple[int, Month]


def naive_window(month: Month, first_month: Month | None, retro_months: int) -> list[Month]:
    """Back from the run's month, as far as the first month and the limit allow."""
    found = [month]
    while first_month is not None and found[0] > first_month and len(found) <= retro_months:
        found.insert(0, found[0] - 1)
    return found


def naive_entries(
    month: Month,
    window: list[Month],
    facts: CountyFacts,
    rules: Rules,
    posted: Mapping[Cell, Decimal],
    settled_until: Mapping[int, Month],
    unsettled: Mapping[int, Month],
) -> dict[Cell, tuple[Decimal, str]]:
    """(posting, month) -> amount and reason of every entry of a run.

    `unsettled` is each township's first month that no run has settled: it is exempt from the window's limit.
    """
    entries = {}
    all_months = {month - back for back in range(40) if month - back >= min([*window, *unsettled.values()])}
    for for_month in sorted(all_months):
        due = naive_due(facts, rules, for_month)
        for posting in facts.postings:
            cell = (posting.id, for_month)
            is_left_out = posting.township not in settled_until or settled_until[posting.township] < for_month
            is_too_old = for_month not in window and for_month < unsettled[posting.township]
            if is_left_out or is_too_old or (posting.id not in due and cell not in posted):
                continue
            if posting.id in due:
                amount, reason = due[posting.id].amount, due[posting.id].reason
            else:
                amount, reason = Decimal(0), "withdrawn" if posting.withdrawn else "not_on_post"
            difference = amount - posted.get(cell, Decimal(0))
            if not reason and not difference and cell in posted:
                reason = "already_posted"
            if for_month == month or difference:
                entries[cell] = (difference, reason)
    return entries


def naive_old_differences(
    first_month: Month | None,
    window: list[Month],
    facts: CountyFacts,
    rules: Rules,
    posted: Mapping[Cell, Decimal],
    unsettled: Mapping[int, Month],
) -> dict[Cell, Decimal]:
    """(posting, month) -> what is due and was not posted, of the months that no run settles any more."""
    found = {}
    for_month = window[0] - 1
    while first_month is not None and for_month >= first_month:
        due = naive_due(facts, rules, for_month)
        for posting in facts.postings:
            if for_month < unsettled[posting.township]:
                amount = due[posting.id].amount if posting.id in due else Decimal(0)
                difference = amount - posted.get((posting.id, for_month), Decimal(0))
                if difference:
                    found[posting.id, for_month] = difference
        for_month -= 1
    return found
