"""The ledger's parameters are what the log says; that no reports are required is what an approver sealed."""

from bisect import bisect_left
from collections.abc import Iterator

from accounts.breaks import Break
from accounts.models import AuditEvent, Seal
from accounts.seals import content_of
from subsidies.calculation.parameters import LABELS, parameters_set, set_otherwise
from subsidies.events import SubsidyEvent
from subsidies.models import LedgerParameters
from subsidies.revisions.sealed import RevisionSeal, was_without_reports


def parameters_as_set(seals: list[Seal]) -> Iterator[Break]:
    """Each is what it was set to last. That reports are stopped is sealed, and each such seal covers what it was made
    over."""
    stopped = [seal for seal in seals if seal.action == SubsidyEvent.STOP_REQUIRING_REPORTS.verb]
    for parameters in LedgerParameters.objects.order_by("pk"):
        for seal in stopped:
            rows = [("parameters", (parameters.pk, parameters.county_id, "reports_required", 0))]
            if seal.subject_id == parameters.pk and content_of(rows).digest != seal.content:
                what = f"第 {seal.sequence} 号封存的账目参数与封存时不符"
                yield Break("content", "subsidies_ledgerparameters", parameters.pk, what)
        for name, value in set_otherwise(parameters).items():
            kind, what = "events", f"{LABELS.get(name, name)}不是日志记载的设定({value})"
            if name == "reports_required":
                kind, what = "seal", "镇街月报曾经启用,现在停用,却没有审核人员办理并封存"
            yield Break(kind, "subsidies_ledgerparameters", parameters.pk, what)


def reports_were_required_as_sealed(seals: list[RevisionSeal]) -> Iterator[Break]:
    """A month that was approved without reports was approved while the log says that none were required."""
    without = [seal for seal in seals if was_without_reports(seal.link)]
    if not without:
        return
    sequences = [seal.link.sequence for seal in without]
    events = dict(AuditEvent.objects.filter(sequence__in=sequences).values_list("sequence", "pk"))
    for parameters in LedgerParameters.objects.order_by("pk"):
        switched = [(pk, after["reports_required"]) for pk, after in parameters_set(parameters) if _says(after)]
        for seal in without:
            event = events.get(seal.link.sequence)
            place = bisect_left(switched, (event,)) if event is not None else 0
            if place and switched[place - 1][1]:
                what = f"{seal.revision.run}没有要求镇街月报就审批,而日志说当时要求"
                yield Break("seal", "subsidies_subsidyrun", seal.revision.run_id, what)


def _says(after: object) -> bool:
    return isinstance(after, dict) and "reports_required" in after
