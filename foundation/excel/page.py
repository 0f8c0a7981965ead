"""The page a sheet is printed on: A4 across, header repeated, pages numbered, columns and merged titles."""

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooter, HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from foundation.excel.header_grid import LINE_HEIGHT, Placed, heights
from foundation.excel.sheet import Sheet
from foundation.excel.text import clean_text

A4 = 9
PAGES = "第 &P 页 共 &N 页"
TITLE_HEIGHT = 32.0


def set_up_page(worksheet: Worksheet, sheet: Sheet, placed: list[Placed], header_row: int) -> None:
    """Everything that must be known before the first row is written; `header_row` is the first of the header."""
    last_header_row = header_row + len(sheet.header) - 1
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = A4
    worksheet.page_setup.fitToWidth = 1
    worksheet.page_setup.fitToHeight = 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    worksheet.page_margins = PageMargins(left=0.25, right=0.25, top=0.6, bottom=0.6, header=0.25, footer=0.25)
    worksheet.print_options.horizontalCentered = True
    worksheet.print_title_rows = f"{header_row}:{last_header_row}"
    worksheet.HeaderFooter = HeaderFooter(
        oddHeader=HeaderFooterItem(center=_HeaderFooterPart(clean_text(sheet.banner).replace("&", "&&") or None)),
        oddFooter=HeaderFooterItem(center=_HeaderFooterPart(PAGES)),
    )
    worksheet.sheet_format.defaultRowHeight = LINE_HEIGHT
    worksheet.sheet_format.customHeight = True
    worksheet.freeze_panes = f"A{last_header_row + 1}"
    for index, column in enumerate(sheet.columns, 1):
        worksheet.column_dimensions[get_column_letter(index)].width = column.width
    worksheet.row_dimensions[1].height = TITLE_HEIGHT
    for row, height in enumerate(heights(placed, sheet.columns, len(sheet.header)), header_row):
        worksheet.row_dimensions[row].height = height
    _merge(worksheet, sheet, placed, header_row)


def _merge(worksheet: Worksheet, sheet: Sheet, placed: list[Placed], header_row: int) -> None:
    """Title, banner and header cells only: data are never merged."""
    areas = [(row, 1, row, len(sheet.columns)) for row in ([1, 2] if sheet.banner else [1])]
    for item in placed:
        row, column = header_row + item.row, item.column + 1
        areas.append((row, column, row + item.cell.rows - 1, column + item.cell.columns - 1))
    for top, left, bottom, right in areas:
        if (top, left) != (bottom, right):
            worksheet.merged_cells.add(f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}")
