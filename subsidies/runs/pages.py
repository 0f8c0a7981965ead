"""What the pages of the months show: the list, one month with its townships, and who may do what next."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from foundation.dates import Month
from foundation.money import ZERO, total
from staffing.models import Posting
from subsidies.known_runs import KnownRuns, runs_within
from subsidies.labels import NOT_SETTLED
from subsidies.models import Allocation, AllocationQuerySet, Revision, SubsidyRun, SubsidyStandard
from subsidies.revisions.figures import Figures, LineCounts, TownshipFigures, added_up
from subsidies.revisions.sealed import last_approval, was_without_reports
from townships.models import HouseholdCount, Township


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One run; `difference` is None where there is no approved month to compare with."""

    run: SubsidyRun
    revision: int
    total: Decimal
    difference: Decimal | None


@dataclass(frozen=True, slots=True)
class MonthList:
    """The runs of one year, newest first; `year` is None while there are none. `approved` is the year's sum."""

    years: Sequence[int]
    year: int | None
    rows: Sequence[MonthRow]
    approved: Decimal


def month_list(allocations: AllocationQuerySet, year: int | None) -> MonthList:
    """The runs of `year`, or of the newest year there is, summed over the given allocations."""
    runs = runs_within(allocations)
    years = [first.year for first in runs.dates("month", "year", order="DESC")]
    if not years:
        return MonthList((), None, (), ZERO)
    shown = year if year in years else years[0]
    found = list(
        runs.filter(month__gte=date(shown - 1, 12, 1), month__lte=date(shown, 12, 1)).select_related(
            "current_revision"
        )
    )
    of_run: dict[int, Decimal] = dict(
        allocations.filter(revision__in=[run.current_revision_id for run in found])
        .order_by("revision__run")
        .values_list("revision__run")
        .annotate(sum=Sum("total"))
    )
    approved: dict[Month, Decimal] = defaultdict(lambda: ZERO)
    for run in found:
        if run.is_approved:
            approved[run.period] += of_run[run.pk]
    rows = [_month_row(run, of_run[run.pk], approved, found) for run in found if run.period.year == shown]
    return MonthList(years, shown, rows, total(row.total for row in rows if row.run.is_approved))


def _month_row(
    run: SubsidyRun, amount: Decimal, approved: Mapping[Month, Decimal], runs: Sequence[SubsidyRun]
) -> MonthRow:
    before = run.period - 1
    comparable = before in approved and not any(
        other.period == run.period and other.number < run.number and other.is_approved for other in runs
    )
    return MonthRow(
        run=run,
        revision=run.current_revision.number if run.current_revision else 0,
        total=amount,
        difference=amount - approved[before] if comparable else None,
    )


@dataclass(frozen=True, slots=True)
class Preparation:
    """How much of what a first calculation needs is there."""

    townships: int
    standards: int
    postings: int
    household_counts: int


def preparation() -> Preparation:
    return Preparation(
        townships=Township.objects.count(),
        standards=SubsidyStandard.objects.filter(approved_at__isnull=False).count(),
        postings=Posting.objects.filter(withdrawn_at__isnull=True).count(),
        household_counts=HouseholdCount.objects.in_force().count(),
    )


@dataclass(frozen=True, slots=True)
class Opening:
    """Which month may be calculated now; `refusal` says why none may."""

    month: Month
    refusal: str


def opening(today: date, runs: KnownRuns) -> Opening:
    """The month after the last approved one, or today's while there is none."""
    waiting, latest = runs.unapproved, runs.latest_approved
    month = latest.period + 1 if latest else Month.of(today)
    if waiting is None:
        return Opening(month, "")
    return Opening(waiting.period, f"{waiting}{waiting.state_label},还没有审批;审批后才能核算下一个月。")


@dataclass(frozen=True, slots=True)
class Funding:
    """A fund source with the positions it pays."""

    source: str
    document: str
    valid_until: date | None
    positions: Sequence[str]


@dataclass(frozen=True, slots=True)
class Basis:
    """What the figures of the run's own month rest on; `earlier` are further documents of months settled late."""

    standard_from: date
    standard_document: str
    minimum_wage: Decimal | None
    minimum_wage_from: date | None
    minimum_wage_document: str
    earlier: Sequence[str]
    funding: Sequence[Funding]


def basis_of(revision: Revision) -> Basis:
    """The stored basis of a revision, typed."""
    *earlier, current = revision.basis["months"]
    known = {current["standard_document"], current["minimum_wage_document"]}
    others = (row[name] for row in earlier for name in ("standard_document", "minimum_wage_document"))
    return Basis(
        standard_from=date.fromisoformat(current["standard_from"]),
        standard_document=current["standard_document"],
        minimum_wage=None if current["minimum_wage"] is None else Decimal(current["minimum_wage"]),
        minimum_wage_from=_day(current["minimum_wage_from"]),
        minimum_wage_document=current["minimum_wage_document"] or "",
        earlier=[document for document in dict.fromkeys(others) if document and document not in known],
        funding=_funding(revision.basis["funding"]),
    )


def _funding(rows: Sequence[Mapping[str, Any]]) -> list[Funding]:
    positions: dict[tuple[str, str, str | None], list[str]] = defaultdict(list)
    for row in rows:
        positions[row["source"], row["document"], row["valid_until"]].append(row["position"])
    return [
        Funding(source, document, _day(valid_until), names)
        for (source, document, valid_until), names in positions.items()
    ]


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class TownshipRow:
    """A township of the month's table; `bands` are people by band, in the order of the page's bands."""

    allocation: Allocation
    figures: Figures
    rates: Sequence[Decimal]
    bands: Sequence[int]


@dataclass(frozen=True, slots=True)
class MonthPage:
    """A run as its reader may see it. `before` is the run it is compared with, None where there is none.

    `counts`: how many lines an approval freezes. `without_reports`: it was approved while no reports of the townships
    were required.
    """

    run: SubsidyRun
    revision: Revision
    where: str
    rows: Sequence[TownshipRow]
    together: Figures
    counts: LineCounts
    band_labels: Sequence[str]
    bands: Sequence[int]
    before: SubsidyRun | None
    basis: Basis
    approved_by: str
    other_runs: Sequence[SubsidyRun]
    without_reports: bool

    @property
    def not_settled(self) -> list[str]:
        """The townships whose report was not accepted when the run was calculated."""
        return [row.allocation.township_name for row in self.rows if row.allocation.is_late]


def month_page(
    run: SubsidyRun, revision: Revision, townships: Sequence[TownshipFigures], runs: KnownRuns
) -> MonthPage:
    """The page of a run's revision, over these townships; `runs` are those of its month and of the month before."""
    approval = last_approval(revision) if run.is_approved else None
    together = added_up(townships)
    bounds = [int(band["from"]) for band in revision.basis["bands"]]
    return MonthPage(
        run=run,
        revision=revision,
        where=_where(townships),
        rows=[_township_row(township, bounds) for township in townships],
        together=together,
        counts=sum((township.counts for township in townships), LineCounts()),
        band_labels=[str(band["label"]) for band in revision.basis["bands"]],
        bands=[together.bands.get(bound, 0) for bound in bounds],
        before=runs.compared_with(run),
        basis=basis_of(revision),
        approved_by=str(approval.step.get("actor_name", "")) if approval and isinstance(approval.step, dict) else "",
        other_runs=[other for other in reversed(runs.rows) if other.month == run.month and other.pk != run.pk],
        without_reports=approval is not None and was_without_reports(approval),
    )


def _township_row(township: TownshipFigures, bounds: Sequence[int]) -> TownshipRow:
    bands = [township.figures.bands.get(bound, 0) for bound in bounds]
    return TownshipRow(township.allocation, township.figures, township.assistant_rates, bands)


def _where(townships: Sequence[TownshipFigures]) -> str:
    """Whose figures they are, and how many of the townships have no share in them."""
    late = sum(township.allocation.is_late for township in townships)
    if len(townships) == 1:
        return townships[0].allocation.township_name + (f"({NOT_SETTLED})" if late else "")
    if not late:
        return f"{len(townships)} 个镇乡(街道)"
    listed = len(townships) - late
    return f"{len(townships)} 个镇乡(街道)中列入 {listed} 个({late} 个{NOT_SETTLED}),"
