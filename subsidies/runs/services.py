"""The steps of a run: calculate, send, approve, return, void. Each is one transaction and one event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from accounts.permissions import demand
from foundation.collector import without_cycle_search
from foundation.dates import Month
from subsidies.calculation.calculated import CalculatedMonth, calculated_run
from subsidies.calculation.windows import demand_nothing_settled_by_hand
from subsidies.enums import RunAction, RunState
from subsidies.known_runs import (
    approved_runs,
    is_supplementary,
    latest_approved_run,
    ledger_first_month,
    unapproved_run,
)
from subsidies.locks import locked_ledger, locked_townships
from subsidies.models import KeptStaffing, LedgerParameters, Revision, SubsidyRun
from subsidies.policy.in_force import funding_of_month, standards_in_force
from subsidies.refusals import RunChanged, RunRefused
from subsidies.revisions import invariants
from subsidies.revisions.comparison import differing_lines, stored_otherwise
from subsidies.revisions.kept_staffing import staffing_of_calculated
from subsidies.revisions.revision_rows import line_rows
from subsidies.revisions.revisions import digest_of, forget_lines, write_revision
from subsidies.revisions.sealing import chain_link, seal
from subsidies.revisions.stored import StoredRevision, stored_revision
from subsidies.runs.readiness import what_stands_against_sending
from subsidies.runs.steps import Effect, checked_step, move, take_step
from subsidies.workflow import RUN_TRANSITIONS, transition


@dataclass(frozen=True, slots=True)
class Calculated:
    """What `calculate` made: the run, its current revision, and whether that is a new one."""

    run: SubsidyRun
    revision: Revision
    month: CalculatedMonth
    is_new: bool


@transaction.atomic
def calculate(*, month: Month, actor: User | None, expected: int | None = None) -> Calculated:
    """Calculate the run of `month` that is open, or open the next one; the same result writes nothing.

    `expected` is the number of the revision that the person saw, 0 for none. Raises PermissionDenied,
    MissingParameter, RunBusy, RunChanged, and RunRefused when another month comes first or nobody has reported.
    """
    opening = transition(RUN_TRANSITIONS, RunAction.CALCULATE, None)
    if opening is not None:
        demand(actor, opening.permission)
    parameters = locked_ledger()
    run = _open_run(month, parameters)
    current = run.current_revision
    if expected is not None and expected != (current.number if current else 0):
        raise RunChanged(f"{run}刚刚被别人重新核算过,请刷新页面,核对新的结果。")
    if run.pk is not None:
        checked_step(run, RunAction.CALCULATE, actor)
    calculated = _calculated(run, parameters)
    if not calculated.townships:
        raise RunRefused("还没有镇乡(街道),请先导入区划。")
    if not any(township.is_settled_anew for township in calculated.townships) and not is_supplementary(run):
        raise RunRefused(f"还没有一个镇乡(街道)的月报审核通过,不能核算;请先审核{month.label}的月报。")
    digest = digest_of(calculated)
    kept = current if current is not None and _is_kept(current, digest, calculated) else None
    if kept is not None and run.state == RunState.CALCULATED:
        return Calculated(run, kept, calculated, is_new=False)
    if run.pk is None:
        run.save()
    elif run.state == RunState.RETURNED:
        move(run, RunState.CALCULATED, timezone.now())
    if kept is not None:
        revision = kept
    else:
        revision = write_revision(
            run,
            calculated,
            number=current.number + 1 if current else 1,
            digest=digest,
            calculated_by_id=actor.pk if actor else None,
        )
        run.current_revision = revision
        run.save(update_fields=["current_revision"])
        if current is not None and current.sent_at is None:
            forget_lines(current)
    record(actor=actor, action=RunAction.CALCULATE.value, subject=run, after=_figures(revision))
    return Calculated(run, revision, calculated, is_new=revision is not current)


def send(
    *, run: SubsidyRun, actor: User | None, now: datetime, expected: int | None = None, seen: str = ""
) -> SubsidyRun:
    """Hand a calculated run to the approver; its revision keeps its lines from now on."""

    def effect(run: SubsidyRun, parameters: LedgerParameters) -> Effect:
        revision = _revision(run)
        against = what_stands_against_sending(
            run,
            reports_required=parameters.reports_required,
            explained=parameters.reports_required or actor is not None,
        )
        if against:
            raise RunRefused("还不能送审:" + ";".join(against) + "。")
        if revision.sent_at is None:
            revision.sent_at = now
            revision.save(update_fields=["sent_at"])
        return Effect(_figures(revision))

    return take_step(run=run, action=RunAction.SEND, actor=actor, now=now, expected=expected, seen=seen, effect=effect)


def approve(
    *, run: SubsidyRun, actor: User | None, now: datetime, expected: int | None = None, seen: str = ""
) -> SubsidyRun:
    """Approve the current revision of a run, if the facts still give the same figures, and seal it.

    Raises RunChanged with the lines that differ; RunRefused: maker or editor, no valid fund source, an invariant
    broken.
    """

    @without_cycle_search()
    def effect(run: SubsidyRun, parameters: LedgerParameters) -> Effect:
        if parameters.reports_required and actor is None:
            raise RunRefused("本县已启用镇街月报,审批须由县局审核人员登录办理。")
        revision = _revision(run)
        locked_townships(revision.allocations.filter(settled_until__isnull=False).values("township"))
        stored = stored_revision(revision)
        if stored.staffing:
            raise RunRefused(f"{run}还没有审批,配备情况却已经存着,不能审批。请退回重新核算,并告诉管理服务器的人。")
        _demand_valid_funding(run.period)
        calculated = _calculated(run, parameters)
        if parameters.reports_required:
            against = what_stands_against_sending(run, reports_required=True, explained=True, calculated=calculated)
            if against:
                raise RunRefused(f"{run}送审以后又有变动,请退回:" + ";".join(against) + "。")
        _demand_unchanged(stored, calculated)
        if parameters.first_month is None:
            parameters.first_month = run.month
            parameters.save(update_fields=["first_month"])
        run.state = RunState.APPROVED.value
        run.approved_at = now
        KeptStaffing.objects.create(revision=revision, rows=staffing_of_calculated(calculated))
        stored = stored.with_staffing()
        broken = invariants.broken_in(run, stored)
        if broken:
            raise RunRefused("核算结果没有通过核验,未审批:" + ";".join(broken))
        return _sealed(stored, RunAction.APPROVE, parameters, actor=actor, now=now)

    return take_step(
        run=run, action=RunAction.APPROVE, actor=actor, now=now, expected=expected, seen=seen, effect=effect
    )


def send_back(
    *, run: SubsidyRun, actor: User | None, reason: str, now: datetime, expected: int | None = None, seen: str = ""
) -> SubsidyRun:
    """Return a run in review, or an approved one while no later run builds on it."""

    def effect(run: SubsidyRun, parameters: LedgerParameters) -> Effect:
        revision = _revision(run)
        if run.is_approved:
            _demand_nothing_builds_on(run)
            if not approved_runs().exclude(pk=run.pk).exists():
                # The next approval fixes it anew.
                parameters.first_month = None
                parameters.save(update_fields=["first_month"])
        return _sealed(stored_revision(revision), RunAction.RETURN, parameters, actor=actor, now=now, reason=reason)

    return take_step(
        run=run,
        action=RunAction.RETURN,
        actor=actor,
        now=now,
        expected=expected,
        seen=seen,
        reason=reason,
        effect=effect,
    )


def void(
    *, run: SubsidyRun, actor: User | None, reason: str, now: datetime, expected: int | None = None, seen: str = ""
) -> SubsidyRun:
    """Give a run up that is not approved; its number is not used again."""

    def effect(run: SubsidyRun, parameters: LedgerParameters) -> Effect:
        revision = _revision(run)
        if revision.sent_at is None:
            revision.sent_at = now
            revision.save(update_fields=["sent_at"])
        return _sealed(stored_revision(revision), RunAction.VOID, parameters, actor=actor, now=now, reason=reason)

    return take_step(
        run=run,
        action=RunAction.VOID,
        actor=actor,
        now=now,
        expected=expected,
        seen=seen,
        reason=reason,
        effect=effect,
    )


# The steps of a calculated run by their action: what buttons and API call.
STEPS: Mapping[RunAction, Callable[..., SubsidyRun]] = {
    RunAction.SEND: send,
    RunAction.APPROVE: approve,
    RunAction.RETURN: send_back,
    RunAction.VOID: void,
}
WITH_REASON = frozenset({RunAction.RETURN, RunAction.VOID})


def _calculated(run: SubsidyRun, parameters: LedgerParameters) -> CalculatedMonth:
    return calculated_run(
        run.period,
        first_month=ledger_first_month(parameters),
        retro_months=run.retro_months,
        reports_required=parameters.reports_required,
    )


def _demand_unchanged(stored: StoredRevision, calculated: CalculatedMonth) -> None:
    """The facts still give the same figures, and they are stored as they were written."""
    revision = stored.revision
    lines = list(line_rows(calculated))
    if digest_of(calculated, lines) != revision.digest:
        differing = differing_lines(stored, calculated)
        raise RunChanged(f"{revision.run}核算之后数据有变化,请退回重新核算后再审批。{differing}")
    otherwise = stored_otherwise(stored, calculated, lines)
    if otherwise:
        raise RunRefused(
            f"{revision.run}存储的内容与核算写入的不同({otherwise}),不能审批。请退回重新核算,并告诉管理服务器的人。"
        )


def _is_kept(current: Revision, digest: str, calculated: CalculatedMonth) -> bool:
    """Whether the result is the stored one, row by row. What was approved once is not approved again: it is written
    anew, so that no sheet issued from it comes back; likewise what has the staffing that only an approval keeps."""
    if current.digest != digest or current.was_approved or KeptStaffing.objects.filter(revision=current).exists():
        return False
    return not stored_otherwise(stored_revision(current), calculated)


def _revision(run: SubsidyRun) -> Revision:
    if run.current_revision is None:
        raise RunRefused(f"{run}还没有核算。")
    return run.current_revision


def _sealed(
    stored: StoredRevision,
    action: RunAction,
    parameters: LedgerParameters,
    *,
    actor: User | None,
    now: datetime,
    reason: str = "",
) -> Effect:
    """The effect of a step that seals the revision as it is stored."""
    link = seal(
        stored=stored,
        action=action,
        actor=actor,
        now=now,
        reports_required=parameters.reports_required,
        reason=reason,
    )
    return Effect(_figures(stored.revision), chain_link(link))


def _figures(revision: Revision) -> dict[str, object]:
    """What every event of a run tells of its figures."""
    return {"revision": revision.number, "total": str(revision.total), "digest": revision.digest}


def _open_run(month: Month, parameters: LedgerParameters) -> SubsidyRun:
    """The unapproved run of `month`, or the next one, not yet saved."""
    unapproved = unapproved_run()
    if unapproved is not None:
        if unapproved.period != month:
            raise RunRefused(f"{unapproved}还没有审批,请先审批或作废,再核算其他月份。")
        return unapproved
    latest = latest_approved_run()
    if latest is not None:
        if month < latest.period:
            raise RunRefused(f"{latest.period.label}已经审批,更早的月份不能再核算;差额会在下一次核算中补发或扣回。")
        if month > latest.period + 1:
            raise RunRefused(f"请按月份顺序核算:{(latest.period + 1).label}还没有核算。")
    if latest is not None and parameters.retro_months > latest.retro_months:
        # A window that was not lengthened reaches no month that lay beyond the one before it.
        demand_nothing_settled_by_hand(month, parameters.retro_months, latest=latest)
    last = SubsidyRun.objects.filter(county=parameters.county_id, month=month.first).order_by("number").last()
    return SubsidyRun(
        county_id=parameters.county_id,
        month=month.first,
        number=last.number + 1 if last else 1,
        retro_months=parameters.retro_months,
    )


def _demand_nothing_builds_on(run: SubsidyRun) -> None:
    latest = latest_approved_run()
    if latest is not None and latest.pk != run.pk:
        raise RunRefused(f"{latest}在它之后已经审批,{run}不能退回;差错在下一次核算中补发或扣回。")
    waiting = unapproved_run()
    if waiting is not None:
        raise RunRefused(f"{waiting}已在它之后核算,请先作废{waiting},再退回{run}。")


def _demand_valid_funding(month: Month) -> None:
    """Every position needs a fund source that is valid on the first of the month (二.1)."""
    expired = sorted(
        {
            row.source.name
            for row in funding_of_month(month, standards_in_force()).values()
            if not row.source.is_valid_on(month.first)
        }
    )
    if expired:
        raise RunRefused(f"资金来源「{'、'.join(expired)}」在{month.label} 1 日已过有效期,不能审批;请先更新资金来源。")
