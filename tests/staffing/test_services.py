"""The verbs of personnel: each leaves one event, and refuses what the constraints refuse."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEvent
from staffing.enums import Position, PostingSource, SuspensionKind
from staffing.models import Person, Posting
from staffing.people.merging import merge_people, unmerge_person
from staffing.people.registering import register_person
from staffing.postings.services import appoint, correct_dates, withdraw_posting
from staffing.postings.source import set_source
from staffing.recruitment import withdraw_round
from staffing.terms.contracts import add_contract
from staffing.terms.suspensions import suspend
from staffing.terms.wages import set_wage
from tests.builders import a_contract, a_national_id, a_person, a_posting, a_round, a_township, a_unit, an_id_number
from townships.models import Township

DAY = date(2009, 1, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def township() -> Township:
    return a_township()


def appointed(township: Township, person: Person, **fields: Any) -> Posting:
    wanted: dict[str, Any] = {"unit": None, "position": Position.ASSISTANT, "started_on": DAY} | fields
    return appoint(person=person, township=township, actor=None, **wanted)


def test_registering_masks_the_number_in_the_event() -> None:
    register_person(name="张三", national_id=a_national_id(), phone="138", actor=None)
    event = AuditEvent.objects.get()
    assert event.after is not None
    assert an_id_number() not in str(event.after)
    assert event.after["national_id"].startswith("339900********")


def test_a_number_is_registered_once() -> None:
    register_person(name="张三", national_id=a_national_id(), actor=None)
    with pytest.raises(ValidationError, match="已有人员记录"):
        register_person(name="李四", national_id=a_national_id(), actor=None)


def test_appointing_leaves_one_event(township: Township) -> None:
    posting = appointed(township, a_person())
    event = AuditEvent.objects.get()
    assert (event.action, event.subject_id) == ("appoint", posting.pk)


@pytest.mark.parametrize(("started_on", "ended_on"), [(date(2009, 6, 30), None), (date(2008, 1, 1), DAY), (DAY, DAY)])
def test_nobody_is_twice_at_once_on_one_post(township: Township, started_on: date, ended_on: date | None) -> None:
    person = a_person()
    a_posting(person=person, township=township, started_on=DAY, ended_on=date(2009, 6, 30))
    with pytest.raises(ValidationError, match="时间重叠"):
        appointed(township, person, started_on=started_on, ended_on=ended_on)


def test_the_day_after_the_last_day_is_free(township: Township) -> None:
    person = a_person()
    a_posting(person=person, township=township, ended_on=date(2009, 6, 30))
    assert appointed(township, person, started_on=date(2009, 7, 1)).pk


def test_a_withdrawn_posting_makes_room(township: Township) -> None:
    person = a_person()
    wrong = withdraw_posting(posting=a_posting(person=person, township=township), reason="录错", actor=None)
    assert appointed(township, person, replaces=wrong).replaces == wrong
    with pytest.raises(ValidationError, match="已经撤销"):
        withdraw_posting(posting=wrong, reason="再撤", actor=None)


def test_withdrawing_needs_a_reason(township: Township) -> None:
    with pytest.raises(ValidationError, match="原因"):
        withdraw_posting(posting=a_posting(township=township), reason=" ", actor=None)


def test_a_place_goes_with_its_position(township: Township) -> None:
    elsewhere = a_unit(township=a_township(name="桃源街道", code="330226002"))
    with pytest.raises(ValidationError, match="不属于"):
        appointed(township, a_person(), unit=elsewhere, position=Position.COMMUNITY_COORDINATOR)
    with pytest.raises(ValidationError, match="协管员必须填写"):
        appointed(township, a_person(), position=Position.COMMUNITY_COORDINATOR)
    with pytest.raises(ValidationError, match="协管员必须填写"):
        appointed(township, a_person(), unit=a_unit(township=township))


def test_corrected_dates_keep_before_and_after(township: Township) -> None:
    person = a_person()
    posting = a_posting(person=person, township=township)
    correct_dates(posting=posting, started_on=DAY, ended_on=date(2009, 6, 30), reason="辞职", actor=None)
    event = AuditEvent.objects.get()
    assert event.before is not None
    assert event.after is not None
    assert (event.before["ended_on"], event.after["ended_on"]) == (None, "2009-06-30")

    later = a_posting(person=person, township=township, started_on=date(2009, 8, 1))
    with pytest.raises(ValidationError, match="时间重叠"):
        correct_dates(posting=later, started_on=date(2009, 6, 1), ended_on=None, reason="", actor=None)
    with pytest.raises(ValidationError, match="结束日期不能早于"):
        correct_dates(posting=later, started_on=date(2009, 8, 1), ended_on=DAY, reason="", actor=None)


def test_nobody_begins_at_a_unit_that_is_not_there_by_another_first_day(township: Township) -> None:
    unit = a_unit(township=township, opened_on=date(2008, 1, 1), closed_on=date(2009, 6, 30))
    posting = a_posting(township=township, unit=unit, position=Position.COMMUNITY_COORDINATOR)
    for first, said in ((date(2007, 12, 31), "才设立"), (date(2009, 7, 1), "已于 2009-06-30 撤销")):
        with pytest.raises(ValidationError, match=said):
            correct_dates(posting=posting, started_on=first, ended_on=None, reason="更正", actor=None)
    moved = correct_dates(posting=posting, started_on=date(2009, 6, 30), ended_on=None, reason="更正", actor=None)
    assert moved.started_on == date(2009, 6, 30)


def test_nobody_comes_by_a_round_that_was_withdrawn_since_it_was_read(township: Township) -> None:
    round_, posting = a_round(township=township), a_posting(township=township)
    withdraw_round(round_=round_, reason="录错", actor=None)
    came: dict[str, Any] = {"source": PostingSource.OPEN_RECRUITMENT, "recruitment_round": round_}
    assert round_.withdrawn_at is None
    with pytest.raises(ValidationError, match="已经撤销"):
        appointed(township, a_person(), **came)
    with pytest.raises(ValidationError, match="已经撤销"):
        set_source(posting=posting, actor=None, **came)


def test_contracts_of_a_posting_do_not_overlap(township: Township) -> None:
    posting = a_posting(township=township)
    a_contract(posting=posting, ended_on=date(2011, 12, 31))
    with pytest.raises(ValidationError, match="重叠"):
        add_contract(posting=posting, started_on=date(2011, 12, 31), ended_on=None, actor=None)
    assert add_contract(posting=posting, started_on=date(2012, 1, 1), ended_on=None, actor=None).pk


def test_a_wage_of_the_same_day_is_corrected(township: Township) -> None:
    posting = a_posting(township=township)
    set_wage(posting=posting, effective_from=DAY, monthly_wage=Decimal("1500"), actor=None)
    set_wage(posting=posting, effective_from=DAY, monthly_wage=Decimal("1600"), actor=None)
    assert posting.wages.get().monthly_wage == Decimal("1600.00")
    event = AuditEvent.objects.order_by("pk").last()
    assert event is not None
    assert event.before is not None
    assert event.before["monthly_wage"] == "1500.00"


@pytest.mark.parametrize(
    ("day", "said"), [(date(2008, 12, 31), "2009-01-01 才到岗"), (date(2009, 7, 1), "2009-06-30 已离岗")]
)
def test_a_wage_begins_on_a_day_on_post(township: Township, day: date, said: str) -> None:
    posting = a_posting(township=township, ended_on=date(2009, 6, 30))
    with pytest.raises(ValidationError, match=said):
        set_wage(posting=posting, effective_from=day, monthly_wage=Decimal("1500"), actor=None)
    for last in (DAY, date(2009, 6, 30)):
        assert set_wage(posting=posting, effective_from=last, monthly_wage=Decimal("1500"), actor=None).pk
    withdraw_posting(posting=posting, reason="录错", actor=None)
    with pytest.raises(ValidationError, match="已经撤销"):
        set_wage(posting=posting, effective_from=DAY, monthly_wage=Decimal("1500"), actor=None)


def test_a_suspension_ends_after_it_starts(township: Township) -> None:
    posting = a_posting(township=township)
    assert suspend(
        posting=posting, kind=SuspensionKind.SICK_LEAVE, started_on=DAY, ended_on=None, reason="病假", actor=None
    ).pk
    with pytest.raises(ValidationError):
        suspend(posting=posting, kind=SuspensionKind.SICK_LEAVE, started_on=DAY, ended_on=date(2008, 1, 1), actor=None)


def test_a_posting_that_was_withdrawn_meanwhile_is_not_suspended(township: Township) -> None:
    posting = a_posting(township=township)
    withdraw_posting(posting=posting, reason="录错", actor=None)
    assert posting.withdrawn_at is None
    with pytest.raises(ValidationError, match="已经撤销"):
        suspend(posting=posting, kind=SuspensionKind.SICK_LEAVE, started_on=DAY, ended_on=None, actor=None)
    assert not posting.suspensions.exists()


@pytest.mark.parametrize(
    ("started_on", "ended_on", "said"),
    [
        (date(2009, 6, 30), None, "2009-06-10 至 2009-06-30 已登记停发"),
        (date(2009, 6, 1), date(2009, 6, 10), "2009-06-10 至 2009-06-30 已登记停发"),
        (date(2009, 9, 1), None, "2009-08-31 已离岗"),
    ],
)
def test_days_are_suspended_once_and_on_post_only(
    township: Township, started_on: date, ended_on: date | None, said: str
) -> None:
    posting = a_posting(township=township, started_on=date(2009, 1, 1), ended_on=date(2009, 8, 31))
    kind = SuspensionKind.SICK_LEAVE
    suspend(posting=posting, kind=kind, started_on=date(2009, 6, 10), ended_on=date(2009, 6, 30), actor=None)
    suspend(posting=posting, kind=kind, started_on=date(2009, 7, 1), ended_on=date(2009, 7, 5), actor=None)
    with pytest.raises(ValidationError, match=said):
        suspend(posting=posting, kind=kind, started_on=started_on, ended_on=ended_on, actor=None)
    assert posting.suspensions.count() == 2


def test_merging_and_unmerging_two_records() -> None:
    one, other, third = a_person(), a_person(), a_person()
    merge_people(duplicate=one, into=other, reason="同一人", actor=None)
    for duplicate, into in ((one, third), (third, one), (other, third), (third, third)):
        with pytest.raises(ValidationError):
            merge_people(duplicate=duplicate, into=into, reason="同一人", actor=None)
    with pytest.raises(ValidationError, match="取消合并须写明原因"):
        unmerge_person(person=one, reason=" ", actor=None)
    unmerge_person(person=one, reason="不是同一人", actor=None)
    one.refresh_from_db()
    assert one.merged_into is None
    assert AuditEvent.objects.count() == 2


def test_records_that_overlap_on_one_post_are_not_merged(township: Township) -> None:
    one, other = a_person(), a_person()
    a_posting(person=one, township=township)
    a_posting(person=other, township=township)
    with pytest.raises(ValidationError, match="重叠"):
        merge_people(duplicate=one, into=other, reason="同一人", actor=None)
