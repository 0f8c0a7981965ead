"""Taking somebody on: the person, the posting, wage and contract, and the end of the predecessor, all or nothing."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from accounts.models import User
from staffing.entries import ContractEntry, WageEntry
from staffing.enums import Education, EndKind, Position, PostingSource
from staffing.locking import lock_people
from staffing.models import Person, Posting, RecruitmentRound
from staffing.national_id import NationalId
from staffing.people.registering import register_person
from staffing.postings.services import appoint, demand_open, end_posting
from staffing.terms.contracts import add_contract
from staffing.terms.wages import set_wage
from townships.models import GrassrootsUnit, Township


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who is not on record yet."""

    name: str
    national_id: NationalId | None
    education: Education | None = None
    has_computer_skill: bool | None = None
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Leaving:
    """The posting of the predecessor, which ends the day before, and why."""

    posting: Posting
    kind: EndKind
    words: str = ""


@transaction.atomic
def take_on(
    *,
    who: Person | NewPerson,
    township: Township,
    unit: GrassrootsUnit | None,
    position: Position,
    started_on: date,
    is_full_time: bool | None = None,
    source: PostingSource | None = None,
    recruitment_round: RecruitmentRound | None = None,
    note: str = "",
    wage: WageEntry | None = None,
    contract: ContractEntry | None = None,
    leaving: Leaving | None = None,
    actor: User | None,
) -> Posting:
    """The new posting. ValidationError as of the verbs that it joins, and for a unit that is not there on the day.

    A contract without a first day begins with the posting.
    """
    if unit is not None:
        # Nobody closes the unit meanwhile, and whoever is taken on there at the same moment waits.
        unit = GrassrootsUnit.objects.select_for_update().get(pk=unit.pk)
        demand_open(unit, started_on)
    lock_people(*(found.pk for found in (who, leaving and leaving.posting.person) if isinstance(found, Person)))
    if leaving is not None:
        end_posting(
            posting=leaving.posting,
            ended_on=started_on - timedelta(days=1),
            kind=leaving.kind,
            words=leaving.words,
            actor=actor,
        )
    posting = appoint(
        person=who if isinstance(who, Person) else _registered(who, actor),
        township=township,
        unit=unit,
        position=position,
        started_on=started_on,
        is_full_time=is_full_time,
        source=source,
        recruitment_round=recruitment_round,
        note=note,
        actor=actor,
    )
    if wage is not None:
        set_wage(
            posting=posting,
            effective_from=started_on,
            monthly_wage=wage.monthly_wage,
            employer_insurance=wage.employer_insurance,
            housing_fund=wage.housing_fund,
            actor=actor,
        )
    if contract is not None:
        add_contract(
            posting=posting,
            started_on=contract.started_on or started_on,
            ended_on=contract.ended_on,
            number=contract.number,
            kind=contract.kind,
            employer=contract.employer,
            actor=actor,
        )
    return posting


def _registered(who: NewPerson, actor: User | None) -> Person:
    return register_person(
        name=who.name,
        national_id=who.national_id,
        education=who.education,
        has_computer_skill=who.has_computer_skill,
        phone=who.phone,
        actor=actor,
    )
