"""Setting the ledger's parameters."""

from datetime import datetime

from django.db import transaction

from accounts.audit import masked, record, who_acts
from accounts.chain import SealFileError, append_seal, chain_link
from accounts.models import User
from accounts.permissions import Permission, demand
from accounts.seals import content_of
from subsidies.events import SubsidyEvent
from subsidies.locks import locked_ledger
from subsidies.models import LedgerParameters
from subsidies.refusals import ReasonMissing, RunRefused

_LIMITS = {"report_due_day": (1, 31, "月报截止日"), "retro_months": (0, 120, "追溯月数")}


@transaction.atomic
def set_parameters(
    *,
    reports_required: bool | None = None,
    report_due_day: int | None = None,
    retro_months: int | None = None,
    actor: User | None,
) -> LedgerParameters:
    """Change what is given, and leave an event. PermissionDenied; RunRefused for a number out of its limits, without a
    county, and for reports that are required and would no longer be: see `stop_requiring_reports`.

    What a longer window may settle once more `told_of_longer_window` says beforehand.
    """
    demand(actor, Permission.SET_PARAMETERS)
    parameters = locked_ledger()
    if reports_required is False and parameters.reports_required:
        raise RunRefused("停用镇街月报须由县局审核人员写明原因办理。")
    wanted = {"reports_required": reports_required, "report_due_day": report_due_day, "retro_months": retro_months}
    changed = {name: value for name, value in wanted.items() if value is not None}
    for name, (lowest, highest, label) in _LIMITS.items():
        if name in changed and not lowest <= int(changed[name]) <= highest:
            raise RunRefused(f"{label}须在 {lowest} 到 {highest} 之间。")
    before = {name: getattr(parameters, name) for name in changed}
    if changed and before != changed:
        for name, value in changed.items():
            setattr(parameters, name, value)
        parameters.save(update_fields=list(changed))
        record(actor=actor, event=SubsidyEvent.SET_PARAMETERS, subject=parameters, before=before, after=changed)
    return parameters


@transaction.atomic
def stop_requiring_reports(*, reason: str, actor: User | None, now: datetime) -> LedgerParameters:
    """Months are approved without reports from now on: an approver's step with a reason, sealed in the chain.

    Nothing where none are required. PermissionDenied, ReasonMissing, RunRefused.
    """
    demand(actor, Permission.SET_PARAMETERS)
    parameters = locked_ledger()
    if not parameters.reports_required:
        return parameters
    if not reason.strip():
        raise ReasonMissing("停用镇街月报须写明原因(--reason)。")
    parameters.reports_required = False
    parameters.save(update_fields=["reports_required"])
    name, role = who_acts(actor)
    try:
        link = append_seal(
            subject_type=parameters._meta.model_name or "",
            subject_id=parameters.pk,
            action=SubsidyEvent.STOP_REQUIRING_REPORTS.verb,
            content=content_of([("parameters", (parameters.pk, parameters.county_id, "reports_required", 0))]),
            step={"actor_name": name, "role": role, "reason": masked(reason.strip())},
            actor=actor,
            now=now,
        )
    except SealFileError as error:
        raise RunRefused(str(error)) from error
    record(
        actor=actor,
        event=SubsidyEvent.STOP_REQUIRING_REPORTS,
        subject=parameters,
        before={"reports_required": True},
        after={"reports_required": False},
        reason=reason.strip(),
        chain=chain_link(link),
    )
    return parameters
