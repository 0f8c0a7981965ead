"""Wages of a posting. Each verb leaves one audit event."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from staffing.events import StaffingEvent
from staffing.locking import live_posting, lock_people
from staffing.models import Posting, Wage


@transaction.atomic
def set_wage(
    *,
    posting: Posting,
    effective_from: date,
    monthly_wage: Decimal | None,
    employer_insurance: Decimal | None = None,
    housing_fund: Decimal | None = None,
    document: str = "",
    reason: str = "",
    actor: User | None,
) -> Wage:
    """The wage from a day on, yuan a month; one of the same day is corrected. ValidationError for a day off post."""
    lock_people(posting.person.pk)
    posting = live_posting(posting)
    stored = posting.wages.live().filter(effective_from=effective_from).first()
    before = _parts(stored) if stored is not None else None
    wage = stored or Wage(posting=posting, effective_from=effective_from)
    wage.monthly_wage, wage.employer_insurance, wage.housing_fund = monthly_wage, employer_insurance, housing_fund
    wage.document = document
    _check(wage, posting)
    wage.save()
    audit.record(
        actor=actor, event=StaffingEvent.SET_WAGE, subject=wage, before=before, after=_parts(wage), reason=reason
    )
    return wage


@transaction.atomic
def correct_wage(
    *,
    wage: Wage,
    effective_from: date,
    monthly_wage: Decimal | None,
    employer_insurance: Decimal | None = None,
    housing_fund: Decimal | None = None,
    document: str = "",
    reason: str,
    actor: User | None,
) -> Wage:
    """Another day, amount or document of a wage, as the paper has it. ValidationError as in `set_wage`, and for a day
    that has a wage of its own."""
    lock_people(wage.posting.person.pk)
    wage = _live_wage(wage)
    before = _parts(wage)
    wage.effective_from, wage.document = effective_from, document
    wage.monthly_wage, wage.employer_insurance, wage.housing_fund = monthly_wage, employer_insurance, housing_fund
    if wage.posting.wages.live().filter(effective_from=effective_from).exclude(pk=wage.pk).exists():
        raise ValidationError(f"{effective_from} 起已另有一条工资,请更正或撤销那一条。")
    _check(wage, wage.posting)
    wage.save()
    audit.record(
        actor=actor, event=StaffingEvent.CORRECT_WAGE, subject=wage, before=before, after=_parts(wage), reason=reason
    )
    return wage


@transaction.atomic
def withdraw_wage(*, wage: Wage, reason: str, actor: User | None) -> Wage:
    """Take a wage back as entered by mistake: the one before it goes on."""
    if not reason.strip():
        raise ValidationError("撤销工资须写明原因。")
    lock_people(wage.posting.person.pk)
    wage = _live_wage(wage)
    wage.withdrawn_at, wage.withdrawn_reason = timezone.now(), reason
    wage.full_clean(validate_constraints=False)
    wage.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    audit.record(actor=actor, event=StaffingEvent.WITHDRAW_WAGE, subject=wage, before=_parts(wage), reason=reason)
    return wage


def _live_wage(wage: Wage) -> Wage:
    """The wage as it is stored now; ValidationError when it or its posting was withdrawn."""
    stored = Wage.objects.get(pk=wage.pk)
    if stored.withdrawn_at is not None:
        raise ValidationError("这条工资已经撤销。")
    stored.posting = live_posting(stored.posting)
    return stored


def _check(wage: Wage, posting: Posting) -> None:
    if wage.effective_from < posting.started_on:
        raise ValidationError(f"{posting.started_on} 才到岗,工资的执行日期不能更早。")
    if posting.ended_on is not None and posting.ended_on < wage.effective_from:
        raise ValidationError(f"{posting.ended_on} 已离岗,工资的执行日期不能更晚。")
    wage.full_clean()


def _parts(wage: Wage) -> dict[str, object]:
    return {
        "posting": wage.posting_id,
        "effective_from": wage.effective_from,
        "monthly_wage": wage.monthly_wage,
        "employer_insurance": wage.employer_insurance,
        "housing_fund": wage.housing_fund,
        "document": wage.document,
    }
