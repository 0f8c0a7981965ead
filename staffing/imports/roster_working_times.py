"""What a roster says of full or part-time, compared with what is stored: without a day, from the first one on."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.utils import timezone

from foundation.differences import Difference
from staffing.imports.roster_changes import Change
from staffing.imports.roster_details import Details
from staffing.imports.roster_layout import FULL_TIME
from staffing.imports.roster_matching import Match
from staffing.models import Posting, WorkingTime


def working_times_of(postings: Iterable[Posting]) -> Mapping[int, list[WorkingTime]]:
    """Live ones by posting id, the earliest first."""
    found: dict[int, list[WorkingTime]] = defaultdict(list)
    for row in WorkingTime.objects.live().filter(posting__in=list(postings)):
        found[row.posting_id].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: row.effective_from or date.min)
    return found


def revise_working_times(
    matches: Iterable[Match], stored: Mapping[int, list[WorkingTime]], details: Details
) -> list[int]:
    """Another one than stands without a day takes its place. Where a change with a day is on record, the file changes
    nothing: the rows that then say something else."""
    unchanged = []
    for match in matches:
        wanted = match.entry.is_full_time
        rows = [] if match.is_new else stored.get(match.posting.pk, [])
        if wanted is None or (rows and rows[-1].is_full_time == wanted):
            continue
        if rows and rows[-1].effective_from is not None:
            unchanged.append(match.entry.row)
            continue
        new = WorkingTime(posting=match.posting, is_full_time=wanted)
        words = str(Difference(FULL_TIME, str(rows[-1]) if rows else "空", str(new)))
        for old in rows:
            old.withdrawn_at, old.withdrawn_reason = timezone.now(), "改登记了别的"
            details.withdrawn_working_times.append(old)
            match.changes += [Change(old, "withdrawn_at", None, words), Change(old, "withdrawn_reason", "", words)]
        details.new_working_times.append(new)
        if not match.is_new:
            match.changes.append(Change(new, "is_full_time", None, words, is_added=True))
    return unchanged
