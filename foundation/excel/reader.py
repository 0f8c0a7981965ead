"""The safe reader of uploaded spreadsheets: .xlsx in a child process, .csv here."""

import contextlib
import csv
import datetime
import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any

from foundation.excel import signature
from foundation.excel.table import (
    BadCell,
    Cell,
    Limits,
    MergedArea,
    NumberCell,
    SpreadsheetError,
    Table,
    Unreadable,
    check_size,
    table_of,
)

__all__ = ["Cell", "Limits", "NumberCell", "SpreadsheetError", "Table", "read_any", "read_csv", "read_table"]

CHILD = Path(__file__).with_name("child.py")
DEFAULT = Limits()
CHUNK = 64 * 1024
_UNSAVED, _COVERED = BadCell(Unreadable.UNSAVED), BadCell(Unreadable.COVERED)
UNREADABLE = (
    "表格无法读取:很可能表格中有一个远离数据区的单元格(展开后过大),也可能文件已损坏。"
    "请新建一个工作簿,只把数据区复制过去,另存为 .xlsx 后重新上传。"
)
TOO_SLOW = "表格太复杂,没有在规定时间内读完;请只保留数据所在的工作表,去掉多余的格式和公式,另存后重新上传。"


def read_any(content: bytes, filename: str, *, limits: Limits = DEFAULT) -> Table:
    """The table in an upload, by the suffix of its name; SpreadsheetError when it cannot be used."""
    suffix = PurePath(filename).suffix.lower()
    if suffix == ".xlsx":
        return read_table(content, limits=limits)
    if suffix == ".csv":
        return read_csv(content, limits=limits)
    if suffix in {".xls", ".et", ".xlsm", ".xlsb", ".ods"}:
        raise SpreadsheetError(f"不支持 {suffix} 文件;{signature.SAVE_AS}")
    raise SpreadsheetError("只能上传 .xlsx 或 .csv 文件;请把表格另存为其中一种后重新上传。")


def read_table(content: bytes, *, limits: Limits = DEFAULT) -> Table:
    """The first visible sheet with something in it of an .xlsx; SpreadsheetError when it cannot be used.

    A formula gives the value saved with it; an area merged downwards gives its value to each of its rows.
    """
    check_size(len(content), limits)
    if not signature.is_zip(content):
        raise SpreadsheetError(signature.not_a_workbook(content))
    output = _child_output(content, limits)
    try:
        opening, lines = _opened(output)
        table = table_of(_rows(opening, lines), limits)
        return replace(
            table,
            filled=[MergedArea(*area) for area in opening["filled"]],
            hidden_rows=[int(number) for number in opening["hidden_rows"]],
            hidden_columns=[int(index) for index in opening["hidden_columns"]],
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SpreadsheetError(UNREADABLE) from error


def _opened(output: bytes) -> tuple[dict[str, Any], io.BytesIO]:
    """The child's first line and the lines of rows after it, unless it refuses the workbook."""
    lines = io.BytesIO(output)
    opening = json.loads(lines.readline())
    if (refusal := opening.get("refused")) is not None:
        raise SpreadsheetError(str(refusal))
    return opening, lines


def _rows(opening: dict[str, Any], lines: io.BytesIO) -> Iterator[tuple[int, list[Cell]]]:
    """The numbered rows in the child's lines."""
    first_row, count = opening["first_row"], opening["rows"]
    for number in range(first_row, first_row + count):
        yield number, [_cell(item) for item in json.loads(lines.readline())]


def _child_output(content: bytes, limits: Limits) -> bytes:
    """What the child wrote, complete to its last line; it is killed when it takes too long or writes too much."""
    settings = json.dumps({**asdict(limits), "last_row": limits.last_row})
    command = [sys.executable, "-I", str(CHILD), settings]
    expired = threading.Event()
    with subprocess.Popen(  # noqa: S603  # a fixed program; the upload goes to stdin
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
    ) as child:

        def expire() -> None:
            expired.set()
            child.kill()

        timer = threading.Timer(limits.wall_seconds, expire)
        timer.start()
        try:
            output = _exchange(child, content, limits.output_bytes + CHUNK)
        finally:
            timer.cancel()
            child.kill()
    if expired.is_set():
        raise SpreadsheetError(TOO_SLOW)
    if child.returncode != 0 or not output:
        raise SpreadsheetError(UNREADABLE)
    return output


def _exchange(child: "subprocess.Popen[bytes]", content: bytes, cap: int) -> bytes:
    """Give the child the file, then take at most `cap` bytes; it reads everything before it writes anything."""
    assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018  # both are pipes
    with contextlib.suppress(BrokenPipeError):  # it died while reading: its return code tells
        child.stdin.write(content)
        child.stdin.close()
    parts: list[bytes] = []
    while cap > 0 and (part := child.stdout.read(min(cap, CHUNK))):
        parts.append(part)
        cap -= len(part)
    if cap > 0:
        child.wait()
    return b"".join(parts)


def _cell(item: str | bool | dict[str, Any] | None) -> Cell:
    """One cell of the child's JSON."""
    if not isinstance(item, dict):
        return item
    if "n" in item:
        return NumberCell(item["n"])
    if "d" in item:
        return datetime.date.fromisoformat(item["d"])
    if "t" in item:
        return datetime.datetime.fromisoformat(item["t"])
    if "e" in item:
        return _error(str(item["e"])[:20])
    return _UNSAVED if "u" in item else _COVERED


@lru_cache(maxsize=100)
def _error(shown: str) -> BadCell:
    return BadCell(Unreadable.ERROR, shown)


def read_csv(content: bytes, *, limits: Limits = DEFAULT) -> Table:
    """The table in a .csv file (UTF-8 or GB18030, comma separated); cells are text or None."""
    check_size(len(content), limits)
    if signature.is_zip(content):
        raise SpreadsheetError("这其实是 .xlsx 工作簿或压缩包,不是 CSV;请把扩展名改为 .xlsx 再上传。")
    if (kind := signature.binary_kind(content)) is not None:
        raise SpreadsheetError(kind)
    return table_of(_records(_text(content)), limits)


def _text(content: bytes) -> str:
    if b"\0" not in content:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise SpreadsheetError(
        "读不出 CSV 文件里的文字;请在 Excel 或 WPS 中另存为“CSV UTF-8(逗号分隔)”或 .xlsx 后重新上传。"
    )


def _records(text: str) -> Iterator[tuple[int, list[Cell]]]:
    """Records with the row number Excel would show: a quoted field over two lines is still one row."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    try:
        for number, fields in enumerate(reader, 1):
            yield number, [field or None for field in fields]
    except csv.Error as error:
        raise SpreadsheetError(
            f"CSV 第 {number + 1} 行的引号或格式有误,无法分列;请在 Excel 或 WPS 中另存为 .xlsx 后重新上传。"
        ) from error
