"""What becomes of whoever is on post at a unit 村(社区) that ends: they leave, go on at the one that follows, or stay
listed where nothing is paid any more."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from accounts.models import User
from staffing.enums import ContractKind, EndKind, PostingSource, Settlement, SuspensionKind
from staffing.locking import lock_people
from staffing.models import Posting
from staffing.positions import POSITIONS_OF_KIND
from staffing.postings.services import appoint, correct_dates, end_posting, withdraw_posting
from staffing.postings.working_time import full_time_on
from staffing.terms.contracts import add_contract
from staffing.terms.suspensions import suspend
from staffing.terms.wages import set_wage
from townships.enums import UnitKind
from townships.models import GrassrootsUnit

_DAY = timedelta(days=1)


def going_on_at(unit: GrassrootsUnit, day: date) -> list[Posting]:
    """Who is on post at the unit on some day after this one."""
    return list(Posting.objects.filter(unit=unit).going_on_after(day).select_related("person").order_by("pk"))


def settle(
    unit: GrassrootsUnit,
    last_day: date,
    settled: Mapping[int, Settlement],
    *,
    into: GrassrootsUnit | None = None,
    words: str,
    actor: User | None,
) -> dict[str, list[int]]:
    """Does with everybody who goes on at the unit after `last_day` what `settled` says by posting; `into` is where
    they go on, `words` the reason that is recorded. The postings by what became of them.

    ValidationError names whoever is not settled, and where one cannot go on at the new place.
    """
    staying = going_on_at(unit, last_day)
    unnamed = [f"{row.person.name}({row.started_on} 到岗)" for row in staying if row.pk not in settled]
    if unnamed:
        raise ValidationError(f"{last_day} 以后{unit.name}还有人在岗:{'、'.join(unnamed)}。请逐人选择以后怎么办。")
    lock_people(*(posting.person_id for posting in staying))
    became: dict[str, list[int]] = {}
    for posting in staying:
        choice = settled[posting.pk]
        became.setdefault(choice.value, []).append(posting.pk)
        if choice is Settlement.STAYS:
            continue
        if choice is Settlement.MOVES and into is None:
            raise ValidationError(f"{unit.name}没有后继的村(社区),{posting.person.name}不能随之转去。")
        goes_to = into if choice is Settlement.MOVES else None
        _end(posting, last_day, goes_to, words, actor)
        if goes_to is not None:
            _go_on(posting, goes_to, last_day + _DAY, actor)
    return became


def _end(posting: Posting, last_day: date, into: GrassrootsUnit | None, words: str, actor: User | None) -> None:
    if posting.started_on > last_day:
        withdraw_posting(posting=posting, reason=words, actor=actor)
    elif posting.ended_on is None:
        kind = EndKind.UNIT_CLOSED if into is None else EndKind.TRANSFERRED
        end_posting(posting=posting, ended_on=last_day, kind=kind, words=words, actor=actor)
    else:
        correct_dates(posting=posting, started_on=posting.started_on, ended_on=last_day, reason=words, actor=actor)


def _go_on(old: Posting, unit: GrassrootsUnit, first_day: date, actor: User | None) -> None:
    """A posting at `unit` with whatever of the old one still holds on its first day: until when, full or part-time,
    wages, contracts, suspensions."""
    position = POSITIONS_OF_KIND[UnitKind(unit.kind)]
    if position is None:
        raise ValidationError(f"{unit.name}是{unit.get_kind_display()},没有岗位,{old.person.name}不能转去。")
    started_on = max(old.started_on, first_day)
    same = position == old.position
    stored = Posting.objects.get(pk=old.pk)
    new = appoint(
        person=old.person,
        township=unit.township,
        unit=unit,
        position=position,
        started_on=started_on,
        ended_on=old.ended_on,
        is_full_time=full_time_on(old, started_on),
        source=PostingSource(old.source) if same and old.source else PostingSource.INTERNAL_TRANSFER,
        recruitment_round=old.recruitment_round if same else None,
        replaces=stored if stored.withdrawn_at is not None else None,
        actor=actor,
    )
    _carry_wages(old, new, actor)
    for contract in old.contracts.live().order_by("started_on"):
        if contract.ended_on is None or contract.ended_on >= started_on:
            add_contract(
                posting=new,
                started_on=contract.started_on,
                ended_on=contract.ended_on,
                number=contract.number,
                kind=ContractKind(contract.kind) if contract.kind else None,
                employer=contract.employer,
                actor=actor,
            )
    for row in old.suspensions.live().order_by("started_on"):
        if row.ended_on is None or row.ended_on >= started_on:
            suspend(
                posting=new,
                kind=SuspensionKind(row.kind),
                started_on=max(row.started_on, started_on),
                ended_on=row.ended_on,
                reason=row.reason,
                actor=actor,
            )


def _carry_wages(old: Posting, new: Posting, actor: User | None) -> None:
    """The wage in force on the first day, from that day on, and those that begin later."""
    wages = list(old.wages.live().order_by("effective_from"))
    in_force = [wage for wage in wages if wage.effective_from <= new.started_on][-1:]
    later = [wage for wage in wages if wage.effective_from > new.started_on]
    for wage in (*in_force, *later):
        if new.ended_on is not None and wage.effective_from > new.ended_on:
            continue
        set_wage(
            posting=new,
            effective_from=max(wage.effective_from, new.started_on),
            monthly_wage=wage.monthly_wage,
            employer_insurance=wage.employer_insurance,
            housing_fund=wage.housing_fund,
            document=wage.document,
            actor=actor,
        )
