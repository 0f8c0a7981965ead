"""seed_demo: the demonstration county, for tests and trials."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from subsidies.demo.county import DemoCounty
from subsidies.demo.seed import DemoLogin, NotADemo, logins, month_states, seed


class Command(BaseCommand):
    help = (
        "装入示例县(人员、户数均为虚构,身份证号用未分配的 339900 开头),含三个月的核算。已装入时只重设密码。"
        '--json 写出 {"users":[{"username","password","role","township"}],"months":[{"month","state"}],'
        '"known_id_numbers":[…]}。密码每次随机。'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1, metavar="N", help="虚构数据的种子,默认 1")
        parser.add_argument("--json", type=Path, metavar="FILE", help="把用户、月份和身份证号写到这个文件")

    def handle(self, *args: Any, **options: Any) -> None:  # Django's signature
        try:
            county = seed(seed_number=options["seed"], say=self.stdout.write)
        except NotADemo as error:
            raise CommandError(str(error)) from error
        users = logins()
        if options["json"] is not None:
            write_json(options["json"], county, users)
        for login in users:
            self.stdout.write(f"{login.role.label}:{login.username} {login.password}")


def write_json(path: Path, county: DemoCounty, users: list[DemoLogin]) -> None:
    """The file that trials read; only its owner may."""
    content = {
        "users": [
            {
                "username": login.username,
                "password": login.password,
                "role": login.role.value,
                "township": login.township,
            }
            for login in users
        ],
        "months": [{"month": month, "state": state} for month, state in month_states()],
        "known_id_numbers": [person.national_id for person in county.people],
    }
    path.touch(mode=0o600)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
