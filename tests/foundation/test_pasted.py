"""A block copied from a spreadsheet is read as its cells, whatever they hold; what is no such block is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.pasted import MOST_ROWS, PastedColumn, PasteError, line_of, read_block, rows_of

COLUMNS = (PastedColumn("unit", "村(社区)", ("村名",)), PastedColumn("name", "姓名"), PastedColumn("wage", "月工资"))


def read(text: str) -> list[tuple[int, dict[str, str]]]:
    return [(row.number, dict(row.cells)) for row in read_block(text, COLUMNS, demanded="unit").rows]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", []),
        ("a", [["a"]]),
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ("a\t\n\tb", [["a", ""], ["", "b"]]),
        ('"一\n二"\t"a\tb"\t"他说""好"""', [["一\n二", "a\tb", '他说"好"']]),
        # A quote within, or one that nothing closes, is a quote.
        ('5" 管\t"未完\tb', [['5" 管', '"未完', "b"]]),
        ("a\rb", [["a"], ["b"]]),
    ],
)
def test_cells_are_read_as_the_clipboard_writes_them(text: str, rows: list[list[str]]) -> None:
    assert rows_of(text) == rows


@given(st.lists(st.lists(st.text(alphabet='ab"\t\r\n村'), min_size=1, max_size=4), max_size=4))
def test_what_is_written_is_read_again(rows: list[list[str]]) -> None:
    written = "\n".join(map(line_of, rows))
    again = rows_of(written)
    # A last row of one blank cell is the end of the line before.
    assert again == rows or [*again, [""]] == rows


def test_a_header_says_which_column_is_which_and_titles_may_precede_it() -> None:
    text = "2010 年换届\n\n姓名\t序号\t村名\n张三\t1\t一村\n\t\t\n李四\t2\t二村"
    assert read(text) == [(4, {"name": "张三", "unit": "一村"}), (6, {"name": "李四", "unit": "二村"})]
    block = read_block(text, COLUMNS, demanded="unit")
    assert (block.ignored, block.header) == (["序号"], "姓名\t序号\t村名")


def test_without_a_header_the_columns_are_those_of_the_table() -> None:
    assert read("一村\t张三\n二村\t\t1,500.00\t\t") == [
        (1, {"unit": "一村", "name": "张三"}),
        (2, {"unit": "二村", "wage": "1,500.00"}),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("一村\t张三\t1500\t多", "第 1 行有 4 格,表里只有 3 列"),
        ("姓名\t月工资\n张三\t1500", "没有“村(社区)”这一列"),
        ("村名\t姓名\t村(社区)\n一村\t张三\t一村", "“村(社区)”出现了两次"),
        ("一村\n" * 5000, f"5000 行,没有读入;一次最多 {MOST_ROWS} 行"),
        ("长" * 500_000, "太长"),
    ],
)
def test_what_no_table_holds_is_told_and_not_read(text: str, told: str) -> None:
    with pytest.raises(PasteError) as refused:
        read(text)
    assert told in str(refused.value)


@pytest.mark.parametrize("cell", ['=HYPERLINK("x")', "<img onerror=x>", "{{7*7}}", "𠮷", "\x00"])
def test_a_cell_is_a_text_and_nothing_else(cell: str) -> None:
    assert read(f"一村\t{cell}") == [(1, {"unit": "一村", "name": cell})]


@pytest.mark.parametrize("cell", ['"a\t', '"""\t', '""', '"""a\t""a\t', '"' * 3 + "\n"])
def test_quotes_that_nothing_closes_are_read_in_no_time(cell: str) -> None:
    """Four hundred thousand characters; a reader that went back for each quote would take minutes."""
    assert rows_of(cell * (400_000 // len(cell)))
