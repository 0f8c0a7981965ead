"""Other adjustments 其他调整: entered by an officer on a document, approved with the run that holds them."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from accounts.permissions import Permission, demand
from foundation.dates import Month
from staffing.enums import Position
from staffing.models import Person, Posting
from subsidies.calculation.settled import settled_months
from subsidies.events import SubsidyEvent
from subsidies.known_runs import latest_approved_run, ledger_first_month
from subsidies.locks import locked_ledger
from subsidies.models import Adjustment, FundSource, LedgerParameters
from subsidies.policy.in_force import funded_standards, funding_of_month
from subsidies.refusals import RunRefused
from subsidies.rules import ledger
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
    posting: Posting | None = None,
    source: FundSource | None = None,
) -> Adjustment:
    """An amount in yuan, more or less, for the next calculation of `month`.

    One that settles a difference older than the window names its `posting`. `source` is the fund that pays; without
    it the one of the posting's position in `for_month`, or of all positions where they have one in common. Raises
    ValidationError, RunRefused.
    """
    demand(actor, Permission.ADJUST_RUN)
    parameters = locked_ledger()
    latest = latest_approved_run()
    if latest is not None and month < latest.period:
        raise RunRefused(f"{latest.period.label}已经审批,调整只能列入以后的核算。")
    if person is not None and not person.postings.filter(township=township).exists():
        raise ValidationError(f"{person.name}没有在{township.name}任过职。")
    if posting is not None:
        _demand_beyond_the_window(posting, township, person, for_month, month, parameters)
    row = Adjustment(
        county_id=parameters.county_id,
        month=month.first,
        township=township,
        person=person or (posting.person if posting else None),
        posting=posting,
        source=source or _source_of(for_month, posting),
        for_month=for_month.first,
        amount=amount,
        document=document.strip(),
        reason=reason.strip(),
        entered_by=actor,
    )
    row.full_clean(exclude=["entered_by"])
    row.save()
    after = {"township": township.name, "for_month": str(for_month), "amount": str(amount), "document": row.document}
    record(actor=actor, event=SubsidyEvent.ADJUST, subject=row, after=after, reason=row.reason)
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
    record(actor=actor, event=SubsidyEvent.WITHDRAW_ADJUSTMENT, subject=row, before={"amount": str(row.amount)})
    return row


def _demand_beyond_the_window(
    posting: Posting,
    township: Township,
    person: Person | None,
    for_month: Month,
    month: Month,
    parameters: LedgerParameters,
) -> None:
    """ValidationError unless the posting is the township's and the person's, and no run of `month` settles it."""
    if posting.township_id != township.pk or (person is not None and posting.person_id != person.pk):
        raise ValidationError("在岗记录不是这个镇乡(街道)或这个人的。")
    first_month = ledger_first_month(parameters)
    window = ledger.window(month, first_month=first_month, retro_months=parameters.retro_months)
    settled = settled_months(
        month,
        [township.pk],
        first_of_window=window[0],
        first_month=first_month,
        reports_required=parameters.reports_required,
    ).get(township.pk)
    if for_month >= window[0] or (settled is not None and for_month >= settled.since):
        raise ValidationError(
            f"{for_month.label}还在追溯期内,由核算结清,不能用其他调整;请更正人员信息,差额会在下一次核算中补发或扣回。"
        )


def _source_of(for_month: Month, posting: Posting | None) -> FundSource | None:
    """The source of the posting's position, or the one that all positions have; None where they have several."""
    funding = funding_of_month(for_month, funded_standards())
    if posting is not None:
        row = funding.get(Position(posting.position))
        return row.source if row else None
    sources = {row.source_id: row.source for row in funding.values()}
    return next(iter(sources.values())) if len(sources) == 1 else None
