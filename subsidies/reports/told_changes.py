"""What is read to tell the changes of a month: the report of the month before, and the facts of now beside it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from foundation.dates import FIRST_MONTH, Month
from subsidies.models import TownshipReport
from subsidies.reports.comparing import differences_now
from subsidies.reports.fact_changes import FactChange
from subsidies.rules.facts import CountyFacts


def months_told(month: Month) -> list[date]:
    """The month and the one before it: a correction is seen by what was reported last."""
    return [month.first] if month == FIRST_MONTH else [(month - 1).first, month.first]


def facts_needed_since(month: Month, reports: Iterable[TownshipReport]) -> date:
    """The first day whose facts tell the changes of the month beside these reports.

    Who left on the last day of the month before is a change of this one.
    """
    return min([month.first - timedelta(days=1), *(report.since for report in reports if report.since is not None)])


def corrected_since(
    before: Iterable[TownshipReport], month: Month, facts: CountyFacts
) -> Mapping[int, Sequence[FactChange]]:
    """Township id -> what is otherwise in the month than it reported of the one before, of those that reported it."""
    sent = [report for report in before if report.submission]
    changes = differences_now(sent, facts, by=month)
    return {report.township_id: changes[report.pk] for report in sent if report.pk in changes}
