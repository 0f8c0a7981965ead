"""demo: migrate, seed the demonstration county, print address and logins, serve."""

import json
import socket
from argparse import ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.enums import Role
from accounts.models import User

LOGINS = settings.VAR_DIR / "demo-logins.json"


def port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise ArgumentTypeError(f"端口“{text}”不对,请写 1 到 65535")
    return int(text)


class Command(BaseCommand):
    help = "装入示例县并启动网页,打印地址和示例用户;再次运行沿用原有的数据和密码。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=port, default=8000, help="端口,默认 8000")

    def handle(self, *args: Any, **options: Any) -> None:  # Django's signature
        number: int = options["port"]
        if _is_taken(number):
            raise CommandError(f"端口 {number} 已被占用:示例可能已在运行;或者换一个端口。")
        call_command("migrate", verbosity=0)
        if not _logins_are_current():
            call_command("seed_demo", json=LOGINS, stdout=self.stdout)
        self.stdout.write(f"\n网址: http://127.0.0.1:{number}/  (Ctrl+C 停止)")
        for user in json.loads(LOGINS.read_text(encoding="utf-8"))["users"]:
            self.stdout.write(f"  {Role(user['role']).label:<8} 用户名 {user['username']:<16} 密码 {user['password']}")
        self.stdout.flush()
        call_command("runserver", f"127.0.0.1:{number}", use_reloader=False, skip_checks=True)


def _is_taken(number: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        return probe.connect_ex(("127.0.0.1", number)) == 0


def _logins_are_current() -> bool:
    """Whether the passwords kept from an earlier call still open every account."""
    try:
        kept = json.loads(LOGINS.read_text(encoding="utf-8"))["users"]
    except (OSError, ValueError, KeyError):
        return False
    stored = {user.username: user for user in User.objects.all()}
    return bool(kept) and all(
        user["username"] in stored and stored[user["username"]].check_password(user["password"]) for user in kept
    )
