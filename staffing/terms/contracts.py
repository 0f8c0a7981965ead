"""Labour contracts of a posting. Each verb leaves one audit event."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

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
    contract = Contract.objects.get(pk=contract.pk)
    live_posting(contract.posting)
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
    others = contract.posting.contracts.exclude(pk=contract.pk)
    if any(do_overlap(contract, other) for other in others):
        raise ValidationError("合同期限与该在岗记录的另一份合同重叠;续签的合同从上一份终止的次日起。")
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
