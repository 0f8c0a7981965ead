"""Verbs done for many on one document: all or none, every problem by its posting, undone as one batch."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model

from accounts.enums import Role
from accounts.models import AuditEvent
from staffing.enums import PostingSource, SuspensionKind, WageWay
from staffing.many.contracts import NewTerms, renew_contracts
from staffing.many.sources import set_sources
from staffing.many.suspensions import suspend_many
from staffing.many.undoing import obstacles, undo_batch
from staffing.many.wages import NewWages, set_wages
from staffing.models import Contract, ImportBatch, Posting, RecruitmentRound, Suspension, Wage
from staffing.recruitment import withdraw_round
from staffing.several import SeveralRefused
from staffing.terms.wages import set_wage
from tests.builders import a_contract, a_person, a_posting, a_round, a_suspension, a_township, a_wage
from tests.staffing.elections import NOW
from tests.users import MakeUser
from townships.models import Township

pytestmark = pytest.mark.django_db
JULY = date(2010, 7, 1)
DOCUMENT = "甬政发〔2010〕12 号"


@pytest.fixture
def township() -> Township:
    return a_township()


def two(township: Township) -> list[Posting]:
    """With wages of 1,500.00 and 1,333.33, and contracts to the end of June 2010."""
    postings = [a_posting(township=township, person=a_person(name=name)) for name in ("张三", "李四")]
    for posting, wage in zip(postings, ("1500.00", "1333.33"), strict=True):
        a_wage(posting=posting, monthly_wage=Decimal(wage))
        a_contract(posting=posting, ended_on=date(2010, 6, 30))
    return postings


def paid(postings: list[Posting], way: WageWay, figure: str, day: date = JULY) -> ImportBatch:
    new = NewWages(day, way, Decimal(figure))
    return set_wages(postings=postings, new=new, document=DOCUMENT, actor=None)[0]


def renewed(postings: list[Posting], new: NewTerms) -> ImportBatch:
    return renew_contracts(postings=postings, new=new, document=DOCUMENT, actor=None)[0]


def stopped(postings: list[Posting], started_on: date = JULY) -> ImportBatch:
    return suspend_many(
        postings=postings,
        kind=SuspensionKind.UNPAID_LEAVE,
        started_on=started_on,
        ended_on=None,
        reason=DOCUMENT,
        actor=None,
    )[0]


def recruited(postings: list[Posting], by: RecruitmentRound | None = None) -> ImportBatch:
    """All by one round, of the first one's township unless another is named."""
    return set_sources(
        postings=postings,
        source=PostingSource.OPEN_RECRUITMENT,
        recruitment_round=by or (a_round(township=postings[0].township) if postings else None),
        reason=DOCUMENT,
        actor=None,
    )[0]


@pytest.mark.parametrize(
    ("way", "figure", "wages"),
    [
        (WageWay.AMOUNT, "1800", ["1800.00", "1800.00"]),
        (WageWay.MORE, "100.50", ["1600.50", "1433.83"]),
        # 1,333.33 × 1.05 = 1,399.9965, half up to the fen.
        (WageWay.PERCENT, "5", ["1575.00", "1400.00"]),
        (WageWay.PERCENT, "-10", ["1350.00", "1200.00"]),
    ],
)
def test_new_wages_follow_from_the_old_ones(township: Township, way: WageWay, figure: str, wages: list[str]) -> None:
    batch = paid(two(township), way, figure)
    new = Wage.objects.filter(effective_from=JULY).order_by("posting")
    assert [wage.monthly_wage for wage in new] == [Decimal(wage) for wage in wages]
    assert {wage.employer_insurance for wage in new} == {Decimal("400.00")}
    assert (batch.kind, batch.document, batch.changed_count, batch.township) == ("wages", DOCUMENT, 2, township)
    assert AuditEvent.objects.filter(action="set_wage", subject_type="wage").count() == 2
    assert AuditEvent.objects.get(action="set_wages").subject_id == batch.pk


def test_a_wage_follows_from_the_one_of_its_day(township: Township) -> None:
    postings = two(township)
    a_wage(posting=postings[0], effective_from=date(2010, 8, 1), monthly_wage=Decimal("9000.00"))
    paid(postings[:1], WageWay.MORE, "10")
    assert postings[0].wages.get(effective_from=JULY).monthly_wage == Decimal("1510.00")


@pytest.mark.parametrize(
    ("new", "last_day"),
    [
        (NewTerms(months=36), date(2013, 6, 30)),
        (NewTerms(months=8), date(2011, 2, 28)),
        (NewTerms(ended_on=date(2012, 12, 31)), date(2012, 12, 31)),
    ],
)
def test_a_new_contract_begins_the_day_after_the_old_one(township: Township, new: NewTerms, last_day: date) -> None:
    renewed(two(township), new)
    contracts = Contract.objects.filter(started_on=JULY)
    assert [(row.ended_on, row.kind) for row in contracts] == [(last_day, "township")] * 2


Doing = Callable[[list[Posting]], ImportBatch]
VERBS: dict[str, tuple[type[Model], Doing]] = {
    "wages": (Wage, lambda postings: paid(postings, WageWay.MORE, "100")),
    "contracts": (Contract, lambda postings: renewed(postings, NewTerms(months=12))),
    "suspensions": (Suspension, stopped),
    "sources": (Posting, recruited),
}


@pytest.mark.parametrize("verb", VERBS)
def test_it_is_undone_as_one(township: Township, verb: str) -> None:
    model, do = VERBS[verb]
    postings = two(township)
    before = list(model._default_manager.order_by("pk").values())
    batch = do(postings)
    assert list(model._default_manager.order_by("pk").values()) != before
    undo_batch(batch=batch, reason="录错", settled=0, actor=None, now=NOW)
    assert list(model._default_manager.filter(withdrawn_at=None).order_by("pk").values()) == before
    assert AuditEvent.objects.get(action="undo_batch").reason == "录错"
    with pytest.raises(ValidationError):
        undo_batch(batch=batch, reason="录错", settled=0, actor=None, now=NOW)


def test_a_wage_of_the_same_day_comes_back(township: Township) -> None:
    postings = two(township)
    batch = paid(postings, WageWay.MORE, "100", day=date(2009, 1, 1))
    assert Wage.objects.count() == 2
    undo_batch(batch=batch, reason="录错", settled=0, actor=None, now=NOW)
    assert [wage.monthly_wage for wage in Wage.objects.order_by("pk")] == [Decimal("1500.00"), Decimal("1333.33")]


def test_what_somebody_changed_since_is_not_undone(township: Township) -> None:
    postings = two(township)
    batch = paid(postings, WageWay.MORE, "100")
    set_wage(posting=postings[0], effective_from=JULY, monthly_wage=Decimal(2000), reason="更正", actor=None)
    assert "张三" in obstacles(batch, settled=0)[0]
    with pytest.raises(ValidationError):
        undo_batch(batch=batch, reason="录错", settled=0, actor=None, now=NOW)
    assert Wage.objects.count() == 4


def test_nobody_comes_back_to_a_round_that_was_withdrawn_since(township: Township) -> None:
    postings, first = two(township), a_round(township=township)
    recruited(postings, first)
    batch = recruited(postings, a_round(township=township, notice_title="第二次公告"))
    withdraw_round(round_=first, reason="录错", actor=None)
    with pytest.raises(ValidationError, match="已经撤销,不能改回"):
        undo_batch(batch=batch, reason="录错", settled=0, actor=None, now=NOW)
    assert not Posting.objects.filter(recruitment_round=first).exists()


@pytest.mark.parametrize(
    ("do", "told"),
    [
        (lambda two: paid(two, WageWay.MORE, "100"), "没有登记过工资"),
        (lambda two: paid(two, WageWay.AMOUNT, "100", day=date(2008, 1, 1)), "2009-01-01 才到岗"),
        (lambda two: paid(two, WageWay.MORE, "-9999"), "不对,请核对"),
        (lambda two: renewed(two, NewTerms(months=12)), "没有登记过劳动合同"),
        (lambda two: renewed(two, NewTerms(ended_on=date(2010, 6, 30))), "不能在 2010-06-30 就终止"),
        (stopped, "已登记停发"),
        (lambda two: recruited(two, by=a_round(township=a_township(code="330226003", name="桥头"))), "别的镇乡"),
    ],
)
def test_who_cannot_have_it_keeps_everybody_as_they_were(township: Township, do: Doing, told: str) -> None:
    postings = two(township)
    odd = a_posting(township=township, person=a_person(name="王五"))
    a_suspension(posting=odd, started_on=JULY)
    with pytest.raises(SeveralRefused) as refused:
        do([*postings, odd])
    found = [message for messages in refused.value.of_posting.values() for message in messages]
    assert any(told in message for message in found)
    assert [
        f"{name}:{message}" for name, message in zip(("张三", "李四", "王五")[-len(found) :], found, strict=True)
    ] == (refused.value.messages)
    counts = [model.objects.count() for model in (Wage, Contract, Suspension, ImportBatch, AuditEvent)]
    assert counts == [2, 2, 1, 0, 0]


@pytest.mark.parametrize("do", [do for _, do in VERBS.values()])
def test_a_batch_is_of_one_township_and_of_somebody(township: Township, do: Doing) -> None:
    other = a_posting(township=a_township(code="330226002", name="桃源街道"))
    with pytest.raises(ValidationError, match="不在同一个镇乡"):
        do([*two(township), other])
    with pytest.raises(ValidationError, match="一个人也没有选"):
        do([])


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.TOWNSHIP_CLERK])
def test_only_who_may_edit_people_does_it(township: Township, make_user: MakeUser, role: Role) -> None:
    user, postings = make_user(role), two(township)
    new = NewWages(JULY, WageWay.MORE, Decimal(1))
    with pytest.raises(PermissionDenied):
        set_wages(postings=postings, new=new, document=DOCUMENT, actor=user)
    with pytest.raises(PermissionDenied):
        renew_contracts(postings=postings, new=NewTerms(months=1), document=DOCUMENT, actor=user)
    with pytest.raises(PermissionDenied):
        set_sources(postings=postings, source=PostingSource.OTHER, recruitment_round=None, reason=DOCUMENT, actor=user)
    with pytest.raises(PermissionDenied):
        suspend_many(
            postings=postings,
            kind=SuspensionKind.SICK_LEAVE,
            started_on=JULY,
            ended_on=None,
            reason=DOCUMENT,
            actor=user,
        )
    with pytest.raises(PermissionDenied):
        undo_batch(batch=paid(postings, WageWay.MORE, "1"), reason="x", settled=0, actor=user, now=NOW)
