"""export: a sheet of a month's run as xlsx, of the county or of one township."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from subsidies.known_runs import run_and_revision
from subsidies.management.arguments import month
from subsidies.models import Allocation
from subsidies.sheets.register import SHEETS, issued_or_made
from townships.models import Township


class Command(BaseCommand):
    help = "导出一个月最近一次核算的表格(xlsx),全县或一个镇乡(街道);未审批的标明“送审稿”。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("month", type=month, metavar="YYYY-MM", help="月份")
        titles = "、".join(f"{kind.number} {kind.title}" for kind in SHEETS.values())
        parser.add_argument("--sheet", choices=sorted(SHEETS), required=True, help=titles)
        parser.add_argument("--township", default="", metavar="CODE", help="只要这个镇乡(街道),写区划代码")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx", help="写到哪个文件")

    def handle(self, *args: Any, **options: Any) -> None:  # Django's signature
        code: str = options["township"]
        allocations, where = Allocation.objects.all(), ""
        if code:
            township = Township.objects.filter(code=code).first()
            if township is None:
                raise CommandError(f"没有区划代码为 {code} 的镇乡(街道),请按区划表核对。")
            allocations, where = allocations.filter(township=township), township.name
        found = run_and_revision(allocations, options["month"], None)
        if found is None:
            raise CommandError(f"{where}{options['month'].label}还没有核算,请先运行 calculate {options['month']}。")
        content, _ = issued_or_made(found.revision, options["sheet"], allocations, where)
        path: Path = options["out"]
        try:
            path.write_bytes(content)
        except OSError as error:
            raise CommandError(f"不能写入 {path.name}:请检查文件夹是否存在、文件是否正被打开。") from error
        self.stdout.write(f"{found.run} {where}{options['sheet']} 已导出。")
