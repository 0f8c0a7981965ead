"""How runs stand is what was sealed of them."""

from collections.abc import Iterator, Mapping

from subsidies.enums import RunAction, RunState
from subsidies.models import Seal, SubsidyRun
from subsidies.verification.breaks import Break

# The seal that a state needs, and the state that a seal keeps its revision in until the next one.
_SEALED_BY: Mapping[str, RunAction] = {
    RunState.APPROVED: RunAction.APPROVE,
    RunState.VOIDED: RunAction.VOID,
    RunState.RETURNED: RunAction.RETURN,
}
_KEPT_IN: Mapping[str, RunState] = {RunAction.APPROVE: RunState.APPROVED, RunAction.VOID: RunState.VOIDED}


def runs_are_sealed(seals: list[Seal]) -> Iterator[Break]:
    """The last seal of a run's revision says how the run stands, and no approved or voided revision was left."""
    last = {seal.revision_id: seal for seal in seals}
    runs = {run.pk: run for run in SubsidyRun.objects.order_by("month", "number")}
    for run in runs.values():
        if run.state not in list(RunState):
            yield _wrong(run, f"{run}的状态“{run.state}”不存在")
            continue
        action = _SEALED_BY.get(run.state)
        seal = last.get(run.current_revision_id or 0)
        if action is not None and (seal is None or seal.action != action):
            yield _wrong(run, f"{run}的状态是“{run.state_label}”,封存链上没有这一步")
    for seal in last.values():
        kept_in = _KEPT_IN.get(seal.action)
        run = runs[seal.revision.run_id]
        if kept_in is None or (run.state == kept_in and run.current_revision_id == seal.revision_id):
            continue
        what = f"第 {seal.sequence} 号封存的{seal.revision}是“{kept_in.label}”"
        if run.current_revision_id == seal.revision_id:
            yield _wrong(run, f"{what},{run}的状态却是“{_label(run)}”")
        else:
            yield _wrong(run, f"{what},没有退回,现在却不是{run}的当前版次")


def _label(run: SubsidyRun) -> str:
    return dict(RunState.choices()).get(run.state, run.state)


def _wrong(run: SubsidyRun, sentence: str) -> Break:
    return Break("seal", "subsidies_subsidyrun", run.pk, sentence)
