"""What changed since last month, by cause: every cause is found, and the parts add up to the difference."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from foundation.dates import Month
from staffing.enums import Position, SuspensionKind
from staffing.models import Posting
from staffing.postings.services import correct_dates, withdraw_posting
from staffing.terms.suspensions import suspend
from subsidies.calculation.adjusting import adjust
from subsidies.demo.county import DemoCounty
from subsidies.models import Allocation, AllocationLine, LedgerParameters, Revision, SubsidyRun
from subsidies.revisions.differences import Part, by_cause, change_rows
from subsidies.revisions.figures import added_up, figures_by_township
from subsidies.rules.causes import Cause
from subsidies.rules.competition import PostingDays
from subsidies.rules.month_change import PaidMonth, cause_of_change
from subsidies.runs.services import calculate
from tests.builders import a_household_count, a_person, a_posting, a_township, a_unit
from tests.subsidies.months import an_accepted_report, an_approved_run, without_triggers
from tests.subsidies.policies import a_minimum_wage, a_policy
from tests.users import MakeUser
from townships.enums import UnitKind
from townships.models import Township

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)


@pytest.fixture
def township() -> Township:
    """June approved with two assistants."""
    a_policy()
    township = a_township()
    a_posting(township=township)
    a_posting(township=township)
    return township


def causes(revision: Revision) -> dict[tuple[str, str], str]:
    """(part, cause) -> amount; what is told adds up to what the figures say."""
    rows = change_rows(revision, Allocation.objects.all())
    together = added_up(figures_by_township(revision, Allocation.objects.all()))
    assert sum((row.amount for row in rows), Decimal(0)) == together.difference
    return {(row.part.value, row.cause.value if row.cause else ""): str(row.amount) for row in by_cause(rows)}


def july() -> Revision:
    return calculate(month=JUNE + 1, actor=None).revision


def test_nothing_changed_is_no_row(township: Township) -> None:
    an_approved_run(JUNE)
    assert causes(july()) == {}


def test_who_joined_and_who_left(township: Township) -> None:
    first = Posting.objects.order_by("pk")[0]
    an_approved_run(JUNE)
    correct_dates(posting=first, started_on=first.started_on, ended_on=date(2009, 7, 15), reason="离岗", actor=None)
    a_posting(township=township, started_on=date(2009, 7, 16))
    assert causes(july()) == {("regular", "joined"): "789.68", ("regular", "left"): "-789.68"}


def test_only_what_an_earlier_month_lacks_was_entered_late(township: Township) -> None:
    an_approved_run(JUNE)
    a_posting(township=township, started_on=date(2009, 6, 16))
    told = [(row.part, row.label) for row in by_cause(change_rows(july(), Allocation.objects.all()))]
    assert told == [(Part.REGULAR, "到岗"), (Part.SETTLED, "补录到岗")]


def test_a_new_minimum_wage_a_suspension_and_a_new_band(township: Township) -> None:
    unit = a_unit(township=township, kind=UnitKind.VILLAGE)
    a_household_count(unit=unit, households=100)
    a_posting(township=township, unit=unit, position=Position.VILLAGE_COORDINATOR)
    a_minimum_wage("2009-07-01", "960.00")
    an_approved_run(JUNE)
    a_household_count(unit=unit, households=101, effective_from=date(2009, 7, 1))
    suspend(
        posting=Posting.objects.order_by("pk")[1],
        kind=SuspensionKind.UNPAID_LEAVE,
        started_on=date(2009, 7, 1),
        ended_on=date(2009, 7, 31),
        reason="停薪",
        actor=None,
    )
    assert causes(july()) == {
        ("regular", "rate"): "198.00",
        ("regular", "suspension"): "-1530.00",
        ("regular", "band"): "40.00",
    }


def test_settled_months_and_adjustments_come_and_go(township: Township) -> None:
    posting = a_posting(township=township, started_on=date(2009, 6, 2), person=a_person(name="李四"))
    an_approved_run(JUNE)
    correct_dates(posting=posting, started_on=date(2009, 6, 1), ended_on=None, reason="更正", actor=None)
    adjust(
        month=JUNE + 1, township=township, person=None, for_month=JUNE, amount=Decimal("7.00"), document="文",
        reason="因", actor=None,
    )  # fmt: skip
    assert causes(july()) == {
        ("regular", "joined"): "51.00",
        ("settled", "dates"): "51.00",
        ("adjusted", ""): "7.00",
    }
    an_approved_run(JUNE + 1)
    assert causes(calculate(month=JUNE + 2, actor=None).revision) == {
        ("settled_before", "dates"): "-51.00",
        ("adjusted_before", ""): "-7.00",
    }


def test_a_supplementary_run_is_compared_with_nothing(township: Township) -> None:
    posting = Posting.objects.order_by("pk")[0]
    an_approved_run(JUNE)
    withdraw_posting(posting=posting, reason="录入错误", actor=None)
    a_posting(township=township)
    revision = calculate(month=JUNE, actor=None).revision
    rows = change_rows(revision, Allocation.objects.all())
    assert sum((row.amount for row in rows), Decimal(0)) == revision.total == Decimal("0.00")


def test_a_supplementary_run_says_itself_why(township: Township) -> None:
    posting = Posting.objects.order_by("pk")[0]
    an_approved_run(JUNE)
    correct_dates(posting=posting, started_on=date(2009, 6, 10), ended_on=None, reason="更正", actor=None)
    assert causes(calculate(month=JUNE, actor=None).revision) == {("regular", "dates"): "-459.00"}


def test_a_late_township_is_late_until_a_run_settles_it(township: Township, make_user: MakeUser) -> None:
    """Paid by a supplementary run it was reported late; whoever joins the month after is not."""
    late = a_township(name="长街镇", code="330226101")
    a_posting(township=late)
    LedgerParameters.objects.create(county=township.county, reports_required=True)
    approver = make_user(Role.BUREAU_APPROVER)
    an_accepted_report(township, JUNE)
    an_approved_run(JUNE, approver=approver)
    an_accepted_report(late, JUNE)
    assert causes(calculate(month=JUNE, actor=None).revision) == {("regular", "report_late"): "1530.00"}
    an_approved_run(JUNE, approver=approver)
    a_posting(township=late, started_on=date(2009, 7, 1))
    for reporting in (township, late):
        an_accepted_report(reporting, JUNE + 1)
    assert causes(july()) == {("regular", "joined"): "1530.00"}


def test_the_demonstration_adds_up_township_by_township(demo: DemoCounty) -> None:
    parts = set()
    for run in SubsidyRun.objects.select_related("current_revision"):
        revision = run.current_revision
        assert revision is not None
        revision.run = run
        rows = change_rows(revision, Allocation.objects.all())
        parts |= {row.part for row in rows}
        for township in figures_by_township(revision, Allocation.objects.all()):
            code = township.allocation.township_code
            told = sum((row.amount for row in rows if row.township_code == code), Decimal(0))
            assert told == township.figures.difference
    assert parts >= {Part.REGULAR, Part.SETTLED}


def test_queries_do_not_grow_with_the_lines(demo: DemoCounty) -> None:
    run = SubsidyRun.objects.select_related("current_revision__run").get(month="2010-04-01")
    assert run.current_revision is not None
    without_triggers()
    counts = []
    for kept in (30, 3):
        AllocationLine.objects.filter(allocation__revision=run.current_revision, order__gt=kept).delete()
        with CaptureQueriesContext(connection) as captured:
            change_rows(run.current_revision, Allocation.objects.all())
        counts.append(len(captured))
    assert counts[0] == counts[1]


WHOLE, DAYS = (1 << 30) - 1, 30


def paid(**values: object) -> PaidMonth:
    of_days = {"in_service": WHOLE, "suspended": 0, "without_post": 0, "duplicate": 0, "over_quota": 0}
    days = PostingDays(**{name: values.pop(name, usual) for name, usual in of_days.items()})  # type: ignore[arg-type]
    usual: dict[str, object] = {
        "amount": Decimal(100), "month_days": DAYS, "days": days, "band": None, "rate": Decimal(100), "blocked_by": "",
    }  # fmt: skip
    return PaidMonth(**{**usual, **values})  # type: ignore[arg-type]  # the fields of PaidMonth


@pytest.mark.parametrize(
    ("before", "now", "cause"),
    [
        (None, paid(), Cause.JOINED),
        (paid(), None, Cause.LEFT),
        (paid(in_service=WHOLE << 1 & WHOLE), paid(), Cause.JOINED),
        (paid(), paid(in_service=WHOLE << 9 & WHOLE), Cause.JOINED),
        (paid(), paid(in_service=1), Cause.LEFT),
        (paid(in_service=WHOLE - 1), paid(in_service=3, amount=Decimal(7)), Cause.LEFT),
        (paid(in_service=WHOLE - 1, amount=Decimal(3)), paid(in_service=WHOLE >> 1), Cause.JOINED),
        (paid(), paid(without_post=1), Cause.DUPLICATE_OR_QUOTA),
        (paid(), paid(duplicate=1, band=7), Cause.DUPLICATE_OR_QUOTA),
        (paid(over_quota=1), paid(), Cause.DUPLICATE_OR_QUOTA),
        (paid(suspended=3), paid(rate=Decimal(90)), Cause.SUSPENSION),
        (paid(band=0), paid(band=101, rate=Decimal(90)), Cause.BAND),
        (paid(), paid(blocked_by="contract_missing"), Cause.CHECK),
        (paid(), paid(blocked_by="contract_missing", rate=Decimal(90)), Cause.RATE),
        (paid(), paid(rate=Decimal(90)), Cause.RATE),
        (paid(), paid(amount=Decimal(90)), Cause.RATE),
        (paid(suspended=3), paid(suspended=3, month_days=31, in_service=(1 << 31) - 1), Cause.SUSPENSION),
    ],
)
def test_the_first_cause_that_applies(before: PaidMonth | None, now: PaidMonth | None, cause: Cause) -> None:
    assert cause_of_change(before, now) is cause
