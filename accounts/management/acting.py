"""`--as USERNAME`: a command that is given as somebody with an account, under the guards of a page."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.audit import from_address
from accounts.enums import Role
from accounts.models import User


def add_acting_user(parser: CommandParser, *, required: bool = False) -> None:
    parser.add_argument(
        "--as", dest="acting", metavar="USERNAME", required=required, help="以哪个账号的身份办理(用户名)"
    )


@contextmanager
def acting_user(options: dict[str, Any]) -> Iterator[User | None]:
    """The active user that `--as` names, None without it. Within it events tell who gave the command on this machine.

    CommandError for a name that is not there or may not log in.
    """
    username = options["acting"]
    user = None
    if username is not None:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"没有用户名为 {username} 的可登录账号。")
    with from_address(f"命令行 {getpass.getuser()}"):
        yield user


def demand_acting_approver(user: User | None) -> None:
    """CommandError for a step of money that nobody is named for, once somebody has the account to take it."""
    if user is None and User.objects.filter(role=Role.BUREAU_APPROVER.value, is_active=True).exists():
        raise CommandError("已有县局审核人员的账号:请加 --as 用户名,以审核人员的身份办理,或登录办理。")
