"""调动: the word of one township and of the other, one transaction that moves the posting, and what refuses it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier, BrokenBarrierError

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.enums import Role
from accounts.models import AuditEvent, User
from staffing.enums import EndKind, Position, PostingSource, TransferAction, TransferState
from staffing.models import Posting, RecruitmentRound, Transfer
from staffing.postings.services import end_posting, withdraw_posting
from staffing.transfers import services
from staffing.transfers.services import (
    Place,
    Terms,
    ask_transfer,
    receive_transfer,
    refuse_transfer,
    transfer_at_once,
    withdraw_transfer,
)
from staffing.transfers.steps import STEPS, open_to
from staffing.units.closing import close_unit
from tests.builders import a_person, a_posting, a_township, a_unit, works_full_time
from tests.users import MakeUser, a_user
from townships.enums import UnitKind
from townships.models import GrassrootsUnit, Township

pytestmark = pytest.mark.django_db
LAST, FIRST = date(2009, 6, 10), date(2009, 6, 11)
ASSISTANT = Place(Position.ASSISTANT)
PAPER = "调令〔2009〕3号"


@pytest.fixture
def posting() -> Posting:
    """An assistant of 跃龙街道; 长街镇 has a village."""
    far = a_township(name="长街镇", code="330226101")
    a_unit(township=far, name="范家村", kind=UnitKind.VILLAGE)
    return a_posting(township=a_township(), person=a_person(name="王五"))


@pytest.fixture
def sender(posting: Posting) -> User:
    return a_user(Role.TOWNSHIP_CLERK, username="sender", township=posting.township)


@pytest.fixture
def receiver(posting: Posting) -> User:
    return a_user(Role.TOWNSHIP_CLERK, username="receiver", township=far())


def far() -> Township:
    return Township.objects.get(name="长街镇")


def village() -> GrassrootsUnit:
    return GrassrootsUnit.objects.get(name="范家村")


def asked(posting: Posting, *, last_day: date = LAST, actor: User | None = None) -> Transfer:
    return ask_transfer(posting=posting, last_day=last_day, to_township=far(), document=PAPER, actor=actor)


def received(transfer: Transfer, *, place: Place = ASSISTANT, first_day: date = FIRST, **more: object) -> Transfer:
    more.setdefault("actor", None)
    return receive_transfer(transfer=transfer, place=place, first_day=first_day, **more)  # type: ignore[arg-type]


def refusal(work: Callable[[], object]) -> str:
    """What is told; nothing may be saved."""
    before = list(Transfer.objects.values()), list(Posting.objects.values()), AuditEvent.objects.count()
    with pytest.raises(ValidationError) as raised:
        work()
    assert (list(Transfer.objects.values()), list(Posting.objects.values()), AuditEvent.objects.count()) == before
    return " ".join(raised.value.messages)


def test_nothing_of_a_posting_changes_until_it_is_received(posting: Posting, sender: User, receiver: User) -> None:
    before = Posting.objects.values().get()
    transfer = asked(posting, actor=sender)
    assert (transfer.state, Posting.objects.values().get()) == ("waiting", before)

    done = received(transfer, actor=receiver)

    old, new = Posting.objects.order_by("pk")
    assert (old.ended_on, old.end_kind, old.end_reason) == (LAST, EndKind.TRANSFERRED, "调往长街镇")
    assert (new.person, new.township, new.started_on, new.ended_on) == (old.person, far(), FIRST, None)
    assert works_full_time(new)
    assert (done.state, done.new_posting, done.decided_by) == ("received", new, receiver)


def test_each_step_leaves_its_events_with_before_and_after(posting: Posting, sender: User, receiver: User) -> None:
    transfer = received(asked(posting, actor=sender), actor=receiver)
    events = AuditEvent.objects.order_by("pk")
    assert [(event.subject_type, event.action, event.actor) for event in events] == [
        ("transfer", "ask", sender),
        ("posting", "end_posting", receiver),
        ("posting", "appoint", receiver),
        ("transfer", "receive", receiver),
    ]
    first, last = events[0], events[3]
    assert (first.after or {})["last_day"] == "2009-06-10"
    assert (first.reason, last.before) == (PAPER, {"state": "waiting"})
    assert (last.after or {})["new_posting"] == transfer.new_posting_id


def test_wage_and_contract_come_with_the_new_posting(posting: Posting) -> None:
    terms = Terms(
        Decimal(1800), Decimal(450), contract_from=FIRST, contract_until=date(2012, 6, 10), contract_number="7"
    )
    new = received(asked(posting), terms=terms).new_posting
    assert new is not None
    wage, contract = new.wages.get(), new.contracts.get()
    assert (wage.effective_from, wage.monthly_wage, wage.employer_insurance) == (FIRST, 1800, 450)
    assert (contract.started_on, contract.ended_on, contract.number) == (FIRST, date(2012, 6, 10), "7")
    assert posting.wages.count() == posting.contracts.count() == 0


@pytest.mark.parametrize("source", ["", PostingSource.OTHER])
def test_an_assistant_is_no_less_recruited_elsewhere_and_no_more(posting: Posting, source: str) -> None:
    Posting.objects.update(source=source)
    new = received(asked(posting)).new_posting
    assert new is not None
    assert new.source == source


def test_an_assistants_round_of_recruitment_stays_with_the_township_that_held_it(posting: Posting) -> None:
    round_ = RecruitmentRound.objects.create(township=posting.township, notice_title="公告")
    Posting.objects.update(source=PostingSource.OPEN_RECRUITMENT, recruitment_round=round_)
    new = received(asked(posting)).new_posting
    assert new is not None
    assert (new.source, new.recruitment_round) == ("", None)
    village_post = Place(Position.VILLAGE_COORDINATOR, village())
    third = a_posting(township=posting.township, person=a_person(name="赵六"))
    assert received(asked(third), place=village_post).new_posting.source == PostingSource.INTERNAL_TRANSFER  # type: ignore[union-attr]


def test_a_transfer_of_a_day_to_come_is_received_in_advance(posting: Posting) -> None:
    later, after = date(2199, 1, 31), date(2199, 2, 1)
    new = received(asked(posting, last_day=later), first_day=after).new_posting
    assert new is not None
    assert new.started_on == after
    assert Posting.objects.get(pk=posting.pk).ended_on == later


def test_a_leaving_that_was_entered_first_stays_as_it_was(posting: Posting) -> None:
    end_posting(posting=posting, ended_on=LAST, kind=EndKind.OTHER, words="借调", actor=None)
    received(asked(posting))
    old = Posting.objects.get(pk=posting.pk)
    assert (old.ended_on, old.end_kind) == (LAST, EndKind.OTHER)


def test_whoever_is_refused_or_called_back_stays_and_can_be_sent_again(posting: Posting) -> None:
    before = Posting.objects.values().get()
    refused = refuse_transfer(transfer=asked(posting), reason="没有空缺", actor=None)
    withdrawn = withdraw_transfer(transfer=asked(posting), reason="另有安排", actor=None)
    assert [(row.state, row.decided_reason) for row in (refused, withdrawn)] == [
        ("refused", "没有空缺"),
        ("withdrawn", "另有安排"),
    ]
    assert Posting.objects.values().get() == before
    assert asked(posting).is_waiting


@pytest.mark.parametrize("step", [refuse_transfer, withdraw_transfer])
def test_it_is_refused_and_called_back_with_a_reason_only(posting: Posting, step: Callable[..., object]) -> None:
    transfer = asked(posting)
    assert "写明原因" in refusal(lambda: step(transfer=transfer, reason="  ", actor=None))


def test_what_cannot_be_sent_is_told_in_words(posting: Posting) -> None:
    def ask(*, last_day: date = LAST, to: Township | None = None, document: str = PAPER) -> str:
        return refusal(
            lambda: ask_transfer(
                posting=posting, last_day=last_day, to_township=to or far(), document=document, actor=None
            )
        )

    assert "调入的就是本镇街" in ask(to=posting.township)
    assert "2009-01-01 才到岗" in ask(last_day=date(2008, 12, 31))
    assert "原因或依据文件" in ask(document=" ")
    asked(posting)
    assert "调往长街镇的调动还在等待接收" in ask()
    Transfer.objects.all().delete()
    end_posting(posting=posting, ended_on=date(2009, 6, 1), kind=EndKind.RESIGNED, actor=None)
    assert "已登记 2009-06-01 离岗" in ask()
    withdraw_posting(posting=posting, reason="录错", actor=None)
    assert "已经撤销" in ask()


def test_what_cannot_be_received_is_told_in_words(posting: Posting) -> None:
    transfer = asked(posting)

    def receive(place: Place = ASSISTANT, first_day: date = FIRST) -> str:
        return refusal(lambda: received(transfer, place=place, first_day=first_day))

    assert "不能早于 2009-06-11" in receive(first_day=LAST)
    own = a_unit(township=posting.township, name="五丰社区")
    assert "不属于长街镇" in receive(Place(Position.COMMUNITY_COORDINATOR, own))
    assert "没有这个岗位" in receive(Place(Position.COMMUNITY_COORDINATOR, village()))
    assert "须选村" in receive(Place(Position.VILLAGE_COORDINATOR))
    assert "须选村" in receive(Place(Position.ASSISTANT, village()))
    close_unit(unit=village(), last_day=LAST, reason="撤并", settled={}, actor=None)
    assert "在 2009-06-11 不存在(2009-06-10 撤销)" in receive(Place(Position.VILLAGE_COORDINATOR, village()))
    end_posting(posting=posting, ended_on=date(2009, 6, 1), kind=EndKind.RESIGNED, actor=None)
    assert "已登记 2009-06-01 离岗" in receive()
    withdraw_posting(posting=posting, reason="录错", actor=None)
    assert "已经撤销" in receive()


def test_what_was_decided_is_not_decided_again(posting: Posting) -> None:
    transfer = asked(posting)
    received(transfer)
    assert "这次调动已接收,不能再接收" in refusal(lambda: received(transfer))
    assert "不能再退回" in refusal(lambda: refuse_transfer(transfer=transfer, reason="没有空缺", actor=None))
    assert "不能再撤回" in refusal(lambda: withdraw_transfer(transfer=transfer, reason="另有安排", actor=None))


def test_each_side_gives_its_own_word_only(posting: Posting, sender: User, receiver: User) -> None:
    with pytest.raises(PermissionDenied):
        asked(posting, actor=receiver)
    transfer = asked(posting, actor=sender)
    with pytest.raises(PermissionDenied):
        received(transfer, actor=sender)
    with pytest.raises(PermissionDenied):
        refuse_transfer(transfer=transfer, reason="没有空缺", actor=sender)
    with pytest.raises(PermissionDenied):
        withdraw_transfer(transfer=transfer, reason="另有安排", actor=receiver)
    assert open_to(sender, transfer) == [TransferAction.WITHDRAW]
    assert open_to(receiver, transfer) == [TransferAction.RECEIVE, TransferAction.REFUSE]
    assert open_to(receiver, received(transfer, actor=receiver)) == []


def test_the_bureau_gives_both_words_in_a_small_bureau_only(
    posting: Posting, make_user: MakeUser, settings: object
) -> None:
    officer = make_user(Role.BUREAU_OFFICER)

    def at_once() -> Transfer:
        return transfer_at_once(
            posting=posting,
            last_day=LAST,
            to_township=far(),
            document=PAPER,
            place=ASSISTANT,
            first_day=FIRST,
            actor=officer,
        )

    with pytest.raises(PermissionDenied):
        at_once()
    assert open_to(officer, Transfer()) == ()
    settings.SEPARATION = "small"  # type: ignore[attr-defined]
    assert at_once().state == TransferState.RECEIVED
    assert Posting.objects.get(township=far()).started_on == FIRST


def test_a_clerk_moves_somebody_within_the_township_at_once(posting: Posting, sender: User) -> None:
    unit = a_unit(township=posting.township, name="五丰社区")

    def move(place: Place) -> Transfer:
        return transfer_at_once(
            posting=posting,
            last_day=LAST,
            to_township=posting.township,
            document=PAPER,
            place=place,
            first_day=FIRST,
            actor=sender,
        )

    assert "新岗位与原岗位相同" in refusal(lambda: move(ASSISTANT))
    done = move(Place(Position.COMMUNITY_COORDINATOR, unit))
    assert (done.state, done.is_within) == (TransferState.RECEIVED, True)
    assert Posting.objects.get(unit=unit).person == posting.person
    assert Posting.objects.get(pk=posting.pk).end_reason == "调往跃龙街道五丰社区"


def test_a_clerk_sees_what_the_own_township_sends_and_what_waits_for_it_or_came(
    posting: Posting, sender: User, receiver: User
) -> None:
    stranger = a_user(Role.TOWNSHIP_CLERK, username="stranger", township=a_township(name="岔路镇", code="330226105"))
    auditor = a_user(Role.AUDITOR)

    def seen(transfer: Transfer) -> list[bool]:
        users = (sender, receiver, stranger, auditor)
        return [Transfer.objects.visible_to(user).filter(pk=transfer.pk).exists() for user in users]

    refused = asked(posting)
    assert seen(refused) == [True, True, False, True]
    refuse_transfer(transfer=refused, reason="没有空缺", actor=None)
    assert seen(refused) == [True, False, False, True]
    withdrawn = withdraw_transfer(transfer=asked(posting), reason="另有安排", actor=None)
    assert seen(withdrawn) == [True, False, False, True]
    assert seen(received(asked(posting))) == [True, True, False, True]


@pytest.mark.both
@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("transfer_waits_once", {}),
        ("transfer_state_agrees", {"state": "received"}),
        ("transfer_state_agrees", {"state": "refused", "decided_at": "2009-06-01T00:00Z"}),
        ("transfer_state_agrees", {"state": "refused", "decided_reason": "没有空缺"}),
    ],
)
def test_the_database_refuses_what_must_not_be(posting: Posting, constraint: str, change: dict[str, str]) -> None:
    values = asked(posting).__dict__ | change
    row = {field.attname: values[field.attname] for field in Transfer._meta.concrete_fields if field.name != "id"}
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        Transfer.objects.create(**row)
    # SQLite names the columns of a unique index, not the index.
    assert constraint in str(raised.value) or "staffing_transfer.posting_id" in str(raised.value)


def test_the_table_of_steps_reaches_every_state_once() -> None:
    assert [step.target for step in STEPS] == list(TransferState)
    assert {step.source for step in STEPS} == {None, TransferState.WAITING}


def received_at_once(posting: Posting) -> list[bool]:
    """Whether each of two who receive at the same moment has succeeded; the leaving was entered before."""
    end_posting(posting=posting, ended_on=LAST, kind=EndKind.TRANSFERRED, actor=None)
    transfer, together = asked(posting), Barrier(2)
    places = (ASSISTANT, Place(Position.VILLAGE_COORDINATOR, village()))

    def receive(place: Place) -> bool:
        try:
            connection.ensure_connection()
            together.wait(10)
            received(transfer, place=place)
        except ValidationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        return sorted(future.result() for future in [pool.submit(receive, place) for place in places])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_receive_at_the_same_moment_one_does(posting: Posting) -> None:
    assert received_at_once(posting) == [False, True]
    assert Posting.objects.count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_the_locks_both_would(posting: Posting, monkeypatch: pytest.MonkeyPatch) -> None:
    both_have_read = Barrier(2)

    def unlocked(key: int) -> Transfer:
        found = Transfer.objects.get(pk=key)
        try:
            both_have_read.wait(2)
        except BrokenBarrierError:
            return found
        return found

    monkeypatch.setattr(services, "lock_people", lambda *keys: [])
    monkeypatch.setattr(services, "locked_transfer", unlocked)
    assert received_at_once(posting) == [True, True]
    assert Posting.objects.count() == 3
