"""The child process that reads one .xlsx or .xls: workbook on stdin, limits as an argument, rows as JSON on stdout.

It is run by path with `python -I`, so it imports nothing of the project but the files beside it. Its output is one
line `{"refused": sentence}`, or for each visible sheet with something in it a line `{"sheet": name, "first_row":
number, "rows": count, "filled": areas, "hidden_rows": numbers, "hidden_columns": numbers}` and a line for each row;
of a sheet that cannot be used only `{"sheet": name, "unusable": sentence}`. `filled` has [first row, last row, first
column] of some areas merged downwards, numbered from 1, `hidden_columns` are indexes in a row. A cell is null, a
string, a boolean, `{"n": number}`, `{"d": date}`, `{"t": datetime}`, `{"e": error}` for #N/A and its like, `{"u": 1}`
for a formula saved without a value, or `{"m": 1}` for one that a merged area covers sideways. A hostile file may kill
this process; only this one.
"""

import datetime
import io
import json
import math
import re
import resource
import runpy
import sys
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

DAMAGED = "文件已损坏或不完整,无法读取;请重新下载或在 Excel、WPS 中另存一次,再上传。"
TOO_BIG = "表格解压后过大,无法读取;请只保留数据所在的工作表,删除图片和多余的格式,另存为 .xlsx 后重新上传。"
ENTITIES = "文件里有不允许的 XML 声明(DTD 或实体),不像 Excel 或 WPS 保存的表格;请另存为 .xlsx 后重新上传。"
EMPTY = "工作簿里没有可见且有内容的工作表;请确认数据没有放在隐藏的工作表里,保存后重新上传。"
FAR = (
    "表格太大,或有一个远离数据区的单元格:内容一直到第 {row} 行、第 {column} 列,最多 {rows} 行数据、{columns} 列;"
    "请删除数据区右侧和下方多余的行列,另存后重新上传;数据确实更多时,请分成几个文件。"
)
GUARDED = "工作簿设了打开密码,无法读取;请在 Excel 或 WPS 中取消密码,保存后重新上传。"
NO_OLD_WORKBOOK = (
    "这是旧格式的文件,但不是 Excel 97-2003 的工作簿(.xls)(可能是 Word 或 WPS 文字文档),或文件不完整;"
    "请在 Excel 或 WPS 表格中打开,另存为“Excel 工作簿 (*.xlsx)”后重新上传。"
)
DECLARATION = re.compile(rb"<![A-Za-z]")  # DOCTYPE, ENTITY and their like; not comments, not CDATA
XML_START = re.compile(rb"(\xef\xbb\xbf)?\s*(<|$)")
SHOWN = 100
PACKING = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
CHUNK = 1 << 20

# Gives the marks of the sheet of an index and a name.
Mark = Callable[[int, str], Any]


class Frame(NamedTuple):
    """First and last row and column that have something in them, from 0."""

    top: int
    left: int
    bottom: int
    right: int


class Area(NamedTuple):
    """A merged area, from 0."""

    first: int
    last: int
    left: int
    right: int


class Refused(Exception):
    """The workbook cannot be used; the message is for the person who uploaded it."""


def restrain(limits: dict[str, int]) -> None:
    """Bound memory and CPU, forbid writing files and core dumps (they would hold personal data)."""
    memory, cpu = limits["memory_bytes"], limits["cpu_seconds"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def checked(content: bytes, limits: dict[str, int]) -> io.BytesIO:
    """A stored zip of the workbook's XML members: what was checked here is exactly what calamine reads."""
    clean = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(clean, "w") as copy:
        members = archive.infolist()
        check_members(members, limits)
        room = limits["unpacked_bytes"]
        for member in members:
            name = member.filename.lower()
            if name.endswith((".xml", ".rels")) and not name.startswith("customxml/"):
                text = unpacked(archive, member, room)
                room -= len(text)
                copy.writestr(zipfile.ZipInfo(member.filename), text)
    clean.seek(0)
    return clean


def check_members(members: list[zipfile.ZipInfo], limits: dict[str, int]) -> None:
    names = [member.filename.replace("\\", "/").lower() for member in members]
    if "xl/workbook.xml" not in names:
        raise Refused(not_a_workbook(names))
    if len(names) != len(set(names)):
        raise Refused(DAMAGED)
    if len(names) > limits["members"] or sum(member.file_size for member in members) > limits["unpacked_bytes"]:
        raise Refused(TOO_BIG)
    if any(member.flag_bits & 1 or member.compress_type not in PACKING for member in members):
        raise Refused(DAMAGED)


def not_a_workbook(names: list[str]) -> str:
    if "word/document.xml" in names:
        return "这是 Word 文档,不是 Excel 工作簿;请把表格复制到 Excel 或 WPS 表格中,另存为 .xlsx 后上传。"
    if "xl/workbook.bin" in names:
        return "这是二进制工作簿(.xlsb);请在 Excel 中另存为“Excel 工作簿 (*.xlsx)”后重新上传。"
    if any(name.endswith((".xlsx", ".xls", ".csv")) for name in names):
        return "这是压缩包,里面才是表格;请先解压,再上传其中的 .xlsx 文件。"
    return "这不是 Excel 工作簿;请在 Excel 或 WPS 中另存为“Excel 工作簿 (*.xlsx)”后重新上传。"


def unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> bytes:
    """The member's bytes; its checksum is compared at the end of reading. NUL bytes would hide UTF-16 declarations."""
    parts: list[bytes] = []
    with archive.open(member) as stream:
        while part := stream.read(CHUNK):
            room -= len(part)
            if room < 0:
                raise Refused(TOO_BIG)
            parts.append(part)
    text = b"".join(parts)
    if DECLARATION.search(text):
        raise Refused(ENTITIES)
    if b"\0" in text or not XML_START.match(text):
        raise Refused(DAMAGED)
    return text


def plain(cell: object) -> object:
    """One cell of calamine as JSON. Numbers leave as text; `inf` and `nan` become an Excel error text."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, str):
        return cell.replace("\0", "") or None
    if isinstance(cell, int):
        return {"n": str(cell)}
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return "#NUM!"
        return {"n": str(int(cell)) if cell.is_integer() and abs(cell) < 1e21 else repr(cell)}
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time()
        return {"d": cell.date().isoformat()} if midnight else {"t": cell.isoformat()}
    if isinstance(cell, datetime.date):
        return {"d": cell.isoformat()}
    return str(cell)  # times of day and durations


def answer(workbook: io.BytesIO, mark: Mark, limits: dict[str, int]) -> list[bytes]:
    """The lines of every visible sheet with something in it, complete before the first is written."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(workbook)
    lines: list[bytes] = []
    room = limits["output_bytes"]
    for index, entry in enumerate(book.sheets_metadata):
        if entry.visible != SheetVisibleEnum.Visible or entry.typ != SheetTypeEnum.WorkSheet:
            continue
        try:
            of_sheet = sheet_lines(book.get_sheet_by_name(entry.name), entry.name, partial(mark, index), limits, room)
        except Refused as refusal:
            of_sheet = [line_of({"sheet": entry.name, "unusable": str(refusal)})]
        except MemoryError:
            of_sheet = [line_of({"sheet": entry.name, "unusable": TOO_BIG})]
        except Exception:
            of_sheet = [line_of({"sheet": entry.name, "unusable": DAMAGED})]
        room -= sum(map(len, of_sheet))
        lines += of_sheet
    if not lines:
        raise Refused(EMPTY)
    return lines


def sheet_lines(
    sheet: Any, name: str, mark: Callable[[str], Any], limits: dict[str, int], room: int
) -> list[bytes]:  # the sheet is one of calamine, which is imported late
    """The lines of one sheet; none where it is empty."""
    if sheet.start is None or sheet.end is None:
        return []
    (top, left), (bottom, right) = sheet.start, sheet.end
    if bottom >= limits["last_row"] or right - left >= limits["columns"]:
        raise Refused(FAR.format(row=bottom + 1, column=right + 1, **limits))
    marks = mark(name)
    values = ([plain(cell) for cell in row] for row in islice(sheet.iter_rows(), top, None))
    frame = framed(marks, Frame(top, left, bottom, right), limits)
    areas = [
        Area(first, last, column, last_column)
        for (first, column), (last, last_column) in sheet.merged_cell_ranges or []
    ]
    rows = filled(marked(values, top, left, frame, marks), frame, areas, limits)
    return lines_of(name, frame, rows, areas, marks, limits, room)


def mark_xml(workbook: io.BytesIO, _index: int, name: str) -> Any:  # Marks of child_marks, which no import finds here
    """What the sheet's XML tells besides its values."""
    beside = beside_this("child_marks")
    with zipfile.ZipFile(workbook) as archive:
        members = {member.filename.replace("\\", "/").lower(): member for member in archive.infolist()}
        book, relations = members.get("xl/workbook.xml"), members.get("xl/_rels/workbook.xml.rels")
        if book is None or relations is None:
            raise Refused(DAMAGED)
        path = beside["path_of_sheet"](archive.read(book), archive.read(relations), name)
        if path is None or path not in members:
            raise Refused(DAMAGED)
        try:
            return beside["marks_of"](archive.read(members[path]))
        except beside["TooMany"]:
            raise Refused(TOO_BIG) from None


def mark_records(records: Any, index: int, _name: str) -> Any:
    """What the records of an old workbook tell besides the values."""
    return records.mark(index, beside_this("child_marks")["Marks"]())


@lru_cache
def beside_this(name: str) -> dict[str, Any]:
    """What a file of the child's defines; no import finds them here."""
    return runpy.run_path(str(Path(__file__).with_name(f"{name}.py")))


def opened(content: bytes, limits: dict[str, int]) -> tuple[io.BytesIO, Mark]:
    """What calamine is to read, and what marks its sheets; which kind it is, its first bytes say."""
    biff = beside_this("child_biff")
    if not content.startswith(biff["SIGNATURE"]):
        workbook = checked(content, limits)
        return workbook, partial(mark_xml, workbook)
    try:
        records = biff["Workbook"](content)
    except biff["Guarded"]:
        raise Refused(GUARDED) from None
    except Exception:
        raise Refused(NO_OLD_WORKBOOK) from None
    return io.BytesIO(content), partial(mark_records, records)


def framed(marks: Any, frame: Frame, limits: dict[str, int]) -> Frame:
    """The frame of all values and marks: errors and unsaved formulas at an edge are in no row of calamine."""
    places = [*marks.errors, *marks.unsaved]
    if not places:
        return frame
    rows, columns = [row - 1 for row, _ in places], [column - 1 for _, column in places]
    wider = Frame(
        min(frame.top, *rows), min(frame.left, *columns), max(frame.bottom, *rows), max(frame.right, *columns)
    )
    if wider.bottom >= limits["last_row"] or wider.right - wider.left >= limits["columns"]:
        raise Refused(FAR.format(row=wider.bottom + 1, column=wider.right + 1, **limits))
    return wider


def marked(values: Iterator[list[object]], top: int, left: int, frame: Frame, marks: Any) -> Iterator[list[object]]:
    """The rows of the frame with errors and unsaved formulas in their cells, which calamine gives as blank."""
    told: dict[int, list[tuple[int, object]]] = defaultdict(list)
    for (row, column), shown in marks.errors.items():
        told[row - 1].append((column - 1 - frame.left, {"e": shown}))
    for row, column in marks.unsaved:
        told[row - 1].append((column - 1 - frame.left, {"u": 1}))
    before = [None] * (left - frame.left)
    for row in range(frame.top, frame.bottom + 1):
        cells = [*before, *next(values, ())] if row >= top else []
        for position, cell in told.get(row, ()):
            put(cells, position, cell)
        yield cells


def put(cells: list[object], position: int, cell: object) -> None:
    cells.extend([None] * (position + 1 - len(cells)))
    cells[position] = cell


def filled(
    rows: Iterator[list[object]], frame: Frame, areas: list[Area], limits: dict[str, int]
) -> Iterator[list[object]]:
    """Give the value of every merged area to each row of its first column; what it covers sideways is marked."""
    waiting = sorted((area for area in areas if area.left >= frame.left), reverse=True)
    open_areas: list[tuple[Area, object]] = []
    room = limits["last_row"] * limits["columns"]
    for row, cells in enumerate(rows, frame.top):
        open_areas = [(area, value) for area, value in open_areas if area.last >= row]
        while waiting and waiting[-1].first <= row:
            area = waiting.pop()
            position = area.left - frame.left
            value = cells[position] if area.first == row and position < len(cells) else None
            open_areas.append((area, value))
        for area, value in open_areas:
            position = area.left - frame.left
            covered = range(position + 1, min(area.right - frame.left + 1, len(cells)))
            room -= 1 + len(covered)
            if room < 0:
                raise Refused(TOO_BIG)
            put(cells, position, value)
            for other in covered:
                cells[other] = {"m": 1}
        yield cells


def lines_of(
    name: str,
    frame: Frame,
    rows: Iterator[list[object]],
    areas: list[Area],
    marks: Any,
    limits: dict[str, int],
    room: int,
) -> list[bytes]:
    """The opening line and those of the rows."""
    hidden_columns = {
        column - frame.left - 1
        for first, last in marks.hidden_columns
        for column in range(max(first, frame.left + 1), min(last, frame.left + limits["columns"]) + 1)
    }
    downwards = [[area.first + 1, area.last + 1, area.left + 1] for area in areas if area.last > area.first]
    opening = {
        "sheet": name,
        "first_row": frame.top + 1,
        "rows": frame.bottom - frame.top + 1,
        "filled": downwards[:SHOWN],
        "hidden_rows": marks.hidden_rows[: limits["last_row"]],
        "hidden_columns": sorted(hidden_columns),
    }
    lines = [line_of(opening)]
    for row in rows:
        lines.append(line_of(row))
        room -= len(lines[-1])
        if room < 0:
            raise Refused(TOO_BIG)
    return lines


def line_of(something: object) -> bytes:
    return json.dumps(something, ensure_ascii=False).encode() + b"\n"


def main() -> None:
    limits = json.loads(sys.argv[1])
    restrain(limits)
    content = sys.stdin.buffer.read(limits["file_bytes"] + 1)
    try:
        lines = answer(*opened(content, limits), limits)
    except Refused as refusal:
        lines = [line_of({"refused": str(refusal)})]
    except MemoryError:
        lines = [line_of({"refused": TOO_BIG})]
    except Exception:
        lines = [line_of({"refused": DAMAGED})]
    sys.stdout.buffer.writelines(lines)


if __name__ == "__main__":
    main()
