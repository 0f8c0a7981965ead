"""Users of every role, and browsers in which they have logged in."""

from collections.abc import Callable

from django.test import Client

from accounts.enums import Role
from accounts.models import User
from townships.models import County, Township

PASSWORD = "correct-horse-battery"
# Of the demonstration county: one of every role that reads what is paid, and a clerk of another township.
READERS = ("officer", "approver", "finance", "auditor", "clerk_changjie")
BUSINESS = (*READERS, "clerk_yuelong")

MakeUser = Callable[..., User]
ClientOf = Callable[[Role], Client]


def a_user(role: Role, *, username: str = "", township: Township | None = None) -> User:
    """A saved user with PASSWORD, named like the role; a clerk gets some township."""
    if role is Role.TOWNSHIP_CLERK and township is None:
        county, _ = County.objects.get_or_create(code="330226", defaults={"name": "宁海县"})
        township, _ = Township.objects.get_or_create(code="330226001", defaults={"county": county, "name": "跃龙街道"})
    return User.objects.create_user(
        username=username or role.value, password=PASSWORD, role=role, display_name=role.label, township=township
    )


def demo_user(username: str) -> User:
    """A user of the demonstration county."""
    return User.objects.get(username=username)


def browser(user: User) -> Client:
    """A browser in which the user has logged in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def logged_in(username: str) -> Client:
    """A browser in which a user of the demonstration county has logged in."""
    return browser(demo_user(username))
