"""An upload given back: every row at its number, bad cells coloured, and the words in a column of their own."""

import io

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from foundation.excel.header import Column, match_header
from foundation.excel.marked import marked_up
from foundation.excel.problems import Problem
from foundation.excel.reader import read_table
from foundation.excel.table import Cell, NumberCell, Table

COLUMNS = (Column("姓名"), Column("月工资"))
RED = "FFFFC7CE"
PROBLEMS = [
    Problem(5, "月工资", "是负数", "请核对"),
    Problem(5, "姓名", "未填写", "请填写姓名"),
    Problem(None, "", "行数太多", ""),
]


def table(first_row: int = 3) -> Table:
    rows: list[list[Cell]] = [["月工资", "姓名"], [NumberCell("1500"), "=甲"], [NumberCell("-1"), None]]
    return Table(rows, first_row)


def sheet_of(content: bytes) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def marked(given: Table, problems: list[Problem]) -> bytes:
    return marked_up(given, match_header(given, COLUMNS), problems)


def test_rows_keep_their_numbers_and_cells_and_get_a_column_of_problems() -> None:
    sheet = sheet_of(marked(table(), PROBLEMS))
    values = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert values == [
        ["月工资", "姓名", "问题\n行数太多"],
        [1500, "=甲", None],
        [-1, None, "「月工资」:是负数;请核对\n「姓名」:未填写;请填写姓名"],
    ]
    assert sheet["B4"].data_type == "s"


def test_bad_cells_are_coloured_and_no_others() -> None:
    sheet = sheet_of(marked(table(), PROBLEMS))
    coloured = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == RED}
    assert coloured == {"A5", "B5", "C3", "C5"}


def test_a_marked_copy_is_read_again_and_its_old_problems_make_way() -> None:
    again = read_table(marked(table(1), [Problem(3, "月工资", "是负数", ""), PROBLEMS[2]]))
    header = match_header(again, COLUMNS)
    assert (header.positions, header.unknown, header.remarks) == ({"月工资": 0, "姓名": 1}, [], [])
    sheet = sheet_of(marked(again, [Problem(2, "姓名", "太怪", "")]))
    assert [cell.value for cell in sheet["C"]] == ["问题", "「姓名」:太怪", None]


def test_a_file_without_a_header_is_marked_at_its_first_row() -> None:
    given = Table([["甲"], ["乙"]], 2)
    sheet = sheet_of(marked(given, match_header(given, COLUMNS).problems))
    assert "没有找到表头" in str(sheet["B2"].value)
