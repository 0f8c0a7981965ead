"""Who may do what, role by role, and that an undeclared view is closed."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django.fixtures import Settings

from accounts.enums import Role
from accounts.models import AuditEvent, User
from accounts.permissions import ALLOWED, Permission, demand, may, requires, scopes
from foundation.http import http_methods
from tests.users import ClientOf

READERS = {"township_clerk", "bureau_officer", "bureau_approver", "finance_officer", "auditor"}
# Written out once more: a change of the table is a change of this promise.
TABLE = {
    "view_desk": READERS,
    "view_people": READERS - {"finance_officer"},
    "import_roster": {"township_clerk"},
    "view_places": READERS - {"finance_officer"},
    "view_policy": READERS - {"township_clerk"},
    "view_month": READERS,
    "export_sheet": READERS,
    "issue_sheet": {"bureau_officer", "bureau_approver", "finance_officer"},
    "calculate_month": {"bureau_officer"},
    "adjust_run": {"bureau_officer"},
    "send_run": {"bureau_officer"},
    "approve_run": {"bureau_approver"},
    "view_approvals": READERS - {"township_clerk"},
    "approve_entries": {"bureau_approver"},
    "approve_policy": {"bureau_approver", "finance_officer"},
    "set_parameters": {"bureau_approver"},
    "return_run": {"bureau_approver"},
    "return_approved_run": {"bureau_approver", "finance_officer"},
    "void_run": {"bureau_approver"},
    "edit_personnel": {"township_clerk"},
    "correct_person": {"township_clerk", "bureau_officer"},
    "keep_rounds": {"township_clerk", "bureau_officer"},
    "decide_proposals": {"bureau_officer"},
    "enter_households": {"township_clerk"},
    "enter_grants": {"bureau_officer"},
    "keep_units": {"bureau_officer"},
    "view_report": READERS,
    "submit_report": {"township_clerk"},
    "review_report": {"bureau_officer"},
    "acknowledge": {"township_clerk", "bureau_officer"},
}


@requires(Permission.APPROVE_RUN)
@http_methods("GET")
def approving(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@http_methods("GET")
def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [
    path("approving/", approving, name="approving"),
    path("undeclared/", undeclared, name="undeclared"),
    path("", include("config.urls")),
]


@pytest.fixture(autouse=True)
def _these_routes(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__


def test_the_table_is_what_was_promised() -> None:
    users = [User(role=role.value) for role in Role]
    assert {permission: {user.role for user in users if may(user, permission)} for permission in Permission} == TABLE


def test_every_permission_is_somebodys_and_no_administrators() -> None:
    assert set(ALLOWED) == set(Permission)
    assert all(ALLOWED.values())
    assert not {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN} & set().union(*ALLOWED.values())


def test_nobody_both_calculates_and_approves() -> None:
    assert not ALLOWED[Permission.CALCULATE_MONTH] & ALLOWED[Permission.APPROVE_RUN]


def test_a_visitor_and_a_closed_account_may_nothing() -> None:
    closed = User(role=Role.BUREAU_OFFICER.value, is_active=False)
    assert not any(may(who, permission) for permission in Permission for who in (AnonymousUser(), closed))


@pytest.mark.parametrize("role", Role)
def test_a_service_demands_what_the_table_says(role: Role) -> None:
    actor = User(role=role.value)
    if role is Role.BUREAU_OFFICER:
        demand(actor, Permission.CALCULATE_MONTH)
    else:
        with pytest.raises(PermissionDenied, match="由县局经办办理"):
            demand(actor, Permission.CALCULATE_MONTH)


def test_a_command_has_no_actor_and_is_let_through() -> None:
    demand(None, Permission.APPROVE_RUN)


def test_a_permission_tells_how_far_it_reaches() -> None:
    assert scopes(Permission.VIEW_MONTH) == ["township", "county"]
    assert scopes(Permission.APPROVE_RUN) == ["county"]


def test_a_refusal_says_who_may_and_is_recorded(client_of: ClientOf) -> None:
    response = client_of(Role.BUREAU_OFFICER).get("/approving/", REMOTE_ADDR="10.0.0.7")
    assert "您的账号没有「审批月度核算」的权限,这一步由县局审核办理。" in response.content.decode()
    event = AuditEvent.objects.get()
    assert (event.action, event.result, event.role, event.address) == (
        "refused",
        "refused",
        "bureau_officer",
        "10.0.0.7",
    )
    assert (event.subject_label, event.reason) == ("/approving/", "GET「审批月度核算」")


def test_an_undeclared_view_is_closed_to_everybody(client_of: ClientOf) -> None:
    assert {client_of(role).get("/undeclared/").status_code for role in Role} == {403}


@pytest.mark.django_db
def test_without_the_middleware_it_would_be_open(client_of: ClientOf, settings: Settings) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "PermissionMiddleware" not in name]
    assert client_of(Role.AUDITOR).get("/undeclared/").status_code == 200


@pytest.mark.django_db
def test_a_visitor_is_sent_to_the_login() -> None:
    assert Client().get("/approving/").headers["Location"] == "/login/?next=/approving/"
