"""Declarations of near relatives 近亲属关系, where the installation asks for them. Each verb leaves one audit event,
which does not tell who the relatives are."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from staffing.events import StaffingEvent
from staffing.locking import live_posting, lock_people
from staffing.models import KinDeclaration, Posting


@transaction.atomic
def declare_kin(*, posting: Posting, kin: str, signed_on: date, paper: str = "", actor: User | None) -> KinDeclaration:
    """What was signed at an appointment: who the relatives are, or empty for none. ValidationError where the
    installation asks for no such declaration, or one stands."""
    if not settings.KIN_DECLARATION:
        raise ValidationError("本系统没有启用近亲属关系声明。")
    lock_people(posting.person_id)
    declaration = KinDeclaration(posting=live_posting(posting), signed_on=signed_on, paper=paper)
    declaration.declare(kin)
    declaration.full_clean()
    declaration.save()
    audit.record(actor=actor, event=StaffingEvent.DECLARE_KIN, subject=declaration, after=_told(declaration))
    return declaration


@transaction.atomic
def withdraw_kin_declaration(*, declaration: KinDeclaration, reason: str, actor: User | None) -> KinDeclaration:
    """Take back what was recorded by mistake, so that another may be entered."""
    if not reason.strip():
        raise ValidationError({"reason": "撤销近亲属关系声明须写明原因。"})
    lock_people(declaration.posting.person_id)
    declaration = KinDeclaration.objects.get(pk=declaration.pk)
    if declaration.withdrawn_at is not None:
        raise ValidationError("这份近亲属关系声明已经撤销。")
    declaration.withdrawn_at, declaration.withdrawn_reason = timezone.now(), reason.strip()
    declaration.full_clean()
    declaration.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    audit.record(
        actor=actor,
        event=StaffingEvent.WITHDRAW_KIN_DECLARATION,
        subject=declaration,
        before=_told(declaration),
        reason=reason,
    )
    return declaration


def _told(declaration: KinDeclaration) -> dict[str, object]:
    return {
        "posting": declaration.posting_id,
        "has_kin": bool(declaration.kin),
        "signed_on": declaration.signed_on,
        "paper": declaration.paper,
    }
