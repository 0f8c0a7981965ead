"""Going from state to state by the table: what steps of runs and of reports have in common."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from subsidies.workflow import StateRow, times_of


class GoesByStates(Protocol):
    """A row with a state of some table, and that table's times as columns."""

    state: str


def enter(subject: GoesByStates, states: Sequence[StateRow], target: str, now: datetime) -> None:
    """Set the state and its times, without saving: the one reached is `now`, and what does not stay is emptied."""
    row = next(row for row in states if row.state == target)
    for name in times_of(states):
        if name == row.reached:
            setattr(subject, name, now)
        elif name not in (*row.keeps, *row.may_keep):
            setattr(subject, name, None)
    subject.state = row.state.value
