"""A unit that others follow: it ends the day before, and whoever is on post there leaves, goes on there, or stays."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from foundation.dates import Month
from staffing.enums import EndKind, Position, Settlement, SuspensionKind
from staffing.models import Posting
from staffing.units.closing import close_unit, reopen_unit
from staffing.units.following import convert_unit, merge_unit
from subsidies.models import AllocationLine
from subsidies.runs.services import calculate
from tests.builders import (
    a_contract,
    a_household_count,
    a_person,
    a_posting,
    a_suspension,
    a_township,
    a_unit,
    a_wage,
)
from tests.subsidies.months import an_approved_run
from tests.subsidies.policies import a_policy
from townships.enums import UnitKind
from townships.models import GrassrootsUnit, Township, UnitChange

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)
SIXTEENTH = date(2009, 6, 16)
DOCUMENT = "宁政〔2009〕1号"


@pytest.fixture
def township() -> Township:
    return a_township()


@pytest.fixture
def village(township: Township) -> GrassrootsUnit:
    """With 150 households: 240.00 a month."""
    unit = a_unit(township=township, name="范家村", kind=UnitKind.VILLAGE)
    a_household_count(unit=unit)
    return unit


def coordinator(unit: GrassrootsUnit, *, started_on: date = date(2009, 1, 1), ended_on: date | None = None) -> Posting:
    return a_posting(
        township=unit.township,
        unit=unit,
        person=a_person(),
        position=Position.VILLAGE_COORDINATOR,
        started_on=started_on,
        ended_on=ended_on,
    )


def convert(unit: GrassrootsUnit, fate: Settlement | None = Settlement.MOVES, **more: object) -> GrassrootsUnit:
    """Into a community, from 16 June on; everybody meets the same fate."""
    given: dict[str, object] = {
        "name": "范家社区",
        "code": "330226009001",
        "kind": UnitKind.COMMUNITY,
        "first_day": SIXTEENTH,
        "reason": DOCUMENT,
        "settled": dict.fromkeys(unit.postings.values_list("pk", flat=True), fate) if fate else {},
    }
    return convert_unit(unit=unit, actor=None, **given | more).later  # type: ignore[arg-type]  # what a test gives


def merge(unit: GrassrootsUnit, into: GrassrootsUnit, **more: object) -> UnitChange:
    settled = dict.fromkeys(unit.postings.values_list("pk", flat=True), Settlement.MOVES)
    given: dict[str, object] = {"into": into, "first_day": SIXTEENTH, "reason": DOCUMENT, "settled": settled}
    return merge_unit(unit=unit, actor=None, **given | more)  # type: ignore[arg-type]  # what a test gives


def paid(month: Month) -> list[tuple[str, int, str, str]]:
    """Unit, counted days, due and amount of the lines of a month's run, by what they pay for."""
    lines = AllocationLine.objects.filter(allocation__revision__run__month=month.first).order_by("for_month", "order")
    return [(row.unit_name, row.counted_days, str(row.due), str(row.amount)) for row in lines]


def test_a_village_converted_in_mid_month_pays_each_its_days(village: GrassrootsUnit) -> None:
    a_policy()
    coordinator(village)
    convert(village)
    calculate(month=JUNE, actor=None)
    # Fifteen of thirty days of 1,530.00 and of 240.00.
    assert paid(JUNE) == [("范家社区", 15, "765.00", "765.00"), ("范家村", 15, "120.00", "120.00")]


def test_a_conversion_within_an_approved_month_settles_itself(village: GrassrootsUnit) -> None:
    a_policy()
    coordinator(village)
    an_approved_run(JUNE)
    convert(village)
    calculate(month=JUNE + 1, actor=None)
    assert paid(JUNE + 1) == [
        ("范家社区", 15, "765.00", "765.00"),
        ("范家村", 15, "120.00", "-120.00"),
        ("范家社区", 31, "1530.00", "1530.00"),
    ]


def test_whatever_holds_on_the_first_day_goes_along(village: GrassrootsUnit) -> None:
    old = coordinator(village, ended_on=date(2009, 12, 31))
    for day, wage in ((date(2009, 1, 1), "900.00"), (date(2009, 3, 1), "950.00"), (date(2009, 9, 1), "1000.00")):
        a_wage(posting=old, effective_from=day, monthly_wage=Decimal(wage))
    a_contract(posting=old, number="旧", ended_on=date(2009, 5, 31))
    a_contract(posting=old, number="新", started_on=date(2009, 6, 1), ended_on=date(2012, 5, 31))
    a_suspension(posting=old, started_on=date(2009, 2, 1), ended_on=date(2009, 2, 10))
    a_suspension(posting=old, kind=SuspensionKind.SICK_LEAVE, started_on=date(2009, 6, 10), ended_on=date(2009, 7, 9))
    community = convert(village)
    old.refresh_from_db()
    new = community.postings.get()
    assert (old.ended_on, new.started_on, new.ended_on) == (date(2009, 6, 15), SIXTEENTH, date(2009, 12, 31))
    assert (new.position, new.working_times.get().is_full_time) == (Position.COMMUNITY_COORDINATOR, True)
    wages = new.wages.values_list("effective_from", "monthly_wage").order_by("effective_from")
    assert list(wages) == [(SIXTEENTH, Decimal("950.00")), (date(2009, 9, 1), Decimal("1000.00"))]
    assert list(new.contracts.values_list("number", "started_on")) == [("新", date(2009, 6, 1))]
    stops = new.suspensions.values_list("kind", "started_on", "ended_on")
    assert list(stops) == [(SuspensionKind.SICK_LEAVE, SIXTEENTH, date(2009, 7, 9))]


def test_who_leaves_ends_and_who_stays_is_not_paid(village: GrassrootsUnit) -> None:
    leaver, stayer, newcomer = (
        coordinator(village),
        coordinator(village, started_on=date(2009, 2, 1)),
        coordinator(village, started_on=date(2009, 6, 20)),
    )
    fates = {leaver.pk: Settlement.LEAVES, stayer.pk: Settlement.STAYS, newcomer.pk: Settlement.LEAVES}
    convert(village, settled=fates)
    for posting in (leaver, stayer, newcomer):
        posting.refresh_from_db()
    assert (leaver.ended_on, leaver.end_kind) == (date(2009, 6, 15), EndKind.UNIT_CLOSED)
    assert (stayer.ended_on, stayer.withdrawn_at) == (None, None)
    assert newcomer.withdrawn_at is not None
    assert Posting.objects.count() == 3


def test_who_has_not_begun_begins_at_the_new_place(village: GrassrootsUnit) -> None:
    newcomer = coordinator(village, started_on=date(2009, 6, 20))
    new = convert(village).postings.get()
    assert (new.started_on, new.replaces) == (date(2009, 6, 20), newcomer)


def test_two_villages_follow_into_one(village: GrassrootsUnit, township: Township) -> None:
    a_policy()
    other = a_unit(township=township, name="王家村", kind=UnitKind.VILLAGE)
    a_household_count(unit=other, households=350)
    coordinator(village, started_on=date(2009, 2, 1))
    coordinator(other)
    merge(village, other)
    calculate(month=JUNE, actor=None)
    # The one who moved comes second at the only place.
    assert paid(JUNE) == [
        ("范家村", 15, "120.00", "120.00"),
        ("王家村", 30, "320.00", "320.00"),
        ("王家村", 0, "0.00", "0.00"),
    ]
    third = a_unit(township=township, name="李家村", kind=UnitKind.VILLAGE)
    merge(third, other)
    assert other.follows.live().count() == 2


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"settled": {}}, "范家村还有人在岗:张三(2009-01-01 到岗)。请逐人选择以后怎么办"),
        ({"reason": " "}, "依据文件或原因"),
        ({"kind": UnitKind.VILLAGE}, "现在就是行政村"),
        ({"kind": UnitKind.NON_STANDARD}, "没有岗位,张三不能转去"),
        ({"first_day": date(2008, 1, 1)}, "2008-06-01 才设立"),
    ],
)
def test_a_unit_is_not_converted(village: GrassrootsUnit, more: dict[str, object], said: str) -> None:
    GrassrootsUnit.objects.update(opened_on=date(2008, 6, 1))
    coordinator(village)
    with pytest.raises(ValidationError) as error:
        convert(village, **more)  # type: ignore[arg-type]  # what a test gives
    assert said in error.value.messages[0]
    # A refused one is no longer there with the transaction of its request.


def test_none_is_converted_or_merged_twice_nor_into_itself(village: GrassrootsUnit, township: Township) -> None:
    with pytest.raises(ValidationError, match="不能并入自己"):
        merge(village, village)
    elsewhere = a_unit(township=a_township(code="330226002", name="桃源街道"), kind=UnitKind.VILLAGE)
    with pytest.raises(ValidationError, match="不属于跃龙街道"):
        merge(village, elsewhere)
    gone = a_unit(township=township, name="李家村", kind=UnitKind.VILLAGE, closed_on=date(2009, 5, 31))
    with pytest.raises(ValidationError, match="不能并入"):
        merge(village, gone)
    community = convert(village)
    with pytest.raises(ValidationError, match="已登记 2009-06-15 撤销"):
        convert(village)
    with pytest.raises(ValidationError, match="已登记 2009-06-15 撤销"):
        merge(village, community)
    with pytest.raises(ValidationError, match="由范家社区接续"):
        close_unit(unit=village, last_day=date(2009, 6, 20), reason=DOCUMENT, settled={}, actor=None)


def test_what_was_closed_by_mistake_goes_on(village: GrassrootsUnit, township: Township) -> None:
    with pytest.raises(ValidationError, match="没有登记撤销"):
        reopen_unit(unit=village, reason="登记有误", actor=None)
    convert(village)
    reopen_unit(unit=village, reason="登记有误", actor=None)
    village.refresh_from_db()
    assert (village.closed_on, village.followed_by.live().exists()) == (None, False)
    convert(village, code="330226009002", name="范家新社区")
    a_unit(township=township, name="范家村", kind=UnitKind.VILLAGE, opened_on=date(2009, 7, 1))
    with pytest.raises(ValidationError, match="已有范家村"):
        reopen_unit(unit=village, reason="登记有误", actor=None)
