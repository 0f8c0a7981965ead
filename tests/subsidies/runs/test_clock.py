"""The county's days are those of its own clock, whatever the server's says: due days, today, ends of months."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEvent
from foundation.dates import Month
from staffing.models import Posting
from subsidies.models import LedgerParameters
from subsidies.runs.services import calculate
from tests.builders import a_posting, a_township
from tests.subsidies.months import an_approved_run
from tests.subsidies.policies import a_policy
from tests.users import MakeUser
from townships.models import Township

pytestmark = pytest.mark.django_db
SetClock = Callable[[str], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[SetClock]:
    """clock("2010-02-28 17:00"): what a server that lives in UTC believes to be now."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()

    def set_clock(utc: str) -> None:
        moment = datetime.fromisoformat(utc).replace(tzinfo=UTC)
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    yield set_clock
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def township() -> Township:
    """It has one assistant, and reports are due on the last day of a month."""
    a_policy()
    township = a_township()
    a_posting(township=township)
    LedgerParameters.objects.create(county=township.county, reports_required=True, report_due_day=31)
    return township


@pytest.fixture
def clerk(township: Township, make_user: MakeUser) -> Client:
    return logged_in(make_user, Role.TOWNSHIP_CLERK, township)


def logged_in(make_user: MakeUser, role: Role, township: Township | None = None) -> Client:
    client = Client()
    client.force_login(make_user(role, township=township), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(
    ("utc", "month", "is_late"),
    [
        ("2010-02-28 15:59", "2010-02", False),
        ("2010-02-28 16:00", "2010-02", True),
        ("2010-02-28 17:00", "2010-02", True),
        ("2012-02-28 17:00", "2012-02", False),  # 29 February has just begun
        ("2012-02-29 15:59", "2012-02", False),
        ("2012-02-29 16:00", "2012-02", True),
        ("2009-12-31 15:59", "2009-12", False),
        ("2009-12-31 16:00", "2009-12", True),
        ("2010-04-30 16:30", "2010-04", True),  # a month without a 31st
    ],
)
def test_a_report_is_late_when_the_countys_day_is_over(
    clock: SetClock, township: Township, make_user: MakeUser, utc: str, month: str, is_late: bool
) -> None:
    clock(utc)
    page = logged_in(make_user, Role.BUREAU_OFFICER).get(f"/reports/{month}/").content.decode()
    assert ("逾期未报" in page, "未开始" in page) == (is_late, not is_late)


@pytest.mark.parametrize(
    ("utc", "month"),
    [
        ("2010-02-28 15:59", "2010-02"),
        ("2010-02-28 17:00", "2010-03"),
        ("2012-02-28 17:00", "2012-02"),
        ("2012-02-29 17:00", "2012-03"),
        ("2009-12-31 17:00", "2010-01"),
    ],
)
def test_the_month_to_report_and_to_calculate_is_the_countys(
    clock: SetClock, clerk: Client, make_user: MakeUser, utc: str, month: str
) -> None:
    clock(utc)
    assert clerk.get("/my-month/").headers["Location"].startswith(f"/reports/{month}/")
    months = logged_in(make_user, Role.BUREAU_OFFICER).get("/months/").content.decode()
    assert f'value="{month}"' in months


def test_an_approval_is_told_with_the_countys_day(clock: SetClock, township: Township, make_user: MakeUser) -> None:
    LedgerParameters.objects.update(reports_required=False)
    clock("2010-02-28 17:00")
    approver = make_user(Role.BUREAU_APPROVER)
    run = an_approved_run(Month(2010, 2), approver=approver, now=timezone.now())
    page = logged_in(make_user, Role.AUDITOR).get("/desk/").content.decode()
    assert "2010-03-01 由" in page
    assert "2010-02-28 由" not in page
    event = AuditEvent.objects.get(subject_id=run.pk, action="approve")
    assert str(event).startswith("2010-03-01 01:00")


@pytest.mark.parametrize(
    ("month", "started_on", "ended_on", "days"),
    [
        ("2012-02", "2012-02-29", None, 1),
        ("2012-02", "2012-01-01", "2012-02-28", 28),
        ("2010-02", "2010-02-28", None, 1),
        ("2009-12", "2009-12-31", None, 1),
        ("2010-01", "2009-06-01", "2010-01-01", 1),
        ("2010-04", "2010-04-30", "2010-05-01", 1),
    ],
)
def test_both_ends_of_a_month_are_days_on_post(
    township: Township, month: str, started_on: str, ended_on: str | None, days: int
) -> None:
    LedgerParameters.objects.update(reports_required=False)
    Posting.objects.update(
        started_on=date.fromisoformat(started_on), ended_on=date.fromisoformat(ended_on) if ended_on else None
    )
    revision = calculate(month=Month.parse(month), actor=None).revision
    (line,) = [line for allocation in revision.allocations.all() for line in allocation.lines.all()]
    assert line.counted_days == days
