"""Appointing to a post, ending it, other dates of it, and taking it back. Each leaves one audit event."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from staffing.enums import EndKind, Position, PostingSource
from staffing.events import StaffingEvent
from staffing.locking import live_posting, lock_people
from staffing.models import Person, Posting, RecruitmentRound, WorkingTime
from staffing.periods import do_overlap
from staffing.postings.source import check_source
from staffing.recruitment import locked_round
from townships.models import GrassrootsUnit, Township


@transaction.atomic
def appoint(
    *,
    person: Person,
    township: Township,
    unit: GrassrootsUnit | None,
    position: Position,
    started_on: date,
    ended_on: date | None = None,
    is_full_time: bool | None = None,
    source: PostingSource | None = None,
    recruitment_round: RecruitmentRound | None = None,
    note: str = "",
    replaces: Posting | None = None,
    actor: User | None,
) -> Posting:
    """A posting of `person`; ValidationError where the place is not one of the position, or the period is taken.

    `replaces` names the withdrawn posting that this one puts right. `is_full_time` holds from the first day on; it,
    `source` and `recruitment_round` as far as they are known.
    """
    lock_people(person.pk)
    posting = Posting(
        person=person,
        township=township,
        unit=unit,
        position=position.value,
        started_on=started_on,
        ended_on=ended_on,
        source=source.value if source else "",
        recruitment_round=recruitment_round,
        note=note,
        replaces=replaces,
    )
    if unit is not None and unit.township_id != township.pk:
        raise ValidationError(f"{unit.name}不属于{township.name}。")
    posting.recruitment_round = recruitment_round and locked_round(recruitment_round)
    check_source(posting)
    if replaces is not None and replaces.withdrawn_at is None:
        raise ValidationError("被替换的在岗记录还没有撤销,请先撤销。")
    _check(posting)
    posting.save()
    if is_full_time is not None:
        WorkingTime.objects.create(posting=posting, is_full_time=is_full_time)
    after = {**_facts(posting), "is_full_time": is_full_time, "source": posting.source}
    audit.record(
        actor=actor,
        event=StaffingEvent.APPOINT,
        subject=posting,
        after={**after, "recruitment_round": posting.recruitment_round_id},
    )
    return posting


@transaction.atomic
def end_posting(*, posting: Posting, ended_on: date, kind: EndKind, words: str = "", actor: User | None) -> Posting:
    """Give a posting its last day on post and say why it ends; ValidationError for one that has ended, a day before
    its first, and 其他 without words."""
    lock_people(posting.person.pk)
    posting = live_posting(posting)
    if posting.ended_on is not None:
        raise ValidationError(f"已登记 {posting.ended_on} 离岗;日期有误的,请办理“更正到岗、离岗日期”。")
    if ended_on < posting.started_on:
        raise ValidationError(f"{posting.started_on} 才到岗,离岗日期不能更早;没有来过的,请办理“撤销”。")
    if kind is EndKind.OTHER and not words.strip():
        raise ValidationError("离岗原因选了“其他”,请写明是什么原因。")
    before = _dates(posting)
    posting.ended_on, posting.end_kind, posting.end_reason = ended_on, kind.value, words
    _check(posting)
    posting.save(update_fields=["ended_on", "end_kind", "end_reason"])
    audit.record(
        actor=actor,
        event=StaffingEvent.END_POSTING,
        subject=posting,
        before=before,
        after=_dates(posting),
        reason=posting.why_it_ended,
    )
    return posting


@transaction.atomic
def correct_dates(
    *, posting: Posting, started_on: date, ended_on: date | None, end_reason: str = "", reason: str, actor: User | None
) -> Posting:
    """Another start or end of a posting; without an end there is no reason for one either. ValidationError for another
    first day on which its unit is not there."""
    lock_people(posting.person.pk)
    posting = live_posting(posting)
    if posting.unit is not None and started_on != posting.started_on:
        demand_open(posting.unit, started_on)
    before = _dates(posting)
    posting.started_on, posting.ended_on = started_on, ended_on
    posting.end_reason = end_reason or posting.end_reason
    if ended_on is None:
        posting.end_kind = posting.end_reason = ""
    _check(posting)
    posting.save(update_fields=["started_on", "ended_on", "end_kind", "end_reason"])
    audit.record(
        actor=actor,
        event=StaffingEvent.CORRECT_DATES,
        subject=posting,
        before=before,
        after=_dates(posting),
        reason=reason,
    )
    return posting


@transaction.atomic
def withdraw_posting(*, posting: Posting, reason: str, actor: User | None) -> Posting:
    """Take a posting back as entered by mistake; what it was paid is settled by the next run."""
    if not reason.strip():
        raise ValidationError("撤销在岗记录须写明原因。")
    lock_people(posting.person.pk)
    posting = live_posting(posting)
    posting.withdrawn_at, posting.withdrawn_reason = timezone.now(), reason
    posting.full_clean(validate_constraints=False)
    posting.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    audit.record(
        actor=actor, event=StaffingEvent.WITHDRAW_POSTING, subject=posting, before=_facts(posting), reason=reason
    )
    return posting


def demand_open(unit: GrassrootsUnit, day: date) -> None:
    """ValidationError where nobody can begin at the unit on the day."""
    if unit.opened_on is not None and day < unit.opened_on:
        raise ValidationError(f"{unit.name} {unit.opened_on} 才设立,到岗日期不能更早。")
    if unit.closed_on is not None and unit.closed_on < day:
        raise ValidationError(f"{unit.name}已于 {unit.closed_on} 撤销,{day} 不能再有人到岗。")


def _check(posting: Posting) -> None:
    """What a form and the database would refuse, and the overlap that only PostgreSQL refuses by itself."""
    posting.full_clean()
    same_place = Posting.objects.filter(
        person=posting.person,
        township=posting.township_id,
        unit=posting.unit_id,
        position=posting.position,
        withdrawn_at=None,
    ).exclude(pk=posting.pk)
    for other in same_place:
        if do_overlap(posting, other):
            until = f"至 {other.ended_on}" if other.ended_on else "起仍在岗"
            raise ValidationError(
                f"此人在同一岗位已有时间重叠的在岗记录({other.started_on} {until}),请核对到岗日期和离岗日期。",
                code="posting_not_twice_at_once",
            )


def _dates(posting: Posting) -> dict[str, object]:
    return {**_facts(posting), "end_kind": posting.end_kind, "end_reason": posting.end_reason}


def _facts(posting: Posting) -> dict[str, object]:
    return {
        "person": posting.person_id,
        "township": posting.township.name,
        "unit": posting.unit.name if posting.unit else None,
        "position": posting.position,
        "started_on": posting.started_on,
        "ended_on": posting.ended_on,
    }
