"""Runs of a county: which there are, what they posted, where the ledger stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.events import saying
from accounts.models import AuditEvent, Seal
from foundation.dates import Month
from staffing.events import StaffingEvent
from staffing.models import ImportBatch
from subsidies.enums import RunAction, RunState
from subsidies.events import SubsidyEvent
from subsidies.models import AllocationLine, AllocationQuerySet, LedgerParameters, Revision, SubsidyRun
from subsidies.workflow import APPROVED_STATES, UNAPPROVED_STATES
from townships.events import TownshipEvent

_CHANGES = [event for event in (*TownshipEvent, *StaffingEvent, *SubsidyEvent) if event.changes_facts]


@dataclass(frozen=True, slots=True, eq=False)
class KnownRuns:
    """Runs read once, by month and number: every one of the county, or as many as whoever reads them says."""

    rows: Sequence[SubsidyRun]

    @property
    def newest(self) -> SubsidyRun | None:
        return self.rows[-1] if self.rows else None

    @property
    def latest_approved(self) -> SubsidyRun | None:
        return next((run for run in reversed(self.rows) if run.is_approved), None)

    @property
    def unapproved(self) -> SubsidyRun | None:
        """The one that waits for an approval."""
        return next((run for run in self.rows if run.is_open), None)

    def is_supplementary(self, run: SubsidyRun) -> bool:
        """补充核算: whether an earlier run of its month is approved."""
        return any(other.month == run.month and other.number < run.number and other.is_approved for other in self.rows)

    def compared_with(self, run: SubsidyRun) -> SubsidyRun | None:
        """The last approved run of the month before; none for a supplementary run, all of which is a change."""
        if self.is_supplementary(run):
            return None
        before = (other for other in reversed(self.rows) if other.period == run.period - 1 and other.is_approved)
        return next(before, None)


def all_runs() -> KnownRuns:
    """In one statement: a run a month, and few more."""
    return KnownRuns(list(SubsidyRun.objects.order_by("month", "number")))


def has_approved_run() -> bool:
    """Whether any month is approved: from then on imports wait for approval."""
    return approved_runs().exists()


def approved_runs() -> QuerySet[SubsidyRun]:
    return SubsidyRun.objects.filter(state__in=APPROVED_STATES)


def latest_approved_run() -> SubsidyRun | None:
    return approved_runs().order_by("month", "number").last()


def last_day_ever_approved() -> date | None:
    """The last day of the latest month that was approved at some time, returned since or not."""
    approved = Seal.objects.filter(action=RunAction.APPROVE.value).values("revision_id")
    months = Revision.objects.filter(pk__in=approved).order_by("run__month").values_list("run__month", flat=True)
    month = months.last()
    return None if month is None else Month.of(month).last


def unapproved_run() -> SubsidyRun | None:
    """The run that waits for an approval: calculated, in review or returned."""
    return SubsidyRun.objects.filter(state__in=UNAPPROVED_STATES).first()


def runs_within(allocations: AllocationQuerySet) -> QuerySet[SubsidyRun]:
    """The runs whose current revision holds one of the allocations."""
    return SubsidyRun.objects.filter(current_revision__in=allocations.values("revision"))


def live_runs_within(allocations: AllocationQuerySet) -> QuerySet[SubsidyRun]:
    """The same without those that were given up."""
    return runs_within(allocations).exclude(state=RunState.VOIDED.value)


class FoundRun(NamedTuple):
    """A run with its current revision, and the `runs` that its page tells of: those of its month, the approved ones
    of the month before, the latest approved and the one that waits."""

    run: SubsidyRun
    revision: Revision
    runs: KnownRuns


def run_and_revision(allocations: AllocationQuerySet, period: Month, number: int | None) -> FoundRun | None:
    """The run of a month, or its last one, if its current revision holds one of the allocations. One statement."""
    latest = approved_runs().order_by("-month", "-number").values("pk")[:1]
    told = Q(month__in=[period.first, (period - 1).first]) | Q(state__in=UNAPPROVED_STATES) | Q(pk__in=latest)
    rows: list[Any] = list(  # the stubs do not know what is annotated
        SubsidyRun.objects.filter(told)
        .annotate(is_shown=Exists(allocations.filter(revision=OuterRef("current_revision"))))
        .select_related("current_revision__calculated_by", "county__ledger")
        .order_by("month", "number")
    )
    of_month = [row for row in rows if row.month == period.first and number in (None, row.number) and row.is_shown]
    if not of_month:
        return None
    run = of_month[-1]
    run.current_revision.run = run
    return FoundRun(run, run.current_revision, KnownRuns(rows))


def is_supplementary(run: SubsidyRun) -> bool:
    """补充核算: whether an earlier run of its month is approved."""
    earlier = SubsidyRun.objects.filter(county=run.county_id, month=run.month, number__lt=run.number)
    return earlier.filter(state__in=APPROVED_STATES).exists()


def before(run: SubsidyRun) -> Q:
    """The lines of runs of an earlier month, or of the same month with a lower number."""
    revision = "allocation__revision__run"
    return Q(**{f"{revision}__month__lt": run.month}) | Q(
        **{f"{revision}__month": run.month, f"{revision}__number__lt": run.number}
    )


def changes_since(run: SubsidyRun) -> int:
    """How often people, places, policy or adjustments were changed after the run's current revision was calculated."""
    if run.current_revision_id is None:
        return 0
    changes = AuditEvent.objects.filter(saying(*_CHANGES), result="done")
    calculated_at = Revision.objects.filter(pk=run.current_revision_id).values("calculated_at")
    return changes.filter(at__gt=Subquery(calculated_at)).count()


def first_open_day() -> date | None:
    """The first day of the month after the last approved one; None while nothing is approved."""
    run = latest_approved_run()
    return None if run is None else (run.period + 1).first


def settled_postings_of(batch: ImportBatch) -> int:
    """How many of the postings that an import brought have a line in an approved run."""
    lines = AllocationLine.objects.filter(
        posting__import_batch=batch, allocation__revision__current_for__state__in=APPROVED_STATES
    )
    return lines.order_by().values("posting").distinct().count()


def ledger_first_month(parameters: LedgerParameters) -> Month | None:
    return None if parameters.first_month is None else Month.of(parameters.first_month)
