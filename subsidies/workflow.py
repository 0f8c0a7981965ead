"""The one table of states: which times a state has, which action leads from which to which, who may take it, and what
it asks for.

Services walk it, buttons and API are drawn from it, constraints, triggers, invariants and verification rest on it,
tests and the diagram in docs/ are made of it (domain 5).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from accounts.permissions import Permission
from foundation.labels import Labelled
from subsidies.enums import ReportAction, ReportState, RunAction, RunState


class Party(Labelled):
    """Who is barred from a step because of an earlier one."""

    MAKER = "maker", "核算或送审过本次核算的人"
    EDITOR = "editor", "录入或修改过其中人员信息的人"


@dataclass(frozen=True, slots=True)
class StateRow:
    """A state with its times, by the names of their columns.

    `reached` is when it was entered, empty where no column says so; the times in `keeps` were set by the states
    before it and stand as long as it lasts, those in `may_keep` where they were set. Every other time is empty.
    `is_open`: an approval is still awaited. `is_approved`: its amounts count as posted.
    """

    state: RunState | ReportState
    reached: str = ""
    keeps: tuple[str, ...] = ()
    may_keep: tuple[str, ...] = ()
    is_open: bool = False
    is_approved: bool = False

    @property
    def times(self) -> frozenset[str]:
        """Those that are always set."""
        return frozenset((*self.keeps, self.reached)) - {""}

    def agrees_with(self, given: Collection[str]) -> bool:
        """Whether these may be the times that are set."""
        return self.times <= set(given) <= self.times | set(self.may_keep)


RUN_STATES: tuple[StateRow, ...] = (
    StateRow(RunState.CALCULATED, is_open=True),
    StateRow(RunState.IN_REVIEW, reached="sent_at", is_open=True),
    StateRow(RunState.APPROVED, reached="approved_at", keeps=("sent_at",), is_approved=True),
    StateRow(RunState.RETURNED, reached="returned_at", keeps=("sent_at",), is_open=True),
    StateRow(RunState.VOIDED, reached="voided_at", may_keep=("sent_at", "returned_at")),
)
UNAPPROVED_STATES = tuple(row.state.value for row in RUN_STATES if row.is_open)
APPROVED_STATES = tuple(row.state.value for row in RUN_STATES if row.is_approved)

REPORT_STATES: tuple[StateRow, ...] = (
    StateRow(ReportState.DRAFT),
    StateRow(ReportState.SUBMITTED, reached="submitted_at"),
    StateRow(ReportState.ACCEPTED, reached="decided_at", keeps=("submitted_at",)),
    StateRow(ReportState.RETURNED, reached="decided_at", keeps=("submitted_at",)),
)


@dataclass(frozen=True, slots=True)
class Transition:
    """`source` None: there is no row yet. `barred` are parties that may not take the step whatever their role.

    `is_sealed`: the step adds a link to the chain of seals.
    """

    action: RunAction | ReportAction
    source: RunState | ReportState | None
    target: RunState | ReportState
    permission: Permission
    needs_reason: bool = False
    barred: tuple[Party, ...] = ()
    is_sealed: bool = False


RUN_TRANSITIONS: tuple[Transition, ...] = (
    Transition(RunAction.CALCULATE, None, RunState.CALCULATED, Permission.CALCULATE_MONTH),
    Transition(RunAction.CALCULATE, RunState.CALCULATED, RunState.CALCULATED, Permission.CALCULATE_MONTH),
    Transition(RunAction.CALCULATE, RunState.RETURNED, RunState.CALCULATED, Permission.CALCULATE_MONTH),
    Transition(RunAction.SEND, RunState.CALCULATED, RunState.IN_REVIEW, Permission.SEND_RUN),
    Transition(
        RunAction.APPROVE,
        RunState.IN_REVIEW,
        RunState.APPROVED,
        Permission.APPROVE_RUN,
        barred=(Party.MAKER, Party.EDITOR),
        is_sealed=True,
    ),
    Transition(
        RunAction.RETURN,
        RunState.IN_REVIEW,
        RunState.RETURNED,
        Permission.RETURN_RUN,
        needs_reason=True,
        is_sealed=True,
    ),
    Transition(
        RunAction.RETURN,
        RunState.APPROVED,
        RunState.RETURNED,
        Permission.RETURN_APPROVED_RUN,
        needs_reason=True,
        is_sealed=True,
    ),
    *(
        Transition(RunAction.VOID, source, RunState.VOIDED, Permission.VOID_RUN, needs_reason=True, is_sealed=True)
        for source in (RunState.CALCULATED, RunState.IN_REVIEW, RunState.RETURNED)
    ),
)

REPORT_TRANSITIONS: tuple[Transition, ...] = (
    Transition(ReportAction.SUBMIT, None, ReportState.SUBMITTED, Permission.SUBMIT_REPORT),
    Transition(ReportAction.SUBMIT, ReportState.DRAFT, ReportState.SUBMITTED, Permission.SUBMIT_REPORT),
    Transition(ReportAction.SUBMIT, ReportState.SUBMITTED, ReportState.SUBMITTED, Permission.SUBMIT_REPORT),
    Transition(ReportAction.SUBMIT, ReportState.RETURNED, ReportState.SUBMITTED, Permission.SUBMIT_REPORT),
    # Only a stale one: the facts have changed since it was accepted.
    Transition(ReportAction.SUBMIT, ReportState.ACCEPTED, ReportState.SUBMITTED, Permission.SUBMIT_REPORT),
    Transition(ReportAction.ACCEPT, ReportState.SUBMITTED, ReportState.ACCEPTED, Permission.REVIEW_REPORT),
    Transition(
        ReportAction.RETURN, ReportState.SUBMITTED, ReportState.RETURNED, Permission.REVIEW_REPORT, needs_reason=True
    ),
    Transition(
        ReportAction.RETURN, ReportState.ACCEPTED, ReportState.RETURNED, Permission.REVIEW_REPORT, needs_reason=True
    ),
)


def state_row(table: Sequence[StateRow], state: str) -> StateRow | None:
    """The row of `state`; None where the table has none."""
    return next((row for row in table if row.state == state), None)


def times_of(table: Sequence[StateRow]) -> tuple[str, ...]:
    """The columns of all times of a table, each once, in the order in which states name them."""
    return tuple(dict.fromkeys(row.reached for row in table if row.reached))


def transition(table: Sequence[Transition], action: RunAction | ReportAction, source: str | None) -> Transition | None:
    """The row for `action` from `source`; None where the table has none."""
    return next((row for row in table if row.action == action and row.source == source), None)


def open_from(table: Sequence[Transition], source: str | None) -> list[Transition]:
    """What may follow a state, in the order of the table."""
    return [row for row in table if row.source == source]


def pairs(table: Sequence[Transition]) -> list[tuple[str, str]]:
    """(source, target) of every step between two states, each once: what a database may let through."""
    return list(dict.fromkeys((str(row.source), str(row.target)) for row in table if row.source is not None))
