"""What stands against sending a calculated run to its approver."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.utils import timezone

from subsidies.calculation.calculated import CalculatedMonth
from subsidies.calculation.settled import newly_settled
from subsidies.known_runs import ledger_first_month
from subsidies.models import Revision, SubsidyRun, TownshipReport
from subsidies.posts.facts import platform_staff
from subsidies.reports.acknowledgements import unanswered
from subsidies.reports.statuses import KnownFacts, Progress, parameters_of_ledger, statuses
from subsidies.reports.steps import not_accepted, report_events
from subsidies.revisions import old_differences
from townships.models import Township


def what_stands_against_sending(
    run: SubsidyRun,
    *,
    reports_required: bool,
    explained: bool,
    today: date | None = None,
    calculated: CalculatedMonth | None = None,
) -> list[str]:
    """In words, one sentence a reason: reports that no longer say what the facts say, findings and differences older
    than the window without a reason.

    Findings are asked for where they have to be `explained`: everywhere but for commands of a county without reports.
    `calculated` is the run's month where it has just been calculated: its facts are not read again.
    """
    revision = run.current_revision
    if revision is None:
        return ["还没有核算"]
    return [
        *(_of_newly_settled(revision, today or timezone.localdate(), calculated) if reports_required else ()),
        *(_of_findings(revision, calculated) if explained else ()),
        *_of_old_differences(revision),
    ]


def _of_old_differences(revision: Revision) -> list[str]:
    number = old_differences.unanswered(revision).count()
    if not number:
        return []
    return [f"还有 {number} 条超出追溯期的差额没有情况说明,请在月度页逐条核对后填写"]


def _of_findings(revision: Revision, calculated: CalculatedMonth | None) -> Iterator[str]:
    """What the checks found in the townships that the run settles in time."""
    reported = Township.objects.filter(pk__in=revision.allocations.filter(is_late=False).values("township"))
    known = None if calculated is None else calculated.facts_of_month
    open_ones = unanswered(revision.run.period, reported, known=known)
    if open_ones:
        by_township = Counter(finding.township_name for finding in open_ones)
        where = "、".join(f"{name} {count} 条" for name, count in by_township.most_common(5))
        more = "等" if len(by_township) > 5 else ""
        yield f"还有 {len(open_ones)} 条提示没有情况说明({where}{more}),请在镇街月报里填写"


def _of_newly_settled(revision: Revision, today: date, calculated: CalculatedMonth | None) -> Iterator[str]:
    """Reports that say something else by now, and those that are not accepted any more, of late townships too."""
    by_month = newly_settled(revision, first_month=ledger_first_month(parameters_of_ledger()))
    known = None if calculated is None else _known(calculated)
    stale, open_again = [], []
    accepted: dict[str, TownshipReport] = {}
    for month, townships in by_month.items():
        of_month = "" if month == revision.run.period else month.label
        for status in statuses(month, Township.objects.filter(pk__in=townships), today=today, known=known):
            if status.progress is Progress.STALE:
                stale.append(f"{status.township.name}{of_month}")
            elif status.progress is Progress.ACCEPTED and status.report is not None:
                accepted[f"{status.township.name}{of_month}"] = status.report
            else:
                open_again.append(f"{status.township.name}{of_month}")
    if stale:
        yield f"{'、'.join(stale)}的月报通过后又有变动,须由镇街重新上报并审核"
    if open_again:
        yield f"{'、'.join(open_again)}的月报现在没有审核通过,请先审核,或者重新核算"
    events = report_events(report.pk for report in accepted.values())
    for what, report in accepted.items():
        why = not_accepted(report, events.get(report.pk, ()))
        if why:
            yield f"{what}的月报{why},请告诉管理服务器的人,退回月报、由镇街重新上报"


def _known(calculated: CalculatedMonth) -> KnownFacts:
    """The facts of a calculation, and the platform staff, whom nobody calculates."""
    facts = calculated.facts
    staff = platform_staff(calculated.since.first, calculated.month.last, facts.merged)
    return KnownFacts(calculated.since, replace(facts, postings=(*facts.postings, *staff)))
