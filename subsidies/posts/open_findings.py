"""Findings as pages of places count them: without vacancies, which the same page shows as numbers of people."""

from collections.abc import Collection
from datetime import date

from foundation.dates import Month
from staffing.enums import Check
from subsidies.posts.findings import Finding, findings_of_month
from subsidies.posts.known_county import KnownCounty
from subsidies.posts.month_facts import month_facts
from subsidies.rules.rulebook import MissingParameter

_SHOWN_AS_PEOPLE = (Check.VACANCY, Check.PLATFORM_BELOW_NORM)


def findings_beside_vacancies(day: date, known: KnownCounty, townships: Collection[int]) -> list[Finding]:
    """The findings of the day's month in these townships; none where no rules are in force then."""
    checks = [check for check in Check if check not in _SHOWN_AS_PEOPLE]
    try:
        return findings_of_month(month_facts(Month.of(day), known), townships, checks=checks)
    except MissingParameter:
        return []
