"""What a kept ledger tells of its months: dues, findings, what reports say, places and people; as JSON has it."""

from typing import Any

from foundation.dates import Month, months_between
from staffing.enums import Position
from subsidies.line_details import details_of
from subsidies.posts.findings import findings_of_month
from subsidies.posts.known_county import known_county
from subsidies.posts.month_facts import MonthFacts, month_facts
from subsidies.posts.on_post import county_on
from subsidies.posts.places import township_places
from subsidies.reports.facts import digest_of_facts, facts_to_report, report_facts
from subsidies.rules import days
from subsidies.rules.dues import Due, cost_on
from townships.models import Township

FIRST, LAST = Month(2009, 6), Month(2009, 11)


def told() -> dict[str, Any]:
    """By month."""
    return {str(month): _of_month(month) for month in months_between(FIRST, LAST)}


def _of_month(month: Month) -> dict[str, Any]:
    towns = list(Township.objects.order_by("pk").values_list("pk", flat=True))
    known = known_county(since=month.first, until=month.last)
    read = month_facts(month, known)
    since = dict.fromkeys(towns, FIRST)
    to_report = facts_to_report(month, since=since)
    return {
        "dues": {str(pk): [str(due.amount), due.result.reason] for pk, due in read.dues.items()},
        "details": {str(pk): _details(read, due) for pk, due in read.dues.items()},
        "findings": [
            [row.check.value, row.posting_id, row.unit_id, row.township_id, str(row.since), row.detail, row.fact]
            for row in findings_of_month(read, towns)
        ],
        "reports": {
            f"format {number}": {
                str(town): digest_of_facts(facts, number)
                for town, facts in report_facts(month, to_report, since=since, number=number).items()
            }
            for number in (1, 2)
        },
        "places": [
            [
                places.code,
                [
                    [position.value, of.norm, of.filled, of.vacant, of.over]
                    for position in Position
                    if (of := places.staffing.get(position)) is not None
                ],
            ]
            for places in township_places(county_on(month.last, known), towns)
        ],
    }


def _details(read: MonthFacts, due: Due) -> list[str | bool | None]:
    posting = due.posting
    day = days.last_day(read.month, due.days.on_post)
    unit = None if posting.unit is None else read.facts.unit_by_id[posting.unit]
    cost = cost_on(day, posting.costs)
    return details_of(posting, read.month, day, unit, cost, known_until=read.month.last).as_list()
