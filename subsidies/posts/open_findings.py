"""Findings as pages of places count them: those that the places on the same page do not tell already."""

from collections.abc import Collection
from datetime import date

from foundation.dates import Month
from staffing.enums import Check
from subsidies.posts.findings import Finding, findings_of_month
from subsidies.posts.known_county import KnownCounty
from subsidies.posts.month_facts import month_facts
from subsidies.rules.rulebook import MissingParameter

# 缺员 stands beside them as a number of people, from one count for all positions.
_TOLD_BY_PLACES = (Check.VACANCY, Check.PLATFORM_BELOW_NORM)


def findings_beside_vacancies(day: date, known: KnownCounty, townships: Collection[int]) -> list[Finding]:
    """The findings of the day's month in these townships; none where no rules are in force then."""
    checks = [check for check in Check if check not in _TOLD_BY_PLACES]
    try:
        return findings_of_month(month_facts(Month.of(day), known), townships, checks=checks)
    except MissingParameter:
        return []
