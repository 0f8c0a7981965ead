"""What may be done with a run now, drawn from the table of states: by whom, and why not by others."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.enums import Role
from accounts.events import saying
from accounts.models import AuditEvent, User
from accounts.permissions import Permission, allowed, may
from foundation.dates import Month
from subsidies.enums import RunAction, RunState
from subsidies.events import SubsidyEvent
from subsidies.known_runs import KnownRuns
from subsidies.models import SubsidyRun
from subsidies.revisions.parties import barred_party
from subsidies.workflow import RUN_TRANSITIONS, Transition, open_from

_SAID_OF = {
    RunState.CALCULATED: "已核算,还没有送审;数据有更正时可重新核算。",
    RunState.IN_REVIEW: "已送审,等待县局审核人员审批。",
    RunState.APPROVED: "已审批,金额不再改动;以后发现的差错在下一次核算中补发或扣回。",
    RunState.RETURNED: "已退回,更正后请重新核算、送审。",
    RunState.VOIDED: "已作废。",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One step from the run's state; `refusal` says why this user may not take it, empty where the user may.

    `is_barred`: the role may, but this person had a hand in what is decided.
    """

    action: RunAction
    label: str
    needs_reason: bool
    refusal: str
    is_barred: bool

    @property
    def is_open(self) -> bool:
        return not self.refusal


@dataclass(frozen=True, slots=True)
class NextStep:
    """The steps of a run for one user, in one sentence and as offers; `opens` is the month to calculate next."""

    sentence: str
    offers: Sequence[Offer]
    opens: Month | None = None
    may_supplement: bool = False

    @property
    def open_offers(self) -> list[Offer]:
        return [offer for offer in self.offers if offer.is_open]

    def may_take(self, action: RunAction) -> bool:
        return any(offer.action is action for offer in self.open_offers)

    @property
    def may_approve(self) -> bool:
        return self.may_take(RunAction.APPROVE)

    @property
    def may_recalculate(self) -> bool:
        return self.may_take(RunAction.CALCULATE)


def next_step(run: SubsidyRun, user: User, runs: KnownRuns) -> NextStep:
    """`runs` have at least the latest approved one and the one that waits."""
    offers = [_offer(run, user, step) for step in open_from(RUN_TRANSITIONS, run.state)]
    sentence = _SAID_OF[RunState(run.state)]
    latest, waiting = runs.latest_approved, runs.unapproved
    if run.is_approved:
        later = latest if latest is not None and latest.pk != run.pk else waiting
        if later is not None:
            if any(offer.is_open for offer in offers if offer.action is RunAction.RETURN):
                sentence += _held_by(later)
            offers = [offer for offer in offers if offer.action is not RunAction.RETURN]
        if may(user, Permission.CALCULATE_MONTH) and latest is not None and latest.pk == run.pk:
            if waiting is None:
                return NextStep(sentence, offers, opens=run.period + 1, may_supplement=True)
            sentence += f"{waiting}{waiting.state_label},还没有审批。"
        return NextStep(sentence, offers)
    barred = [offer.refusal for offer in offers if offer.is_barred]
    refusals = barred or [offer.refusal for offer in offers if offer.refusal]
    if refusals and (barred or not any(offer.is_open for offer in offers)):
        sentence += refusals[0]
    return NextStep(sentence, offers)


def last_return(run: SubsidyRun) -> AuditEvent | None:
    """Who gave the run back last and why; None where it is not returned."""
    if run.state != RunState.RETURNED:
        return None
    events = AuditEvent.objects.filter(saying(SubsidyEvent.RETURN), subject_id=run.pk, result="done")
    return events.order_by("pk").last()


def _offer(run: SubsidyRun, user: User, step: Transition) -> Offer:
    action = RunAction(step.action)
    label = _label(action, run)
    if not may(user, step.permission):
        who = "、".join(role.label for role in Role if role in allowed(step.permission))
        return Offer(action, label, step.needs_reason, f"{action.label}由{who}办理。", is_barred=False)
    party = barred_party(user, run, step.barred)
    refusal = f"您是{party.label},不能{action.label};请由另一名人员办理。" if party else ""
    return Offer(action, label, step.needs_reason, refusal, is_barred=party is not None)


def _held_by(later: SubsidyRun) -> str:
    """Why an approval that a later run builds on is not taken back."""
    if later.is_approved:
        return f"{later}在它之后已经审批,不能撤回;差错在下一次核算中补发或扣回。"
    return f"{later}已在它之后核算,撤回审批以前请先作废{later}。"


def _label(action: RunAction, run: SubsidyRun) -> str:
    if action is RunAction.CALCULATE:
        return "重新核算"
    if action is RunAction.RETURN and run.is_approved:
        return "撤回审批"
    return action.label
