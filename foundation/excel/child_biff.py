"""What the reading library does not tell of an old workbook (.xls), read from its records: errors, unsaved formulas,
what is hidden, and that a password guards it.

Part of the child process (child.py), so it imports nothing of the project. Rows and columns are numbered from 1.
"""

import struct
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
END_OF_CHAIN = 0xFFFFFFFA  # from here on a sector number says why the chain ends
BOF, EOF, BOUNDSHEET, FILEPASS, RECALCULATED = 0x0809, 0x000A, 0x0085, 0x002F, 0x01C1
ROW, COLUMNS, BOOL_OR_ERROR, FORMULA, STRING = 0x0208, 0x007D, 0x0205, 0x0006, 0x0207
MOST_RECORDS = 700_000  # of all sheets together: more are in no file of the size that is read
VERSIONS = {0x0500, 0x0600}
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


class NoWorkbook(Exception):
    """A compound file of another kind, such as a document of Word, or a workbook of older days."""


class Guarded(Exception):
    """The workbook is encrypted."""


class Endless(Exception):
    """More records than a file can hold, unless its sheets are parts of one another."""


class Entry(NamedTuple):
    """A directory entry of a compound file."""

    name: str
    start: int
    size: int


class Workbook:
    """The records of a workbook; `sheets` are the places of its sheets, in their order."""

    def __init__(self, content: bytes) -> None:
        self.stream = workbook_stream(content)
        self.sheets: list[int] = []
        self.room = MOST_RECORDS
        self.is_calculated = False  # saved by a program that says it has calculated: its zeros and blanks are results
        first = next(records(self.stream, 0), None)
        if first is None or first[0] != BOF or struct.unpack_from("<H", first[1])[0] not in VERSIONS:
            raise NoWorkbook
        for kind, data in records(self.stream, 0):
            if kind == FILEPASS:
                raise Guarded
            if kind == BOUNDSHEET:
                self.sheets.append(struct.unpack_from("<I", data)[0])
            elif kind == RECALCULATED:
                self.is_calculated = True
        if overlap(self.stream, self.sheets):
            raise Endless

    def mark(self, index: int, marks: Any) -> Any:
        """The marks of child_marks, filled with what the sheet at `index` tells."""
        formula: tuple[int, int] | None = None  # one whose text is to follow
        for kind, data in records(self.stream, self.sheets[index]):
            self.room -= 1
            if self.room < 0:
                raise Endless
            if formula is not None and kind == STRING:
                formula = None
            if kind == ROW and data[12] & 0x20:
                marks.hidden_rows.append(struct.unpack_from("<H", data)[0] + 1)
            elif kind == COLUMNS and data[8] & 1:
                first, last = struct.unpack_from("<HH", data)
                marks.hidden_columns.append((first + 1, last + 1))
            elif kind == BOOL_OR_ERROR and data[7]:
                marks.errors[place_of(data)] = ERRORS.get(data[6], "#N/A")
            elif kind == FORMULA:
                if formula is not None:
                    marks.unsaved.append(formula)
                formula = self._mark_formula(data, marks)
        if formula is not None:
            marks.unsaved.append(formula)
        return marks

    def _mark_formula(self, data: bytes, marks: Any) -> tuple[int, int] | None:
        result = data[6:14]
        if result[6:] != b"\xff\xff":
            if not self.is_calculated and struct.unpack("<d", result)[0] == 0:
                marks.unsaved.append(place_of(data))
        elif result[0] == 0:
            return place_of(data)
        elif result[0] == 2:
            marks.errors[place_of(data)] = ERRORS.get(result[2], "#N/A")
        elif result[0] == 3 and not self.is_calculated:
            marks.unsaved.append(place_of(data))
        return None


def place_of(data: bytes) -> tuple[int, int]:
    row, column = struct.unpack_from("<HH", data)
    return row + 1, column + 1


def records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records from a place to the end of what begins there, without those of charts inside."""
    depth = 0
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        if kind == BOF:
            depth += 1
        if depth <= 1:
            yield kind, stream[start + 4 : start + 4 + length]
        if kind == EOF:
            depth -= 1
            if depth <= 0:
                return
        start += 4 + length


def overlap(stream: bytes, sheets: list[int]) -> bool:
    """Whether a sheet begins before the one before it has ended: then a small file may hold any number of cells."""
    return any(not has_end(stream, first, following) for first, following in pairwise(sorted(sheets)))


def has_end(stream: bytes, start: int, limit: int) -> bool:
    while start < limit:
        kind, length = struct.unpack_from("<HH", stream, start)
        if kind == EOF:
            return True
        start += 4 + length
    return False


def workbook_stream(content: bytes) -> bytes:
    """The stream of the workbook in a compound file."""
    sector, small = 1 << struct.unpack_from("<H", content, 30)[0], 1 << struct.unpack_from("<H", content, 32)[0]
    directory, cutoff, small_table, more_tables = struct.unpack_from("<I4xII4xI", content, 48)

    def sector_at(number: int) -> bytes:
        return content[(number + 1) * sector : (number + 2) * sector]

    tables = list(struct.unpack_from("<109I", content, 76))
    seen = 0
    while more_tables < END_OF_CHAIN and seen * sector <= len(content):
        *numbers, more_tables = numbers_in(sector_at(more_tables))
        tables += numbers
        seen += 1
    following = [number for table in tables if table < END_OF_CHAIN for number in numbers_in(sector_at(table))]

    def chained(start: int) -> bytes:
        return b"".join(sector_at(number) for number in chain(start, following))

    entries = {entry.name.lower(): entry for entry in entries_in(chained(directory))}
    found = entries.get("workbook") or entries.get("book")
    root = entries.get("root entry")
    if found is None or root is None:
        raise NoWorkbook
    if found.size >= cutoff:
        return chained(found.start)[: found.size]
    inner = chained(root.start)
    parts = [inner[n * small : (n + 1) * small] for n in chain(found.start, numbers_in(chained(small_table)))]
    return b"".join(parts)[: found.size]


def numbers_in(data: bytes) -> list[int]:
    count = len(data) // 4
    return list(struct.unpack_from(f"<{count}I", data))


def chain(start: int, following: list[int]) -> Iterator[int]:
    """The sectors from `start` on; one that comes back ends it."""
    seen: set[int] = set()
    while start < len(following) and start not in seen:
        seen.add(start)
        yield start
        start = following[start]


def entries_in(directory: bytes) -> Iterator[Entry]:
    for start in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, start + 64)[0]
        name = directory[start : start + min(max(length - 2, 0), 62)].decode("utf-16-le", errors="replace")
        first, size = struct.unpack_from("<II", directory, start + 116)
        yield Entry(name, first, size)
