"""The one function that walks the table of states with a run: lock, state, person, revision, reason, effect, event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.audit import ChainLink, record
from accounts.models import User
from accounts.permissions import demand
from subsidies.enums import RunAction, RunState
from subsidies.locks import locked_ledger
from subsidies.models import LedgerParameters, SubsidyRun
from subsidies.refusals import ReasonMissing, RunChanged, RunRefused
from subsidies.revisions.parties import barred_party
from subsidies.steps import enter
from subsidies.workflow import RUN_STATES, RUN_TRANSITIONS, Party, Transition, times_of, transition

_BARRED = {
    Party.MAKER: "您核算或送审过这次核算,不能{action};请由另一名人员办理。",
    Party.EDITOR: "您录入或修改过其中的人员信息,不能{action};请由另一名人员办理。",
}


@dataclass(frozen=True, slots=True)
class Effect:
    """What a step did besides moving the state: what its event tells, and its place in the chain if it sealed."""

    after: Mapping[str, Any]
    chain: ChainLink | None = None


@transaction.atomic
def take_step(
    *,
    run: SubsidyRun,
    action: RunAction,
    actor: User | None,
    now: datetime,
    effect: Callable[[SubsidyRun, LedgerParameters], Effect],
    expected: int | None = None,
    seen: str = "",
    reason: str = "",
) -> SubsidyRun:
    """Take `action` with the run as it is stored now; all of it or nothing.

    `expected` is the number of the revision and `seen` the state that the person saw: whoever returns what waits for
    approval does not thereby return what was approved a moment ago. `effect` checks its own guards and does the work;
    the state moves after it. Raises PermissionDenied, RunBusy, RunChanged, ReasonMissing, RunRefused.
    """
    parameters = locked_ledger()
    run = SubsidyRun.objects.select_related("current_revision", "county").get(pk=run.pk)
    step = checked_step(run, action, actor)
    revision = run.current_revision
    if expected is not None and (revision is None or revision.number != expected):
        shown = revision.number if revision else 0
        raise RunChanged(
            f"您看到的是{run}第 {expected} 版,现在是第 {shown} 版,金额可能已经不同,请核对新的一版再办理。"
        )
    if seen and seen != run.state:
        raise RunChanged(f"您看到时{run}是“{RunState(seen).label}”,现在是“{run.state_label}”,请核对后再办理。")
    if step.needs_reason and not reason.strip():
        raise ReasonMissing(f"{action.label}须写明原因。")
    if actor is not None:
        party = barred_party(actor, run, step.barred)
        if party is not None:
            raise RunRefused(_BARRED[party].format(action=action.label))
    done = effect(run, parameters)
    move(run, RunState(step.target), now)
    record(actor=actor, action=action.value, subject=run, after=done.after, reason=reason.strip(), chain=done.chain)
    return run


def checked_step(run: SubsidyRun, action: RunAction, actor: User | None) -> Transition:
    """The row of the table for this step; PermissionDenied for the wrong role, RunRefused for the wrong state."""
    step = transition(RUN_TRANSITIONS, action, run.state)
    if step is None:
        for row in RUN_TRANSITIONS:
            if row.action is action:
                demand(actor, row.permission)
                break
        raise RunRefused(f"{run}现在是“{run.state_label}”,不能{action.label}。请刷新页面,看看是谁办理过。")
    demand(actor, step.permission)
    return step


def move(run: SubsidyRun, state: RunState, now: datetime) -> None:
    """Set the state with its times, and save them."""
    enter(run, RUN_STATES, state, now)
    run.save(update_fields=["state", *times_of(RUN_STATES)])
