"""What can be done for many at once: a row and a page for each verb."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django import forms

from accounts.models import User
from pages.personnel import doubts
from pages.personnel.many.doubts import NewWage, of_wages
from pages.personnel.many.forms import RenewForm, WagesForm
from pages.personnel.qualification_forms import SourceForm
from pages.personnel.words import Fields, source_in_words
from staffing.forms import DaysOffForm
from staffing.labels import SETTLES_ITSELF
from staffing.many.contracts import NewTerms, latest_contracts, renew_contracts
from staffing.many.sources import set_sources
from staffing.many.suspensions import suspend_many
from staffing.many.wages import NewWages, set_wages, wages_before
from staffing.models import Contract, ImportBatch, Posting, RecruitmentRound, Suspension, Wage
from staffing.postings.source import check_source

# Posting -> what the verb changes of it, as stored: a wage, a contract, suspensions.
Known = Mapping[int, Any]
Done = tuple[ImportBatch, list[Posting]]


class ManyVerb(NamedTuple):
    """`known` reads what is stored of the postings, once the fields are known for their day; `told` says it in words.

    `after` says what a posting will have instead, and raises ValidationError where it cannot have it. `doubts` of the
    new words and the fields are told before it is saved. `fit` gives a form what the township's may choose from.
    """

    name: str
    address: str
    title: str
    form: type[forms.Form]
    before_head: str
    after_head: str
    known: Callable[[Sequence[Posting], Fields | None], Known]
    told: Callable[[Any], str]
    after: Callable[[Posting, Any, Fields], str]
    service: Callable[[list[Posting], Fields, User], Done]
    doubts: Callable[[Sequence[tuple[Posting, Any]], Fields, date], Iterable[str]]
    effect: str = SETTLES_ITSELF
    fit: Callable[[Posting, forms.Form], None] | None = None


def _new_wages(fields: Fields) -> NewWages:
    return NewWages(fields["effective_from"], fields["way"], fields["figure"])


def _wages_known(postings: Sequence[Posting], fields: Fields | None) -> Known:
    return wages_before(postings, fields["effective_from"] if fields else None)


def _wage_told(wage: Wage | None) -> str:
    if wage is None or wage.monthly_wage is None:
        return "未登记"
    return f"{wage.monthly_wage:,.2f} 元({wage.effective_from} 起)"


def _wage_after(posting: Posting, wage: Wage | None, fields: Fields) -> str:
    before = wage.monthly_wage if wage is not None else None
    after = _new_wages(fields).of(before)
    difference = "" if before is None else f"({after - before:+,.2f})"
    return f"{after:,.2f} 元{difference}"


def _set_wages(postings: list[Posting], fields: Fields, actor: User) -> Done:
    return set_wages(postings=postings, new=_new_wages(fields), document=fields["document"], actor=actor)


def _wage_doubts(rows: Sequence[tuple[Posting, Any]], fields: Fields, today: date) -> Iterator[str]:
    new, day = _new_wages(fields), fields["effective_from"]
    yield from doubts.of_effect(day, today)
    yield from of_wages(
        NewWage(posting.person.name, new.of(wage.monthly_wage if wage is not None else None), day)
        for posting, wage in rows
    )
    for posting, wage in rows:
        if wage is not None and wage.effective_from == day:
            yield f"{posting.person.name} {day} 起的工资已登记过,保存后以这次的为准。"


def _contracts_known(postings: Sequence[Posting], fields: Fields | None) -> Known:
    return latest_contracts(postings)


def _contract_told(contract: Contract | None) -> str:
    if contract is None:
        return "未登记"
    return f"{contract.started_on} 至 {contract.ended_on or '无固定期限'}"


def _new_terms(fields: Fields) -> NewTerms:
    return NewTerms(months=fields["months"], ended_on=fields["ended_on"])


def _contract_after(posting: Posting, contract: Contract | None, fields: Fields) -> str:
    term = _new_terms(fields).after(contract)
    return f"{term.started_on} 至 {term.ended_on}"


def _renew(postings: list[Posting], fields: Fields, actor: User) -> Done:
    return renew_contracts(postings=postings, new=_new_terms(fields), document=fields["document"], actor=actor)


def _contract_doubts(rows: Sequence[tuple[Posting, Any]], fields: Fields, today: date) -> Iterator[str]:
    for posting, contract in rows:
        term = _new_terms(fields).after(contract)
        span = {"started_on": term.started_on, "ended_on": term.ended_on}
        yield from (f"{posting.person.name}:{doubt}" for doubt in doubts.of_contract(posting, span, today))


def _stops_known(postings: Sequence[Posting], fields: Fields | None) -> Known:
    found: dict[int, list[Suspension]] = {}
    stops = Suspension.objects.live().filter(posting__in=[posting.pk for posting in postings]).order_by("started_on")
    for stop in stops:
        found.setdefault(stop.posting_id, []).append(stop)
    return found


def _stops_told(stops: Sequence[Suspension] | None) -> str:
    if not stops:
        return "没有停发"
    latest = stops[-1]
    return f"停发 {latest.started_on} 至 {latest.ended_on or '另行通知'}"


def _stop_after(posting: Posting, stops: Sequence[Suspension] | None, fields: Fields) -> str:
    return f"{fields['started_on']} 至 {fields['ended_on'] or '另行通知'},{fields['kind'].label}"


def _suspend(postings: list[Posting], fields: Fields, actor: User) -> Done:
    return suspend_many(postings=postings, actor=actor, **fields)


def _stop_doubts(rows: Sequence[tuple[Posting, Any]], fields: Fields, today: date) -> Iterator[str]:
    if rows:
        yield from doubts.of_stop(rows[0][0], fields, today)


def _sources_known(postings: Sequence[Posting], fields: Fields | None) -> Known:
    rounds = RecruitmentRound.objects.in_bulk(
        {posting.recruitment_round_id for posting in postings if posting.recruitment_round_id}
    )
    for posting in postings:
        posting.recruitment_round = rounds.get(posting.recruitment_round_id or 0)
    return {posting.pk: source_in_words(posting) for posting in postings}


def _source_told(words: str | None) -> str:
    return words or "未登记"


def _source_after(posting: Posting, words: str | None, fields: Fields) -> str:
    stated = Posting(
        township_id=posting.township_id,
        position=posting.position,
        source=fields["source"].value,
        recruitment_round=fields["recruitment_round"],
    )
    check_source(stated)
    return source_in_words(stated)


def _set_sources(postings: list[Posting], fields: Fields, actor: User) -> Done:
    return set_sources(postings=postings, actor=actor, **fields)


def _no_doubts(rows: Sequence[tuple[Posting, Any]], fields: Fields, today: date) -> Iterator[str]:
    yield from ()


MANY = (
    ManyVerb(
        "wages_of_many", "wages/", "调整工资", WagesForm, "现在的月工资", "调整后",
        _wages_known, _wage_told, _wage_after, _set_wages, _wage_doubts,
        "更早执行的工资照旧保留;补助因此有变化的,差额在下一次核算中补发或扣回。",
    ),
    ManyVerb(
        "contracts_of_many", "contracts/", "续签合同", RenewForm, "现有合同", "续签",
        _contracts_known, _contract_told, _contract_after, _renew, _contract_doubts,
    ),
    ManyVerb(
        "suspensions_of_many", "suspensions/", "停发", DaysOffForm, "已登记的停发", "这次停发",
        _stops_known, _stops_told, _stop_after, _suspend, _stop_doubts,
    ),
    ManyVerb(
        "sources_of_many", "sources/", "登记人员来源", SourceForm, "已登记的来源", "登记为",
        _sources_known, _source_told, _source_after, _set_sources, _no_doubts, fit=SourceForm.fit,
    ),
)  # fmt: skip
