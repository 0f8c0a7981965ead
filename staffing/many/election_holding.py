"""Carrying out an election 换届: incumbents leave, the elected come, in one transaction and one batch."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Permission, demand
from staffing.enums import BatchKind, ElectionState, EndKind, PostingSource
from staffing.events import StaffingEvent
from staffing.imports.changes import remember_change
from staffing.locking import lock_people
from staffing.many.batches import close_batch, set_wage_in_batch, start_batch
from staffing.many.election_columns import election_columns
from staffing.many.election_plan import ElectionPlan, Newcomer, SeatStep, plan_election
from staffing.many.election_seats import seats_of
from staffing.many.elections import typed_table
from staffing.models import Election, ImportBatch, Person, Posting
from staffing.people.registering import register_person
from staffing.postings.services import appoint, correct_dates, end_posting
from staffing.terms.wages import set_wage

_ENDING = ("ended_on", "end_kind", "end_reason")
CHANGED = "填写以后登记的情况有变动,没有办理;请核对下面的提示,改好后再办理。"
DONE = "这次换届已经办理,没有重复办理。"


@dataclass(frozen=True, slots=True)
class HeldElection:
    """What was done, with the batch by which it is undone."""

    batch: ImportBatch
    plan: ElectionPlan


@transaction.atomic
def hold_election(*, election: Election, seen: int, actor: User | None, today: date) -> HeldElection:
    """Do what the table says, all of it or nothing. `seen` is the table's `saved` as the actor read it.

    ValidationError where the table has a problem, was saved or carried out since, or somebody's record changed so that
    it can't be done.
    """
    demand(actor, Permission.EDIT_PERSONNEL)
    election = Election.objects.select_for_update(of=("self",)).select_related("township").get(pk=election.pk)
    if election.state != ElectionState.PREPARING.value:
        raise ValidationError(DONE, code="done")
    if not election.document:
        raise ValidationError("还没有填依据文件,没有办理;请填好保存,再办理。", code="problems")
    if election.saved != seen:
        raise ValidationError("打开这一页以后,这张表又保存过,没有办理;请核对后再办理。", code="saved_meanwhile")
    plan = _plan(election, today)
    # Locked in one order before anything is decided, then read once more.
    lock_people(*plan.people)
    again = _plan(election, today)
    if again.problems or not again.steps or not again.people <= plan.people:
        raise ValidationError(CHANGED, code="problems")
    batch = start_batch(BatchKind.ELECTION, election.township, election.document, actor)
    try:
        with transaction.atomic():
            _carry_out(again, election, batch, actor)
    except IntegrityError as error:
        raise ValidationError(CHANGED, code="problems") from error
    close_batch(batch, created=len(again.coming))
    election.state, election.batch, election.typed_encrypted = ElectionState.DONE.value, batch, None
    election.save(update_fields=["state", "batch", "typed_encrypted"])
    audit.record(
        actor=actor,
        event=StaffingEvent.HOLD_ELECTION,
        subject=batch,
        after={
            "elected_on": election.elected_on,
            "left": len(again.leaving),
            "came": len(again.coming),
            "stayed": len(again.staying),
        },
        reason=election.document,
    )
    return HeldElection(batch, again)


def _plan(election: Election, today: date) -> ElectionPlan:
    return plan_election(
        township=election.township,
        elected_on=election.elected_on,
        typed=typed_table(election).cells,
        seats=seats_of(election.township, election.elected_on or today),
        columns=election_columns(today),
    )


def _carry_out(plan: ElectionPlan, election: Election, batch: ImportBatch, actor: User | None) -> None:
    """Everybody leaves before anybody comes: whoever changes the village is free by then."""
    for step in plan.leaving:
        _end(step, election.document, batch, actor)
    for step in plan.coming:
        _appoint(step, election, batch, actor)
    for step in plan.staying:
        _pay(step, election.document, batch, actor)


def _end(step: SeatStep, document: str, batch: ImportBatch, actor: User | None) -> None:
    posting = step.seat.incumbent
    if posting is None or posting.ended_on == step.last_day:
        return
    before = {name: getattr(posting, name) for name in _ENDING}
    ended = _ended(posting, step.last_day, document, actor) if step.last_day is not None else posting
    was = f"(原登记 {before['ended_on']})" if before["ended_on"] else ""
    remember_change(
        batch=batch,
        row=ended,
        before=before,
        after={name: getattr(ended, name) for name in _ENDING},
        words=f"{ended.ended_on} 离岗{was},原因:{ended.why_it_ended}",
    )


def _ended(posting: Posting, last_day: date, document: str, actor: User | None) -> Posting:
    """Whoever has a last day already gets another one, and keeps the reason."""
    if posting.ended_on is None:
        return end_posting(posting=posting, ended_on=last_day, kind=EndKind.ELECTION, words=document, actor=actor)
    return correct_dates(
        posting=posting, started_on=posting.started_on, ended_on=last_day, reason=document, actor=actor
    )


def _appoint(step: SeatStep, election: Election, batch: ImportBatch, actor: User | None) -> None:
    newcomer = step.newcomer
    if newcomer is None:
        return
    posting = appoint(
        person=newcomer.person or _registered(newcomer, actor),
        township=election.township,
        unit=step.seat.unit,
        position=step.seat.position,
        started_on=newcomer.started_on,
        is_full_time=newcomer.is_full_time,
        source=PostingSource.VILLAGE_CADRE,
        actor=actor,
    )
    posting.import_batch = batch
    posting.save(update_fields=["import_batch"])
    if newcomer.wage is not None:
        set_wage(
            posting=posting,
            effective_from=newcomer.started_on,
            monthly_wage=newcomer.wage,
            document=election.document,
            actor=actor,
        )


def _registered(newcomer: Newcomer, actor: User | None) -> Person:
    return register_person(
        name=newcomer.name, national_id=newcomer.national_id, education=newcomer.education, actor=actor
    )


def _pay(step: SeatStep, document: str, batch: ImportBatch, actor: User | None) -> None:
    """A wage typed for whoever stays that is another one than before; its other parts go on."""
    posting = step.seat.incumbent
    if posting is None or step.wage is None or step.stays_from is None:
        return
    set_wage_in_batch(
        batch=batch,
        posting=posting,
        effective_from=step.stays_from,
        monthly_wage=step.wage,
        document=document,
        actor=actor,
    )
