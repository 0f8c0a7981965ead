"""What the reader gives for good workbooks."""

import datetime

import openpyxl
import pytest

from foundation.excel.reader import Limits, NumberCell, SpreadsheetError, read_any, read_table
from foundation.excel.table import MergedArea
from tests.foundation.excel.files import by_hand, saved, text_row, workbook


def test_cells_have_plain_types() -> None:
    content = workbook(
        ["姓名", None, " 　张三 "],
        [12, 1530.5, 0.1],
        [datetime.datetime(2009, 6, 1), datetime.datetime(2009, 6, 1, 12, 30), datetime.date(2009, 7, 1)],  # noqa: DTZ001
        [True, False, 13812345678],
    )
    table = read_table(content)
    assert table.rows == [
        ["姓名", None, " 　张三 "],
        [NumberCell("12"), NumberCell("1530.5"), NumberCell("0.1")],
        [datetime.date(2009, 6, 1), datetime.datetime(2009, 6, 1, 12, 30), datetime.date(2009, 7, 1)],  # noqa: DTZ001
        [True, False, NumberCell("13812345678")],
    ]
    assert not any(isinstance(cell, float) for row in table.rows for cell in row)


def test_rows_are_numbered_as_excel_shows_them() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["B3"], sheet["C5"], sheet["B9"] = "甲", "乙", ""
    table = read_table(saved(book))
    assert table.first_row == 3
    assert list(table.numbered()) == [(3, ["甲", None]), (4, [None, None]), (5, [None, "乙"])]


def test_first_visible_sheet_with_something_in_it_is_read() -> None:
    book = openpyxl.Workbook()
    hidden = book.active
    assert hidden is not None
    hidden["A1"], hidden.sheet_state = "藏", "hidden"
    book.create_sheet("空")
    book.create_sheet("花名册")["A1"] = "看"
    book.active = 1
    assert read_table(saved(book)).rows == [["看"]]


def test_hidden_content_only_is_refused() -> None:
    book = openpyxl.Workbook()
    book.create_sheet("藏").sheet_state = "hidden"
    book["藏"]["A1"] = "x"
    with pytest.raises(SpreadsheetError, match="没有可见且有内容的工作表"):
        read_table(saved(book))


def test_formula_gives_its_saved_value_and_merged_area_its_first_cell() -> None:
    content = by_hand('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"a"</f><v>a</v></c></row>')
    assert read_table(content).rows == [[NumberCell("2"), "a"]]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["C2"] = "合并", "完"
    sheet.merge_cells("A1:B2")
    table = read_table(saved(book))
    assert table.rows == [["合并", None, None], [None, None, "完"]]
    assert table.merged == [MergedArea(1, 2, 1)]


def test_formulas_saved_without_a_value_are_counted() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["B1"], sheet["C1"] = "甲", "=1+1", "=A1"
    table = read_table(saved(book))
    assert (table.rows, table.uncached_formulas) == ([["甲"]], 2)
    assert read_table(by_hand('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>')).uncached_formulas == 0


def test_numbers_that_are_none_become_text() -> None:
    assert read_table(by_hand('<row r="1"><c r="A1"><v>NaN</v></c><c r="B1"><v>inf</v></c></row>')).rows == [
        ["#NUM!", "#NUM!"]
    ]


def test_rows_and_columns_up_to_the_limits_are_read() -> None:
    limits = Limits(rows=5, columns=3)
    assert len(read_table(workbook(*[["a", "b", "c"]] * 15), limits=limits).rows) == 15
    for rows, words in ((["a"],) * 16, "最多 5 行"), ((["a"] * 4,), "3 列"):
        with pytest.raises(SpreadsheetError, match=words):
            read_table(workbook(*rows), limits=limits)


def test_full_size_roster_is_read() -> None:
    rows = "".join(text_row(number, *("字段",) * 16) for number in range(1, 10_001))
    assert len(read_table(by_hand(rows)).rows) == 10_000


@pytest.mark.parametrize("name", ["名册.xlsx", "名册.XLSX"])
def test_suffix_chooses_the_workbook_reader(name: str) -> None:
    assert read_any(workbook(["a"]), name).rows == [["a"]]


def test_suffix_chooses_the_csv_reader() -> None:
    assert read_any(b"a,b\n", "x.csv").rows == [["a", "b"]]


@pytest.mark.parametrize("name", ["a.xls", "a.et", "a.ods", "a.txt", "xlsx", ""])
def test_other_suffixes_are_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(SpreadsheetError, match="另存为"):
        read_any(workbook(["a"]), name)
