"""Values as clerks write them, and the sentences for what is none."""

import datetime
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.excel.table import BadCell, Cell, NumberCell, Unreadable
from foundation.excel.values import date_of, money_of, text_of, whole_number_of

JUNE_1 = datetime.date(2009, 6, 1)
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=12),
    st.text("0123456789０９,.-/年月日元¥E+−", max_size=12),
    st.dates(),
    st.one_of(st.integers().map(str), st.floats(allow_nan=False, allow_infinity=False).map(repr)).map(NumberCell),
)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (" 　张　三\t\n", "张　三"),
        ("（甲）", "（甲）"),
        (NumberCell("13812345678"), "13812345678"),
        (NumberCell("123456789012345"), "123456789012345"),
        (NumberCell("1530.5"), "1530.5"),
        (JUNE_1, "2009-06-01"),
        ("\ufeff张\u200b三\u2060 ", "张三"),
        ("\u200b", ""),
        (True, "是"),
        ("339900200001010011", "339900200001010011"),
        ("1E+05", "1E+05"),
    ],
)
def test_text(cell: Cell, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize(("cell", "place"), [("张\u202e三", 2), ("\x07", 1), ("张三\u200f", 3), (" 张\x0b三", 3)])
def test_what_cannot_be_seen_is_refused_with_its_place(cell: Cell, place: int) -> None:
    for read in (text_of, date_of, whole_number_of, money_of):
        with pytest.raises(ValueError, match=rf"^含看不见的字符\(第 {place} 个字\);请重新输入$"):
            read(cell)


@pytest.mark.parametrize("cell", [NumberCell("339900200001010048"), NumberCell("3.399e+22"), "3.399E+17", "3.3e+17"])
def test_long_number_that_lost_digits_is_refused(cell: Cell) -> None:
    with pytest.raises(ValueError, match="格式改为“文本”"):
        text_of(cell)


@pytest.mark.parametrize(
    "cell",
    [
        JUNE_1,
        datetime.datetime(2009, 6, 1, 12, 30),  # noqa: DTZ001
        "2009-6-1",
        "2009-06-01",
        " 2009/6/1 ",
        "2009年6月1日",
        "2009年6月1",
        "2009.6.1",
        "２００９．６．１",
        "２００９年０６月０１日",
        "20090601",
        NumberCell("20090601"),
        "2009/6/1 0:00",
        "2009-06-01 00:00:00",
    ],
)
def test_date(cell: Cell) -> None:
    assert date_of(cell) == JUNE_1


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("2009-6-31", "2009 年 6 月没有 31 日"),
        ("2009-2-29", "2009 年 2 月没有 29 日"),
        ("2009-13-1", "月份 13 不对"),
        ("2009-0-1", "月份 0 不对"),
        (NumberCell("3996"), "是数字,不是日期.*日期.*2009-06-01"),
        (NumberCell("39965"), "即 2009-06-01"),
        ("39965", "即 2009-06-01"),
        (NumberCell("2009.03"), "只有年月"),
        ("2009年3月", "只有年月"),
        ("200903", "只有年月"),
        ("09/3/1", "年份请写四位"),
        ("3/1/2009", "年份请写四位"),
        ("2009-6/1", "看不懂"),
        ("2009-6", "只有年月"),
        ("一个月前", "看不懂"),
        ("1899-12-31", "1900 到 2100"),
        ("2101-01-01", "1900 到 2100"),
        (datetime.date(209, 6, 1), "1900 到 2100"),
        ("0000-01-01", "看不懂|不对|没有"),
        (True, "不是日期"),
    ],
)
def test_what_is_no_date(cell: Cell, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        date_of(cell)


@pytest.mark.parametrize(
    ("cell", "number"),
    [("1,234", 1234), ("１２３", 123), ("1，234", 1234), (NumberCell("0"), 0), ("12.0", 12), (NumberCell("300"), 300)],
)
def test_whole_number(cell: Cell, number: int) -> None:
    assert whole_number_of(cell) == number


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("12.5", "不是整数"),
        (NumberCell("12.5"), "不是整数"),
        ("-3", "负数"),
        (NumberCell("-3"), "负数"),
        ("12,34", "不是整数"),
        ("三百", "不是整数"),
        ("1e3", "不是整数"),
        (NumberCell("1e+300"), "太大"),
        (JUNE_1, "不是整数"),
        (True, "不是整数"),
    ],
)
def test_what_is_no_whole_number(cell: Cell, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        whole_number_of(cell)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        (NumberCell("1530.5"), "1530.50"),
        (NumberCell("1530"), "1530.00"),
        (NumberCell("1530.1000000000001"), "1530.10"),
        (NumberCell("0.30000000000000004"), "0.30"),
        (NumberCell("1529.9999999999998"), "1530.00"),
        ("1,530.50元", "1530.50"),
        ("￥1530", "1530.00"),
        ("１，５３０．５ 元", "1530.50"),
        ("0", "0.00"),
        ("-0", "0.00"),
        ("1530.500", "1530.50"),
        ("9999999999999.99", "9999999999999.99"),
    ],
)
def test_money(cell: Cell, amount: str) -> None:
    assert str(money_of(cell)) == amount


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("1.005", "超过两位小数"),
        (NumberCell("1530.105"), "超过两位小数"),
        (NumberCell("1e-05"), "超过两位小数"),
        ("-1", "负数"),
        ("1.5万元", "不是金额"),
        ("1,53", "不是金额"),
        (".5", "不是金额"),
        ("10000000000000", "太大"),
        ("NaN", "不是金额"),
    ],
)
def test_what_is_no_money(cell: Cell, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        money_of(cell)


@pytest.mark.parametrize("blank", [None, "", " 　\n"])
def test_blank_is_nothing(blank: Cell) -> None:
    assert (date_of(blank), whole_number_of(blank), money_of(blank), text_of(blank)) == (None, None, None, "")


@given(CELLS)
def test_every_cell_gives_a_value_or_a_sentence(cell: Cell) -> None:
    for parse in (text_of, date_of, whole_number_of, money_of):
        sentence = "看得懂"
        try:
            parse(cell)
        except ValueError as error:
            sentence = str(error)
        assert re.search("[请;]|看得懂", sentence), sentence


def test_an_endless_text_is_quoted_in_part() -> None:
    for read in (date_of, money_of, whole_number_of):
        with pytest.raises(ValueError, match="…”") as error:
            read("长" * 30_000)
        assert len(str(error.value)) < 150


@pytest.mark.parametrize("read", [text_of, date_of, money_of, whole_number_of])
@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (BadCell(Unreadable.ERROR, "#N/A"), "错误值 #N/A"),
        (BadCell(Unreadable.UNSAVED), "公式没有保存计算结果"),
        (BadCell(Unreadable.COVERED), "被左边合并的单元格盖住"),
        ("#REF!", "错误值 #REF!"),
        (BadCell(Unreadable.UNSAVED).shown, "公式没有保存计算结果"),
    ],
)
def test_what_is_neither_blank_nor_readable_is_refused(read: Callable[[Cell], object], cell: Cell, words: str) -> None:
    """The last is how a copy that was marked up shows it."""
    with pytest.raises(ValueError, match=words):
        read(cell)
