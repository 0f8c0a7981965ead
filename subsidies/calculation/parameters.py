"""Setting the ledger's parameters, and what they were set to."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.audit import masked, record, who_acts
from accounts.chain import SealFileError, append_seal, chain_link
from accounts.events import saying
from accounts.models import AuditEvent, User
from accounts.permissions import Permission, demand
from accounts.seals import content_of
from subsidies.events import SubsidyEvent
from subsidies.locks import locked_ledger
from subsidies.models import LedgerParameters
from subsidies.refusals import ReasonMissing, RunRefused

LABELS = {"reports_required": "须有镇街月报", "report_due_day": "月报截止日", "retro_months": "追溯月数"}
_LIMITS = {"report_due_day": (1, 31), "retro_months": (0, 120)}


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
    for name, (lowest, highest) in _LIMITS.items():
        if name in changed and not lowest <= int(changed[name]) <= highest:
            raise RunRefused(f"{LABELS[name]}须在 {lowest} 到 {highest} 之间。")
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


def parameters_set(parameters: LedgerParameters) -> list[tuple[int, Mapping[str, object]]]:
    """Every setting that the log holds: the number of its event, and the parameters by name; in order."""
    events = AuditEvent.objects.filter(
        saying(SubsidyEvent.SET_PARAMETERS, SubsidyEvent.STOP_REQUIRING_REPORTS),
        subject_id=parameters.pk,
        result="done",
    )
    found = events.order_by("pk").values_list("pk", "after")
    return [(event, after) for event, after in found if isinstance(after, dict)]


def set_otherwise(parameters: LedgerParameters) -> dict[str, object]:
    """By name what the log says a parameter was set to last, of those that are something else now."""
    said: dict[str, object] = {}
    for _, after in parameters_set(parameters):
        said |= after
    return {name: value for name, value in said.items() if getattr(parameters, name, None) != value}


def demand_as_set(parameters: LedgerParameters) -> None:
    """RunRefused where a parameter is not what the log says: whoever changed it did so past the program."""
    if otherwise := set_otherwise(parameters):
        names = "、".join(LABELS[name] for name in otherwise if name in LABELS)
        raise RunRefused(
            f"{names}与日志记载的设定不同,没有办理。请系统管理员查明原因;查明后由县局审核人员用 parameters 重新设定。"
        )
