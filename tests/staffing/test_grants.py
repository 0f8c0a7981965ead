"""Grants of extra places: imported from a CSV, or entered and waiting for approval."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEvent
from staffing.grants import end_grant, grant_places
from staffing.imports.grants import import_grants
from staffing.models import EstablishmentGrant, GrantEnding, ImportBatch
from tests.builders import a_grant, a_person, a_posting, a_township
from townships.entries import ImportRefusedError, Outcome
from townships.models import Township

HEADER = "township_code,extra,effective_from,ended_on,document"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def township() -> Township:
    return a_township()


def imported(*rows: str, approved: bool = True) -> Outcome:
    return import_grants("\n".join([HEADER, *rows]).encode(), actor=None, approved=approved)


def refused(*rows: str, approved: bool = True) -> str:
    with pytest.raises(ImportRefusedError) as error:
        imported(*rows, approved=approved)
    return str(error.value)


def test_grants_count_before_the_first_approval_and_wait_afterwards() -> None:
    imported("330226001,2,2009-07-01,,宁人社〔2009〕1号")
    imported("跃龙街道,1,2010-07-01,2010-12-31,宁人社〔2010〕1号", approved=False)

    first, second = EstablishmentGrant.objects.order_by("effective_from")
    assert (first.extra, first.ended_on) == (2, None)
    assert first.approved_at is not None
    assert (second.ended_on, second.approved_at) == (date(2010, 12, 31), None)
    assert ImportBatch.objects.count() == AuditEvent.objects.count() == 2


def test_the_same_file_again_is_the_same() -> None:
    row = "330226001,2,2009-07-01,,宁人社〔2009〕1号"
    imported(row)
    assert imported(row, approved=False).same == 1
    assert EstablishmentGrant.objects.count() == ImportBatch.objects.count() == 1


def test_a_grant_is_corrected_before_the_first_approval_only() -> None:
    imported("330226001,2,2009-07-01,,宁人社〔2009〕1号")
    assert imported("330226001,1,2009-07-01,,宁人社〔2009〕1号").changed == 1
    assert "已经批准" in refused("330226001,2,2009-07-01,,宁人社〔2009〕1号", approved=False)
    assert EstablishmentGrant.objects.get().extra == 1


def test_all_problems_of_a_file_come_at_once() -> None:
    message = refused(
        "330226009,0,2009-07-01,,甲", "330226001,1,2009-06-31,,", "330226001,1,2009-07-01,2009-06-30,甲", ",x,,,乙"
    )
    for said in ("330226009", "增配人数是 0", "6 月没有 31 日", "「document」", "早于执行日期", "不是整数", "未填写"):
        assert said in message
    assert not EstablishmentGrant.objects.exists()


def test_a_doubled_row_is_refused() -> None:
    row = "330226001,2,2009-07-01,,甲"
    assert "与第 2 行重复" in refused(row, row)


def test_a_granted_place_waits_for_approval(township: Township) -> None:
    grant = grant_places(
        township=township, extra=1, effective_from=date(2009, 7, 1), ended_on=None, document="甲", actor=None
    )
    assert grant.approved_at is None
    assert AuditEvent.objects.get().action == "grant_places"


def test_a_grant_of_nobody_is_refused(township: Township) -> None:
    with pytest.raises(ValidationError, match="至少 1 人"):
        grant_places(
            township=township, extra=0, effective_from=date(2009, 7, 1), ended_on=None, document="甲", actor=None
        )


@pytest.fixture
def grant(township: Township) -> EstablishmentGrant:
    """One more place since January; of two assistants 乙 came last, 丙 leaves on 30 June."""
    a_posting(township=township, person=a_person(name="甲"), started_on=date(2008, 1, 1))
    a_posting(township=township, person=a_person(name="乙"))
    a_posting(township=township, person=a_person(name="丙"), started_on=date(2009, 3, 1), ended_on=date(2009, 6, 30))
    return a_grant(township=township, effective_from=date(2009, 1, 1), ended_on=date(2009, 12, 31))


def ended(grant: EstablishmentGrant, last_day: date = date(2009, 6, 30), **more: Any) -> GrantEnding:
    named = grant.township.postings.filter(person__name="乙").values_list("pk", flat=True)
    given = {"document": "宁人社〔2009〕9号", "reason": "任务完成", "still_on_post": set(named)} | more
    return end_grant(grant=grant, last_day=last_day, actor=None, **given)


def test_an_end_of_a_grant_waits_for_approval(grant: EstablishmentGrant) -> None:
    ending = ended(grant)
    grant.refresh_from_db()
    assert (ending.approved_at, grant.ended_on) == (None, date(2009, 12, 31))
    event = AuditEvent.objects.get()
    assert (event.action, event.reason, event.before) == ("end_grant", "任务完成", {"ended_on": "2009-12-31"})


@pytest.mark.parametrize(
    ("last_day", "more", "said"),
    [
        (date(2008, 12, 31), {}, "从 2009-01-01 起执行"),
        (date(2009, 12, 31), {}, "到 2009-12-31 为止"),
        (
            date(2009, 6, 30),
            {"still_on_post": ()},
            "名额减少 1 个,后到岗的可能超配、不再计发补助:乙(2009-01-01 到岗)。",
        ),
        (date(2009, 6, 29), {}, "丙(2009-03-01 到岗)"),
        (date(2009, 6, 30), {"document": ""}, "请填写这一项"),
        (date(2009, 6, 30), {"reason": " "}, "请填写这一项"),
    ],
)
def test_a_grant_is_not_ended(grant: EstablishmentGrant, last_day: date, more: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as error:
        ended(grant, last_day, **more)
    assert said in "".join(error.value.messages)
    assert not GrantEnding.objects.exists()


def test_a_grant_is_ended_once_at_a_time_and_not_while_it_waits(grant: EstablishmentGrant) -> None:
    ended(grant)
    with pytest.raises(ValidationError, match="等待审核"):
        ended(grant, date(2009, 7, 31))
    waiting = a_grant(township=grant.township, approved=False)
    with pytest.raises(ValidationError, match="还没有审核通过"):
        ended(waiting)
