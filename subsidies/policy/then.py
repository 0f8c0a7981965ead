"""The policy as it was in force at a moment of the past; read once for all runs of a ledger."""

import json
from datetime import datetime
from functools import cached_property
from typing import Any

from foundation.dates import Month
from subsidies.models import MinimumWage, SubsidyStandard
from subsidies.policy.in_force import all_minimum_wages, all_standards, rulebook_of
from subsidies.rules import parameters, stored_parameters
from subsidies.rules.parameters import Standard
from subsidies.rules.rulebook import MissingParameter, Rulebook

Version = SubsidyStandard | MinimumWage


class PolicyThen:
    """Reads the versions when it is first asked, in three statements for any number of runs."""

    def __init__(self) -> None:
        self._at: dict[datetime, Rulebook] = {}
        self._books: dict[frozenset[Version], Rulebook] = {}
        self._said: dict[tuple[Standard, parameters.MinimumWage | None], dict[str, Any]] = {}

    def parameters(self, month: Month, moment: datetime) -> dict[str, Any]:
        """What a revision that is calculated at `moment` keeps of the month; empty where nothing is in force."""
        try:
            found = self._book(moment).for_month(month)
        except MissingParameter:
            return {}
        key = found.standard, found.minimum_wage
        if key not in self._said:
            self._said[key] = json.loads(json.dumps(stored_parameters.as_json(found)))
        return self._said[key]

    def _book(self, moment: datetime) -> Rulebook:
        if moment not in self._at:
            versions: list[Version] = [*self._standards, *self._minimum_wages]
            counting = frozenset(row for row in versions if counted_at(row, moment))
            if counting not in self._books:
                self._books[counting] = rulebook_of(
                    self._standards, self._minimum_wages, which=lambda row: row in counting
                )
            self._at[moment] = self._books[counting]
        return self._at[moment]

    @cached_property
    def _standards(self) -> list[SubsidyStandard]:
        return list(all_standards())

    @cached_property
    def _minimum_wages(self) -> list[MinimumWage]:
        return list(all_minimum_wages())


def counted_at(row: Version, moment: datetime) -> bool:
    """Whether a version was in force from its date on: approved by then, and no one approved by then replaced it."""
    successor: Version | None = getattr(row, "replaced_by", None)
    replaced = None if successor is None else successor.approved_at
    return row.approved_at is not None and row.approved_at <= moment and not (replaced and replaced <= moment)
