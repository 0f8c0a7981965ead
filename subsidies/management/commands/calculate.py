"""calculate: a month's run, or a preview of what is due for it."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from subsidies.calculation.calculated import CalculatedMonth, preview
from subsidies.management.arguments import month
from subsidies.refusals import RunRefused
from subsidies.rules.rulebook import MissingParameter
from subsidies.runs.services import calculate
from subsidies.sheets.month_json import month_as_json


class Command(BaseCommand):
    help = (
        "核算一个月的补助,生成一个版次;结果没有变化时不写入。"
        "--preview 只算不写:不要求月报和月份顺序,只列当月应补(不减已补)。"
        '--json 输出 {"month","total","townships":[{"code","name","total","lines":[{"name","position","unit",'
        '"for_month","rate","counted_days","month_days","amount","reason"}]}]},金额为两位小数的文字。'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("month", type=month, metavar="YYYY-MM", help="月份")
        parser.add_argument("--preview", action="store_true", help="只算不写")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:  # Django's signature
        try:
            calculated, written = self._calculated(options)
        except (MissingParameter, RunRefused) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(month_as_json(calculated), ensure_ascii=False, indent=1))
            return
        for township in calculated.townships:
            self.stdout.write(f"{township.fact.code} {township.fact.name} {township.total:,.2f} 元")
        self.stdout.write(f"{calculated.month.label}合计 {calculated.total:,.2f} 元。{written}")
        if calculated.old_differences:
            number = len(calculated.old_differences)
            self.stdout.write(f"另有 {number} 条超出追溯期的差额不在合计内,送审前须在月度页填写情况说明。")

    def _calculated(self, options: dict[str, Any]) -> tuple[CalculatedMonth, str]:
        if options["preview"]:
            return preview(options["month"]), "预览,未写入。"
        result = calculate(month=options["month"], actor=None)
        return result.month, f"{result.revision}已写入。" if result.is_new else f"与{result.revision}相同,未写入。"
