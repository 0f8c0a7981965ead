"""How runs stand is what was sealed of them."""

from collections.abc import Iterator

from subsidies.enums import RunAction, RunState
from subsidies.models import Seal, SubsidyRun
from subsidies.verification.breaks import Break


def runs_are_sealed(seals: list[Seal]) -> Iterator[Break]:
    """The last seal of a run's revision says how the run stands."""
    last = {seal.revision_id: seal.action for seal in seals}
    wanted = {
        RunState.APPROVED: RunAction.APPROVE,
        RunState.VOIDED: RunAction.VOID,
        RunState.RETURNED: RunAction.RETURN,
    }
    for run in SubsidyRun.objects.order_by("month", "number"):
        action = wanted.get(RunState(run.state))
        if action is not None and last.get(run.current_revision_id or 0) != action:
            yield Break("seal", "subsidies_subsidyrun", run.pk, f"{run}的状态是“{run.state_label}”,封存链上没有这一步")
        if action is None and last.get(run.current_revision_id or 0) == RunAction.APPROVE:
            yield Break("seal", "subsidies_subsidyrun", run.pk, f"{run}已封存为审批,状态却是“{run.state_label}”")
