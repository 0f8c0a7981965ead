"""The one table of states: which action leads from which state to which, who may take it, and what it asks for.

Services walk it, buttons and API are drawn from it, tests and the diagram in docs/ are made of it (domain 5).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.permissions import Permission
from foundation.labels import Labelled
from subsidies.enums import ReportAction, ReportState, RunAction, RunState


class Party(Labelled):
    """Who is barred from a step because of an earlier one."""

    MAKER = "maker", "核算或送审过本次核算的人"
    EDITOR = "editor", "录入或修改过其中人员信息的人"


@dataclass(frozen=True, slots=True)
class Transition:
    """`source` None: there is no row yet. `barred` are parties that may not take the step whatever their role."""

    action: RunAction | ReportAction
    source: RunState | ReportState | None
    target: RunState | ReportState
    permission: Permission
    needs_reason: bool = False
    barred: tuple[Party, ...] = ()


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
    ),
    Transition(RunAction.RETURN, RunState.IN_REVIEW, RunState.RETURNED, Permission.RETURN_RUN, needs_reason=True),
    Transition(
        RunAction.RETURN, RunState.APPROVED, RunState.RETURNED, Permission.RETURN_APPROVED_RUN, needs_reason=True
    ),
    Transition(RunAction.VOID, RunState.CALCULATED, RunState.VOIDED, Permission.VOID_RUN, needs_reason=True),
    Transition(RunAction.VOID, RunState.IN_REVIEW, RunState.VOIDED, Permission.VOID_RUN, needs_reason=True),
    Transition(RunAction.VOID, RunState.RETURNED, RunState.VOIDED, Permission.VOID_RUN, needs_reason=True),
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


def transition(table: Sequence[Transition], action: RunAction | ReportAction, source: str | None) -> Transition | None:
    """The row for `action` from `source`; None where the table has none."""
    return next((row for row in table if row.action == action and row.source == source), None)


def open_from(table: Sequence[Transition], source: str | None) -> list[Transition]:
    """What may follow a state, in the order of the table."""
    return [row for row in table if row.source == source]


def pairs(table: Sequence[Transition]) -> list[tuple[str, str]]:
    """(source, target) of every step between two states, each once: what a database may let through."""
    return list(dict.fromkeys((str(row.source), str(row.target)) for row in table if row.source is not None))
