"""A run with all its revisions, and what each of them comes to over the townships that a reader may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from foundation.money import ZERO
from subsidies.models import AllocationQuerySet, Revision, SubsidyRun


@dataclass(frozen=True, slots=True)
class RunTotal:
    """A run with the total of its current revision."""

    run: SubsidyRun
    total: Decimal


@dataclass(frozen=True, slots=True)
class RevisionTotal:
    """A revision with its total; `has_lines` is false for one that was replaced before it was sent."""

    revision: Revision
    total: Decimal
    is_current: bool
    has_lines: bool


@dataclass(frozen=True, slots=True)
class RunHistory:
    run: SubsidyRun
    total: Decimal
    revisions: Sequence[RevisionTotal]


def run_totals(runs: Iterable[SubsidyRun], allocations: AllocationQuerySet) -> list[RunTotal]:
    """Each of `runs` with what it comes to, in their order, in one query."""
    found = list(runs)
    totals = _totals([run.current_revision_id for run in found if run.current_revision_id is not None], allocations)
    return [RunTotal(run, totals.get(run.current_revision_id or 0, ZERO)) for run in found]


def run_history(run: SubsidyRun, allocations: AllocationQuerySet) -> RunHistory:
    """The revisions of a run, the newest first."""
    revisions = list(run.revisions.select_related("calculated_by").order_by("-number"))
    totals = _totals([revision.pk for revision in revisions], allocations)
    rows = [
        RevisionTotal(
            revision=revision,
            total=totals.get(revision.pk, ZERO),
            is_current=revision.pk == run.current_revision_id,
            has_lines=keeps_lines(run, revision),
        )
        for revision in revisions
    ]
    return RunHistory(run, totals.get(run.current_revision_id or 0, ZERO), rows)


def keeps_lines(run: SubsidyRun, revision: Revision) -> bool:
    """Whether the revision is the current one or was sent; of the others only totals are kept."""
    return revision.pk == run.current_revision_id or revision.sent_at is not None


def _totals(revisions: Sequence[int], allocations: AllocationQuerySet) -> dict[int, Decimal]:
    rows = allocations.filter(revision__in=revisions).order_by("revision")
    return dict(rows.values_list("revision").annotate(sum=Sum("total")))
