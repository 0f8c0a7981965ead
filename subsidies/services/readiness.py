"""What stands against sending a calculated run to its approver."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from django.utils import timezone

from foundation.dates import Month
from subsidies.models import Revision, SubsidyRun, TownshipReport
from subsidies.selectors import old_differences
from subsidies.selectors.acknowledgements import unanswered
from subsidies.selectors.reports import Progress, statuses
from subsidies.selectors.settled import settled_before
from townships.models import Township


def what_stands_against_sending(run: SubsidyRun, *, reports_required: bool, today: date | None = None) -> list[str]:
    """In words, one sentence a reason: findings without a reason, reports that no longer say what the facts say.

    Differences older than the window need a reason in every county, reports and what they answer for only where
    they are required.
    """
    revision = run.current_revision
    if revision is None:
        return ["还没有核算"]
    return [*(_of_reports(run, revision, today) if reports_required else ()), *_of_old_differences(revision)]


def _of_old_differences(revision: Revision) -> list[str]:
    number = old_differences.unanswered(revision).count()
    if not number:
        return []
    return [f"还有 {number} 条超出追溯期的差额没有情况说明,请在月度页逐条核对后填写"]


def _of_reports(run: SubsidyRun, revision: Revision, today: date | None) -> list[str]:
    """The reports that the run settles are looked at, of late townships those of earlier months; findings are those
    of the run's own month."""
    reported = Township.objects.filter(pk__in=revision.allocations.filter(is_late=False).values("township"))
    against = []
    stale = [
        f"{status.township.name}{'' if month == run.period else month.label}"
        for month, townships in _settled_by(run, revision).items()
        for status in statuses(month, Township.objects.filter(pk__in=townships), today=today or timezone.localdate())
        if status.progress is Progress.STALE
    ]
    if stale:
        against.append(f"{'、'.join(stale)}的月报通过后又有变动,须由镇街重新上报并审核")
    open_ones = unanswered(run.period, reported)
    if open_ones:
        by_township = Counter(finding.township_name for finding in open_ones)
        where = "、".join(f"{name} {count} 条" for name, count in by_township.most_common(5))
        against.append(f"还有 {len(open_ones)} 条提示没有情况说明({where}{'等' if len(by_township) > 5 else ''})")
    return against


def _settled_by(run: SubsidyRun, revision: Revision) -> Mapping[Month, Collection[int]]:
    """The months whose reports the run settles, each with the townships, by id."""
    settled = revision.allocations.values_list("township", "settled_until")
    until = {township: Month.of(day) for township, day in settled if day is not None}
    before = settled_before()
    found: dict[Month, set[int]] = defaultdict(set)
    reports = TownshipReport.objects.filter(township__in=until, month__lte=run.month).order_by("month")
    for township, first in reports.values_list("township", "month"):
        month, reached = Month.of(first), before.get(township)
        if month <= until[township] and (reached is None or month > reached):
            found[month].add(township)
    return found
