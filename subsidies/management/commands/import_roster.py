"""The command that imports the roster."""

import tomllib
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from foundation.excel.mapping import HeadMapping, mapping_of
from staffing.imports.roster import AS_KNOWN, UnacceptedWarningsError, import_roster, preview_roster
from staffing.imports.roster_layout import COLUMNS
from subsidies.known_runs import first_open_day
from townships.entries import ImportRefusedError, Outcome
from townships.imports import source

HELP = """导入花名册,.xlsx 或 .csv。

列名(次序不限):镇乡(街道)、村(社区)、岗位类别、姓名、身份证号、学历、专职/兼职、到岗日期、离岗日期、
合同编号、合同起始、合同终止、月工资、单位社保、联系电话、备注;
可有:住房公积金、人员来源、招聘公告、计算机操作、合同类型、用工单位、离岗原因。
岗位类别是 平台工作人员、专职协理员、社区协管员、村(居)协管员 之一;身份证号列须设为文本。
离岗日期空白即仍在岗,其他空白不改动系统中已有的内容。
文件没有镇乡(街道)这一列而标题写明了的,按标题。

表头是别的写法的,用 --map 文件.toml 说明哪一列是什么,如:
    head_rows = [2, 3]            # 表头在第几行,不写就自动找
    sheet = "名册"                 # 读哪一张工作表
    [columns]
    "人员" = "姓名"                 # 表头里的文字 = 列名;空文字就不读这一列
    [defaults]
    "到岗日期" = "2009-01-01"       # 文件没有这一列时,每一行都按这样

有问题时逐行列出,什么也不保存。一人同时在两个受补助岗位、一个村(社区)同时有两名协管员等情况须先核对,
无误后加 --accept-warnings 再导入。"""


class Command(source.ImportCommand):
    help = HELP

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--check", action="store_true", help="只检查,不保存;说明导入会怎样")
        parser.add_argument("--accept-warnings", action="store_true", help="已核对提示的情况,照录")
        parser.add_argument("--map", type=Path, metavar="文件.toml", help="哪一列是什么")

    def import_file(self, path: Path, options: dict[str, Any]) -> Outcome:
        content = source.bytes_of(path)
        today, facts_from = timezone.localdate(), first_open_day()
        accepted: bool = options["accept_warnings"]
        mapping = _mapping(options["map"])
        try:
            if not options["check"]:
                return import_roster(
                    content,
                    path.name,
                    actor=None,
                    today=today,
                    facts_from=facts_from,
                    mapping=mapping,
                    accept_warnings=accepted,
                )
            outcome = preview_roster(content, path.name, today=today, facts_from=facts_from, mapping=mapping)
            if outcome.problems:
                raise ImportRefusedError(outcome.problems, outcome.notes)
            if outcome.warnings and not accepted:
                raise UnacceptedWarningsError(outcome)
        except UnacceptedWarningsError as error:
            raise _unaccepted(error.outcome) from error
        outcome.notes.append("仅检查,没有保存。")
        return outcome


def _mapping(path: Path | None) -> HeadMapping:
    if path is None:
        return AS_KNOWN
    try:
        return mapping_of(tomllib.loads(source.bytes_of(path).decode()), COLUMNS)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CommandError(f"{path.name} 不是 UTF-8 的 TOML 文件:{error}") from error
    except ValueError as error:
        raise CommandError(f"{path.name}:{error}") from error


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
