"""What stands against sending a calculated run to its approver."""

from collections import Counter
from datetime import date

from django.utils import timezone

from subsidies.models import SubsidyRun
from subsidies.selectors.acknowledgements import unanswered
from subsidies.selectors.reports import Progress, statuses
from townships.models import Township


def what_stands_against_sending(run: SubsidyRun, *, today: date | None = None) -> list[str]:
    """In words, one sentence a reason: findings without a reason, reports that no longer say what the facts say.

    Only townships whose reports the run holds are looked at; late ones will report.
    """
    revision = run.current_revision
    if revision is None:
        return ["还没有核算"]
    reported = Township.objects.filter(pk__in=revision.allocations.filter(is_late=False).values("township"))
    against = []
    stale = [
        status.township.name
        for status in statuses(run.period, reported, today=today or timezone.localdate())
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
