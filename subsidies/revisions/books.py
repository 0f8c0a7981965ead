"""What approved runs hold of postings and months, added up: what invariants and verification compare with."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from foundation.money import in_fen
from foundation.remembered import Remembered
from subsidies.known_runs import before
from subsidies.models import AdjustmentLine, AllocationLine, OldDifference, SubsidyRun
from subsidies.revisions.stored import StoredAdjustment, StoredLine, StoredRevision
from subsidies.workflow import APPROVED_STATES

Key = tuple[int, str]
"""A posting and the first day of the month that is paid for."""


def _sums() -> dict[Key, int]:
    return defaultdict(int)


@dataclass
class Books:
    """Whole fen: what was `posted`, by lines and by adjustments that name the posting, and what lines state of the
    township's `share` and of `surplus`."""

    posted: dict[Key, int] = field(default_factory=_sums)
    share: dict[Key, int] = field(default_factory=_sums)
    surplus: dict[Key, int] = field(default_factory=_sums)

    def add(self, lines: Iterable[StoredLine], adjustments: Iterable[StoredAdjustment]) -> None:
        """An approved revision."""
        for line in lines:
            key = line.posting, line.for_month
            self.posted[key] += line.amount
            if line.component is not None:
                self.share[key] += line.township_share or 0
                self.surplus[key] += line.surplus or 0
        for row in adjustments:
            if row.posting_id is not None:
                self.posted[row.posting_id, row.for_month] += row.amount


def books_before(run: SubsidyRun, stored: StoredRevision) -> Books:
    """What the approved runs before `run` hold for its own month, and of the months before for whoever has a line or a
    hint of one in its revision: the history is long."""
    approved = {"allocation__revision__current_for__state__in": APPROVED_STATES}
    lines = AllocationLine.objects.filter(before(run), **approved)
    asked = [lines.filter(for_month=run.month, allocation__revision__run__month=run.month)]
    spoken_of = Q()
    for model, rows in ((AllocationLine, stored.lines), (OldDifference, stored.old_differences)):
        if any(row.for_month != str(run.month) for row in rows):
            of_revision = model.objects.filter(allocation__revision=stored.revision, for_month__lt=run.month)
            spoken_of |= Q(posting__in=of_revision.values("posting"))
    if spoken_of:
        asked.append(lines.filter(spoken_of, for_month__lt=run.month))
    found, text_of = Books(), Remembered(str)
    for part in asked:
        columns = part.order_by().values_list(
            "posting", "for_month", in_fen("amount"), "component", in_fen("township_share"), in_fen("surplus")
        )
        for posting, for_month, fen, component, share, surplus in columns.iterator(chunk_size=5000):
            key = posting, text_of[for_month]
            found.posted[key] += fen
            if component is not None:
                found.share[key] += share or 0
                found.surplus[key] += surplus or 0
    by_hand = AdjustmentLine.objects.filter(before(run), posting_id__isnull=False, **approved)
    for number, for_month, fen in by_hand.order_by().values_list("posting_id", "for_month", in_fen("amount")):
        if number is not None:
            found.posted[number, text_of[for_month]] += fen
    return found
