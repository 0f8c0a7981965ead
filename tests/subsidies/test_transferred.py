"""What a transfer does to the money: each township its days to the fen, and what is late settles in the next run."""

from datetime import date
from decimal import Decimal

import pytest

from foundation.dates import Month
from staffing.enums import Position
from staffing.models import Posting, Transfer
from staffing.transfers.services import Place, ask_transfer, receive_transfer
from subsidies.models import AllocationLine, SubsidyRun
from subsidies.runs.services import calculate
from tests.builders import a_household_count, a_person, a_posting, a_township, a_unit
from tests.subsidies.months import JUNE, an_approved_run
from tests.subsidies.policies import a_policy
from townships.enums import TownshipKind, UnitKind
from townships.models import Township

pytestmark = pytest.mark.django_db


@pytest.fixture
def posting() -> Posting:
    """An assistant at 1,530.00 a month; 长街镇 has a village of 150 households, at 240.00."""
    a_policy()
    far = a_township(name="长街镇", code="330226101", kind=TownshipKind.TOWN)
    a_household_count(unit=a_unit(township=far, name="范家村", kind=UnitKind.VILLAGE), households=150)
    return a_posting(township=a_township(), person=a_person(name="王五"))


def asked(posting: Posting, last_day: date) -> Transfer:
    far = Township.objects.get(name="长街镇")
    return ask_transfer(posting=posting, last_day=last_day, to_township=far, document="调令", actor=None)


def received(transfer: Transfer, first_day: date) -> Transfer:
    village = transfer.to_township.units.get()
    place = Place(Position.VILLAGE_COORDINATOR, village)
    return receive_transfer(transfer=transfer, place=place, first_day=first_day, actor=None)


def amounts(run: SubsidyRun) -> dict[tuple[str, str], Decimal]:
    """By township and month."""
    lines = AllocationLine.objects.filter(allocation__revision=run.current_revision_id).exclude(amount=0)
    return {(line.allocation.township_name, f"{line.for_month:%m}"): line.amount for line in lines}


def test_within_a_month_each_township_is_paid_its_days(posting: Posting) -> None:
    waiting = asked(posting, date(2009, 6, 10))
    assert amounts(calculate(month=JUNE, actor=None).run) == {("跃龙街道", "06"): Decimal("1530.00")}
    received(waiting, date(2009, 6, 11))
    # 1530 × 10 ÷ 30 and 240 × 20 ÷ 30.
    assert amounts(calculate(month=JUNE, actor=None).run) == {
        ("跃龙街道", "06"): Decimal("510.00"),
        ("长街镇", "06"): Decimal("160.00"),
    }


def test_one_that_comes_after_the_month_was_approved_settles_in_the_next_run(posting: Posting) -> None:
    before = an_approved_run(JUNE)
    received(asked(posting, date(2009, 6, 17)), date(2009, 6, 18))
    found = amounts(calculate(month=JUNE + 1, actor=None).run)
    # 1530 × 17 ÷ 30 = 867.00; 240 × 13 ÷ 30 = 104.00.
    assert found == {
        ("跃龙街道", "06"): Decimal("-663.00"),
        ("长街镇", "06"): Decimal("104.00"),
        ("长街镇", "07"): Decimal("240.00"),
    }
    assert amounts(before) == {("跃龙街道", "06"): Decimal("1530.00")}


def test_one_of_a_day_to_come_changes_no_month_before_it(posting: Posting) -> None:
    received(asked(posting, date(2009, 7, 31)), date(2009, 8, 1))
    for month, place, amount in ((JUNE, "跃龙街道", "1530.00"), (JUNE + 1, "跃龙街道", "1530.00")):
        assert amounts(an_approved_run(month)) == {(place, f"{month.number:02d}"): Decimal(amount)}
    assert amounts(calculate(month=Month(2009, 8), actor=None).run) == {("长街镇", "08"): Decimal("240.00")}
