"""Other adjustments 其他调整: entered by an officer on a document, approved with the run that holds them."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from accounts.permissions import Permission, demand
from foundation.dates import Month
from staffing.models import Person
from subsidies.known_runs import latest_approved_run
from subsidies.locks import locked_ledger
from subsidies.models import Adjustment
from subsidies.refusals import RunRefused
from subsidies.workflow import APPROVED_STATES
from townships.models import Township


@transaction.atomic
def adjust(
    *,
    month: Month,
    township: Township,
    person: Person | None,
    for_month: Month,
    amount: Decimal,
    document: str,
    reason: str,
    actor: User | None,
) -> Adjustment:
    """An amount in yuan, more or less, for the next calculation of `month`. Raises ValidationError, RunRefused."""
    demand(actor, Permission.ADJUST_RUN)
    parameters = locked_ledger()
    latest = latest_approved_run()
    if latest is not None and month < latest.period:
        raise RunRefused(f"{latest.period.label}已经审批,调整只能列入以后的核算。")
    if person is not None and not person.postings.filter(township=township).exists():
        raise ValidationError(f"{person.name}没有在{township.name}任过职。")
    row = Adjustment(
        county_id=parameters.county_id,
        month=month.first,
        township=township,
        person=person,
        for_month=for_month.first,
        amount=amount,
        document=document.strip(),
        reason=reason.strip(),
        entered_by=actor,
    )
    row.full_clean(exclude=["entered_by"])
    row.save()
    after = {"township": township.name, "for_month": str(for_month), "amount": str(amount), "document": row.document}
    record(actor=actor, action="adjust", subject=row, after=after, reason=row.reason)
    return row


@transaction.atomic
def withdraw_adjustment(*, adjustment: Adjustment, actor: User | None) -> Adjustment:
    """Take an adjustment back that no approved run holds. Raises RunRefused."""
    demand(actor, Permission.ADJUST_RUN)
    locked_ledger()
    row = Adjustment.objects.get(pk=adjustment.pk)
    if row.withdrawn_at is not None:
        raise RunRefused("这笔调整已经撤销。")
    if row.lines.filter(allocation__revision__current_for__state__in=APPROVED_STATES).exists():
        raise RunRefused("这笔调整已随核算审批,不能撤销;有误的,另登记一笔相反的调整。")
    row.withdrawn_at = timezone.now()
    row.save(update_fields=["withdrawn_at"])
    record(actor=actor, action="withdraw_adjustment", subject=row, before={"amount": str(row.amount)})
    return row
