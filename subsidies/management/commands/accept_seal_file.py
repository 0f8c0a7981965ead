"""accept_seal_file: an approver accepts the chain of seals as it stands after an incident."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.management.acting import acting_user, add_acting_user
from subsidies.refusals import RunRefused
from subsidies.revisions.accepting_seal_file import accept_seal_file


class Command(BaseCommand):
    help = (
        "事故查明之后,由县局审核人员接受数据库里现有的封存:封存记录文件(SEAL_FILE)按数据库重写,"
        "原来的文件改名保存在旁边,并记入日志。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_acting_user(parser, required=True)
        parser.add_argument("--reason", required=True, help="原因:发生了什么,怎样查明的")

    def handle(self, *args: Any, **options: Any) -> None:  # Django's signature
        try:
            with acting_user(options) as actor:
                kept = accept_seal_file(actor=actor, reason=options["reason"], now=timezone.now())
        except (PermissionDenied, RunRefused) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError("已记入日志,但封存记录文件没有写成;请检查目录的权限和磁盘空间,再执行一次。") from error
        beside = f"原来的文件保存为 {kept.name}。" if kept else "原来没有文件。"
        self.stdout.write(f"封存记录文件已按数据库重写;{beside}请把新文件交审计员保存,并执行 verify_ledger 核验。")
