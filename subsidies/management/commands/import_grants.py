"""The command that imports grants of extra places."""

from pathlib import Path
from typing import Any

from staffing.imports.grants import import_grants
from subsidies.known_runs import has_approved_run
from townships.entries import Outcome
from townships.imports import source

HELP = """导入增配批复,CSV,表头 township_code,extra,effective_from,ended_on,document:
镇乡(街道)代码、增配人数、执行日期、终止日期(可空)、批复文件。

还没有月份审批时,导入的即为已批准;以后导入的须经审批。
有问题时逐行列出,什么也不保存。"""


class Command(source.ImportCommand):
    help = HELP
    file_help = "CSV 文件"

    def import_file(self, path: Path, options: dict[str, Any]) -> Outcome:
        return import_grants(source.bytes_of(path), actor=None, approved=not has_approved_run())
