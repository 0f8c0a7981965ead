"""How runs stand is what was sealed of them."""

from collections.abc import Iterator, Mapping

from accounts.breaks import Break
from foundation.labels import Labelled
from subsidies.enums import RunAction, RunState
from subsidies.models import LedgerParameters, SubsidyRun
from subsidies.revisions.sealed import RevisionSeal
from subsidies.revisions.stored import moment_as_text
from subsidies.workflow import APPROVED_STATES, RUN_STATES, RUN_TRANSITIONS, UNAPPROVED_STATES, state_row

# The step whose seal a state needs, and the state that a seal keeps its revision in until the next one.
_SEALED_BY: Mapping[str, Labelled] = {row.target: row.action for row in RUN_TRANSITIONS if row.is_sealed}
_KEPT_IN: Mapping[str, Labelled] = {
    row.action: row.target for row in RUN_TRANSITIONS if row.is_sealed and row.target not in UNAPPROVED_STATES
}


def runs_are_sealed(seals: list[RevisionSeal]) -> Iterator[Break]:
    """The last seal of a run's revision says how the run stands, and no approved or voided revision was left."""
    last = {seal.revision.pk: seal for seal in seals}
    runs = {run.pk: run for run in SubsidyRun.objects.order_by("month", "number")}
    for run in runs.values():
        row = state_row(RUN_STATES, run.state)
        if row is None:
            yield _wrong(run, f"{run}的状态“{run.state}”不存在")
            continue
        action = _SEALED_BY.get(run.state)
        seal = last.get(run.current_revision_id or 0)
        if action is None:
            continue
        if seal is None or seal.link.action != action:
            yield _wrong(run, f"{run}的状态是“{run.state_label}”,封存链上没有这一步")
        elif getattr(run, row.reached) != seal.link.sealed_at:
            yield _wrong(run, f"{run}{action.label}的时间与第 {seal.link.sequence} 号封存的时间不符")
        elif not isinstance(seal.link.step, dict) or seal.link.step.get("sent_at") != moment_as_text(run.sent_at):
            yield _wrong(run, f"{run}送审的时间与第 {seal.link.sequence} 号封存的不符")
    for seal in last.values():
        kept_in = _KEPT_IN.get(seal.link.action)
        run = runs[seal.revision.run_id]
        if kept_in is None or (run.state == kept_in and run.current_revision_id == seal.revision.pk):
            continue
        what = f"第 {seal.link.sequence} 号封存的{seal.revision}是“{kept_in.label}”"
        if run.current_revision_id == seal.revision.pk:
            yield _wrong(run, f"{what},{run}的状态却是“{_label(run)}”")
        else:
            yield _wrong(run, f"{what},没有退回,现在却不是{run}的当前版次")


def returns_of_voided_runs(seals: list[RevisionSeal]) -> Iterator[Break]:
    """A run that was voided when it had been returned keeps the time of that seal."""
    returned = {(seal.revision.pk, seal.link.sealed_at) for seal in seals if seal.link.action == RunAction.RETURN}
    for run in SubsidyRun.objects.filter(state=RunState.VOIDED, returned_at__isnull=False).order_by("pk"):
        if (run.current_revision_id, run.returned_at) not in returned:
            yield _wrong(run, f"{run}退回的时间与封存的时间不符")


def ledger_begins_with_an_approval(seals: list[RevisionSeal]) -> Iterator[Break]:
    """The first month of the ledger is one that was approved, and no approved month lies before it."""
    months = {seal.revision.run.month for seal in seals if seal.link.action == RunAction.APPROVE}
    for parameters in LedgerParameters.objects.order_by("pk"):
        approved = SubsidyRun.objects.filter(county=parameters.county_id, state__in=APPROVED_STATES)
        first, earliest = parameters.first_month, approved.order_by("month").values_list("month", flat=True).first()
        if first is None and earliest is None:
            continue
        if first is None or first not in months or (earliest is not None and earliest < first):
            what = f"{first:%Y-%m}" if first else "未定"
            sentence = f"账目起始月({what})不是最早审批的月份"
            yield Break("seal", "subsidies_ledgerparameters", parameters.pk, sentence)


def _label(run: SubsidyRun) -> str:
    return dict(RunState.choices()).get(run.state, run.state)


def _wrong(run: SubsidyRun, sentence: str) -> Break:
    return Break("seal", "subsidies_subsidyrun", run.pk, sentence)
