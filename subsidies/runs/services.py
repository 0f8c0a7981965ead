"""The steps of a run: calculate, send, approve, return, void. Each is one transaction and one event."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from foundation.collector import without_cycle_search
from foundation.dates import Month
from subsidies.calculation.calculated import CalculatedMonth, calculated_run
from subsidies.calculation.funding import expired_sources
from subsidies.calculation.parameters import demand_as_set
from subsidies.calculation.windows import demand_nothing_settled_twice
from subsidies.enums import RunAction, RunState
from subsidies.events import SubsidyEvent
from subsidies.known_runs import (
    has_approved_run,
    is_supplementary,
    latest_approved_run,
    ledger_first_month,
    unapproved_run,
)
from subsidies.locks import locked_ledger, locked_townships
from subsidies.models import KeptStaffing, LedgerParameters, Revision, SubsidyRun
from subsidies.posts.known_county import known_of_month
from subsidies.posts.month_facts import month_facts
from subsidies.refusals import RunChanged, RunRefused
from subsidies.revisions import invariants
from subsidies.revisions.comparison import differing_lines, stored_otherwise
from subsidies.revisions.formats import method_of
from subsidies.revisions.kept_staffing import staffing_of_calculated
from subsidies.revisions.revision_rows import line_rows
from subsidies.revisions.revisions import digest_of, forget_lines, write_revision
from subsidies.revisions.stored import StoredRevision, stored_revision
from subsidies.rules.methods import CURRENT_METHOD
from subsidies.runs.readiness import (
    OF_REPORTS,
    OF_THE_MONTH,
    county_calculated,
    county_read,
    differences_without_reason,
    findings_without_reason,
    reports_newly_settled,
    reports_not_standing,
)
from subsidies.runs.steps import BegunStep, begun_step, checked_step, figures, move, sealed, told
from subsidies.steps import UNSEEN, Seen, allowed_step
from subsidies.workflow import RUN_TRANSITIONS


@dataclass(frozen=True, slots=True)
class Calculated:
    """What `calculate` made: the run, its current revision, and whether that is a new one."""

    run: SubsidyRun
    revision: Revision
    month: CalculatedMonth
    is_new: bool


@transaction.atomic
def calculate(*, month: Month, actor: User | None, seen: Seen = UNSEEN) -> Calculated:
    """Calculate the run of `month` that is open, or open the next one; the same result writes nothing.

    Raises PermissionDenied,
    MissingParameter, RunBusy, RunChanged, and RunRefused when another month comes first or nobody has reported.
    """
    allowed_step(RUN_TRANSITIONS, RunAction.CALCULATE, None, actor)
    parameters = locked_ledger()
    run = _open_run(month, parameters)
    current = run.current_revision
    if seen.number not in (None, current.number if current else 0):
        raise RunChanged(f"{run}刚刚被别人重新核算过,请刷新页面,核对新的结果。")
    if run.pk is not None:
        checked_step(run, RunAction.CALCULATE, actor)
    calculated = _calculated(run, parameters)
    demand_nothing_settled_twice(calculated)
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
    record(actor=actor, event=SubsidyEvent.CALCULATE, subject=run, after=figures(revision))
    return Calculated(run, revision, calculated, is_new=revision is not current)


@transaction.atomic
def send(*, run: SubsidyRun, actor: User | None, now: datetime, seen: Seen = UNSEEN) -> SubsidyRun:
    """Hand a calculated run to the approver; its revision keeps its lines from now on.

    Raises what `begun_step` raises, and RunRefused with what stands against it.
    """
    step = begun_step(RunAction.SEND, run=run, actor=actor, now=now, seen=seen)
    against = list(_against_sending(step))
    if against:
        raise RunRefused("还不能送审:" + ";".join(against) + "。")
    _keep_lines(step)
    move(step.run, step.target, now)
    told(step)
    return step.run


@transaction.atomic
@without_cycle_search()
def approve(*, run: SubsidyRun, actor: User | None, now: datetime, seen: Seen = UNSEEN) -> SubsidyRun:
    """Approve the current revision of a run, if the facts still give the same figures, and seal it.

    Raises what `begun_step` raises; RunChanged with the lines that differ; RunRefused: maker or editor, no valid fund
    source, an invariant broken.
    """
    step = begun_step(RunAction.APPROVE, run=run, actor=actor, now=now, seen=seen)
    run, revision, parameters = step.run, step.revision, step.parameters
    demand_as_set(parameters)
    if parameters.reports_required and actor is None:
        raise RunRefused("本县已启用镇街月报,审批须由县局审核人员登录办理。")
    locked_townships(revision.allocations.filter(settled_until__isnull=False).values("township"))
    stored = stored_revision(revision)
    if stored.staffing:
        raise RunRefused(f"{run}还没有审批,配备情况却已经存着,不能审批。请退回重新核算,并告诉管理服务器的人。")
    calculated = _calculated(run, parameters)
    _demand_valid_funding(calculated)
    if parameters.reports_required:
        settled = reports_newly_settled(revision)
        known = county_calculated(calculated, settled)
        against = [
            *reports_not_standing(settled, known, today=timezone.localdate(now)),
            *findings_without_reason(revision, calculated.facts_of_month, checks=OF_THE_MONTH),
            *differences_without_reason(revision),
        ]
        if against:
            raise RunRefused(f"{run}送审以后又有变动,请退回:" + ";".join(against) + "。")
    _demand_unchanged(stored, calculated)
    move(run, step.target, now)
    if parameters.first_month is None:
        _set_first_month(parameters, run.month)
    KeptStaffing.objects.create(revision=revision, rows=staffing_of_calculated(calculated))
    stored = stored.with_staffing()
    broken = invariants.broken_in(run, stored)
    if broken:
        raise RunRefused("核算结果没有通过核验,未审批:" + ";".join(broken))
    sealed(step, stored)
    return run


@transaction.atomic
def send_back(*, run: SubsidyRun, actor: User | None, reason: str, now: datetime, seen: Seen = UNSEEN) -> SubsidyRun:
    """Return a run in review, or an approved one while no later run builds on it.

    Raises what `begun_step` raises, and RunRefused where one does.
    """
    step = begun_step(RunAction.RETURN, run=run, actor=actor, now=now, seen=seen, reason=reason)
    if step.run.is_approved:
        _demand_nothing_builds_on(step.run)
    return _taken_back(step)


@transaction.atomic
def void(*, run: SubsidyRun, actor: User | None, reason: str, now: datetime, seen: Seen = UNSEEN) -> SubsidyRun:
    """Give a run up that is not approved; its number is not used again. Raises what `begun_step` raises."""
    return _taken_back(begun_step(RunAction.VOID, run=run, actor=actor, now=now, seen=seen, reason=reason))


# The steps of a calculated run: what buttons and API offer.
STEPS = (RunAction.SEND, RunAction.APPROVE, RunAction.RETURN, RunAction.VOID)


def take_step(
    action: RunAction, *, run: SubsidyRun, actor: User | None, now: datetime, seen: Seen, reason: str
) -> SubsidyRun:
    """The one of STEPS that `action` names; the `reason` counts where the table asks for one."""
    match action:
        case RunAction.SEND:
            return send(run=run, actor=actor, now=now, seen=seen)
        case RunAction.APPROVE:
            return approve(run=run, actor=actor, now=now, seen=seen)
        case RunAction.RETURN:
            return send_back(run=run, actor=actor, reason=reason, now=now, seen=seen)
        case RunAction.VOID:
            return void(run=run, actor=actor, reason=reason, now=now, seen=seen)
    raise ValueError(f"no step of a calculated run: {action}")


def _against_sending(step: BegunStep) -> Iterator[str]:
    """Findings are to be explained everywhere but for commands of a county without reports."""
    month, revision = step.run.period, step.revision
    if step.parameters.reports_required:
        settled = reports_newly_settled(revision)
        known = county_read(settled)
        yield from reports_not_standing(settled, known, today=timezone.localdate(step.now))
        yield from findings_without_reason(revision, month_facts(month, known), checks=OF_REPORTS)
    elif step.actor is not None:
        yield from findings_without_reason(revision, month_facts(month, known_of_month(month)))
    yield from differences_without_reason(revision)


def _taken_back(step: BegunStep) -> SubsidyRun:
    """Back to the officer or away: the revision is sealed as it is stored, and keeps its lines from now on."""
    _keep_lines(step)
    move(step.run, step.target, step.now)
    if step.parameters.first_month is not None and not has_approved_run():
        # The next approval fixes it anew.
        _set_first_month(step.parameters, None)
    sealed(step, stored_revision(step.revision))
    return step.run


def _keep_lines(step: BegunStep) -> None:
    """From now on the lines of the revision are neither changed nor removed."""
    if step.revision.sent_at is None:
        step.revision.sent_at = step.now
        step.revision.save(update_fields=["sent_at"])


def _set_first_month(parameters: LedgerParameters, month: date | None) -> None:
    parameters.first_month = month
    parameters.save(update_fields=["first_month"])


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
    if method_of(revision) != CURRENT_METHOD:
        raise RunChanged(f"{revision.run}是系统升级以前核算的,核算方法已经更新;请退回重新核算后再审批。")
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


def _demand_valid_funding(calculated: CalculatedMonth) -> None:
    """Whatever is paid for a month comes from a source that is valid on its first day (二.1)."""
    expired = expired_sources(calculated)
    if expired:
        raise RunRefused(f"资金来源{'、'.join(expired)}已过有效期,不能审批;请先更新资金来源。")
