"""A file is read as what it is: old workbooks, workbooks under other names, text with tabs; the rest is refused."""

import contextlib
import datetime
import random

import openpyxl
import pytest

from foundation.excel.heads import Column
from foundation.excel.reader import NumberCell, SpreadsheetError, read_any, read_csv
from foundation.excel.signature import CFB, ENCRYPTED_PACKAGE
from foundation.excel.table import BadCell, MergedArea, Table, Unreadable
from tests.foundation.excel.files import archive, saved, workbook
from tests.foundation.excel.old_files import NO_TEXT, TEXT_FOLLOWS, Day, Error, Formula, compound, old_workbook

COLUMNS = (Column("姓名"), Column("月工资"))


@pytest.mark.parametrize("is_small", [True, False])
def test_an_old_workbook_is_read_with_its_dates_merged_areas_and_what_is_hidden(is_small: bool) -> None:
    content = old_workbook(
        ["姓名", "到岗", "月工资"],
        ["张㐂", Day(39873), 1530.5],
        ["镇", None, 12],
        [],
        merged=[(2, 3, 0, 0)],
        hidden_rows=[1],
        hidden_columns=[2],
        is_small=is_small,
    )
    table = read_any(content, "名册.xls")
    assert table.rows == [
        ["姓名", "到岗", "月工资"],
        ["张㐂", datetime.date(2009, 3, 1), NumberCell("1530.5")],
        ["镇", None, NumberCell("12")],
    ]
    assert table.filled == [MergedArea(3, 4, 1)]
    assert (table.hidden_rows, table.hidden_columns, table.remarks) == ([2], [2], [])


def test_errors_and_unsaved_formulas_of_an_old_workbook_are_no_blank_cells() -> None:
    rows = (
        ["a", Error("#N/A"), Error("#DIV/0!", by_formula=True)],
        ["b", Formula(NO_TEXT), Formula(0.0)],
        ["c", Formula(TEXT_FOLLOWS, "甲"), Formula(2.0)],
    )
    unsaved, errors = BadCell(Unreadable.UNSAVED), [BadCell(Unreadable.ERROR, shown) for shown in ("#N/A", "#DIV/0!")]
    assert read_any(old_workbook(*rows), "a.xls").rows == [
        ["a", *errors],
        ["b", unsaved, unsaved],
        ["c", "甲", NumberCell("2")],
    ]
    # Excel says that it has calculated: nothing and zero are what the formulas come to.
    assert read_any(old_workbook(*rows, is_calculated=True), "a.xls").rows[1] == ["b", None, NumberCell("0")]


@pytest.mark.parametrize("name", ["a.xls", "a.et", "a.csv", "a"])
def test_a_workbook_under_another_name_is_read_and_that_is_said(name: str) -> None:
    table = read_any(workbook(["姓名"]), name)
    assert table.rows == [["姓名"]]
    assert "内容其实是“Excel 工作簿(.xlsx)”" in table.remarks[0]


def test_an_old_workbook_under_the_name_of_a_new_one_is_read_and_that_is_said() -> None:
    assert "(.xls)" in read_any(old_workbook(["姓名"]), "a.xlsx").remarks[0]
    assert read_any(old_workbook(["姓名"]), "a.et").remarks == []
    assert read_any(workbook(["姓名"]), "a.XLSM").remarks == []


def test_text_under_the_name_of_a_workbook_is_read_and_that_is_said() -> None:
    table = read_any("姓名,月工资\n".encode("gb18030"), "a.xls")
    assert (table.rows, table.remarks) == (
        [["姓名", "月工资"]],
        ["文件名以 .xls 结尾,内容其实是“文本(.csv)”,已按内容读入。"],
    )


@pytest.mark.parametrize(
    "content",
    [
        '姓名\t月工资\n张㐂\t"1,500"\n'.encode("utf-16"),
        '姓名\t月工资\n张㐂\t"1,500"\n'.encode("gb18030"),
        '姓名,月工资\n张㐂,"1,500"\n'.encode("utf-16"),
        '姓名;月工资\n张㐂;"1,500"\n'.encode(),
    ],
)
def test_text_with_tabs_or_semicolons_or_in_utf_16_is_read(content: bytes) -> None:
    assert read_any(content, "a.txt").rows == [["姓名", "月工资"], ["张㐂", "1,500"]]


def test_a_tab_that_keeps_an_id_number_as_text_parts_no_cells() -> None:
    assert read_csv("姓名,身份证号\n张三,\t339900198503120013\n".encode()).rows[1] == ["张三", "\t339900198503120013"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (old_workbook(["a"], password=True), "打开密码"),
        (CFB + b"\0" * 600 + ENCRYPTED_PACKAGE, "打开密码"),
        (compound(b"text", name="WordDocument", is_small=True), "Word 或 WPS 文字"),
        (CFB + b"\0" * 600, "文件不完整"),
        (old_workbook(["a"], times=2), "文件不完整"),
        (b"\x09\x08\x08\0\0\5\5\0" + b"\0" * 50, "Excel 95"),
        (b"<html><table><tr><td>1</td></tr></table>", "网页"),
        (b"%PDF-1.7 ...", "PDF"),
        (archive({"content.xml": "<x/>"}), "不是 Excel 工作簿"),
        (archive({"名册.xls": "x"}), "先解压"),
        (b"\0\1\2\3" * 50, "不像表格"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_other_kinds_are_refused_with_how_to_save_them(content: bytes, words: str) -> None:
    with pytest.raises(SpreadsheetError) as refused:
        read_any(content, "名册.xls")
    assert words in str(refused.value)
    assert "上传" in str(refused.value)


def test_text_under_the_name_of_a_document_is_no_table() -> None:
    with pytest.raises(SpreadsheetError, match="只能上传"):
        read_any(b"a,b\n", "a.docx")


def test_flipped_bytes_of_an_old_workbook_give_a_table_or_a_sentence() -> None:
    good = old_workbook(["姓名", "月工资"], *[["张三", 1300 + n] for n in range(40)], is_calculated=True)
    chance = random.Random(20090601)
    for _ in range(30):
        content = bytearray(good)
        for _ in range(chance.choice((1, 3, 20))):
            content[chance.randrange(8, len(content))] = chance.randrange(256)
        with contextlib.suppress(SpreadsheetError):
            assert isinstance(read_any(bytes(content), "a.xls"), Table)


def book_of(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    del book["Sheet"]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(book)


def test_the_sheet_with_the_head_is_read_whatever_stands_before_it() -> None:
    content = book_of(
        说明=[["填表说明"], ["姓名", "填身份证上的"]], 名册=[["姓名", "月工资"], ["张三", 1]], 旧=[["x"]]
    )
    table = read_any(content, "a.xlsx", columns=COLUMNS)
    assert table.rows[0] == ["姓名", "月工资"]
    assert table.remarks == ["读的是工作表「名册」,没有读「说明」、「旧」。"]
    assert read_any(content, "a.xlsx").rows[0] == ["填表说明", None]


def test_a_sheet_without_rows_gives_way_to_one_with_rows() -> None:
    content = book_of(空表=[["姓名", "月工资"]], 名册=[["姓名", "月工资"], ["张三", 1]])
    assert len(read_any(content, "a.xlsx", columns=COLUMNS).rows) == 2


def test_several_sheets_with_the_head_are_named_and_none_is_read() -> None:
    rows: list[list[object]] = [["姓名", "月工资"], ["张三", 1]]
    with pytest.raises(SpreadsheetError, match=r"「一月」\(1 行\)、「二月」\(1 行\).*只留"):
        read_any(book_of(一月=rows, 二月=rows), "a.xlsx", columns=COLUMNS)


def test_a_sheet_that_may_be_meant_is_not_passed_over() -> None:
    columns = (*COLUMNS, Column("到岗日期"))
    content = book_of(
        今年=[["姓名", "月工资"], ["张三", 1]], 去年=[["姓名", "月工资", "到岗日期"], ["张三", 1, "2008-01-01"]]
    )
    with pytest.raises(SpreadsheetError, match="「去年」的表头齐全,前面的「今年」也像"):
        read_any(content, "a.xlsx", columns=columns)


def test_many_sheets_are_read_as_soon_as_one() -> None:
    sheets: dict[str, list[list[object]]] = {f"表{number}": [["x"] * 20] * 20 for number in range(60)}
    content = book_of(**sheets, 名册=[["姓名", "月工资"], ["张三", 1]])
    assert read_any(content, "a.xlsx", columns=COLUMNS).rows[0] == ["姓名", "月工资"]


def test_a_sheet_that_is_too_large_does_not_hinder_another() -> None:
    wide: list[list[object]] = [["x"] * 61]
    content = book_of(宽=wide, 名册=[["姓名", "月工资"], ["张三", 1]])
    assert read_any(content, "a.xlsx", columns=COLUMNS).rows[0] == ["姓名", "月工资"]
    with pytest.raises(SpreadsheetError, match="60 列"):
        read_any(book_of(宽=wide, 旧=[["x"]]), "a.xlsx", columns=COLUMNS)
