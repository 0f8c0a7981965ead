"""Every page is answered in at most twenty statements, those of session and user among them, whatever the size."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve

from accounts.enums import Role
from foundation.dates import Month
from staffing.enums import Position
from subsidies.calculation.parameters import set_parameters
from subsidies.calculation.settled import settled_before
from subsidies.demo.county import DemoCounty
from subsidies.demo.seed import CLERKS, USERS
from subsidies.enums import RunState
from subsidies.models import SubsidyRun
from subsidies.runs.services import calculate, send, send_back
from tests.builders import a_contract, a_household_count, a_person, a_posting, a_township, a_unit, a_wage
from tests.subsidies.months import an_accepted_report, an_approved_run
from tests.subsidies.policies import NOW, a_policy
from tests.users import MakeUser, demo_user
from townships.enums import UnitKind
from townships.models import Township

pytestmark = pytest.mark.django_db
MOST = 20
JUNE = Month(2009, 6)
# How many pages of one kind are worth a look.
OF_ONE_KIND = 3
DAILY = (
    (Role.TOWNSHIP_CLERK, "/desk/"),
    (Role.BUREAU_OFFICER, "/desk/"),
    (Role.BUREAU_APPROVER, "/desk/"),
    (Role.TOWNSHIP_CLERK, "/reports/2009-07/330226001/"),
    (Role.BUREAU_OFFICER, "/reports/2009-07/330226001/"),
    (Role.BUREAU_OFFICER, "/reports/2009-07/"),
    (Role.BUREAU_APPROVER, "/months/2009-07/1/approve/"),
    (Role.BUREAU_OFFICER, "/months/2009-07/1/"),
    (Role.BUREAU_OFFICER, "/townships/?on=2009-07-15"),
    (Role.BUREAU_OFFICER, "/townships/330226001/?on=2009-07-15"),
)


def browser_of(user: object) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]  # a user
    return client


def statements_of(client: Client, path: str, run: SubsidyRun) -> int:
    assert run.state == RunState.IN_REVIEW
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def with_people(township: Township, number: int) -> None:
    """A village with its coordinator, an assistant whose contract ends, and a head of the platform."""
    village = a_unit(township=township, kind=UnitKind.VILLAGE, code=f"{township.code}{number:03d}")
    a_household_count(unit=village, households=100 + number)
    a_household_count(unit=village, effective_from=date(2010, 1, 1), approved=False)
    coordinator = a_posting(township=township, unit=village, position=Position.VILLAGE_COORDINATOR)
    a_wage(posting=coordinator)
    assistant = a_posting(township=township, person=a_person(name=f"协{number}"), started_on=date(2009, 6, 10))
    a_contract(posting=assistant, ended_on=date(2009, 8, 31))
    a_posting(township=township, person=a_person(name=f"平{number}"), position=Position.PLATFORM_STAFF)


def grown(numbers: range) -> None:
    """As many more townships, and as many more people in the first one; its report of July is not what it was."""
    first = Township.objects.get(code="330226001")
    for number in numbers:
        with_people(first, number)
        with_people(a_township(name=f"镇{number}", code=f"3302261{number:02d}"), number)


def july_in_review() -> SubsidyRun:
    """With everybody's report of it; the first township would say something else by now."""
    first, july = Township.objects.get(code="330226001"), JUNE + 1
    settled = settled_before()
    for township in Township.objects.exclude(reports__month=july.first).exclude(pk=first.pk):
        if township.pk not in settled:
            an_accepted_report(township, JUNE)
        an_accepted_report(township, july)
    an_accepted_report(first, july)
    run = send(run=calculate(month=july, actor=None).run, actor=None, now=NOW)
    a_posting(township=first, person=a_person(name="新到"), started_on=date(2009, 7, 20))
    return run


@pytest.fixture
def _ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    """June approved, July in review; from July on townships report, the first of them with three villages."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2009, 7, 28))
    a_policy()
    a_township()
    grown(range(3))


@pytest.mark.usefixtures("_ledger")
@pytest.mark.parametrize(("role", "path"), DAILY)
def test_a_page_takes_as_many_statements_for_thirty_as_for_three(make_user: MakeUser, role: Role, path: str) -> None:
    first = Township.objects.get(code="330226001")
    client = browser_of(make_user(role, township=first if role is Role.TOWNSHIP_CLERK else None))
    an_approved_run(JUNE)
    # Something to settle, and reports from now on.
    a_posting(township=first, person=a_person(name="补录"))
    set_parameters(reports_required=True, actor=None)
    few = statements_of(client, path, july_in_review())
    send_back(run=SubsidyRun.objects.get(state="in_review"), actor=None, reason="更正", now=NOW)
    grown(range(3, 30))
    assert few == statements_of(client, path, july_in_review()) <= MOST


def pages_of(client: Client, start: str) -> Iterator[tuple[str, int]]:
    """Address and number of statements of the first pages and files of each kind that links lead to."""
    waiting, seen, kinds = [start], set[str](), Counter[str]()
    while waiting:
        address = waiting.pop(0)
        try:
            kind = resolve(address.partition("?")[0]).url_name or address
        except Resolver404:
            continue
        if address in seen or kinds[kind] == OF_ONE_KIND:
            continue
        seen.add(address)
        kinds[kind] += 1
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address, follow=False)
        yield address, len(captured)
        if "Location" in response.headers:
            waiting.append(response.headers["Location"])
        elif response.headers["Content-Type"].startswith("text/html"):
            found = re.findall(r'href="(/[^"]*)"', response.content.decode())
            waiting += [link.partition("#")[0].replace("&amp;", "&") for link in found]


@pytest.mark.parametrize("username", [*USERS, *CLERKS])
def test_every_page_that_links_lead_to_is_answered_in_twenty_statements(demo: DemoCounty, username: str) -> None:
    found = dict(pages_of(browser_of(demo_user(username)), "/"))
    assert len(found) > 1 or username in ("sysadmin", "secadmin")
    assert {address: number for address, number in found.items() if number > MOST} == {}
