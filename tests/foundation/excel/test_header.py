"""Header rows as clerks write them."""

from foundation.excel.header import Column, HeaderMatch, match_header
from foundation.excel.problems import Problem
from foundation.excel.table import BadCell, Cell, Limits, MergedArea, NumberCell, Table, Unreadable

COLUMNS = (Column("镇乡(街道)"), Column("姓名", aliases=("人员姓名",)), Column("联系电话", required=False))


def table(*rows: list[Cell], first_row: int = 1) -> Table:
    width = max(len(row) for row in rows)
    return Table([row + [None] * (width - len(row)) for row in rows], first_row)


def test_widths_and_white_space_do_not_matter() -> None:
    match = match_header(table([" 镇乡\n（街道） ", "姓　名\u200b"], ["a", "b"]), COLUMNS)
    assert match.positions == {"镇乡(街道)": 0, "姓名": 1}
    assert (match.missing_optional, match.unknown, match.problems) == (["联系电话"], [], [])


def test_header_may_follow_titles_and_use_aliases_in_any_order() -> None:
    rows = table(["2009年花名册"], ["姓名"], [], ["人员姓名", "星座", NumberCell("7"), "镇乡(街道)"], first_row=3)
    match = match_header(rows, COLUMNS)
    assert match.header_row == 6
    assert match.positions == {"姓名": 0, "镇乡(街道)": 3}
    assert match.unknown == ["星座", "7"]


def test_missing_and_doubled_columns_are_told_together() -> None:
    match = match_header(table(["姓名", "联系电话", "人员姓名"]), COLUMNS)
    assert [problem.sentence() for problem in match.problems] == [
        "第 1 行「姓名」:这一列出现了两次;请删除或改名其中一列后重新上传",
        "第 1 行「镇乡(街道)」:表头缺少这一列;请在表头补上这一列,再重新上传",
    ]


def test_no_header_within_the_first_rows_is_a_problem() -> None:
    no_header: list[list[Cell]] = [["x"] for _ in range(15)]
    match = match_header(table(*no_header, ["镇乡(街道)", "姓名"]), COLUMNS)
    assert match.header_row == 0
    assert match.problems[0].sentence().startswith("前 15 行里没有找到表头;请按模板在第一行填写列名(镇乡(街道)、姓名)")


def two_rows(*rows: list[Cell]) -> HeaderMatch:
    columns = (Column("姓名"), Column("联系电话"), Column("合同起始", aliases=("劳动合同起始",)), Column("月工资"))
    return match_header(table(*rows), columns)


def test_a_head_in_two_rows_is_read_with_the_words_of_its_groups() -> None:
    covered = BadCell(Unreadable.COVERED)
    upper: list[Cell] = ["姓名", "劳动合同", covered, "待遇(元)", None, "联系电话"]
    lower: list[Cell] = ["姓名", "编号", "起始", "月工资", "补贴", None]
    match = two_rows(["花名册"], upper, lower, ["张三", "1", "2009-01-01", "1500", None, "1380"])
    assert (match.header_row, match.problems) == (3, [])
    assert match.positions == {"姓名": 0, "合同起始": 2, "月工资": 3, "联系电话": 5}
    assert match.unknown == ["劳动合同 编号", "待遇(元) 补贴"]


def test_a_name_under_other_words_is_not_taken_for_the_column_of_that_name() -> None:
    upper: list[Cell] = ["姓名", "月工资", "紧急联系人", BadCell(Unreadable.COVERED)]
    match = two_rows(upper, ["姓名", "月工资", "关系", "联系电话"])
    assert "联系电话" not in match.positions
    assert match.unknown == ["紧急联系人 关系", "紧急联系人 联系电话"]


def test_the_first_row_that_names_all_that_is_needed_is_the_head() -> None:
    whole: list[Cell] = ["姓名", "月工资", "联系电话", "合同起始"]
    person: list[Cell] = ["张三", "1", "2", "3"]
    assert two_rows(["月工资", "姓名"], ["说明"], whole, person).header_row == 3
    assert two_rows(whole, person, whole, person).header_row == 1
    assert two_rows(whole, whole, person).header_row == 2
    assert two_rows([None, None, None, "2009年6月"], whole, person).positions["合同起始"] == 3


def test_blank_columns_before_the_table_do_not_matter() -> None:
    match = two_rows([None, None, "姓名", "月工资", "联系电话", "合同起始"], [None, None, "张三", "1", "2", "3"])
    assert (match.positions["姓名"], match.unknown, match.problems) == (2, [], [])


def test_people_above_the_head_are_a_problem() -> None:
    number: list[Cell] = ["张三", "339900198503120013"]
    match = two_rows(["姓名", "月工资"], number, ["姓名", "月工资", "联系电话", "合同起始"], number)
    assert [problem.sentence() for problem in match.problems] == [
        "表头在第 3 行,上面第 2 行却有身份证号,看来一张工作表里有两个表;请分成两个文件,或合并成一个表,再上传"
    ]


def test_one_expected_column_is_enough() -> None:
    assert match_header(table(["姓名"]), [Column("姓名")]).header_row == 1


def test_records_are_the_rows_below_without_blank_ones() -> None:
    rows = table(["题"], ["姓名", "备", "镇乡(街道)"], ["张三", "x", None], [None, "y", "　 "], [None, None, "镇"])
    match = match_header(rows, COLUMNS)
    assert list(match.records(rows)) == [
        (3, {"姓名": "张三", "镇乡(街道)": None}),
        (5, {"姓名": None, "镇乡(街道)": "镇"}),
    ]


def test_sentence_of_a_problem() -> None:
    assert (
        Problem(5, "身份证号", "校验码不对", "请核对后重新填写。").sentence()
        == "第 5 行「身份证号」:校验码不对;请核对后重新填写"
    )
    assert Problem(None, "", "文件里没有数据", "").sentence() == "文件里没有数据"


def test_filled_areas_among_the_data_and_what_is_hidden_are_told() -> None:
    rows: list[list[Cell]] = [["题"], ["镇乡(街道)", "姓名"], ["甲", "乙"], [None, "丙"]]
    title, data = MergedArea(1, 1, 1), MergedArea(3, 4, 1)
    width = [row + [None] * (2 - len(row)) for row in rows]
    assert match_header(Table(width, 1, [title], hidden_rows=[1]), COLUMNS).remarks == []
    remarks = match_header(Table(width, 1, [title, data], [1, 4], [1]), COLUMNS).remarks
    assert "第 3–4 行" in remarks[0]
    assert "第 4 行是隐藏或被筛选掉的" in remarks[1]
    assert remarks[2] == "隐藏的列也一并读入:姓名。"


def test_more_rows_than_allowed_are_a_problem_of_the_file() -> None:
    header: list[Cell] = ["镇乡(街道)", "姓名"]
    allowed = Limits().rows
    full: list[Cell] = ["甲", "乙"]
    assert match_header(Table([header, *[full] * allowed], 1), COLUMNS).problems == []
    found = match_header(Table([header, *[full] * (allowed + 1)], 1), COLUMNS).problems
    assert [problem.sentence() for problem in found] == ["表头下面有 20001 行,一次最多 20000 行;请分成几个文件上传"]


def test_a_long_heading_is_quoted_in_part() -> None:
    unknown = match_header(table(["镇乡(街道)", "姓名", "长" * 5000]), COLUMNS).unknown
    assert len(unknown[0]) < 50
