"""What stands against sending a calculated run to its approver, and against approving it: one sentence a reason."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from foundation.dates import Month
from staffing.enums import Check
from subsidies.calculation.calculated import CalculatedMonth
from subsidies.calculation.settled import newly_settled
from subsidies.models import Revision, TownshipReport
from subsidies.posts.facts import platform_staff
from subsidies.posts.findings import Finding
from subsidies.posts.known_county import KnownCounty, known_county
from subsidies.posts.month_facts import MonthFacts
from subsidies.reports.acknowledgements import unanswered
from subsidies.reports.comparing import reported_since
from subsidies.reports.statuses import (
    Books,
    Progress,
    ReportStatus,
    books_of_ledger,
    reports_of_month,
    statuses_of,
)
from subsidies.reports.steps import not_accepted, report_events
from subsidies.revisions import old_differences
from subsidies.runs.answering import answered_on_the_run, settled_in_time
from townships.models import Township

# Without those that stand in no digest: what happens after the month takes no approval away.
OF_THE_MONTH = tuple(check for check in Check if check.is_in_digests)
# A table of ages that comes after a report was sent up is answered from the next report on.
OF_REPORTS = tuple(check for check in Check if check is not Check.RETIREMENT_AGE)


def differences_without_reason(revision: Revision) -> Iterator[str]:
    """Of what is older than the window."""
    number = old_differences.unanswered(revision).count()
    if number:
        yield f"还有 {number} 条超出追溯期的差额没有情况说明,请在月度页逐条核对后填写"


def findings_without_reason(
    revision: Revision, read: MonthFacts, *, checks: Collection[Check] = tuple(Check)
) -> Iterator[str]:
    """Of what the `checks` find in the run's month, in the townships that the run settles in time."""
    open_ones = [finding for finding in unanswered(read, settled_in_time(revision)) if finding.check in checks]
    if not open_ones:
        return
    on_the_run = set(answered_on_the_run(revision).values_list("pk", flat=True))
    yield from _asked_for("月度页", [finding for finding in open_ones if finding.township_id in on_the_run])
    yield from _asked_for("镇街月报", [finding for finding in open_ones if finding.township_id not in on_the_run])


def _asked_for(page: str, findings: Sequence[Finding]) -> Iterator[str]:
    """Where reasons for these are to be given."""
    if findings:
        by_township = Counter(finding.township_name for finding in findings)
        where = "、".join(f"{name} {count} 条" for name, count in by_township.most_common(5))
        more = "等" if len(by_township) > 5 else ""
        yield f"还有 {len(findings)} 条提示没有情况说明({where}{more}),请在{page}里填写"


@dataclass(frozen=True, slots=True, eq=False)
class ReportsOfMonth:
    """The townships with which a run is the first to settle a month, by code, and their reports of it."""

    month: Month
    townships: Sequence[Township]
    reports: Sequence[TownshipReport]


@dataclass(frozen=True, slots=True, eq=False)
class NewlySettled:
    """What a run is the first to settle, by month; the months of late townships, too."""

    month: Month
    books: Books
    months: Sequence[ReportsOfMonth]

    @property
    def since(self) -> Month:
        """The first month that the reports are about, and the run's own where there are none."""
        compared = (self.books.compared(row.month, row.reports) for row in self.months)
        return min((first for reports in compared for first in reported_since(reports).values()), default=self.month)

    def statuses(self, known: KnownCounty, today: date) -> Iterator[ReportStatus]:
        """How the reports stand by what is known of the county since `since`."""
        for row in self.months:
            yield from statuses_of(row.month, row.townships, row.reports, self.books, known.facts, today=today)


def reports_newly_settled(revision: Revision) -> NewlySettled:
    books = books_of_ledger()
    found = []
    for month, new in newly_settled(revision, first_month=books.first_month).items():
        townships = Township.objects.filter(pk__in=new).order_by("code")
        found.append(ReportsOfMonth(month, list(townships), reports_of_month(month, townships)))
    return NewlySettled(revision.run.period, books, found)


def county_read(settled: NewlySettled) -> KnownCounty:
    """The county as far back as the reports, as it is now."""
    return known_county(since=settled.since.first, until=settled.month.last)


def county_calculated(calculated: CalculatedMonth, settled: NewlySettled) -> KnownCounty:
    """The same as the run's month was calculated from it, where that reaches back as far."""
    if settled.since < calculated.since:
        return county_read(settled)
    since, until, facts = calculated.since.first, calculated.month.last, calculated.facts
    staff = platform_staff(since, until, facts.merged)  # nobody calculates them
    return KnownCounty(since, until, calculated.book, replace(facts, postings=(*facts.postings, *staff)))


def reports_not_standing(settled: NewlySettled, known: KnownCounty, *, today: date) -> Iterator[str]:
    """Reports that say something else by now, and those that are not accepted any more."""
    stale, open_again = [], []
    accepted: dict[str, TownshipReport] = {}
    for status in settled.statuses(known, today):
        of_month = "" if status.month == settled.month else status.month.label
        what = f"{status.township.name}{of_month}"
        if status.progress is Progress.STALE:
            stale.append(what)
        elif status.progress is Progress.ACCEPTED and status.report is not None:
            accepted[what] = status.report
        else:
            open_again.append(what)
    if stale:
        yield f"{'、'.join(stale)}的月报通过后又有变动,须由镇街重新上报并审核"
    if open_again:
        yield f"{'、'.join(open_again)}的月报现在没有审核通过,请先审核,或者重新核算"
    events = report_events(report.pk for report in accepted.values())
    for what, report in accepted.items():
        why = not_accepted(report, events.get(report.pk, ()))
        if why:
            yield f"{what}的月报{why},请告诉管理服务器的人,退回月报、由镇街重新上报"
