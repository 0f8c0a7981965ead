"""Which tasks a desk holds comes from the table of permissions, as the entries of the menu do."""

import pytest
from django.urls import resolve, reverse
from pytest_django.fixtures import Settings

from accounts import permissions
from accounts.context import ENTRIES, MenuEntry
from accounts.enums import SCOPE_OF_ROLE, Role
from accounts.models import User
from pages.tasks import DUTIES, Duty, duties_of

TASKS = {
    Role.TOWNSHIP_CLERK: [
        "_first_people",
        "_stale_own",
        "_report",
        "_transfers",
        "_proposals_decided",
        "_findings",
        "_contracts_ending",
        "_retiring",
        "_vacancies",
        "_counts_missing",
        "_own_month",
    ],
    Role.BUREAU_OFFICER: [
        "_reports_to_review",
        "_proposals_to_decide",
        "_stale_of_townships",
        "_late_reports",
        "_calculation",
        "_not_approved",
        "_findings",
        "_contracts_ending",
        "_retiring",
        "_vacancies",
        "_counts_missing",
        "_entries_waiting",
    ],
    Role.BUREAU_APPROVER: ["_approval", "_stale_of_townships", "_entries_to_approve"],
    Role.FINANCE_OFFICER: ["_entries_to_approve", "_newest_approved", "_not_approved"],
    Role.AUDITOR: ["_not_approved", "_approved_lately"],
    Role.SYSTEM_ADMIN: [],
    Role.SECURITY_ADMIN: [],
}


@pytest.mark.parametrize("separation", ["strict", "small"])
@pytest.mark.parametrize("role", Role)
def test_a_role_has_its_tasks_in_their_order(role: Role, separation: str, settings: Settings) -> None:
    settings.SEPARATION = separation
    assert [duty.tasks.__name__ for duty in duties_of(User(role=role.value))] == TASKS[role]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("row", [*DUTIES, *ENTRIES], ids=lambda row: getattr(row, "route", "") or row.tasks.__name__)
def test_a_task_or_an_entry_goes_and_comes_with_its_permission(
    monkeypatch: pytest.MonkeyPatch, row: Duty | MenuEntry, role: Role
) -> None:
    user, scope = User(role=role.value), row.scope
    for permission in permissions.Permission:
        monkeypatch.setitem(permissions.ALLOWED, permission, frozenset(Role) - {role})
    assert not row.is_for(user)
    monkeypatch.setitem(permissions.ALLOWED, row.permission, frozenset({role}))
    assert row.is_for(user) is (scope is None or scope is SCOPE_OF_ROLE[role])


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.route)
def test_an_entry_names_the_permission_of_its_page(entry: MenuEntry) -> None:
    assert resolve(reverse(entry.route)).func.permission is entry.permission  # type: ignore[attr-defined]
