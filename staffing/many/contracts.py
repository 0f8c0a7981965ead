"""Renewing the contracts 劳动合同 of many: each from the day after its end, of the same kind and employer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Permission, demand
from foundation.dates import add_months
from staffing.enums import BatchKind, ContractKind
from staffing.events import StaffingEvent
from staffing.imports.changes import remember_change
from staffing.many.batches import close_batch, one_township, start_batch
from staffing.models import Contract, ImportBatch, Posting
from staffing.several import for_each
from staffing.terms.contracts import add_contract

ONE_DAY = timedelta(days=1)
FIELDS = ("number", "started_on", "ended_on", "kind", "employer")


@dataclass(frozen=True, slots=True)
class Term:
    """Both days inclusive."""

    started_on: date
    ended_on: date


@dataclass(frozen=True, slots=True)
class NewTerms:
    """How long the new contracts run: so many months each, or all of them up to one day."""

    months: int | None = None
    ended_on: date | None = None

    def after(self, latest: Contract | None) -> Term:
        """The new term; ValidationError where there is no contract that ends, or it would end before it begins."""
        if latest is None:
            raise ValidationError("没有登记过劳动合同,不能续签;请点姓名登记第一份合同。")
        if latest.ended_on is None:
            raise ValidationError("现有合同是无固定期限的,不用续签。")
        started_on = latest.ended_on + ONE_DAY
        ended_on = self.ended_on if self.months is None else add_months(started_on, self.months) - ONE_DAY
        if ended_on is None or ended_on < started_on:
            raise ValidationError(f"现有合同 {latest.ended_on} 才终止,新的不能在 {ended_on} 就终止。")
        return Term(started_on, ended_on)


def latest_contracts(postings: Iterable[Posting]) -> Mapping[int, Contract]:
    """By posting, the contract that begins last."""
    contracts = Contract.objects.live().filter(posting__in=list(postings)).order_by("started_on")
    return {contract.posting_id: contract for contract in contracts}


@transaction.atomic
def renew_contracts(
    *, postings: Iterable[Posting], new: NewTerms, document: str, actor: User | None
) -> tuple[ImportBatch, list[Posting]]:
    """A new contract for each, all or none; SeveralRefused with every posting that cannot have one."""
    demand(actor, Permission.EDIT_PERSONNEL)
    chosen = list(postings)
    batch = start_batch(BatchKind.CONTRACTS, one_township(chosen), document, actor)

    def renew(posting: Posting) -> None:
        latest = latest_contracts([posting]).get(posting.pk)
        term = new.after(latest)
        contract = add_contract(
            posting=posting,
            started_on=term.started_on,
            ended_on=term.ended_on,
            kind=ContractKind(latest.kind) if latest is not None and latest.kind else None,
            employer=latest.employer if latest is not None else "",
            actor=actor,
        )
        after = {name: getattr(contract, name) for name in FIELDS}
        words = f"续签劳动合同 {term.started_on} 至 {term.ended_on}"
        remember_change(batch=batch, row=contract, before=None, after=after, words=words)

    done = for_each(chosen, renew)
    audit.record(
        actor=actor,
        event=StaffingEvent.RENEW_CONTRACTS,
        subject=close_batch(batch),
        after={"months": new.months, "ended_on": new.ended_on, "postings": [posting.pk for posting in done]},
        reason=document,
    )
    return batch, done
