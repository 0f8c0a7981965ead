"""The role that the application runs as does all its work, and cannot bend what is sealed."""

import os
from collections.abc import Iterator
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client

from accounts.chain import write_down_heads
from accounts.enums import Role
from accounts.models import Seal, User
from staffing.enums import Position
from staffing.people.registering import register_person
from staffing.postings.services import appoint
from subsidies.models import AllocationLine, LedgerParameters
from subsidies.verification import verify
from tests.builders import a_posting, a_township
from tests.subsidies.months import JUNE, explain
from tests.subsidies.policies import a_policy
from tests.users import PASSWORD, MakeUser
from townships.models import Township

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
ROLE = f"county_app_{os.getpid()}"  # roles are the whole cluster's


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def users(make_user: MakeUser) -> dict[Role, User]:
    """A small county, set up by the owner of its tables."""
    a_policy()
    township = a_township()
    a_posting(township=township)
    LedgerParameters.objects.create(county=township.county)
    return {role: make_user(role) for role in (Role.BUREAU_OFFICER, Role.BUREAU_APPROVER)}


@pytest.fixture
def as_application(users: dict[Role, User]) -> Iterator[None]:
    """From here on the connection is the application's."""
    execute(f'CREATE ROLE "{ROLE}" LOGIN')
    call_command("grant_application_role", ROLE, verbosity=0)
    execute(f'SET LOCAL ROLE "{ROLE}"')
    yield
    execute("RESET ROLE")


@pytest.fixture
def sealed(as_application: None) -> None:
    """June as a clerk's county does it, in the browser: hired, calculated twice, sent, approved, issued."""
    officer, approver = entered(Role.BUREAU_OFFICER), entered(Role.BUREAU_APPROVER)
    answers = [officer.post("/months/calculate/", {"month": "2009-06", "token": "first"}).status_code]
    person = register_person(name="李四", national_id=None, actor=None)
    appoint(
        person=person,
        township=Township.objects.get(),
        unit=None,
        position=Position.ASSISTANT,
        started_on=date(2009, 6, 1),
        actor=None,
    )
    explain(Township.objects.get(), JUNE)
    answers += [
        officer.post("/months/calculate/", {"month": "2009-06"}).status_code,
        officer.post("/months/2009-06/1/steps/send/", {"revision": 2}).status_code,
        approver.post("/months/2009-06/1/steps/return/", {"revision": 2, "reason": "请核对"}).status_code,
        officer.post("/months/calculate/", {"month": "2009-06"}).status_code,
        officer.post("/months/2009-06/1/steps/send/", {"revision": 2}).status_code,
        approver.post("/months/2009-06/1/steps/approve/", {"revision": 2}).status_code,
    ]
    assert answers == [302] * len(answers)
    assert officer.get("/months/2009-06/1/T1.xlsx").status_code == 200


def entered(role: Role) -> Client:
    client = Client()
    assert client.post("/login/", {"username": role.value, "password": PASSWORD}).status_code == 302
    return client


def test_the_applications_own_work_goes_through(sealed: None) -> None:
    assert (Seal.objects.count(), AllocationLine.objects.count()) == (2, 2)
    write_down_heads()
    assert list(verify()) == []
    call_command("migrate", "--check", verbosity=0)


SEALED = (
    "accounts_auditevent",
    "subsidies_seal",
    "subsidies_sheetfile",
    "subsidies_revision",
    "subsidies_allocation",
    "subsidies_explanation",
    "subsidies_allocationline",
    "subsidies_subsidyrun",
    "subsidies_reportscan",
)
POLICY = (
    "subsidies_minimumwage",
    "subsidies_subsidystandard",
    "subsidies_householdband",
    "subsidies_standardfunding",
    "subsidies_fundsource",
)


@pytest.mark.parametrize("table", [*SEALED, *POLICY])
def test_it_cannot_get_past_the_triggers(as_application: None, table: str) -> None:
    for sql in (
        f"TRUNCATE {table} CASCADE",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"ALTER TABLE {table} ADD COLUMN x integer",
        f"DROP TABLE {table} CASCADE",
        f"CREATE TRIGGER mine BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_no_truncate()",
        f"CREATE OR REPLACE FUNCTION {table}_no_truncate() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (id integer)",
    ):
        refused(sql)


@pytest.mark.parametrize("table", SEALED[:3])
def test_what_is_only_added_to_it_neither_changes_nor_removes(as_application: None, table: str) -> None:
    refused(f"UPDATE {table} SET id = id")  # noqa: S608
    refused(f"DELETE FROM {table}")  # noqa: S608


@pytest.mark.parametrize("table", SEALED[3:])
def test_what_is_sealed_it_does_not_change_and_only_drafts_it_forgets(as_application: None, table: str) -> None:
    if table in ("subsidies_revision", "subsidies_subsidyrun", "subsidies_reportscan"):
        refused(f"DELETE FROM {table}")  # noqa: S608
    else:
        refused(f"UPDATE {table} SET id = id")  # noqa: S608


@pytest.mark.parametrize("table", POLICY)
@pytest.mark.parametrize("change", ["UPDATE {table} SET id = id + 1000", "DELETE FROM {table}"])
def test_policy_that_an_approved_month_used_it_does_not_change(sealed: None, table: str, change: str) -> None:
    with pytest.raises(IntegrityError, match=f"{table} is used"), transaction.atomic():
        execute(change.format(table=table))


def refused(sql: str) -> None:
    """By the privileges, before any trigger is asked."""
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        execute(sql)


@pytest.mark.parametrize(
    ("create", "why"),
    [("", "没有角色"), ("NOLOGIN", "不能登录"), ("LOGIN SUPERUSER", "超级用户"), ("LOGIN IN ROLE {owner}", "所有者")],
)
def test_a_role_that_could_do_more_is_refused(db: None, create: str, why: str) -> None:
    if create:
        owner = connection.ops.quote_name(str(connection.settings_dict["USER"]))
        execute(f'CREATE ROLE "{ROLE}" {create.format(owner=owner)}')
    with pytest.raises(CommandError, match=why):
        call_command("grant_application_role", ROLE)
