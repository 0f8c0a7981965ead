"""What a township's sheet and the page of one line show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from foundation.money import ZERO, total
from foundation.rounding import rounded
from staffing.enums import SUBSIDISED
from subsidies.known_runs import is_supplementary
from subsidies.labels import cause_label, check_labels, day_ranges, reason_label
from subsidies.line_details import LineDetails
from subsidies.models import Allocation, AllocationLine, AllocationQuerySet, Revision, SubsidyRun
from subsidies.revisions.adjustment_lines import HeldAdjustments, adjustment_lines
from subsidies.revisions.figures import Figures, figures_by_township, previous_run
from subsidies.rules.results import Reason


@dataclass(frozen=True, slots=True)
class LostDays:
    """Days in service that are not paid for, by the reason."""

    label: str
    days: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line with its number on the sheet and what is to be said about it."""

    number: int
    line: AllocationLine
    remarks: Sequence[str]


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Lines that are listed and added up together; `position` is empty for those that get nothing."""

    position: str
    rows: Sequence[LineRow]

    @property
    def amount(self) -> Decimal:
        return total(row.line.amount for row in self.rows)

    @property
    def township_share(self) -> Decimal:
        return total(row.line.township_share or ZERO for row in self.rows)

    @property
    def surplus(self) -> Decimal:
        return total(row.line.surplus or ZERO for row in self.rows)


@dataclass(frozen=True, slots=True)
class TownshipSheet:
    """One township in one revision: what is paid for the month, what is not and why, earlier months settled, and
    other adjustments.

    `shows_posted`: some line of the month itself was posted before, so that due and amount differ.
    """

    allocation: Allocation
    run: SubsidyRun
    revision: Revision
    figures: Figures
    before: SubsidyRun | None
    groups: Sequence[LineGroup]
    unpaid: LineGroup
    settled: LineGroup
    adjustments: HeldAdjustments
    shows_posted: bool


def township_sheet(run: SubsidyRun, revision: Revision, allocations: AllocationQuerySet) -> TownshipSheet | None:
    """The sheet of the one township among `allocations`; None where the revision has it not."""
    found = figures_by_township(revision, allocations)
    if len(found) != 1:
        return None
    allocation = found[0].allocation
    lines = list(AllocationLine.objects.filter(allocation=allocation).order_by("order"))
    regular = [line for line in lines if line.for_month == run.month]
    groups, number = [], 0
    for position in SUBSIDISED:
        paid = [line for line in regular if line.position == position.value and line.amount]
        groups.append(LineGroup(position.value, _numbered(paid, after=number)))
        number += len(paid)
    unpaid = _numbered((line for line in regular if not line.amount), after=number)
    settled = _numbered((line for line in lines if line.for_month != run.month and line.changes), after=0)
    return TownshipSheet(
        allocation=allocation,
        run=run,
        revision=revision,
        figures=found[0].figures,
        before=None if is_supplementary(run) else previous_run(run),
        groups=[group for group in groups if group.rows],
        unpaid=LineGroup("", unpaid),
        settled=LineGroup("", settled),
        adjustments=adjustment_lines(revision, allocations),
        shows_posted=any(line.posted_before for line in regular),
    )


def _numbered(lines: Iterable[AllocationLine], *, after: int) -> list[LineRow]:
    return [LineRow(number, line, remarks_on(line)) for number, line in enumerate(lines, after + 1)]


def lost_days(line: AllocationLine) -> list[LostDays]:
    """Days in service that are not paid for, in the order of the rules; a day may have several reasons."""
    kinds = (
        (Reason.UNIT_WITHOUT_POST, line.without_post),
        (Reason.SUSPENDED, line.suspended),
        (Reason.DUPLICATE_PERSON, line.duplicate),
        (Reason.OVER_QUOTA, line.over_quota),
    )
    return [LostDays(reason.label, day_ranges(mask, line.month_days)) for reason, mask in kinds if mask]


def remarks_on(line: AllocationLine) -> list[str]:
    """Reason, lost days that the reason does not tell, cause, hints."""
    reason, lost = reason_label(line.reason), lost_days(line)
    of_days = [f"{days.label} {days.days}" for days in lost if days.label != reason or days.days != "全月"]
    if any(days.label == reason for days in lost) and of_days:
        reason = ""
    told = {days.label for days in lost}
    hints = [label for label in check_labels(line.findings) if label not in told]
    said = [reason, *of_days, cause_label(line.cause), *hints]
    return list(dict.fromkeys(filter(None, said)))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way to the amount."""

    label: str
    value: str
    basis: str


@dataclass(frozen=True, slots=True)
class CostPart:
    """A part of what a posting costs its township a month, in yuan."""

    label: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LinePage:
    """A line with its way to the amount. `is_current`: its revision is what the run says now.

    `cost_parts` are of a whole month, `cost_days` the days on post that the cost is for; both are empty where what
    was kept does not make up the cost.

    `started_on` and `ended_on` are those of the posting as it is registered today.
    """

    line: AllocationLine
    allocation: Allocation
    revision: Revision
    run: SubsidyRun
    is_current: bool
    settles_earlier_month: bool
    sentence: str
    steps: Sequence[Step]
    lost: Sequence[LostDays]
    counted: str
    findings: Sequence[str]
    cost_parts: Sequence[CostPart]
    cost_days: str
    started_on: date
    ended_on: date | None


def line_page(line: AllocationLine) -> LinePage:
    """The page of a line; fetch it with allocation, revision, run, posting and explanation joined."""
    revision = line.allocation.revision
    parts, cost_days = _cost_parts(line)
    counted = line.in_service & ~(line.suspended | line.without_post | line.duplicate | line.over_quota)
    return LinePage(
        line=line,
        allocation=line.allocation,
        revision=revision,
        run=revision.run,
        is_current=revision.run.current_revision_id == revision.pk,
        settles_earlier_month=line.settles_earlier_month,
        sentence=line.explanation.sentence,
        steps=[Step(**step) for step in line.explanation.steps],
        lost=lost_days(line),
        counted=day_ranges(counted, line.month_days),
        findings=check_labels(line.findings),
        cost_parts=parts,
        cost_days=cost_days,
        started_on=line.posting.started_on,
        ended_on=line.posting.ended_on,
    )


def _cost_parts(line: AllocationLine) -> tuple[list[CostPart], str]:
    """The parts of the cost and its days, so that it can be worked out by hand (domain rule 9)."""
    if not line.details or line.cost is None:
        return [], ""
    details = LineDetails.from_list(line.details)
    known = (
        ("应发工资", details.monthly_wage),
        ("单位社保", details.employer_insurance),
        ("住房公积金", details.housing_fund),
    )
    parts = [CostPart(label, amount) for label, amount in known if amount is not None]
    on_post = (line.in_service & ~line.suspended).bit_count()
    if rounded(total(part.amount for part in parts) * on_post / line.month_days) != line.cost:
        return [], ""
    return parts, "" if on_post == line.month_days else f"{on_post}/{line.month_days}"
