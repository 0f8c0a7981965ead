"""Proposals 更正申请: made by whoever does not write a person's facts, decided by the bureau's officer."""

import json
from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.permissions import Permission, demand
from foundation.crypto import blind_index, encrypt
from staffing.enums import ProposalKind, ProposalState
from staffing.events import StaffingEvent
from staffing.locking import lock_people
from staffing.models import ImportBatch, Person, PersonProposal
from staffing.models.proposals import PURPOSE
from staffing.people.facts import LABELS, Fact, fact, in_words, masked_facts, save_facts, write_fact
from staffing.people.merging import join_records

Facts = Mapping[str, Fact]
# Of a ValidationError: another record has the id number, and the two may be one person.
NUMBER_TAKEN = "number_taken"
# Of another: the same was proposed already.
SAME_WAITS = "same_waits"
WAITS = "同样的更正申请已于 {:%Y-%m-%d} 提出,正在等待县局审核。"


@transaction.atomic
def propose_correction(
    *, person: Person, after: Facts, reason: str, actor: User | None, now: datetime
) -> PersonProposal:
    """Other facts of a person, numbers in full; nothing of the person changes. ValidationError where the same is
    waiting already."""
    demand(actor, Permission.CORRECT_PERSON)
    proposal = correction(person, after, reason=reason, actor=actor, now=now)
    return _proposed(proposal, masked_facts(proposal.before), masked_facts(after))


@transaction.atomic
def propose_merging(
    *, duplicate: Person, into: Person, reason: str, actor: User | None, now: datetime
) -> PersonProposal:
    """That two records are one person; nothing changes. ValidationError where it is waiting already."""
    demand(actor, Permission.CORRECT_PERSON)
    if not reason.strip():
        raise ValidationError("申请合并须写明原因。")
    people = {person.pk: person for person in lock_people(duplicate.pk, into.pk)}
    duplicate, into = people[duplicate.pk], people[into.pk]
    if duplicate.pk == into.pk:
        raise ValidationError("不能与自己合并。")
    if duplicate.merged_into_id is not None or into.merged_into_id is not None:
        raise ValidationError("其中一条记录已经合并。")
    proposal = PersonProposal(
        kind=ProposalKind.MERGE.value, into=into, **_common(duplicate, {}, {}, reason, actor, now, f"into {into.pk}")
    )
    return _proposed(proposal, {}, {"into": into.pk})


def correction(
    person: Person, after: Facts, *, reason: str, actor: User | None, now: datetime, batch: ImportBatch | None = None
) -> PersonProposal:
    """A proposal that is not saved."""
    before = {name: fact(person, name) for name in after}
    common = _common(person, before, after, reason, actor, now, _canonical(after))
    return PersonProposal(kind=ProposalKind.CORRECT.value, import_batch=batch, **common)


@transaction.atomic
def accept_proposal(*, proposal: PersonProposal, reason: str = "", actor: User) -> PersonProposal:
    """Write what was proposed; who proposed it edited the person's facts, not who accepts.

    ValidationError in words where it was decided, the person was merged, a fact changed or the number was taken since.
    """
    proposal = _to_decide(proposal, actor)
    person = proposal.person
    if person.merged_into_id is not None:
        raise ValidationError(
            "提出申请以后,这条记录已合并到另一条记录,不能照原样采纳;请不予采纳,需要更正的在合并后的记录上重新提出。"
        )
    before, after = _merged(proposal, reason) if proposal.kind == ProposalKind.MERGE else _corrected(proposal)
    audit.record(
        actor=actor,
        on_behalf_of=proposal.proposed_by,
        event=StaffingEvent.ACCEPT_PROPOSAL,
        subject=person,
        before=before,
        after={**after, "proposal": proposal.pk},
        reason=proposal.reason,
    )
    return _decided(proposal, ProposalState.ACCEPTED, reason, actor)


@transaction.atomic
def refuse_proposal(*, proposal: PersonProposal, reason: str, actor: User) -> PersonProposal:
    """Leave everything as it is; the proposer reads why."""
    if not reason.strip():
        raise ValidationError("不予采纳须写明原因,提出申请的镇街会看到。")
    proposal = _to_decide(proposal, actor)
    audit.record(
        actor=actor,
        event=StaffingEvent.REFUSE_PROPOSAL,
        subject=proposal,
        after={"person": proposal.person_id},
        reason=reason,
    )
    return _decided(proposal, ProposalState.REFUSED, reason, actor)


def withdraw_proposals(batch: ImportBatch, *, reason: str, actor: User | None, now: datetime) -> int:
    """Take back what an import proposed and nobody has decided; how many. Part of undoing the import."""
    waiting = PersonProposal.objects.waiting().filter(import_batch=batch)
    return waiting.update(
        state=ProposalState.WITHDRAWN.value, decided_by=actor, decided_at=now, decision_reason=reason
    )


def demand_free_number(person: Person, after: Facts) -> None:
    """ValidationError with code "number_taken" where another record has the id number."""
    number = after.get("national_id")
    if number and Person.objects.with_national_id(str(number)).exclude(pk=person.pk).exists():
        raise ValidationError(
            "这个身份证号已登记在另一条人员记录上。两条记录是同一个人的,请办理合并;不是同一个人的,请核对号码。",
            code=NUMBER_TAKEN,
        )


def _to_decide(proposal: PersonProposal, actor: User) -> PersonProposal:
    """The proposal and its people, locked."""
    demand(actor, Permission.DECIDE_PROPOSALS)
    keys = [key for key in (proposal.person_id, proposal.into_id) if key is not None]
    people = {person.pk: person for person in lock_people(*keys)}
    proposal = PersonProposal.objects.select_for_update().get(pk=proposal.pk)
    proposal.person = people[proposal.person_id]
    if proposal.into_id is not None:
        proposal.into = people[proposal.into_id]
    if not proposal.is_waiting:
        raise ValidationError(f"这份更正申请已处理:{proposal.state_label}。")
    if proposal.proposed_by_id == actor.pk:
        raise PermissionDenied("自己提出的更正申请,须由另一位县局经办审核。")
    return proposal


def _corrected(proposal: PersonProposal) -> tuple[Facts, Facts]:
    """Write the facts; before and after, masked."""
    person, before, after = proposal.person, proposal.before, proposal.after
    now = {name: fact(person, name) for name in after}
    changed = [
        f"{LABELS[name]}已由 {in_words(name, before[name])} 改为 {in_words(name, now[name])}"
        for name in after
        if now[name] != before[name]
    ]
    if changed:
        advice = "不能照原样采纳;请不予采纳并告知镇街,需要的重新提出。"
        raise ValidationError(f"提出申请以后,{';'.join(changed)},{advice}")
    demand_free_number(person, after)
    for name, value in after.items():
        write_fact(person, name, value)
    save_facts([person])
    return masked_facts(before), masked_facts(after)


def _merged(proposal: PersonProposal, reason: str) -> tuple[Facts, dict[str, object]]:
    if proposal.into is None:
        raise ValueError("a proposal of merging names the other record")
    join_records(proposal.person, proposal.into)
    return {}, {"merged_into": proposal.into.pk}


def _proposed(proposal: PersonProposal, before: Mapping[str, object], after: Mapping[str, object]) -> PersonProposal:
    same = PersonProposal.objects.waiting().filter(person=proposal.person, content_index=proposal.content_index)
    earlier = same.first()
    if earlier is not None:
        raise ValidationError(WAITS.format(timezone.localtime(earlier.proposed_at)), code=SAME_WAITS)
    proposal.full_clean(validate_unique=False)
    proposal.save()
    audit.record(
        actor=proposal.proposed_by,
        event=StaffingEvent.PROPOSE_CORRECTION,
        subject=proposal,
        before={"person": proposal.person_id, **before},
        after={"person": proposal.person_id, **after},
        reason=proposal.reason,
    )
    return proposal


def _decided(proposal: PersonProposal, state: ProposalState, reason: str, actor: User) -> PersonProposal:
    proposal.state, proposal.decided_by, proposal.decided_at = state.value, actor, timezone.now()
    proposal.decision_reason = reason.strip()
    proposal.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    return proposal


def _common(
    person: Person, before: Facts, after: Facts, reason: str, actor: User | None, now: datetime, content: str
) -> dict[str, object]:
    return {
        "person": person,
        "before_encrypted": encrypt(PURPOSE, _canonical(before)),
        "after_encrypted": encrypt(PURPOSE, _canonical(after)),
        "content_index": blind_index(PURPOSE, content),
        "reason": reason,
        "township_id": actor.township_id if actor is not None else None,
        "proposed_by": actor,
        "proposed_at": now,
    }


def _canonical(facts: Facts) -> str:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True)
