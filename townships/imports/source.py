"""What every import command shares: reading its file, and saying how it went."""

import argparse
import hashlib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation.excel.reader import SpreadsheetError
from townships.entries import ImportRefusedError, Outcome

_SLOW_FROM = 200_000  # bytes of a file that takes more than about a second


class ImportCommand(BaseCommand):
    """A command with one file: `import_file` does the work, its refusals become lines on stderr and exit code 1."""

    file_help = ".xlsx、.xls 或 .csv 文件"

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:  # handed on to Django as it comes
        parser = super().create_parser(*args, **kwargs)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="文件", help=self.file_help)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if self.stderr.isatty() and path.is_file() and path.stat().st_size > _SLOW_FROM:
            self.stderr.write("正在读取和核对……")
        try:
            outcome = self.import_file(path, options)
        except SpreadsheetError as error:
            raise CommandError(str(error)) from error
        except ImportRefusedError as error:
            raise refusal(error) from error
        for warning in outcome.warnings:
            self.stderr.write(f"已确认:{warning.sentence()}")
        for note in outcome.notes:
            self.stdout.write(f"提示:{note}")
        self.stdout.write(outcome.sentence)

    def import_file(self, path: Path, options: dict[str, Any]) -> Outcome:
        """Import the file at `path`."""
        raise NotImplementedError


def bytes_of(path: Path) -> bytes:
    """The content of a file; CommandError in Chinese where it cannot be read."""
    if not path.exists():
        raise CommandError(f"没有这个文件:{path};请核对路径。")
    if not path.is_file():
        raise CommandError(f"{path} 不是文件;请写明文件名。")
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"文件 {path} 无法读取:{error.strerror};请核对权限。") from error


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def refusal(error: ImportRefusedError) -> CommandError:
    """That nothing was saved, and every problem on a line of its own."""
    lines = [problem.sentence() for problem in error.problems]
    notes = [f"提示:{note}" for note in error.notes]
    return CommandError("\n".join([f"没有导入,什么也没有保存。共 {len(lines)} 处问题:", *lines, *notes]))
