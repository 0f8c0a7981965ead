"""What is on record of a person's posts, read for a page."""

from collections.abc import Sequence
from datetime import date

import pytest
from django.db.models import Model
from django.forms import model_to_dict
from django.utils import timezone

from staffing.histories import histories_of
from staffing.models import Contract, Person, Posting, Secondment, Suspension, WorkingTime
from tests.builders import TODAY, a_contract, a_posting, a_suspension, a_township, a_wage, a_working_time

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_every_row_is_read_as_it_is_stored_the_newest_first() -> None:
    posting = a_posting(township=a_township())
    for year in (2009, 2010):
        first = date(year, 3, 1)
        a_contract(posting=posting, number=f"{year} 号", started_on=first, ended_on=date(year, 12, 31))
        a_suspension(posting=posting, started_on=first, ended_on=date(year, 3, 31))
        a_wage(posting=posting, effective_from=first)
        a_working_time(posting=posting, effective_from=first)
        Secondment.objects.create(
            posting=posting,
            home_unit="财政局",
            kind="other",
            started_on=first,
            ended_on=date(year, 12, 31),
            document=f"{year} 号",
        )
    Contract.objects.filter(number="2009 号").update(withdrawn_at=timezone.now(), withdrawn_reason="录错")
    Suspension.objects.filter(started_on__year=2009).update(reason="请假")
    gone = {"withdrawn_at": timezone.now(), "withdrawn_reason": "录错"}
    WorkingTime.objects.filter(effective_from__year=2009).update(**gone)
    Secondment.objects.filter(started_on__year=2009).update(**gone)

    [history] = histories_of(Person.objects.get(), TODAY, Posting.objects.all())

    shown: tuple[Sequence[Model], ...] = (
        history.contracts,
        history.suspensions,
        history.working_times,
        history.secondments,
    )
    stored = (
        Contract.objects.order_by("-started_on"),
        Suspension.objects.order_by("-started_on"),
        WorkingTime.objects.live().order_by("-pk"),
        Secondment.objects.live(),
    )
    for rows, as_stored in zip(shown, stored, strict=True):
        assert [model_to_dict(row) for row in rows] == [model_to_dict(row) for row in as_stored]
    assert [len(rows) for rows in shown] == [2, 2, 2, 1]
