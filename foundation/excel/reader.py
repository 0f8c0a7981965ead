"""The safe reader of uploaded spreadsheets: .xlsx and .xls in a child process, text here."""

import codecs
import contextlib
import csv
import datetime
import io
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path, PurePath
from typing import Any

from foundation.excel import signature
from foundation.excel.heads import Column, find_head
from foundation.excel.sheets import SheetFound, choose, unread
from foundation.excel.table import (
    HEADER_ALLOWANCE,
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
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
QUOTED = re.compile('"[^"]*"')
_UNSAVED, _COVERED = BadCell(Unreadable.UNSAVED), BadCell(Unreadable.COVERED)
UNREADABLE = (
    "表格无法读取:很可能表格中有一个远离数据区的单元格(展开后过大),也可能文件已损坏。"
    "请新建一个工作簿,只把数据区复制过去,另存为 .xlsx 后重新上传。"
)
TOO_SLOW = "表格太复杂,没有在规定时间内读完;请只保留数据所在的工作表,去掉多余的格式和公式,另存后重新上传。"


def read_any(
    content: bytes, filename: str, *, columns: Sequence[Column] = (), sheet: str = "", limits: Limits = DEFAULT
) -> Table:
    """The table in an upload, read as what its bytes are; SpreadsheetError when it cannot be used.

    Of several sheets the one that is named, or the one with the head of these `columns`. The file's name only tells
    whether to say what the file is, and whether text may be a table.
    """
    suffix = PurePath(filename).suffix.lower()
    if not signature.is_workbook(content):
        check_size(len(content), limits)
        if suffix not in signature.SUFFIXES:
            raise SpreadsheetError(signature.binary_kind(content) or signature.NO_SPREADSHEET)
        table = read_csv(content, limits=limits)
    else:
        table = read_table(content, columns=columns, sheet=sheet, limits=limits)
    kind, usual = signature.kind_of(content)
    if suffix in usual:
        return table
    named = f"文件名以 {suffix} 结尾" if suffix else "文件名没有扩展名"
    return replace(table, remarks=[f"{named},内容其实是“{kind}”,已按内容读入。", *table.remarks])


def read_table(content: bytes, *, columns: Sequence[Column] = (), sheet: str = "", limits: Limits = DEFAULT) -> Table:
    """The visible sheet of a workbook that is named, the one with the head of these columns, or the first with
    something in it.

    A formula gives the value saved with it; an area merged downwards gives its value to each of its rows.
    SpreadsheetError when the workbook cannot be used; SeveralSheetsError where several sheets have the head.
    """
    check_size(len(content), limits)
    if not signature.is_workbook(content):
        raise SpreadsheetError(signature.not_a_workbook(content))
    output = _child_output(content, limits)
    try:
        lines = io.BytesIO(output)
        sheets = list(_sheets(lines, columns))
        chosen = choose(sheets, sheet)
        lines.seek(chosen.place)
        table = table_of(_rows(chosen.opening, lines), limits)
        return replace(
            table,
            filled=[MergedArea(*area) for area in chosen.opening["filled"]],
            hidden_rows=[int(number) for number in chosen.opening["hidden_rows"]],
            hidden_columns=[int(index) for index in chosen.opening["hidden_columns"]],
            remarks=unread(sheets, chosen),
            sheet=chosen.title,
            sheets=[found.title for found in sheets if "unusable" not in found.opening],
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SpreadsheetError(UNREADABLE) from error


def _sheets(lines: io.BytesIO, columns: Sequence[Column]) -> Iterator[SheetFound]:
    """The sheets in the child's lines, unless it refuses the workbook; of each no more than its top is looked at."""
    while line := lines.readline():
        opening = json.loads(line)
        if (refusal := opening.get("refused")) is not None:
            raise SpreadsheetError(str(refusal))
        place = lines.tell()
        if "unusable" in opening:
            yield SheetFound(opening, place)
            continue
        top = list(islice(_rows(opening, lines), HEADER_ALLOWANCE))
        for _ in range(opening["rows"] - HEADER_ALLOWANCE):
            lines.readline()
        head = find_head(top, columns) if columns else None
        yield SheetFound(opening, place, head, is_complete=head is not None and head.has_all(columns))


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
    """The table in a text file: UTF-8, GB18030 or UTF-16; commas, tabs or semicolons between cells.

    Cells are text or None.
    """
    check_size(len(content), limits)
    if signature.is_zip(content):
        raise SpreadsheetError("这其实是 .xlsx 工作簿或压缩包,不是 CSV;请把扩展名改为 .xlsx 再上传。")
    if (kind := signature.binary_kind(content)) is not None:
        raise SpreadsheetError(kind)
    return table_of(_records(_text(content)), limits)


def _text(content: bytes) -> str:
    encodings = ("utf-16",) if content.startswith(UTF_16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        with contextlib.suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            if "\0" not in text:
                return text
    raise SpreadsheetError(
        "读不出文件里的文字,不像表格或 CSV 文件;请在 Excel 或 WPS 中打开,"
        "另存为 .xlsx 或“CSV UTF-8(逗号分隔)”后重新上传。"
    )


def _records(text: str) -> Iterator[tuple[int, list[Cell]]]:
    """Records with the row number Excel would show: a quoted field over two lines is still one row."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    try:
        for number, fields in enumerate(reader, 1):
            yield number, [field or None for field in fields]
    except csv.Error as error:
        raise SpreadsheetError(
            f"CSV 第 {number + 1} 行的引号或格式有误,无法分列;请在 Excel 或 WPS 中另存为 .xlsx 后重新上传。"
        ) from error


def _delimiter(text: str) -> str:
    """A tab where some line at the top has more tabs than any has commas, as in what WPS saves as text.

    A semicolon where there is neither.
    """
    top = [QUOTED.sub("", line) for line in islice(io.StringIO(text), HEADER_ALLOWANCE)]
    tabs, commas, semicolons = (max((line.count(mark) for line in top), default=0) for mark in "\t,;")
    if tabs > commas:
        return "\t"
    return ";" if semicolons and not commas and not tabs else ","
