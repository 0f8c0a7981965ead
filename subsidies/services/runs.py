"""Runs: calculating a month into a revision, and approving it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from accounts.permissions import Permission, demand
from foundation.dates import Month
from subsidies import invariants
from subsidies.enums import RunState
from subsidies.models import LedgerParameters, Revision, SubsidyRun
from subsidies.selectors.calculated import CalculatedMonth, calculated_run
from subsidies.selectors.policy import funding_of_month, standards_in_force
from subsidies.selectors.runs import latest_approved_run, ledger_first_month, makers_of, unapproved_run
from subsidies.services.revisions import digest_of, write_revision
from townships.models import County


class RunRefused(Exception):
    """What cannot be done with a run now, in a sentence that says why and what to do."""


class RunChanged(RunRefused):
    """The facts have moved since the revision was calculated: it must be calculated again."""


@dataclass(frozen=True, slots=True)
class Calculated:
    """What `calculate` made: the run, its current revision, and whether that is a new one."""

    run: SubsidyRun
    revision: Revision
    month: CalculatedMonth
    is_new: bool


@transaction.atomic
def calculate(*, month: Month, actor: User | None) -> Calculated:
    """Calculate the run of `month` that is open, or open the next one; the same result writes nothing.

    Raises PermissionDenied, MissingParameter, and RunRefused when another month comes first.
    """
    demand(actor, Permission.CALCULATE_MONTH)
    parameters = _locked_parameters()
    run = _open_run(month, parameters)
    calculated = calculated_run(month, first_month=ledger_first_month(parameters), retro_months=run.retro_months)
    if not calculated.townships:
        raise RunRefused("还没有镇乡(街道),请先导入区划。")
    digest = digest_of(calculated)
    current = run.current_revision
    if current is not None and current.digest == digest:
        return Calculated(run, current, calculated, is_new=False)
    if run.pk is None:
        run.save()
    revision = write_revision(
        run,
        calculated,
        number=current.number + 1 if current else 1,
        digest=digest,
        calculated_by_id=actor.pk if actor else None,
    )
    run.current_revision = revision
    run.save(update_fields=["current_revision"])
    record(
        actor=actor,
        action="calculate",
        subject=run,
        after={"revision": revision.number, "total": str(revision.total), "digest": digest},
    )
    return Calculated(run, revision, calculated, is_new=True)


@transaction.atomic
def approve(*, run: SubsidyRun, actor: User | None, now: datetime) -> SubsidyRun:
    """Approve the current revision of a run, if the facts still give the same figures.

    Raises PermissionDenied, RunChanged, and RunRefused: approved already, made by the same person, no valid fund
    source, an invariant broken.
    """
    demand(actor, Permission.APPROVE_RUN)
    parameters = _locked_parameters()
    run = SubsidyRun.objects.select_for_update().get(pk=run.pk)
    revision = run.current_revision
    if run.is_approved or revision is None:
        raise RunRefused(f"{run}已经审批,不能再次审批。")
    if parameters.reports_required and actor is None:
        raise RunRefused("本县已启用镇街月报,审批须由县局审核人员登录办理。")
    if actor is not None and actor.pk in makers_of(run):
        raise RunRefused("核算人不能审批自己核算的月份,请由另一名县局审核人员审批。")
    _demand_valid_funding(run.period)
    calculated = calculated_run(run.period, first_month=ledger_first_month(parameters), retro_months=run.retro_months)
    if digest_of(calculated) != revision.digest:
        raise RunChanged(f"{run}核算之后数据有变化,请重新核算后再审批。")
    if parameters.first_month is None:
        parameters.first_month = run.month
        parameters.save(update_fields=["first_month"])
    run.state = RunState.APPROVED.value
    run.approved_at = now
    run.save(update_fields=["state", "approved_at"])
    record(
        actor=actor,
        action="approve",
        subject=run,
        after={"revision": revision.number, "total": str(revision.total), "digest": revision.digest},
    )
    broken = invariants.broken_in(run)
    if broken:
        raise RunRefused("核算结果没有通过核验,未审批:" + ";".join(broken))
    return run


def _locked_parameters() -> LedgerParameters:
    """The ledger's one row, locked: whoever calculates or approves waits here."""
    county = County.objects.first()
    if county is None:
        raise RunRefused("还没有镇乡(街道),请先导入区划。")
    LedgerParameters.objects.get_or_create(county=county)
    return LedgerParameters.objects.select_for_update().get(county=county)


def _open_run(month: Month, parameters: LedgerParameters) -> SubsidyRun:
    """The unapproved run of `month`, or the next one, not yet saved."""
    unapproved = unapproved_run()
    if unapproved is not None:
        if unapproved.period != month:
            raise RunRefused(f"{unapproved}还没有审批,请先审批,再核算其他月份。")
        return unapproved
    latest = latest_approved_run()
    number = 1
    if latest is not None:
        if month < latest.period:
            raise RunRefused(f"{latest.period.label}已经审批,更早的月份不能再核算;差额会在下一次核算中补发或扣回。")
        if month > latest.period + 1:
            raise RunRefused(f"请按月份顺序核算:{(latest.period + 1).label}还没有核算。")
        number = latest.number + 1 if month == latest.period else 1
    return SubsidyRun(
        county_id=parameters.county_id, month=month.first, number=number, retro_months=parameters.retro_months
    )


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
