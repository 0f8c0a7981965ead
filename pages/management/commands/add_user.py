"""`add_user`: an account with its role, the password asked for or read from standard input."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.audit import record
from accounts.enums import Role
from accounts.events import AccountEvent
from accounts.models import User
from subsidies.calculation.parameters import set_parameters
from townships.models import Township


class Command(BaseCommand):
    help = (
        "建立一个账号。密码由终端输入,或用 --password-stdin 从标准输入读取第一行。"
        "建立第一个镇街经办的账号,即启用镇街月报。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="用户名")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role], help="角色")
        parser.add_argument("--township", default="", metavar="CODE", help="镇乡(街道)的区划代码,只用于镇街经办")
        parser.add_argument("--name", default="", help="姓名")
        parser.add_argument("--password-stdin", action="store_true", help="从标准输入读取密码")

    def handle(self, *args: Any, **options: Any) -> None:
        township = _township(options["township"])
        password = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else _asked_twice()
        username, name = options["username"], options["name"]
        try:
            validate_password(password, User(username=username, display_name=name))
            with transaction.atomic():
                user = User.objects.create_user(
                    username=username,
                    password=password,
                    role=Role(options["role"]),
                    display_name=name,
                    township=township,
                )
                after = {"username": username, "role": user.role, "township": options["township"]}
                record(actor=None, event=AccountEvent.ADD_USER, subject=user, after=after)
                if user.role == Role.TOWNSHIP_CLERK and not _other_clerks(user):
                    set_parameters(reports_required=True, actor=None)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(f"已建立账号 {username}({user.role_label})。")


def _township(code: str) -> Township | None:
    if not code:
        return None
    try:
        return Township.objects.get(code=code)
    except Township.DoesNotExist as error:
        raise CommandError(f"没有区划代码为 {code} 的镇乡(街道)。") from error


def _other_clerks(user: User) -> bool:
    return User.objects.filter(role=Role.TOWNSHIP_CLERK.value).exclude(pk=user.pk).exists()


def _asked_twice() -> str:
    password = getpass("密码:")
    if getpass("再输一次:") != password:
        raise CommandError("两次输入的密码不一样。")
    return password
