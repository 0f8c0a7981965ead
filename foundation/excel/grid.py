"""The writer of plain grids: templates to fill in, and uploads given back with their bad cells marked.

Such a grid holds id numbers. openpyxl writes its sheets to temporary files first; this writer keeps all in memory, and
the same grids give the same bytes. Text stays text, whatever it begins with.
"""

import datetime
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import get_column_letter

from foundation.excel.header_grid import text_height
from foundation.excel.package import member
from foundation.excel.table import BadCell, Cell, NumberCell
from foundation.excel.text import clean_text, sheet_name

# Before this day Excel's own calendar is a day off: such a date is written as text.
FIRST_DAY = datetime.date(1900, 3, 1)
DAY_ZERO = datetime.datetime(1899, 12, 30)  # noqa: DTZ001  # a sheet knows no time zone
LONGEST_LIST = 255  # characters of a formula's text
LAST_ROW_WITH_CHOICES = 20_000


class Look(IntEnum):
    """How a cell looks, in the order of FILLS."""

    PLAIN = 0
    HEADER = 1
    OPTIONAL = 2
    BAD = 3


class Form(IntEnum):
    """What a cell holds, in the order of NUMBER_FORMATS."""

    GENERAL = 0
    TEXT = 1
    DATE = 2
    TIME = 3


FILLS = ("", "FFDCE6F1", "FFF2F2F2", "FFFFC7CE")
NUMBER_FORMATS = (0, 49, 164, 165)  # Excel's own, but for the last two, which STYLES declares
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class GridColumn:
    """`form` is what new cells of the column take; `choices`, the formula of a list, is offered for them."""

    width: float
    form: Form = Form.GENERAL
    choices: str = ""


@dataclass(frozen=True)
class Grid:
    """A sheet: rows of cells from A1 on. `looks` of cells by (row, column), both from 0; others are plain.

    Rows up to `header_row`, from 1, stay in view; 0: none does.
    """

    name: str
    columns: Sequence[GridColumn]
    rows: Sequence[Sequence[Cell]]
    header_row: int = 0
    looks: dict[tuple[int, int], Look] = field(default_factory=dict)


def write_grids(grids: Sequence[Grid]) -> bytes:
    """An .xlsx of the grids in order."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, parts in _members(grids):
            archive.writestr(member(name), (DECLARATION + "".join(parts)).encode(), compresslevel=6)
    return packed.getvalue()


def _members(grids: Sequence[Grid]) -> Iterator[tuple[str, Iterable[str]]]:
    numbers = range(1, len(grids) + 1)
    sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    yield (
        "[Content_Types].xml",
        (
            f'<Types xmlns="{PACKAGE}/content-types">',
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
            f'<Override PartName="/xl/workbook.xml" ContentType="{sheet_type}.sheet.main+xml"/>',
            f'<Override PartName="/xl/styles.xml" ContentType="{sheet_type}.styles+xml"/>',
            *(
                f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{sheet_type}.worksheet+xml"/>'
                for number in numbers
            ),
            "</Types>",
        ),
    )
    yield "_rels/.rels", _relationships([("officeDocument", "xl/workbook.xml")])
    sheets = "".join(
        f'<sheet name={quoteattr(sheet_name(grid.name))} sheetId="{number}" r:id="rId{number}"/>'
        for number, grid in zip(numbers, grids, strict=True)
    )
    yield "xl/workbook.xml", (f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>',)
    targets = [("worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    yield "xl/_rels/workbook.xml.rels", _relationships([*targets, ("styles", "styles.xml")])
    yield "xl/styles.xml", _styles()
    for number, grid in zip(numbers, grids, strict=True):
        yield f"xl/worksheets/sheet{number}.xml", _sheet(grid)


def _relationships(targets: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield f'<Relationships xmlns="{PACKAGE}/relationships">'
    for number, (kind, target) in enumerate(targets, 1):
        yield f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
    yield "</Relationships>"


def _styles() -> Iterator[str]:
    """One format for each look and form, at the place that `_style` counts."""
    font = '<sz val="11"/><name val="宋体"/>'
    yield f'<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    yield '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    yield f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
    yield f'<fills count="{len(FILLS) + 1}"><fill><patternFill patternType="none"/></fill>'
    yield '<fill><patternFill patternType="gray125"/></fill>'
    for colour in FILLS[1:]:
        yield f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/></patternFill></fill>'
    yield '</fills><borders count="1"><border/></borders>'
    yield '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    yield f'<cellXfs count="{len(Look) * len(Form)}">'
    for look in Look:
        font_id = 1 if look in (Look.HEADER, Look.OPTIONAL) else 0
        fill_id = look + 1 if look else 0
        for number_format in NUMBER_FORMATS:
            yield f'<xf numFmtId="{number_format}" fontId="{font_id}" fillId="{fill_id}" borderId="0" xfId="0" '
            yield 'applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1">'
            yield '<alignment vertical="center" wrapText="1"/></xf>'
    yield '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'


def _style(look: Look, form: Form) -> int:
    return look * len(Form) + form


def _sheet(grid: Grid) -> Iterator[str]:
    yield f'<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
    if grid.header_row:
        pane = (
            f'ySplit="{grid.header_row}" topLeftCell="A{grid.header_row + 1}" activePane="bottomLeft" state="frozen"'
        )
        yield f'<sheetViews><sheetView workbookViewId="0"><pane {pane}/></sheetView></sheetViews>'
    yield "<cols>"
    for number, column in enumerate(grid.columns, 1):
        style = _style(Look.PLAIN, column.form)
        yield f'<col min="{number}" max="{number}" width="{column.width}" style="{style}" customWidth="1"/>'
    yield "</cols><sheetData>"
    letters = [get_column_letter(number) for number in range(1, len(grid.columns) + 1)]
    for index, row in enumerate(grid.rows):
        texts = [
            (cell, column.width) for cell, column in zip(row, grid.columns, strict=False) if isinstance(cell, str)
        ]
        yield f'<row r="{index + 1}" ht="{text_height(texts)}" customHeight="1">'
        for position, cell in enumerate(row):
            look = grid.looks.get((index, position), Look.PLAIN)
            if cell is not None or look:
                yield _cell(f"{letters[position]}{index + 1}", cell, look, grid.columns[position].form)
        yield "</row>"
    yield "</sheetData>"
    yield from _choices(grid)
    yield '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'


def _cell(place: str, cell: Cell, look: Look, form: Form) -> str:
    if cell is None:
        return f'<c r="{place}" s="{_style(look, form)}"/>'
    if isinstance(cell, bool):
        return f'<c r="{place}" s="{_style(look, Form.GENERAL)}" t="b"><v>{cell:d}</v></c>'
    if isinstance(cell, NumberCell):
        return f'<c r="{place}" s="{_style(look, Form.GENERAL)}"><v>{cell.text}</v></c>'
    if isinstance(cell, BadCell):
        cell = cell.shown
    if isinstance(cell, datetime.datetime) and cell.date() >= FIRST_DAY:
        passed = cell - DAY_ZERO
        text = f"{passed.days}.{passed.seconds * 10**10 // 86_400:010d}"
        return f'<c r="{place}" s="{_style(look, Form.TIME)}"><v>{text}</v></c>'
    if isinstance(cell, datetime.date):
        if cell >= FIRST_DAY:
            return f'<c r="{place}" s="{_style(look, Form.DATE)}"><v>{(cell - DAY_ZERO.date()).days}</v></c>'
        cell = cell.isoformat()
    text = escape(clean_text(cell))
    return (
        f'<c r="{place}" s="{_style(look, Form.TEXT)}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    )


def _choices(grid: Grid) -> Iterator[str]:
    """Lists to choose from below the header; another value may be written all the same."""
    offered = [(number, column.choices) for number, column in enumerate(grid.columns, 1) if column.choices]
    if not offered:
        return
    yield f'<dataValidations count="{len(offered)}">'
    for number, formula in offered:
        letter = get_column_letter(number)
        area = f"{letter}{grid.header_row + 1}:{letter}{LAST_ROW_WITH_CHOICES}"
        yield f'<dataValidation type="list" allowBlank="1" showErrorMessage="0" sqref="{area}">'
        yield f"<formula1>{escape(formula)}</formula1></dataValidation>"
    yield "</dataValidations>"


def listed(choices: Sequence[str]) -> str:
    """The formula of a short list; ValueError where it is longer than a spreadsheet takes."""
    text = ",".join(choices)
    if len(text) > LONGEST_LIST or '"' in text:
        raise ValueError("the choices do not fit into a list")
    return f'"{text}"'


def from_column(sheet: str, column: int, rows: int) -> str:
    """The formula of a list that stands in a column (from 0) of another sheet, from its second row on."""
    letter = get_column_letter(column + 1)
    return f"'{sheet_name(sheet)}'!${letter}$2:${letter}${rows + 1}"
