"""Rows below a head that are about nobody are set aside and told; a row that could be somebody never is."""

import datetime

import pytest

from foundation.excel.asides import About, Rows
from foundation.excel.header import Column, match_header
from foundation.excel.table import BadCell, Cell, NumberCell, Table, Unreadable

HEAD: list[Cell] = ["序号", "镇乡", "村", "姓名", "身份证号", "到岗日期", "月工资"]
COLUMNS = tuple(Column(str(name), required=False) for name in HEAD[1:])
ABOUT = About(names=("姓名", "身份证号"), beforehand=("镇乡", "村"))
NUMBER = "339900198503120013"
DAY = datetime.date(2009, 3, 1)
COVERED = BadCell(Unreadable.COVERED)
ERROR = BadCell(Unreadable.ERROR, "#REF!")


def parted(*rows: list[Cell], before: tuple[list[Cell], ...] = ()) -> tuple[list[int], list[str]]:
    """Which of the rows below the head are kept, counted from 1, and what is said of the others."""
    every = [row + [None] * (len(HEAD) - len(row)) for row in (*before, HEAD, *rows)]
    table = Table(every, 1)
    found = Rows(table, match_header(table, COLUMNS), ABOUT)
    above = len(before) + 1
    return [number - above for number, _ in found.records()], found.sentences()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["合 计", None, None, None, None, None, NumberCell("4500")], "合计"),
        ([None, "小计", None, "3人", None, None, BadCell(Unreadable.UNSAVED)], "合计"),
        ([None, "跃龙街道", "小计:", None, None, None, NumberCell("4500")], "合计"),
        ([None, None, None, "合计3人", None, None, NumberCell("4500")], "合计"),
        (["总计", COVERED, COVERED, ERROR, None, None, ERROR], "合计"),
        (["注:1.本表一式三份"], "说明"),
        ([None, None, None, "备注:本表一式三份,镇街留存一份。"], "说明"),
        (["填表人:张三", None, None, "审核人:", None, "2009年6月"], "签名"),
        (["负责人:", "张三", None, "李四", "填表日期:", DAY], "签名"),
        (["单位负责人(签字):", None, None, "制表:"], "签名"),
        (HEAD, "表头"),
        ([None, *HEAD[1:6], None], "表头"),
        ([NumberCell("1"), *("234567")], "编号"),
        ([NumberCell("4")], "空行"),
        ([NumberCell("4"), "跃龙街道", "五丰社区"], "空行"),
    ],
    ids=str,
)
def test_a_row_about_nobody_is_set_aside_and_told(row: list[Cell], words: str) -> None:
    kept, said = parted(["1", "跃龙街道", "五丰社区", "王伟", NUMBER, DAY], row)
    assert kept == [1]
    assert len(said) == 1
    assert said[0].startswith("第 3 行看来是")
    assert words in said[0]


@pytest.mark.parametrize(
    "row",
    [
        [None, "跃龙街道", None, "王伟"],
        [None, None, None, "合计", NUMBER, DAY],
        ["合计", None, None, None, "339900********0013"],
        ["合计", None, None, "王伟", None, None, NumberCell("1500")],
        [NumberCell("4"), "跃龙街道", "五丰社区", None, None, DAY],
        [NumberCell("4"), "跃龙街道", "五丰社区", None, None, None, NumberCell("1500")],
        [NumberCell("4"), "跃龙街道", "五丰社区", ERROR],
        [None, "负责人", None, "王伟", None, DAY],
        [NumberCell("1"), "2", "3", "4", "5", "6", "8"],
    ],
    ids=str,
)
def test_a_row_that_could_be_somebody_is_kept(row: list[Cell]) -> None:
    assert parted(row) == ([1], [])


def test_a_title_again_and_the_lines_of_a_note_are_set_aside() -> None:
    title: list[Cell] = ["跃龙街道花名册"]
    kept, said = parted(title, HEAD, ["1", None, None, "王伟"], ["说明:"], ["1. 一式三份"], before=(title,))
    assert kept == [3]
    assert said == ["第 3–4 行看来是重复的表头或标题,未导入。", "第 6–7 行看来是说明,未导入。"]


def test_many_rows_are_told_in_one_sentence() -> None:
    rows: list[list[Cell]] = [["小计"] if number % 2 else ["1", None, None, "王伟"] for number in range(60)]
    assert parted(*rows)[1] == ["第 3、5、7、9、11、13、15、17、19、21 等 30 行看来是合计,未导入。"]
