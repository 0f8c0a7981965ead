"""Verbs done for several people at once: all or none, every problem named, one event for each posting."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.enums import Role
from accounts.models import AuditEvent
from staffing.enums import EndKind, SuspensionKind
from staffing.models import Posting, Suspension
from staffing.several import end_postings, suspend_postings
from tests.builders import a_person, a_posting, a_suspension, a_township, a_unit
from tests.users import MakeUser
from townships.models import Township

pytestmark = pytest.mark.django_db
JUNE_10, JUNE_20 = date(2009, 6, 10), date(2009, 6, 20)


@pytest.fixture
def township() -> Township:
    return a_township()


def three(township: Township) -> list[Posting]:
    return [a_posting(township=township, person=a_person(name=name)) for name in ("张三", "李四", "王五")]


def suspended(postings: list[Posting], started_on: date = JUNE_10, ended_on: date | None = JUNE_20) -> list[Posting]:
    return suspend_postings(
        postings=postings,
        kind=SuspensionKind.UNPAID_LEAVE,
        started_on=started_on,
        ended_on=ended_on,
        reason="进修",
        actor=None,
    )


def test_several_leave_on_one_day_each_with_an_event(township: Township, make_user: MakeUser) -> None:
    postings, clerk = three(township), make_user(Role.TOWNSHIP_CLERK)
    assert end_postings(postings=postings[:2], ended_on=JUNE_10, kind=EndKind.ELECTION, actor=clerk) == postings[:2]
    left = Posting.objects.filter(ended_on=JUNE_10, end_kind="election", started_on=date(2009, 1, 1))
    assert list(left.order_by("pk")) == postings[:2]
    events = AuditEvent.objects.filter(action="end_posting", reason="换届", actor=clerk)
    assert {event.subject_id for event in events} == {posting.pk for posting in postings[:2]}


def test_who_cannot_leave_keeps_all_on_post_and_everybody_is_named(township: Township) -> None:
    good = a_posting(township=township)
    a_posting(township=township, person=a_person(name="李四"), started_on=JUNE_20)
    unit = a_unit(township=township, name="五丰社区")
    Posting.objects.create(
        person=a_person(name="王五"),
        township=township,
        unit=unit,
        position="community_coordinator",
        started_on=date(2009, 1, 1),
        ended_on=date(2009, 3, 31),
    )
    with pytest.raises(ValidationError) as refused:
        end_postings(postings=Posting.objects.all(), ended_on=JUNE_10, kind=EndKind.ELECTION, actor=None)
    assert refused.value.messages == [
        "李四:2009-06-20 才到岗,离岗日期不能更早;没有来过的,请办理“撤销”。",
        "王五(五丰社区):已登记 2009-03-31 离岗;日期有误的,请办理“更正到岗、离岗日期”。",
    ]
    good.refresh_from_db()
    assert (good.ended_on, AuditEvent.objects.count()) == (None, 0)


def test_who_was_withdrawn_meanwhile_is_named(township: Township) -> None:
    postings = three(township)
    Posting.objects.filter(pk=postings[1].pk).update(withdrawn_at="2009-06-01T00:00:00Z", withdrawn_reason="录错")
    with pytest.raises(ValidationError, match="李四:这条在岗记录已经撤销"):
        suspended(postings)
    assert not Suspension.objects.exists()


def test_several_are_suspended_for_the_same_days(township: Township) -> None:
    postings = three(township)
    suspended(postings)
    rows = Suspension.objects.filter(kind="unpaid_leave", started_on=JUNE_10, ended_on=JUNE_20, reason="进修")
    assert {row.posting_id for row in rows} == {posting.pk for posting in postings}
    assert AuditEvent.objects.filter(action="suspend").count() == 3


@pytest.mark.parametrize(
    ("first", "last", "is_free"),
    [
        (date(2009, 6, 21), None, True),
        (date(2009, 6, 1), date(2009, 6, 9), True),
        (JUNE_20, None, False),
        (date(2009, 6, 1), JUNE_10, False),
    ],
)
def test_days_are_suspended_once(township: Township, first: date, last: date | None, is_free: bool) -> None:
    postings = three(township)
    a_suspension(posting=postings[0], started_on=JUNE_10, ended_on=JUNE_20)
    if is_free:
        suspended(postings, first, last)
    else:
        with pytest.raises(ValidationError, match="张三:2009-06-10 至 2009-06-20 已登记停发"):
            suspended(postings, first, last)
    assert Suspension.objects.count() == (4 if is_free else 1)


def test_who_has_left_before_is_not_suspended(township: Township) -> None:
    posting = a_posting(township=township, ended_on=date(2009, 6, 9))
    with pytest.raises(ValidationError, match="2009-06-09 已离岗"):
        suspended([posting])


@pytest.mark.parametrize("role", Role)
def test_only_who_may_edit_people_does_it(township: Township, make_user: MakeUser, role: Role) -> None:
    user, postings = make_user(role), three(township)
    if role is Role.TOWNSHIP_CLERK:
        assert len(end_postings(postings=postings, ended_on=JUNE_10, kind=EndKind.ELECTION, actor=user)) == 3
        return
    with pytest.raises(PermissionDenied):
        end_postings(postings=postings, ended_on=JUNE_10, kind=EndKind.ELECTION, actor=user)
    with pytest.raises(PermissionDenied):
        suspend_postings(
            postings=postings,
            kind=SuspensionKind.UNPAID_LEAVE,
            started_on=JUNE_10,
            ended_on=None,
            reason="进修",
            actor=user,
        )
