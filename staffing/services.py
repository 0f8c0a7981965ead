"""The verbs of personnel: appoint, end, withdraw, contract, wage, suspend, merge. Each leaves one audit event.

Whoever changes a person's postings first locks the person, so that two at a time cannot both find a period free.
"""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from foundation.crypto import encrypt
from staffing.enums import ContractKind, Education, Position, SuspensionKind
from staffing.events import StaffingEvent
from staffing.identity import identify, name_person
from staffing.models import Contract, Person, Posting, Suspension, Wage
from staffing.national_id import NationalId
from staffing.periods import do_overlap, overlapping
from townships.models import GrassrootsUnit, Township


@transaction.atomic
def register_person(
    *,
    name: str,
    national_id: NationalId | None,
    education: Education | None = None,
    has_computer_skill: bool | None = None,
    phone: str = "",
    actor: User | None,
) -> Person:
    """A new person; ValidationError when somebody has this id number."""
    person = Person(education=education.value if education else "", has_computer_skill=has_computer_skill)
    name_person(person, name)
    if national_id is not None:
        if Person.objects.with_national_id(national_id.number).exists():
            raise ValidationError("这个身份证号已有人员记录,请在该记录上办理。")
        identify(person, national_id)
    if phone:
        person.phone_encrypted = encrypt("phone", phone)
    person.full_clean()
    person.save()
    audit.record(
        actor=actor,
        event=StaffingEvent.REGISTER_PERSON,
        subject=person,
        after={"name": name, "national_id": person.national_id_masked},
    )
    return person


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
    recruitment_source: str = "",
    recruitment_notice: str = "",
    recruitment_recorded: bool | None = None,
    note: str = "",
    replaces: Posting | None = None,
    actor: User | None,
) -> Posting:
    """A posting of `person`; ValidationError where the place is not one of the position, or the period is taken.

    `replaces` names the withdrawn posting that this one puts right. `recruitment_recorded` False: it was asked for and
    there is none; None: nobody asked.
    """
    _lock(person)
    posting = Posting(
        person=person,
        township=township,
        unit=unit,
        position=position.value,
        started_on=started_on,
        ended_on=ended_on,
        is_full_time=is_full_time,
        recruitment_source=recruitment_source,
        recruitment_notice=recruitment_notice,
        recruitment_recorded=True if recruitment_source or recruitment_notice else recruitment_recorded,
        note=note,
        replaces=replaces,
    )
    if unit is not None and unit.township_id != township.pk:
        raise ValidationError(f"{unit.name}不属于{township.name}。")
    if replaces is not None and replaces.withdrawn_at is None:
        raise ValidationError("被替换的在岗记录还没有撤销,请先撤销。")
    _check(posting)
    posting.save()
    audit.record(actor=actor, event=StaffingEvent.APPOINT, subject=posting, after=_facts(posting))
    return posting


@transaction.atomic
def correct_dates(
    *, posting: Posting, started_on: date, ended_on: date | None, end_reason: str = "", reason: str, actor: User | None
) -> Posting:
    """Another start or end of a posting; to end one is to give it its last day on post."""
    _lock(posting.person)
    posting = _live(posting)
    before = _facts(posting)
    posting.started_on, posting.ended_on = started_on, ended_on
    posting.end_reason = end_reason or posting.end_reason
    _check(posting)
    posting.save(update_fields=["started_on", "ended_on", "end_reason"])
    audit.record(
        actor=actor,
        event=StaffingEvent.CORRECT_DATES,
        subject=posting,
        before=before,
        after=_facts(posting),
        reason=reason,
    )
    return posting


@transaction.atomic
def withdraw_posting(*, posting: Posting, reason: str, actor: User | None) -> Posting:
    """Take a posting back as entered by mistake; what it was paid is settled by the next run."""
    if not reason.strip():
        raise ValidationError("撤销在岗记录须写明原因。")
    _lock(posting.person)
    posting = _live(posting)
    posting.withdrawn_at, posting.withdrawn_reason = timezone.now(), reason
    posting.full_clean(validate_constraints=False)
    posting.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    audit.record(
        actor=actor, event=StaffingEvent.WITHDRAW_POSTING, subject=posting, before=_facts(posting), reason=reason
    )
    return posting


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
    _lock(posting.person)
    contract = Contract(posting=_live(posting))
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
    _lock(contract.posting.person)
    contract = Contract.objects.get(pk=contract.pk)
    _live(contract.posting)
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
    _lock(posting.person)
    posting = _live(posting)
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


@transaction.atomic
def suspend(
    *,
    posting: Posting,
    kind: SuspensionKind,
    started_on: date,
    ended_on: date | None,
    reason: str = "",
    actor: User | None,
) -> Suspension:
    """Days on which the posting is not on post 停发; ValidationError for days that are suspended already, or after
    its last."""
    _lock(posting.person)
    suspension = Suspension(posting=posting, kind=kind.value, started_on=started_on, ended_on=ended_on, reason=reason)
    _check_suspension(suspension)
    suspension.save()
    audit.record(
        actor=actor,
        event=StaffingEvent.SUSPEND,
        subject=suspension,
        after={"posting": posting.pk, "kind": kind.value, "started_on": started_on, "ended_on": ended_on},
        reason=reason,
    )
    return suspension


@transaction.atomic
def correct_suspension(
    *,
    suspension: Suspension,
    kind: SuspensionKind,
    started_on: date,
    ended_on: date | None,
    cause: str,
    reason: str,
    actor: User | None,
) -> Suspension:
    """Another kind, start or end of a suspension, or another `cause` of it; to end one is to give it its last day.

    `reason` says why it is changed. ValidationError as in `suspend`.
    """
    suspension = _live_suspension(suspension)
    before = _stop(suspension)
    suspension.kind, suspension.started_on, suspension.ended_on = kind.value, started_on, ended_on
    suspension.reason = cause
    _check_suspension(suspension)
    suspension.save(update_fields=["kind", "started_on", "ended_on", "reason"])
    audit.record(
        actor=actor,
        event=StaffingEvent.CORRECT_SUSPENSION,
        subject=suspension,
        before=before,
        after=_stop(suspension),
        reason=reason,
    )
    return suspension


@transaction.atomic
def withdraw_suspension(*, suspension: Suspension, reason: str, actor: User | None) -> Suspension:
    """Take a suspension back as entered by mistake: its days count again."""
    if not reason.strip():
        raise ValidationError("撤销停发须写明原因。")
    suspension = _live_suspension(suspension)
    suspension.withdrawn_at, suspension.withdrawn_reason = timezone.now(), reason
    suspension.full_clean(validate_constraints=False)
    suspension.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    audit.record(
        actor=actor,
        event=StaffingEvent.WITHDRAW_SUSPENSION,
        subject=suspension,
        before=_stop(suspension),
        reason=reason,
    )
    return suspension


@transaction.atomic
def merge_people(*, duplicate: Person, into: Person, reason: str, actor: User | None) -> Person:
    """Two records of one person: `duplicate` counts as `into` from now on, and keeps its postings.

    Merged records are one level deep, so that unmerging one restores it: whatever comes with its own id number later
    stays its own.
    """
    if not reason.strip():
        raise ValidationError("合并人员记录须写明原因。")
    people = {person.pk: person for person in _locked(duplicate.pk, into.pk)}
    duplicate, into = people[duplicate.pk], people[into.pk]
    if duplicate.pk == into.pk:
        raise ValidationError("不能与自己合并。")
    if into.merged_into_id is not None or duplicate.merged_into_id is not None:
        raise ValidationError("其中一条记录已经合并,请选择合并后的记录,或先取消合并。")
    if duplicate.merged_records.exists():
        raise ValidationError("有别的记录合并在这条记录上,请反过来合并,或先取消合并。")
    postings = Posting.objects.filter(person__in=[duplicate, into], withdrawn_at=None)
    places: dict[tuple[int, int | None, str], list[Posting]] = {}
    for posting in postings:
        places.setdefault((posting.township_id, posting.unit_id, posting.position), []).append(posting)
    if any(True for at_place in places.values() for _ in overlapping(at_place)):
        raise ValidationError("两条记录在同一岗位的在岗时间重叠,请先撤销重复的在岗记录。")
    duplicate.merged_into = into
    duplicate.save(update_fields=["merged_into"])
    audit.record(
        actor=actor, event=StaffingEvent.MERGE_PEOPLE, subject=duplicate, after={"merged_into": into.pk}, reason=reason
    )
    return duplicate


@transaction.atomic
def unmerge_person(*, person: Person, reason: str, actor: User | None) -> Person:
    """Undo `merge_people`: the record is a person of its own again, with its own name, postings and qualification."""
    if not reason.strip():
        raise ValidationError("取消合并须写明原因。")
    person = _locked(person.pk)[0]
    if person.merged_into_id is None:
        raise ValidationError("这条记录没有合并。")
    before = {"merged_into": person.merged_into_id}
    person.merged_into = None
    person.save(update_fields=["merged_into"])
    audit.record(actor=actor, event=StaffingEvent.UNMERGE_PERSON, subject=person, before=before, reason=reason)
    return person


@transaction.atomic
def reveal_national_id(*, person: Person, reason: str, actor: User | None) -> str:
    """The whole id number, with one event that says who saw it and why; the event holds the masked number."""
    audit.record(
        actor=actor,
        event=StaffingEvent.REVEAL_NATIONAL_ID,
        subject=person,
        after={"national_id": person.national_id_masked},
        reason=reason,
    )
    return person.national_id


def _lock(person: Person) -> None:
    _locked(person.pk)


def _locked(*keys: int) -> list[Person]:
    return list(Person.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _live(posting: Posting) -> Posting:
    """The posting as it is stored now; ValidationError when it was withdrawn meanwhile."""
    stored = Posting.objects.select_related("person", "township", "unit").get(pk=posting.pk)
    if stored.withdrawn_at is not None:
        raise ValidationError("这条在岗记录已经撤销。")
    return stored


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


def _live_suspension(suspension: Suspension) -> Suspension:
    """The suspension as it is stored now, its person locked; ValidationError when it or its posting was withdrawn."""
    _lock(suspension.posting.person)
    stored = Suspension.objects.select_related("posting").get(pk=suspension.pk)
    if stored.withdrawn_at is not None:
        raise ValidationError("这次停发已经撤销。")
    if stored.posting.withdrawn_at is not None:
        raise ValidationError("这条在岗记录已经撤销。")
    return stored


def _check_suspension(suspension: Suspension) -> None:
    suspension.full_clean()
    posting = suspension.posting
    others = posting.suspensions.live().exclude(pk=suspension.pk).order_by("started_on")
    other = next((row for row in others if do_overlap(row, suspension)), None)
    if other is not None:
        until = f"至 {other.ended_on} " if other.ended_on else "起"
        raise ValidationError(f"{other.started_on} {until}已登记停发,与这次的日期重叠,请核对。")
    if posting.ended_on is not None and posting.ended_on < suspension.started_on:
        raise ValidationError(f"{posting.ended_on} 已离岗,不用再停发。")


def _stop(suspension: Suspension) -> dict[str, object]:
    return {
        "posting": suspension.posting_id,
        "kind": suspension.kind,
        "started_on": suspension.started_on,
        "ended_on": suspension.ended_on,
        "cause": suspension.reason,
    }


def _facts(posting: Posting) -> dict[str, object]:
    return {
        "person": posting.person_id,
        "township": posting.township.name,
        "unit": posting.unit.name if posting.unit else None,
        "position": posting.position,
        "started_on": posting.started_on,
        "ended_on": posting.ended_on,
    }


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


def _parts(wage: Wage) -> dict[str, object]:
    return {
        "monthly_wage": wage.monthly_wage,
        "employer_insurance": wage.employer_insurance,
        "housing_fund": wage.housing_fund,
    }
