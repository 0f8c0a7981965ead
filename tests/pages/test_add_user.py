"""`add_user` and `routes`."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEvent, User
from subsidies.calculation.parameters import stop_requiring_reports
from subsidies.models import LedgerParameters
from tests.builders import a_township
from tests.users import PASSWORD, MakeUser


def add_user(monkeypatch: pytest.MonkeyPatch, *arguments: str, password: str = PASSWORD) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    out = io.StringIO()
    call_command("add_user", *arguments, "--password-stdin", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_a_user_is_added_and_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "officer(县局经办)" in add_user(monkeypatch, "officer", "--role", "bureau_officer", "--name", "王芳")
    user = User.objects.get()
    assert (user.username, user.display_name, user.role) == ("officer", "王芳", "bureau_officer")
    assert user.check_password(PASSWORD)
    event = AuditEvent.objects.get()
    assert (event.action, event.role, event.subject_id) == ("add_user", "command", user.pk)
    assert PASSWORD not in json.dumps(event.after)


def test_a_clerk_gets_the_township_of_the_code(monkeypatch: pytest.MonkeyPatch, make_user: MakeUser) -> None:
    township = make_user(Role.TOWNSHIP_CLERK).township
    add_user(monkeypatch, "second", "--role", "township_clerk", "--township", "330226001")
    assert User.objects.get(username="second").township == township


@pytest.mark.django_db
def test_the_first_clerk_turns_reports_on_and_the_second_does_not_undo_an_approver(
    monkeypatch: pytest.MonkeyPatch, make_user: MakeUser
) -> None:
    clerk_of = ["--role", "township_clerk", "--township", a_township().code]
    add_user(monkeypatch, "first", *clerk_of)
    assert LedgerParameters.objects.get().reports_required
    approver = make_user(Role.BUREAU_APPROVER)
    stop_requiring_reports(reason="系统切换期间", actor=approver, now=timezone.now())
    add_user(monkeypatch, "second", *clerk_of)
    assert not LedgerParameters.objects.get().reports_required


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "password", "problem"),
    [
        (["a", "--role", "township_clerk"], PASSWORD, "镇街经办必须属于一个镇乡"),
        (["a", "--role", "township_clerk", "--township", "999"], PASSWORD, "没有区划代码为 999 的镇乡"),
        (["a", "--role", "auditor"], "short", "密码"),
        (["a", "--role", "auditor"], "password123", "密码"),
        (["a", "--role", "boss"], PASSWORD, "invalid choice"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], password: str, problem: str
) -> None:
    with pytest.raises(CommandError, match=problem):
        add_user(monkeypatch, *arguments, password=password)
    assert not User.objects.exists()
    assert not AuditEvent.objects.exists()


def test_nobody_but_a_clerk_belongs_to_a_township(monkeypatch: pytest.MonkeyPatch, make_user: MakeUser) -> None:
    make_user(Role.TOWNSHIP_CLERK)
    with pytest.raises(CommandError, match="其他角色不属于任何镇乡"):
        add_user(monkeypatch, "b", "--role", "auditor", "--township", "330226001")


def test_a_name_is_given_once(monkeypatch: pytest.MonkeyPatch, make_user: MakeUser) -> None:
    make_user(Role.AUDITOR, username="a")
    with pytest.raises(CommandError, match="用户名"):
        add_user(monkeypatch, "a", "--role", "auditor")


@pytest.mark.django_db
def test_a_password_that_is_typed_must_be_typed_twice_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter([PASSWORD, PASSWORD + "x", PASSWORD, PASSWORD])
    monkeypatch.setattr("pages.management.commands.add_user.getpass", lambda prompt: next(typed))
    with pytest.raises(CommandError, match="两次输入的密码不一样"):
        call_command("add_user", "a", "--role", "auditor", stdout=io.StringIO())
    call_command("add_user", "a", "--role", "auditor", stdout=io.StringIO())
    assert User.objects.get().check_password(PASSWORD)


def test_routes_are_listed_for_machines_and_for_people() -> None:
    machines, people = io.StringIO(), io.StringIO()
    call_command("routes", "--json", stdout=machines)
    call_command("routes", stdout=people)
    listed = {route["name"]: route for route in json.loads(machines.getvalue())}
    assert listed["login"] == {
        "name": "login",
        "path": "/login/",
        "methods": ["GET", "POST"],
        "permission": None,
        "scope": "anonymous",
    }
    assert listed["logout"]["methods"] == ["POST"]
    assert len(people.getvalue().splitlines()) == len(json.loads(machines.getvalue()))
