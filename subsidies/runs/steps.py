"""A step of a run from its lock to its event: `begun_step`, the work, `move`, then `told` or `sealed`."""

from dataclasses import dataclass
from datetime import datetime

from accounts.audit import ChainLink, record
from accounts.chain import chain_link
from accounts.models import User
from subsidies.enums import RunAction, RunState
from subsidies.events import RUN_STEPS
from subsidies.locks import locked_ledger
from subsidies.models import LedgerParameters, Revision, SubsidyRun
from subsidies.refusals import ReasonMissing, RunChanged, RunRefused
from subsidies.revisions.parties import barred_party
from subsidies.revisions.sealing import seal
from subsidies.revisions.stored import StoredRevision
from subsidies.steps import Seen, allowed_step, enter
from subsidies.workflow import RUN_STATES, RUN_TRANSITIONS, Party, Transition, times_of

_BARRED = {
    Party.MAKER: "您核算或送审过这次核算,不能{action};请由另一名人员办理。",
    Party.EDITOR: "您录入或修改过其中的人员信息,不能{action};请由另一名人员办理。",
}


@dataclass(frozen=True, slots=True)
class BegunStep:
    """A step that this person may take with the run as it is stored now, under the ledger's lock."""

    action: RunAction
    run: SubsidyRun
    revision: Revision
    parameters: LedgerParameters
    target: str
    actor: User | None
    now: datetime
    reason: str


def begun_step(
    action: RunAction, *, run: SubsidyRun, actor: User | None, now: datetime, seen: Seen, reason: str = ""
) -> BegunStep:
    """Lock the ledger to the end of the caller's transaction, read the run anew, and ask all that the table asks.

    Raises PermissionDenied, RunBusy, RunChanged, ReasonMissing, RunRefused.
    """
    parameters = locked_ledger()
    run = SubsidyRun.objects.select_related("current_revision", "county").get(pk=run.pk)
    step = checked_step(run, action, actor)
    revision = run.current_revision
    shown = revision.number if revision else 0
    if seen.number not in (None, shown):
        raise RunChanged(
            f"您看到的是{run}第 {seen.number} 版,现在是第 {shown} 版,金额可能已经不同,请核对新的一版再办理。"
        )
    if seen.state not in ("", run.state):
        label = RunState(seen.state).label
        raise RunChanged(f"您看到时{run}是“{label}”,现在是“{run.state_label}”,请核对后再办理。")
    if step.needs_reason and not reason.strip():
        raise ReasonMissing(f"{action.label}须写明原因。")
    if actor is not None:
        party = barred_party(actor, run, step.barred)
        if party is not None:
            raise RunRefused(_BARRED[party].format(action=action.label))
    if revision is None:
        raise RunRefused(f"{run}还没有核算。")
    return BegunStep(action, run, revision, parameters, step.target, actor, now, reason.strip())


def checked_step(run: SubsidyRun, action: RunAction, actor: User | None) -> Transition:
    """The row of the table for this step; PermissionDenied for the wrong role, RunRefused for the wrong state."""
    step = allowed_step(RUN_TRANSITIONS, action, run.state, actor)
    if step is None:
        raise RunRefused(f"{run}现在是“{run.state_label}”,不能{action.label}。请刷新页面,看看是谁办理过。")
    return step


def move(run: SubsidyRun, state: str, now: datetime) -> None:
    """Set the state with its times, and save them."""
    enter(run, RUN_STATES, state, now)
    run.save(update_fields=["state", *times_of(RUN_STATES)])


def told(step: BegunStep) -> None:
    """The event of a step that seals nothing."""
    _record(step, None)


def sealed(step: BegunStep, stored: StoredRevision) -> None:
    """Seal the revision as it is stored; the event bears the link of the chain."""
    link = seal(
        stored=stored,
        action=step.action,
        actor=step.actor,
        now=step.now,
        reports_required=step.parameters.reports_required,
        reason=step.reason,
    )
    _record(step, chain_link(link))


def _record(step: BegunStep, link: ChainLink | None) -> None:
    record(
        actor=step.actor,
        event=RUN_STEPS[step.action],
        subject=step.run,
        after=figures(step.revision),
        reason=step.reason,
        chain=link,
    )


def figures(revision: Revision) -> dict[str, object]:
    """What every event of a run tells of its figures."""
    return {"revision": revision.number, "total": str(revision.total), "digest": revision.digest}
