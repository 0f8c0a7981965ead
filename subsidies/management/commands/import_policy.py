"""import_policy: documents, fund sources, minimum wages, standards and retirement ages from a policy file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from subsidies.policy.file import read_policy
from subsidies.policy.services import PolicyRefused, import_policy
from subsidies.refusals import RunBusy


class Command(BaseCommand):
    help = (
        "导入政策文件(TOML):[[document]] 依据文件、[[fund_source]] 资金来源、[[minimum_wage]] 最低工资标准、"
        "[[standard]] 补助标准、[[retirement]] 退休年龄。重复导入与导入一次相同;"
        "已用于审批的内容不能改,更正须新增同日期的一条并写 replaces = true;"
        "同一天更正过几次的(包括改回原数),按先后都写上,已有的不变,只添后面的。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.toml", help="政策文件")

    def handle(self, *args: Any, **options: Any) -> None:  # Django's signature
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"找不到文件 {path.name}。")
        try:
            counts = import_policy(policy=read_policy(path.read_bytes()), actor=None, now=timezone.now())
        except PolicyRefused as error:
            for problem in error.problems:
                self.stderr.write(problem.sentence())
            raise CommandError(f"共 {len(error.problems)} 处问题,没有导入任何内容。") from error
        except RunBusy as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"新增 {counts.new},变更 {counts.changed},相同 {counts.same}。")
