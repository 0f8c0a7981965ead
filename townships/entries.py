"""What an import of townships, units or household counts wants stored, and how it went.

Every entry knows the row of the file it comes from, so that a refusal can name it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from foundation.excel.problems import Problem
from foundation.labels import Labelled
from townships.enums import TownshipKind, UnitKind


@dataclass(frozen=True, slots=True)
class CountyEntry:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class TownshipEntry:
    """`is_central_town` None: the file does not say."""

    row: int
    code: str
    name: str
    kind: TownshipKind
    is_central_town: bool | None


@dataclass(frozen=True, slots=True)
class UnitEntry:
    row: int
    code: str
    name: str
    township_code: str
    kind: UnitKind


@dataclass(frozen=True, slots=True)
class Divisions:
    """A county with its townships and units, checked among themselves."""

    county: CountyEntry
    townships: tuple[TownshipEntry, ...]
    units: tuple[UnitEntry, ...]


@dataclass(frozen=True, slots=True)
class HouseholdEntry:
    """`residents` None: the file does not say."""

    row: int
    unit_id: int
    households: int
    residents: int | None
    counted_on: date
    effective_from: date


class RowResult(Labelled):
    NEW = "new", "新增"
    CHANGED = "changed", "变更"
    SAME = "same", "相同"


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What becomes of one row: the person or place it is about, the township or unit, and what it changes in words."""

    row: int
    subject: str
    place: str
    result: RowResult
    changes: tuple[str, ...] = ()


@dataclass(slots=True)
class Outcome:
    """What an import did, or would do: counts of rows, the problems that forbid it, and notes.

    With `problems`, or with `warnings` nobody accepted, nothing is saved. `rows` are in the order of the file, for
    the imports that tell them; `batch_id` is the batch that was saved, if any.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: list[RowOutcome] = field(default_factory=list)
    batch_id: int | None = None

    @property
    def sentence(self) -> str:
        return f"新增 {self.new},变更 {self.changed},相同 {self.same}"

    def count_rows(self) -> None:
        """Set the counts from the rows; a new one that changes something that was there counts as both."""
        counts = Counter(row.result for row in self.rows)
        self.new, self.changed, self.same = (counts[result] for result in RowResult)
        self.changed += sum(row.result is RowResult.NEW and bool(row.changes) for row in self.rows)

    def does_the_same_as(self, other: "Outcome") -> bool:
        return (self.rows, self.warnings, self.problems) == (other.rows, other.warnings, other.problems)


class ImportRefusedError(Exception):
    """An import that saves nothing: every problem, and notes that may help to find its cause."""

    def __init__(self, problems: list[Problem], notes: Sequence[str] = ()) -> None:
        super().__init__("\n".join(problem.sentence() for problem in problems))
        self.problems = problems
        self.notes = notes
