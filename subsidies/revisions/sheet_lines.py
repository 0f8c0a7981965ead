"""The lines of a revision as the sheets of people list them: a row a posting, with the months settled beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from foundation.money import ZERO, total
from staffing.enums import Position
from subsidies.line_details import LineDetails
from subsidies.models import Allocation, AllocationLine, AllocationQuerySet, Revision


@dataclass(slots=True)
class PostingLines:
    """What a revision holds of one posting: the line of its own month, None where only earlier months are settled."""

    allocation: Allocation
    regular: AllocationLine | None = None
    settled: list[AllocationLine] = field(default_factory=list)

    @property
    def any_line(self) -> AllocationLine:
        return self.regular or self.settled[-1]

    @property
    def details(self) -> LineDetails | None:
        """None for lines from before details were kept."""
        stored = self.any_line.details
        return LineDetails.from_list(stored) if stored else None

    @property
    def due_now(self) -> Decimal:
        return self.regular.amount if self.regular else ZERO

    @property
    def settled_amount(self) -> Decimal:
        return total(line.amount for line in self.settled)

    @property
    def township_share(self) -> Decimal | None:
        """What the revision changes of it, of all months together; None where no line tells."""
        return _together(line.township_share for line in self._lines)

    @property
    def surplus(self) -> Decimal | None:
        return _together(line.surplus for line in self._lines)

    @property
    def _lines(self) -> list[AllocationLine]:
        return [*self.settled, *([self.regular] if self.regular else [])]

    @property
    def paid(self) -> Decimal:
        """实补: everything that this revision pays for the posting."""
        return self.due_now + self.settled_amount


def posting_lines(
    revision: Revision, allocations: AllocationQuerySet, positions: Sequence[Position]
) -> list[PostingLines]:
    """By township code, position, unit code, posting id, in two queries; of earlier months only what changes."""
    rows = {row.pk: row for row in allocations.filter(revision=revision)}
    found: dict[tuple[int, int], PostingLines] = {}
    lines = AllocationLine.objects.filter(allocation__in=list(rows), position__in=[row.value for row in positions])
    for line in lines.order_by("allocation__township_code", "order"):
        of = found.setdefault((line.allocation_id, line.posting_id), PostingLines(rows[line.allocation_id]))
        if line.for_month == revision.run.month:
            of.regular = line
        elif line.changes:
            of.settled.append(line)
    return [of for of in found.values() if of.regular or of.settled]


def _together(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return total(known) if known else None
