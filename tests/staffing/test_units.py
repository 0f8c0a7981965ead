"""Closing a unit: up to its last day, with everybody named who goes on after it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEvent
from foundation.dates import Month
from staffing.enums import Position, Settlement
from staffing.models import Posting
from staffing.units.closing import close_unit
from subsidies.models import AllocationLine
from subsidies.runs.services import calculate
from tests.builders import a_household_count, a_person, a_posting, a_township, a_unit
from tests.subsidies.months import an_approved_run
from tests.subsidies.policies import a_policy
from townships.enums import UnitKind
from townships.models import GrassrootsUnit

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)


@pytest.fixture
def village() -> GrassrootsUnit:
    """With 150 households, and a coordinator since January who came after another one."""
    township = a_township()
    unit = a_unit(township=township, name="范家村", kind=UnitKind.VILLAGE, opened_on=date(2008, 1, 1))
    a_household_count(unit=unit)
    before = a_person(name="乙")
    for person, first, last in ((before, date(2008, 1, 1), date(2008, 12, 31)), (None, date(2009, 1, 1), None)):
        a_posting(
            township=township,
            unit=unit,
            person=person,
            position=Position.VILLAGE_COORDINATOR,
            started_on=first,
            ended_on=last,
        )
    return unit


def close(unit: GrassrootsUnit, last_day: date = date(2009, 6, 10), **more: object) -> GrassrootsUnit:
    named = Posting.objects.filter(ended_on=None).values_list("pk", flat=True)
    given = {"reason": "宁政〔2009〕1号", "settled": dict.fromkeys(named, Settlement.STAYS)} | more
    return close_unit(unit=unit, last_day=last_day, actor=None, **given)  # type: ignore[arg-type]  # what a test gives


def test_a_unit_that_closes_within_an_approved_month_takes_the_days_after_it_back(village: GrassrootsUnit) -> None:
    a_policy()
    an_approved_run(JUNE)
    close(village)
    calculate(month=JUNE + 1, actor=None)
    lines = AllocationLine.objects.filter(allocation__revision__run__month=(JUNE + 1).first).order_by("for_month")
    # 240.00 for ten of thirty days are due.
    assert [(line.for_month.month, str(line.due), str(line.amount), line.reason) for line in lines] == [
        (6, "80.00", "-160.00", ""),
        (7, "0.00", "0.00", "unit_without_post"),
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"reason": " "}, "依据文件或原因"),
        ({"last_day": date(2007, 12, 31)}, "2008-01-01 才设立"),
        ({"settled": {}}, "2009-06-10 以后范家村还有人在岗:张三(2009-01-01 到岗)。请逐人选择以后怎么办。"),
    ],
)
def test_a_unit_is_not_closed(village: GrassrootsUnit, more: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError) as error:
        close(village, **more)  # type: ignore[arg-type]  # what a test gives
    assert said in error.value.messages[0]
    assert "乙" not in error.value.messages[0]
    village.refresh_from_db()
    assert (village.closed_on, AuditEvent.objects.count()) == (None, 0)


def test_a_last_day_is_corrected_once_and_every_step_is_an_event(village: GrassrootsUnit) -> None:
    close(village)
    with pytest.raises(ValidationError, match="已登记为 2009-06-10 撤销"):
        close(village)
    close(village, date(2009, 6, 12))
    assert list(AuditEvent.objects.values_list("action", "subject_id", "before", "reason").order_by("pk")) == [
        ("close_unit", village.pk, {"closed_on": None}, "宁政〔2009〕1号"),
        ("close_unit", village.pk, {"closed_on": "2009-06-10"}, "宁政〔2009〕1号"),
    ]
