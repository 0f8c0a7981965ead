"""Transferring a posting 调动: asked for, received, refused, withdrawn. Each step leaves one audit event of its own.

Only receiving changes postings: in one transaction the old one ends and the new one begins, each with its own event.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.permissions import Permission, demand
from staffing.enums import ContractKind, EndKind, Position, PostingSource, TransferAction, TransferState
from staffing.events import StaffingEvent
from staffing.locking import lock_people
from staffing.models import Posting, Transfer
from staffing.positions import POSITIONS_OF_KIND
from staffing.postings.services import appoint, end_posting
from staffing.postings.working_time import full_time_on
from staffing.terms.contracts import add_contract
from staffing.terms.wages import set_wage
from staffing.transfers.steps import Step, acts_for, step_of
from townships.enums import UnitKind
from townships.models import GrassrootsUnit, Township

_EVENTS: Mapping[TransferAction, StaffingEvent] = {
    TransferAction.ASK: StaffingEvent.ASK_TRANSFER,
    TransferAction.RECEIVE: StaffingEvent.RECEIVE_TRANSFER,
    TransferAction.REFUSE: StaffingEvent.REFUSE_TRANSFER,
    TransferAction.WITHDRAW: StaffingEvent.WITHDRAW_TRANSFER,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody goes on: a unit where the position has one, the township itself where it has none."""

    position: Position
    unit: GrassrootsUnit | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What the receiving township pays, in yuan a month, and signs, as far as it is settled; None where it is not."""

    monthly_wage: Decimal | None = None
    employer_insurance: Decimal | None = None
    housing_fund: Decimal | None = None
    contract_from: date | None = None
    contract_until: date | None = None
    contract_number: str = ""


NOTHING_SETTLED = Terms()


@transaction.atomic
def ask_transfer(
    *, posting: Posting, last_day: date, to_township: Township, document: str, actor: User | None
) -> Transfer:
    """Say that a posting ends on `last_day` and goes on in another township; it waits to be received there.

    ValidationError: to the own township, without a reason, of a posting that has ended or was withdrawn, or that
    waits already.
    """
    if to_township.pk == posting.township_id:
        raise ValidationError("调入的就是本镇街:在本镇街内换岗位的,请办理“换岗位”,一次办完。")
    return _ask(posting, last_day, to_township, document, actor)


@transaction.atomic
def receive_transfer(
    *, transfer: Transfer, place: Place, first_day: date, terms: Terms = NOTHING_SETTLED, actor: User | None
) -> Transfer:
    """Take up whoever is sent, from `first_day` on: the old posting ends on its last day, the new one begins.

    ValidationError: decided meanwhile, a first day that is not after the last one, a place that is not there, or an
    old posting that ended or was withdrawn meanwhile.
    """
    step = step_of(TransferAction.RECEIVE)
    transfer = _locked(transfer, step, actor)
    if first_day <= transfer.last_day:
        raise ValidationError(f"原岗位做到 {transfer.last_day},新岗位的第一天不能早于 {_next(transfer.last_day)}。")
    old = _transferable(transfer.posting, transfer.last_day)
    _demand_place(place, transfer.to_township, first_day)
    if transfer.is_within and (old.unit, old.position) == (place.unit, place.position):
        raise ValidationError("新岗位与原岗位相同,不用调动;日期有误的,请办理“更正到岗、离岗日期”。")
    # A township may have entered the leaving first.
    if old.ended_on is None:
        words = _where(transfer.to_township, place.unit)
        end_posting(posting=old, ended_on=transfer.last_day, kind=EndKind.TRANSFERRED, words=words, actor=actor)
    transfer.new_posting = appoint(
        person=old.person,
        township=transfer.to_township,
        unit=place.unit,
        position=place.position,
        started_on=first_day,
        is_full_time=full_time_on(old, transfer.last_day),
        source=_source(old, place),
        actor=actor,
    )
    _settle(transfer.new_posting, terms, actor)
    return _taken(transfer, step, actor)


def _source(old: Posting, place: Place) -> PostingSource | None:
    """Where somebody on the new post came from: an assistant stays what the old posting says, whose round of open
    recruitment is another township's and stands there."""
    if old.position != Position.ASSISTANT or place.position is not Position.ASSISTANT:
        return PostingSource.INTERNAL_TRANSFER
    known = PostingSource(old.source) if old.source else None
    return None if known is PostingSource.OPEN_RECRUITMENT else known


def _settle(posting: Posting, terms: Terms, actor: User | None) -> None:
    """Wage and contract of the new posting, each where something is said of it."""
    if terms.monthly_wage is not None:
        set_wage(
            posting=posting,
            effective_from=posting.started_on,
            monthly_wage=terms.monthly_wage,
            employer_insurance=terms.employer_insurance,
            housing_fund=terms.housing_fund,
            actor=actor,
        )
    if terms.contract_from is not None:
        add_contract(
            posting=posting,
            started_on=terms.contract_from,
            ended_on=terms.contract_until,
            number=terms.contract_number,
            kind=ContractKind.TOWNSHIP,
            actor=actor,
        )


@transaction.atomic
def refuse_transfer(*, transfer: Transfer, reason: str, actor: User | None) -> Transfer:
    """The receiving township does not take up whoever is sent: the posting goes on as if nothing had been said."""
    step = step_of(TransferAction.REFUSE)
    return _taken(_locked(transfer, step, actor, reason), step, actor, reason)


@transaction.atomic
def withdraw_transfer(*, transfer: Transfer, reason: str, actor: User | None) -> Transfer:
    """The sending township takes its word back before it is received."""
    step = step_of(TransferAction.WITHDRAW)
    return _taken(_locked(transfer, step, actor, reason), step, actor, reason)


@transaction.atomic
def transfer_at_once(
    *,
    posting: Posting,
    last_day: date,
    to_township: Township,
    document: str,
    place: Place,
    first_day: date,
    terms: Terms = NOTHING_SETTLED,
    actor: User | None,
) -> Transfer:
    """Both sides by one who may enter both: a clerk within the own township, an officer in a small bureau for any two.

    PermissionDenied for anybody else; ValidationError as in `ask_transfer`, but for the own township, and as in
    `receive_transfer`.
    """
    transfer = _ask(posting, last_day, to_township, document, actor)
    return receive_transfer(transfer=transfer, place=place, first_day=first_day, terms=terms, actor=actor)


def _ask(posting: Posting, last_day: date, to_township: Township, document: str, actor: User | None) -> Transfer:
    demand(actor, Permission.EDIT_PERSONNEL)
    _demand_side(actor, posting.township)
    document = document.strip()
    if not document:
        raise ValidationError("请写明调动的原因或依据文件。")
    lock_people(posting.person_id)
    stored = _transferable(posting, last_day)
    waiting = stored.transfers.waiting().select_related("to_township").first()
    if waiting is not None:
        raise ValidationError(
            f"{stored.person.name}调往{waiting.to_township.name}的调动还在等待接收;要改的,请先撤回。"
        )
    transfer = Transfer(
        posting=stored,
        last_day=last_day,
        to_township=to_township,
        document=document,
        asked_by=actor,
        asked_at=timezone.now(),
    )
    transfer.full_clean(exclude=["asked_by"])
    transfer.save()
    step = step_of(TransferAction.ASK)
    audit.record(actor=actor, event=_EVENTS[step.action], subject=transfer, after=_facts(transfer), reason=document)
    return transfer


def locked_transfer(key: int) -> Transfer:
    return Transfer.objects.select_for_update().get(pk=key)


def _locked(transfer: Transfer, step: Step, actor: User | None, reason: str = "") -> Transfer:
    """The transfer as it is stored now, its person and itself locked; ValidationError where the step is not open."""
    demand(actor, Permission.EDIT_PERSONNEL)
    if step.needs_reason and not reason.strip():
        raise ValidationError(f"{step.action.label}须写明原因。")
    lock_people(transfer.posting.person_id)
    stored = locked_transfer(transfer.pk)
    _demand_side(actor, stored.to_township if step.is_receivers else stored.posting.township)
    if stored.state != step.source:
        raise ValidationError(f"这次调动{TransferState(stored.state).label},不能再{step.action.label}。请刷新页面。")
    return stored


def _taken(transfer: Transfer, step: Step, actor: User | None, reason: str = "") -> Transfer:
    before = {"state": transfer.state}
    transfer.state = step.target.value
    transfer.decided_by, transfer.decided_at, transfer.decided_reason = actor, timezone.now(), reason.strip()
    transfer.save(update_fields=["state", "new_posting", "decided_by", "decided_at", "decided_reason"])
    audit.record(
        actor=actor,
        event=_EVENTS[step.action],
        subject=transfer,
        before=before,
        after=_facts(transfer),
        reason=reason.strip(),
    )
    return transfer


def _transferable(posting: Posting, last_day: date) -> Posting:
    """The posting as it is stored now; ValidationError where it cannot go on elsewhere after `last_day`."""
    stored = Posting.objects.select_related("person", "township", "unit").get(pk=posting.pk)
    if stored.withdrawn_at is not None:
        raise ValidationError("这条在岗记录已经撤销,不能调动。")
    if stored.ended_on is not None and stored.ended_on != last_day:
        left = f"{stored.person.name}已登记 {stored.ended_on} 离岗"
        raise ValidationError(f"{left},与调出前最后一天 {last_day} 不同;离岗日期有误的,请先更正。")
    if last_day < stored.started_on:
        raise ValidationError(f"{stored.started_on} 才到岗,调出前最后一天不能更早。")
    return stored


def _demand_place(place: Place, township: Township, first_day: date) -> None:
    """ValidationError for a unit of another township, one that is closed, and one without such a position."""
    unit = place.unit
    if place.position.has_unit == (unit is None):
        raise ValidationError("协管员须选村(社区);协理员和平台工作人员不选。")
    if unit is None:
        return
    if unit.township_id != township.pk:
        raise ValidationError(f"{unit.name}不属于{township.name}。")
    if not unit.exists_on(first_day):
        raise ValidationError(f"{unit.name}在 {first_day} 不存在({_dates(unit)}),不能调入。")
    if POSITIONS_OF_KIND[UnitKind(unit.kind)] is not place.position:
        raise ValidationError(f"{unit.name}是{unit.get_kind_display()},没有这个岗位。")


def _demand_side(actor: User | None, township: Township) -> None:
    """No actor is a command."""
    if actor is not None and not acts_for(actor, township):
        raise PermissionDenied(f"这一步由{township.name}的经办人员办理。")


def _where(township: Township, unit: GrassrootsUnit | None) -> str:
    return f"调往{township.name}{unit.name if unit else ''}"


def _dates(unit: GrassrootsUnit) -> str:
    return f"{unit.closed_on} 撤销" if unit.closed_on else f"{unit.opened_on} 设立"


def _next(day: date) -> date:
    return day + timedelta(days=1)


def _facts(transfer: Transfer) -> dict[str, object]:
    return {
        "posting": transfer.posting_id,
        "last_day": transfer.last_day,
        "to_township": transfer.to_township.name,
        "document": transfer.document,
        "state": transfer.state,
        "new_posting": transfer.new_posting_id,
    }
