"""Setting the ledger's parameters."""

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from subsidies.events import SubsidyEvent
from subsidies.locks import locked_ledger
from subsidies.models import LedgerParameters
from subsidies.refusals import RunRefused

_LIMITS = {"report_due_day": (1, 31, "月报截止日"), "retro_months": (0, 120, "追溯月数")}


@transaction.atomic
def set_parameters(
    *,
    reports_required: bool | None = None,
    report_due_day: int | None = None,
    retro_months: int | None = None,
    actor: User | None,
) -> LedgerParameters:
    """Change what is given, and leave an event. RunRefused for a number out of its limits, and without a county.

    What a longer window may settle once more `told_of_longer_window` says beforehand.
    """
    parameters = locked_ledger()
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
