"""Reports of any months beside the facts of now: what each would say otherwise today, in its own format."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from foundation.dates import Month
from subsidies.models import TownshipReport
from subsidies.reports.fact_changes import FactChange, differences
from subsidies.reports.facts import digest_of_facts, report_facts
from subsidies.reports.fields import Facts
from subsidies.rules.facts import CountyFacts


def reported_since(reports: Iterable[TownshipReport]) -> dict[int, Month]:
    """Township id -> the first month that what it sent up is about; of reports of one month."""
    return {row.township_id: Month.of(row.since) for row in reports if row.since is not None}


def months_compared(reports: Iterable[TownshipReport]) -> list[Month]:
    """The months that facts of now are needed of to compare the reports: from the least to the greatest of them."""
    return [month for row in reports if row.since is not None for month in (Month.of(row.since), row.period)]


def changed_now(
    reports: Iterable[TownshipReport], facts: CountyFacts, *, by: Month | None = None
) -> list[tuple[TownshipReport, Facts]]:
    """Those of the reports that would say something else today, with what; no statement.

    `facts` are those of now of the months of `months_compared`. What would be said is that of the report's own month,
    or of a later one, `by`.
    """
    alike: dict[tuple[Month, int], list[TownshipReport]] = defaultdict(list)
    for report in reports:
        if report.since is not None:
            alike[report.period, report.facts_format].append(report)
    others: list[tuple[TownshipReport, Facts]] = []
    for (month, number), group in alike.items():
        now = report_facts(by or month, facts, since=reported_since(group), number=number)
        others += [
            (report, now[report.township_id])
            for report in group
            if digest_of_facts(now[report.township_id], number) != report.digest
        ]
    return others


def differences_now(
    reports: Iterable[TownshipReport], facts: CountyFacts, *, by: Month | None = None
) -> dict[int, Sequence[FactChange]]:
    """Report id -> what is different now from what it said; of those of `changed_now`.

    What was reported is read in one statement where it is deferred.
    """
    others = changed_now(reports, facts, by=by)
    left_out = [report.pk for report, _ in others if "facts" in report.get_deferred_fields()]
    then = dict(TownshipReport.objects.filter(pk__in=left_out).values_list("pk", "facts")) if left_out else {}
    return {
        report.pk: differences(
            then.get(report.pk) or report.facts, now, by or report.period, number=report.facts_format
        )
        for report, now in others
    }
