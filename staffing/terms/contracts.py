"""Labour contracts of a posting. Each verb leaves one audit event."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from staffing.enums import ContractKind
from staffing.events import StaffingEvent
from staffing.locking import live_posting, lock_people
from staffing.models import Contract, Posting
from staffing.periods import do_overlap


@transaction.atomic
def add_contract(
    *,
    posting: Posting,
    started_on: date,
    ended_on: date | None,
    number: str = "",
    kind: ContractKind | None = None,
    employer: str = "",
    actor: User | None,
) -> Contract:
    """A contract of a posting; ValidationError where it overlaps another one."""
    lock_people(posting.person.pk)
    contract = Contract(posting=live_posting(posting))
    _write_contract(contract, started_on, ended_on, number, kind, employer)
    audit.record(actor=actor, event=StaffingEvent.ADD_CONTRACT, subject=contract, after=_terms(contract))
    return contract


@transaction.atomic
def correct_contract(
    *,
    contract: Contract,
    started_on: date,
    ended_on: date | None,
    number: str = "",
    kind: ContractKind | None = None,
    employer: str = "",
    reason: str,
    actor: User | None,
) -> Contract:
    """Another term, number, kind or employer of a contract, as the paper has it. ValidationError as in
    `add_contract`."""
    lock_people(contract.posting.person.pk)
    contract = _live_contract(contract)
    before = _terms(contract)
    _write_contract(contract, started_on, ended_on, number, kind, employer)
    audit.record(
        actor=actor,
        event=StaffingEvent.CORRECT_CONTRACT,
        subject=contract,
        before=before,
        after=_terms(contract),
        reason=reason,
    )
    return contract


@transaction.atomic
def withdraw_contract(*, contract: Contract, reason: str, actor: User | None) -> Contract:
    """Take a contract back as entered by mistake: it is as if there had been none."""
    if not reason.strip():
        raise ValidationError("撤销劳动合同须写明原因。")
    lock_people(contract.posting.person.pk)
    contract = _live_contract(contract)
    contract.withdrawn_at, contract.withdrawn_reason = timezone.now(), reason
    contract.full_clean(validate_constraints=False)
    contract.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    audit.record(
        actor=actor, event=StaffingEvent.WITHDRAW_CONTRACT, subject=contract, before=_terms(contract), reason=reason
    )
    return contract


def _live_contract(contract: Contract) -> Contract:
    """The contract as it is stored now; ValidationError when it or its posting was withdrawn."""
    stored = Contract.objects.get(pk=contract.pk)
    if stored.withdrawn_at is not None:
        raise ValidationError("这份合同已经撤销。")
    live_posting(stored.posting)
    return stored


def _write_contract(
    contract: Contract,
    started_on: date,
    ended_on: date | None,
    number: str,
    kind: ContractKind | None,
    employer: str,
) -> None:
    contract.number, contract.started_on, contract.ended_on = number, started_on, ended_on
    contract.kind, contract.employer = kind.value if kind else "", employer
    contract.full_clean()
    others = contract.posting.contracts.live().exclude(pk=contract.pk)
    other = next((other for other in others if do_overlap(contract, other)), None)
    if other is not None:
        term = f"{other.started_on} 至 {other.ended_on or '无固定期限'}"
        raise ValidationError(f"合同期限与另一份合同({term})重叠;续签的合同从上一份终止的次日起。")
    contract.save()


def _terms(contract: Contract) -> dict[str, object]:
    return {
        "posting": contract.posting_id,
        "number": contract.number,
        "started_on": contract.started_on,
        "ended_on": contract.ended_on,
        "kind": contract.kind,
        "employer": contract.employer,
    }
