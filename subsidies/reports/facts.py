"""What a township reports for a month: its people and units, as they were until the month's last day.

A report keeps these facts in the format of its time; when facts of that format say something else, it is stale.
"""

import hashlib
from collections.abc import Mapping

from foundation.canonical import canonical
from foundation.dates import Month
from staffing.enums import Position
from subsidies.posts.facts import county_facts
from subsidies.reports.fields import Facts
from subsidies.reports.first_format import FirstFormat
from subsidies.reports.second_format import SecondFormat
from subsidies.rules.facts import CountyFacts

# Formats are added, never edited. Reports from before they had a number are of the first.
FORMATS: Mapping[int, type[FirstFormat | SecondFormat]] = {1: FirstFormat, 2: SecondFormat}
CURRENT_FORMAT = 2


def facts_to_report(month: Month, *, since: Mapping[int, Month]) -> CountyFacts:
    """What `report_facts` looks at of the townships in `since`, in a fixed number of queries."""
    return county_facts(since=min(since.values()).first, until=month.last, positions=Position, townships=list(since))


def report_facts(
    month: Month, facts: CountyFacts, *, since: Mapping[int, Month], number: int = CURRENT_FORMAT
) -> dict[int, Facts]:
    """Township id -> its facts of the months from its one of `since` to `month`, in the format of that number.

    What is dated after the month's last day is left out. There is no id number among them.
    """
    found: dict[int, Facts] = {township: {} for township in since}
    written, with_postings = FORMATS[number](month, facts), set[int]()
    for posting in facts.postings:
        first = since.get(posting.township)
        if first is None or posting.withdrawn or posting.started_on > month.last:
            continue
        if posting.ended_on is None or posting.ended_on >= first.first:
            found[posting.township][f"posting {posting.id}"] = written.of_posting(posting)
            if posting.unit is not None:
                with_postings.add(posting.unit)
    for unit in facts.units:
        if unit.township not in since:
            continue
        if unit.id in with_postings or any(count.effective_from <= month.last for count in unit.counts):
            found[unit.township][f"unit {unit.id}"] = written.of_unit(unit)
    return found


def digest_of_facts(facts: Facts, number: int = CURRENT_FORMAT) -> str:
    """SHA-256 of the facts; from the second format on also of the format's number."""
    return hashlib.sha256(canonical(facts if number == 1 else [number, facts])).hexdigest()
