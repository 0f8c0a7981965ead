"""What a measurement found, beside its budget."""

from dataclasses import dataclass
from typing import Any

from benchmarks.measure import Comparison


@dataclass(frozen=True, slots=True)
class Result:
    """One row of the table; what a measurement has not is None. Seconds are of this machine, ratios hold elsewhere."""

    what: str
    lines: int
    seconds: float
    budget_seconds: float | None = None
    floor: float | None = None
    ratio: float | None = None
    budget_ratio: float | None = None
    statements: int | None = None
    budget_statements: int | None = None
    megabytes: int | None = None

    @classmethod
    def of(cls, what: str, lines: int, found: Comparison, *, budget: float | None = None, **more: Any) -> "Result":
        return cls(what, lines, found.seconds, floor=found.floor, ratio=found.ratio, budget_ratio=budget, **more)

    @property
    def is_met(self) -> bool:
        """Whether every budget it has is kept."""
        limits = (
            (self.seconds, self.budget_seconds),
            (self.ratio, self.budget_ratio),
            (self.statements, self.budget_statements),
        )
        return all(limit is None or (found is not None and found <= limit) for found, limit in limits)

    @property
    def has_budget(self) -> bool:
        return any(limit is not None for limit in (self.budget_seconds, self.budget_ratio, self.budget_statements))
