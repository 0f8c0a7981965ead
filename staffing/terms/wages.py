"""Wages of a posting. Each verb leaves one audit event."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

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
    reason: str = "",
    actor: User | None,
) -> Wage:
    """The wage from a day on, yuan a month; one of the same day is corrected. ValidationError for a day off post."""
    lock_people(posting.person.pk)
    posting = live_posting(posting)
    if effective_from < posting.started_on:
        raise ValidationError(f"{posting.started_on} 才到岗,工资的执行日期不能更早。")
    if posting.ended_on is not None and posting.ended_on < effective_from:
        raise ValidationError(f"{posting.ended_on} 已离岗,工资的执行日期不能更晚。")
    stored = posting.wages.filter(effective_from=effective_from).first()
    before = _parts(stored) if stored is not None else None
    wage = stored or Wage(posting=posting, effective_from=effective_from)
    wage.monthly_wage, wage.employer_insurance, wage.housing_fund = monthly_wage, employer_insurance, housing_fund
    wage.full_clean()
    wage.save()
    after = {"posting": posting.pk, "effective_from": effective_from, **_parts(wage)}
    audit.record(actor=actor, event=StaffingEvent.SET_WAGE, subject=wage, before=before, after=after, reason=reason)
    return wage


def _parts(wage: Wage) -> dict[str, object]:
    return {
        "monthly_wage": wage.monthly_wage,
        "employer_insurance": wage.employer_insurance,
        "housing_fund": wage.housing_fund,
    }
