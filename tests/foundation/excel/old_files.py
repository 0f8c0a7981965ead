"""A small builder of old workbooks (.xls): the records of BIFF8 in a compound file."""

import struct
from collections.abc import Iterable

from foundation.excel.signature import CFB

SECTOR, SMALL, CUTOFF = 512, 64, 4096
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
ERROR_CODES = {"#DIV/0!": 7, "#REF!": 23, "#N/A": 42}
NO_TEXT, TEXT_FOLLOWS = b"\3\0\0\0\0\0\xff\xff", b"\0\0\0\0\0\0\xff\xff"
FIRST_XF = 15  # after those of styles
DATE_FORMAT = 14


class Formula:
    """A formula with the eight bytes of its result; `text` follows it where they say so."""

    def __init__(self, result: bytes | float, text: str | None = None) -> None:
        self.result = result if isinstance(result, bytes) else struct.pack("<d", result)
        self.text = text


class Error:
    """A cell that holds an error, or a formula that comes to one."""

    def __init__(self, shown: str, *, by_formula: bool = False) -> None:
        self.code = ERROR_CODES[shown]
        self.by_formula = by_formula


class Day:
    """A date as its number of days."""

    def __init__(self, serial: int) -> None:
        self.serial = serial


def old_workbook(
    *rows: Iterable[object],
    hidden_rows: Iterable[int] = (),
    hidden_columns: Iterable[int] = (),
    merged: Iterable[tuple[int, int, int, int]] = (),
    is_calculated: bool = False,
    password: bool = False,
    is_small: bool = True,
    times: int = 1,
) -> bytes:
    """An .xls of one sheet 花名册, named `times` over. Rows and columns from 0; `is_small`: its stream is kept among
    the small ones."""
    formats = b"".join(_record(0x00E0, struct.pack("<HH16x", 0, kind)) for kind in (*[0] * FIRST_XF, 0, DATE_FORMAT))
    opening = _record(0x0809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    if password:
        opening += _record(0x002F, b"\0" * 6)
    if is_calculated:
        opening += _record(0x01C1, struct.pack("<HHI", 0x01C1, 0, 0x1234))
    name = "花名册".encode("utf-16-le")
    opening += _record(0x0022, b"\0\0") + formats
    ending = _record(0x000A, b"")
    place = len(opening) + times * (4 + 6 + 2 + len(name)) + len(ending)
    opening += _record(0x0085, struct.pack("<IBBBB", place, 0, 0, 3, 1) + name) * times + ending
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for column in hidden_columns:
        sheet += _record(0x007D, struct.pack("<HHHHHH", column, column, 2048, FIRST_XF, 1, 0))
    hidden = set(hidden_rows)
    for number, cells in enumerate(rows):
        sheet += _record(0x0208, struct.pack("<HHHHHHI", number, 0, 256, 255, 0, 0, 0x20 if number in hidden else 0))
        sheet += b"".join(_cell(number, column, cell) for column, cell in enumerate(cells))
    areas = list(merged)
    if areas:
        sheet += _record(
            0x00E5, struct.pack("<H", len(areas)) + b"".join(struct.pack("<HHHH", *area) for area in areas)
        )
    return compound(opening + sheet + ending, is_small=is_small)


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _cell(row: int, column: int, cell: object) -> bytes:
    at = struct.pack("<HHH", row, column, FIRST_XF)
    if cell is None:
        return b""
    if isinstance(cell, str):
        return _record(0x0204, at + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
    if isinstance(cell, Day):
        return _record(0x0203, struct.pack("<HHHd", row, column, FIRST_XF + 1, cell.serial))
    if isinstance(cell, Error) and not cell.by_formula:
        return _record(0x0205, at + bytes([cell.code, 1]))
    if isinstance(cell, Error):
        cell = Formula(bytes([2, 0, cell.code, 0, 0, 0, 255, 255]))
    if isinstance(cell, Formula):
        formula = _record(0x0006, at + cell.result + struct.pack("<HIHBH", 0, 0, 3, 0x1E, 1))
        if cell.text is None:
            return formula
        return formula + _record(0x0207, struct.pack("<HB", len(cell.text), 1) + cell.text.encode("utf-16-le"))
    assert isinstance(cell, (int, float))
    return _record(0x0203, at + struct.pack("<d", cell))


def compound(stream: bytes, *, name: str = "Workbook", is_small: bool = False) -> bytes:
    """A compound file with one stream: table, directory, and the stream or the table and the holder of small ones."""
    if is_small:
        assert len(stream) < CUTOFF
        count = -(-len(stream) // SMALL)
        following = [*range(1, count), END]
        numbers = struct.pack(f"<{SECTOR // 4}I", *following, *[FREE] * (SECTOR // 4 - count))
        holder = stream.ljust(-(-len(stream) // SECTOR) * SECTOR, b"\0")
        held = len(holder) // SECTOR
        table = [TABLE, END, END, *range(4, 3 + held), END]
        body = numbers + holder
        root, first, small_table = (3, len(holder)), (0, len(stream)), 2
    else:
        stream = stream.ljust(max(CUTOFF, -(-len(stream) // SECTOR) * SECTOR), b"\0")
        table = [TABLE, END, *range(3, 2 + len(stream) // SECTOR), END]
        body = stream
        root, first, small_table = (END, 0), (2, len(stream)), END
    assert len(table) <= SECTOR // 4
    table += [FREE] * (SECTOR // 4 - len(table))
    directory = _entry("Root Entry", 5, *root, child=1) + _entry(name, 2, *first) + b"\0" * 256
    header = CFB + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 10
    header += struct.pack("<IIIIIIIII", 1, 1, 0, CUTOFF, small_table, int(is_small), END, 0, 0)
    header += struct.pack("<108I", *[FREE] * 108)
    return header + struct.pack(f"<{SECTOR // 4}I", *table) + directory + body


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    encoded = name.encode("utf-16-le")
    head = encoded.ljust(64, b"\0") + struct.pack("<HBBIII", len(encoded) + 2, kind, 1, FREE, FREE, child)
    return (head + b"\0" * 36 + struct.pack("<IIQ", start, size, 0)[:12]).ljust(128, b"\0")
