"""export: a sheet of a month's run as xlsx."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from subsidies.exports.t1 import t1_workbook
from subsidies.management.arguments import month
from subsidies.models import Allocation, SubsidyRun

SHEETS = {"T1": t1_workbook}


class Command(BaseCommand):
    help = "导出一个月最近一次核算的表格(xlsx);未审批的标明“送审稿”。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("month", type=month, metavar="YYYY-MM", help="月份")
        parser.add_argument("--sheet", choices=sorted(SHEETS), required=True, help="表号")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx", help="写到哪个文件")

    def handle(self, *args: Any, **options: Any) -> None:  # Django's signature
        runs = SubsidyRun.objects.filter(month=options["month"].first).select_related("current_revision")
        run = runs.order_by("number").last()
        if run is None or run.current_revision is None:
            raise CommandError(f"{options['month'].label}还没有核算,请先运行 calculate {options['month']}。")
        content = SHEETS[options["sheet"]](run.current_revision, Allocation.objects.all())
        path: Path = options["out"]
        try:
            path.write_bytes(content)
        except OSError as error:
            raise CommandError(f"不能写入 {path.name}:请检查文件夹是否存在、文件是否正被打开。") from error
        self.stdout.write(f"{run} {options['sheet']} 已导出。")
