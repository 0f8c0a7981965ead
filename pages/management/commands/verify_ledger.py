"""verify_ledger: chain of seals, every sealed row and figure, every invariant; exits 1 on a break."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.chain import agreement_of_file, write_down_heads
from accounts.models import Seal
from accounts.seal_file import Agreement
from subsidies.models import AllocationLine
from subsidies.verification import as_json, verify


class Command(BaseCommand):
    help = (
        "核验账目:封存链、每一条封存的明细、每一笔金额的重算、各项恒等关系。发现不符时指出哪一行,退出码为 1。"
        '--json 输出 {"ok","seals","lines","breaks":[{"kind","table","row","sentence"}]}。'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")
        parser.add_argument(
            "--write-heads",
            action="store_true",
            help="先把封存记录文件(SEAL_FILE)中缺少的最后一次封存从数据库补上;缺得更多或内容不同时用 accept_seal_file",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # Django's signature
        if options["write_heads"]:
            _write_heads()
        found = list(verify())
        seals, lines = Seal.objects.count(), AllocationLine.objects.count()
        if options["json"]:
            self.stdout.write(json.dumps(as_json(found, seals=seals, lines=lines), ensure_ascii=False, indent=1))
        else:
            for row in found:
                self.stdout.write(f"不符:{row.sentence}" + (f"({row.table} {row.row})" if row.row else ""))
            verdict = f"有 {len(found)} 处不符" if found else "全部相符"
            self.stdout.write(f"核验了 {seals} 次封存、{lines} 条明细:{verdict}。")
        if found:
            sys.exit(1)


def _write_heads() -> None:
    try:
        if agreement_of_file() is Agreement.DIFFERS:
            raise CommandError("封存记录文件与数据库不符,不能补写:查明原因后由县局审核人员用 accept_seal_file 接受。")
        write_down_heads()
    except (OSError, ValueError) as error:
        raise CommandError("封存记录文件读不出或写不进;查明原因后由县局审核人员用 accept_seal_file 接受。") from error
