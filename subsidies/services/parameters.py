"""Setting the ledger's parameters."""

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from foundation.dates import Month
from subsidies.models import AdjustmentLine, LedgerParameters
from subsidies.selectors.runs import APPROVED_STATES, latest_approved_run
from subsidies.services.locks import locked_ledger
from subsidies.services.refusals import RunRefused

_LIMITS = {"report_due_day": (1, 31, "月报截止日"), "retro_months": (0, 120, "追溯月数")}


@transaction.atomic
def set_parameters(
    *,
    reports_required: bool | None = None,
    report_due_day: int | None = None,
    retro_months: int | None = None,
    actor: User | None,
) -> LedgerParameters:
    """Change what is given, and leave an event. RunRefused for a number out of its limits, without a county, and for a
    longer window that would settle once more what an adjustment has settled."""
    parameters = locked_ledger()
    wanted = {"reports_required": reports_required, "report_due_day": report_due_day, "retro_months": retro_months}
    changed = {name: value for name, value in wanted.items() if value is not None}
    for name, (lowest, highest, label) in _LIMITS.items():
        if name in changed and not lowest <= int(changed[name]) <= highest:
            raise RunRefused(f"{label}须在 {lowest} 到 {highest} 之间。")
    if retro_months is not None and retro_months > parameters.retro_months:
        _demand_nothing_settled_by_hand(parameters.retro_months, retro_months)
    before = {name: getattr(parameters, name) for name in changed}
    if changed and before != changed:
        for name, value in changed.items():
            setattr(parameters, name, value)
        parameters.save(update_fields=list(changed))
        record(actor=actor, action="set_parameters", subject=parameters, before=before, after=changed)
    return parameters


def _demand_nothing_settled_by_hand(now: int, wanted: int) -> None:
    """What the longer window would reach again must not have been settled by an adjustment beyond the window."""
    latest = latest_approved_run()
    if latest is None:
        return
    following = latest.period + 1
    adjusted = AdjustmentLine.objects.filter(
        allocation__revision__current_for__state__in=APPROVED_STATES,
        for_month__gte=(following - wanted).first,
        for_month__lt=(following - now).first,
    ).select_related("allocation__revision__run")
    for row in adjusted.order_by("for_month", "pk"):
        month, run = Month.of(row.for_month), row.allocation.revision.run
        if month < run.period - run.retro_months:
            raise RunRefused(
                f"{month.label}的差额当时超出追溯期,已在{run}用其他调整结清;"
                f"追溯月数延长到 {wanted} 会再结算一次,不能延长。"
            )
