"""The command that imports registered households."""

from pathlib import Path
from typing import Any

from subsidies.known_runs import has_approved_run
from townships.entries import Outcome
from townships.imports import source
from townships.imports.households import import_households

HELP = """导入户籍户数,.xlsx 或 .csv。

列名(次序不限):区划代码、镇乡(街道)、村(社区)、户籍户数、户籍人口、统计日期,可有 执行日期(没有则同统计日期)。
村(社区)按区划代码,或按镇乡(街道)和村(社区)的名称认定。
还没有月份审批时,导入的户数即为已批准;以后导入的须经审批,更正已批准的不改原数,另立一条。
有问题时逐行列出,什么也不保存。"""


class Command(source.ImportCommand):
    help = HELP

    def import_file(self, path: Path, options: dict[str, Any]) -> Outcome:
        content = source.bytes_of(path)
        return import_households(content, path.name, actor=None, approved=not has_approved_run())
