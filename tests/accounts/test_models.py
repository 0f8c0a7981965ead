"""A clerk belongs to a township and nobody else does, whoever asks the database."""

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import SCOPE_OF_ROLE, Role
from accounts.models import User
from tests.users import MakeUser

pytestmark = pytest.mark.both


@pytest.mark.django_db
def test_a_clerk_without_a_township_is_refused() -> None:
    with pytest.raises(IntegrityError, match="user_township_goes_with_role"), transaction.atomic():
        User.objects.create(username="a", role=Role.TOWNSHIP_CLERK.value)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.TOWNSHIP_CLERK])
def test_nobody_else_belongs_to_one(make_user: MakeUser, role: Role) -> None:
    township = make_user(Role.TOWNSHIP_CLERK).township
    with pytest.raises(IntegrityError, match="user_township_goes_with_role"), transaction.atomic():
        User.objects.create(username="a", role=role.value, township=township)


def test_every_role_has_a_scope() -> None:
    assert set(SCOPE_OF_ROLE) == set(Role)


@pytest.mark.parametrize("role", Role)
def test_only_county_roles_read_the_county(role: Role) -> None:
    county = {"bureau_officer", "bureau_approver", "finance_officer", "auditor"}
    assert User(role=role.value).reads_county is (role in county)
