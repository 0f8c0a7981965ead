"""The command that imports the roster."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from staffing.imports.roster import UnacceptedWarningsError, import_roster, preview_roster
from subsidies.known_runs import first_open_day
from townships.entries import ImportRefusedError, Outcome
from townships.imports import source

HELP = """导入花名册,.xlsx 或 .csv。

列名(次序不限):镇乡(街道)、村(社区)、岗位类别、姓名、身份证号、学历、专职/兼职、到岗日期、离岗日期、
合同编号、合同起始、合同终止、月工资、单位社保、联系电话、备注;
可有:住房公积金、人员来源、招聘公告、计算机操作、合同类型、用工单位、离岗原因。
岗位类别是 平台工作人员、专职协理员、社区协管员、村(居)协管员 之一;身份证号列须设为文本。
离岗日期空白即仍在岗,其他空白不改动系统中已有的内容。

有问题时逐行列出,什么也不保存。一人同时在两个受补助岗位、一个村(社区)同时有两名协管员等情况须先核对,
无误后加 --accept-warnings 再导入。"""


class Command(source.ImportCommand):
    help = HELP

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--check", action="store_true", help="只检查,不保存;说明导入会怎样")
        parser.add_argument("--accept-warnings", action="store_true", help="已核对提示的情况,照录")

    def import_file(self, path: Path, options: dict[str, Any]) -> Outcome:
        content = source.bytes_of(path)
        today, facts_from = timezone.localdate(), first_open_day()
        accepted: bool = options["accept_warnings"]
        try:
            if not options["check"]:
                return import_roster(
                    content,
                    path.name,
                    actor=None,
                    today=today,
                    facts_from=facts_from,
                    accept_warnings=accepted,
                )
            outcome = preview_roster(content, path.name, today=today, facts_from=facts_from)
            if outcome.problems:
                raise ImportRefusedError(outcome.problems, outcome.notes)
            if outcome.warnings and not accepted:
                raise UnacceptedWarningsError(outcome)
        except UnacceptedWarningsError as error:
            raise _unaccepted(error.outcome) from error
        outcome.notes.append("仅检查,没有保存。")
        return outcome


def _unaccepted(outcome: Outcome) -> CommandError:
    lines = [warning.sentence() for warning in outcome.warnings]
    return CommandError(
        "\n".join(
            [
                f"没有导入,什么也没有保存。共 {len(lines)} 处须核对:",
                *lines,
                f"核对无误后,加 --accept-warnings 再导入({outcome.sentence})。",
            ]
        )
    )
