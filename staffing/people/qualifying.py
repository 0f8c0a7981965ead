"""Entering what a person is qualified for: written by whoever writes the person's facts, else proposed."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, demand
from staffing.enums import ComputerLevel, Education, QualificationKind
from staffing.models import Person, PersonProposal, Qualification
from staffing.people.facts import Fact
from staffing.people.owning import writes_facts
from staffing.people.proposals import propose_correction
from staffing.qualifications import record_qualification, withdraw_qualification

_FOREIGN = "此人的资格由所在的镇乡(街道)登记。"


@transaction.atomic
def enter_qualification(
    *,
    person: Person,
    kind: QualificationKind,
    level: Education | ComputerLevel | None,
    obtained_on: date | None,
    name: str = "",
    paper: str = "",
    actor: User | None,
) -> Qualification | PersonProposal:
    """Recorded at once by whoever writes the person's facts. Anybody else's entry changes nothing: an education or
    skill without a day comes back as a proposal, and ValidationError says who records the rest."""
    demand(actor, Permission.CORRECT_PERSON)
    if writes_facts(actor, person, timezone.localdate()):
        return record_qualification(
            person=person, kind=kind, level=level, obtained_on=obtained_on, name=name, paper=paper, actor=actor
        )
    stated = _as_facts(kind, level)
    if obtained_on is not None or not stated:
        raise ValidationError(
            f"{_FOREIGN}取得日期和证书请由那里或县局登记;只申请更正学历、计算机操作的,请清空取得日期。"
        )
    reason = f"登记资格:{paper}" if paper else "登记资格"
    return propose_correction(person=person, after=stated, reason=reason, actor=actor, now=timezone.now())


@transaction.atomic
def take_back_qualification(*, qualification: Qualification, reason: str, actor: User | None) -> Qualification:
    """Withdrawn by whoever writes the person's facts; ValidationError says so to anybody else."""
    demand(actor, Permission.CORRECT_PERSON)
    if not writes_facts(actor, qualification.person, timezone.localdate()):
        raise ValidationError(f"{_FOREIGN}录错的请由那里或县局撤销。")
    return withdraw_qualification(qualification=qualification, reason=reason, actor=actor)


def _as_facts(kind: QualificationKind, level: Education | ComputerLevel | None) -> dict[str, Fact]:
    if kind is QualificationKind.EDUCATION and level is not None:
        return {"education": level.value}
    if kind is QualificationKind.COMPUTER and level is not None:
        return {"has_computer_skill": level is not ComputerLevel.NONE}
    return {}
