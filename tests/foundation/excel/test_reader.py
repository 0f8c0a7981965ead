"""What the reader gives for good workbooks."""

import datetime

import openpyxl
import pytest

from foundation.excel.reader import Limits, NumberCell, SpreadsheetError, read_any, read_table
from foundation.excel.table import BadCell, MergedArea, Unreadable
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


def test_formula_gives_its_saved_value() -> None:
    content = by_hand('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"a"</f><v>a</v></c></row>')
    assert read_table(content).rows == [[NumberCell("2"), "a"]]


def test_an_area_merged_downwards_gives_its_value_to_every_row_and_what_it_covers_sideways_is_marked() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["D3"] = "合并", "完"
    sheet.merge_cells("A1:B2")
    table = read_table(saved(book))
    covered = BadCell(Unreadable.COVERED)
    assert table.rows == [["合并", covered, None, None], ["合并", covered, None, None], [None, None, None, "完"]]
    assert table.filled == [MergedArea(1, 2, 1)]


def test_errors_and_formulas_saved_without_a_value_are_no_blank_cells() -> None:
    cells = (
        '<row r="2"><c r="B2"><v>1</v></c><c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="D2"><f>A1</f></c></row>'
        '<row r="3"><c t="inlineStr"><is><t>甲</t></is></c><c t="str"><f>""</f><v></v></c><c><f>A1</f><v/></c></row>'
    )
    table = read_table(by_hand(cells))
    unsaved = BadCell(Unreadable.UNSAVED)
    assert table.first_row == 2
    assert table.rows == [
        [None, NumberCell("1"), BadCell(Unreadable.ERROR, "#DIV/0!"), unsaved],
        ["甲", None, unsaved, None],
    ]


def test_an_error_beyond_all_values_is_kept_at_its_cell() -> None:
    cells = (
        '<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row><row r="3"><c r="B3"><v>1</v></c></row>'
        '<row r="5"><c r="D5" t="e"><v>#N/A</v></c></row>'
    )
    table = read_table(by_hand(cells))
    assert (table.first_row, table.last_row) == (1, 5)
    assert table.rows[0][0] == BadCell(Unreadable.ERROR, "#REF!")
    assert table.rows[4][3] == BadCell(Unreadable.ERROR, "#N/A")


def test_hidden_rows_and_columns_are_read_and_told() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["姓名", "月工资"], ["张三", 1500], ["李四", 1600]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = sheet.column_dimensions["B"].hidden = True
    table = read_table(saved(book))
    assert len(table.rows) == 3
    assert (table.hidden_rows, table.hidden_columns) == ([3], [1])


def test_numbers_that_are_none_become_text() -> None:
    assert read_table(by_hand('<row r="1"><c r="A1"><v>NaN</v></c><c r="B1"><v>inf</v></c></row>')).rows == [
        ["#NUM!", "#NUM!"]
    ]


def test_rows_and_columns_up_to_the_limits_are_read() -> None:
    limits = Limits(rows=5, columns=3)
    assert len(read_table(workbook(*[["a", "b", "c"]] * 20), limits=limits).rows) == 20
    for rows, words in ((["a"],) * 21, "最多 5 行"), ((["a"] * 4,), "3 列"):
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
