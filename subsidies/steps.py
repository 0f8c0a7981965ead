"""Going from state to state by the table: what steps of runs and of reports have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from accounts.models import User
from accounts.permissions import demand
from subsidies.enums import ReportAction, RunAction
from subsidies.workflow import StateRow, Transition, times_of, transition


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person saw and decided upon: whoever returns what waits for a decision does not thereby return what was
    decided a moment ago.

    `number` is that of the revision of a run, 0 where there was none yet, or of the submission of a report; None and
    an empty `state` were not shown and are not compared.
    """

    number: int | None = None
    state: str = ""


# A command looks at nothing first.
UNSEEN = Seen()


class GoesByStates(Protocol):
    """A row with a state of some table, and that table's times as columns."""

    state: str


def allowed_step(
    table: Sequence[Transition], action: RunAction | ReportAction, source: str | None, actor: User | None
) -> Transition | None:
    """The row of the table for a step of this person; None where the state does not allow it.

    Raises PermissionDenied for the wrong role, whatever the state.
    """
    step = transition(table, action, source)
    demand(actor, (step or next(row for row in table if row.action == action)).permission)
    return step


def enter(subject: GoesByStates, states: Sequence[StateRow], target: str, now: datetime) -> None:
    """Set the state and its times, without saving: the one reached is `now`, and what does not stay is emptied."""
    row = next(row for row in states if row.state == target)
    for name in times_of(states):
        if name == row.reached:
            setattr(subject, name, now)
        elif name not in (*row.keeps, *row.may_keep):
            setattr(subject, name, None)
    subject.state = row.state.value
