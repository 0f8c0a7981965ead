"""That no reports are required is what an approver decided and sealed."""

from collections.abc import Iterator

from accounts.breaks import Break
from accounts.events import saying
from accounts.models import AuditEvent, Seal
from accounts.seals import content_of
from subsidies.events import SubsidyEvent
from subsidies.models import LedgerParameters


def reports_were_stopped_by_an_approver(seals: list[Seal]) -> Iterator[Break]:
    """Where reports were once required and are not any more, the last step that says so is sealed; and each such seal
    covers what it was made over."""
    stopped = [seal for seal in seals if seal.action == SubsidyEvent.STOP_REQUIRING_REPORTS.verb]
    for parameters in LedgerParameters.objects.order_by("pk"):
        mine = [seal for seal in stopped if seal.subject_id == parameters.pk]
        for seal in mine:
            rows = [("parameters", (parameters.pk, parameters.county_id, "reports_required", 0))]
            if content_of(rows).digest != seal.content:
                what = f"第 {seal.sequence} 号封存的账目参数与封存时不符"
                yield Break("content", "subsidies_ledgerparameters", parameters.pk, what)
        if not parameters.reports_required and _were_required_since(parameters, mine):
            what = "镇街月报曾经启用,现在停用,却没有审核人员办理并封存"
            yield Break("seal", "subsidies_ledgerparameters", parameters.pk, what)


def _were_required_since(parameters: LedgerParameters, stopped: list[Seal]) -> bool:
    """Whether reports were switched on after they were stopped last."""
    events = AuditEvent.objects.filter(saying(SubsidyEvent.SET_PARAMETERS), subject_id=parameters.pk, result="done")
    last = AuditEvent.objects.filter(sequence=stopped[-1].sequence).first() if stopped else None
    later = events.filter(pk__gt=last.pk) if last else events
    said = [after for after in later.order_by("pk").values_list("after", flat=True) if isinstance(after, dict)]
    switched = [after["reports_required"] for after in said if "reports_required" in after]
    return bool(switched and switched[-1])
