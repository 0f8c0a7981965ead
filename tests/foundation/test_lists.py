"""Lists of rows in memory: their order, their pages, and what an address may ask of them."""

from collections.abc import Iterator

import pytest
from django.http import QueryDict

from foundation.excel.sheet import ColumnSpec
from foundation.lists.address import ListAddress, list_address
from foundation.lists.columns import Column
from foundation.lists.paging import FIRST, PAGE_SIZE, Cursor, page_of
from foundation.lists.shown import shown_list
from foundation.lists.sorting import MOST_SORTED, USUAL, Sorting

Pair = tuple[int, str | None]
NUMBER: Column[Pair] = Column("number", "编号", lambda row: row[0], ColumnSpec(6), is_fixed=True)
WORD: Column[Pair] = Column("word", "词", lambda row: row[1], ColumnSpec(6))
STORED: Column[Pair] = Column("stored", "存", lambda row: row[1], ColumnSpec(6), order=("word", "pk"))
COLUMNS = (NUMBER, WORD, STORED)


def asked(address: str, *, without: tuple[str, ...] = ()) -> ListAddress[Pair]:
    return list_address(QueryDict(address), COLUMNS, without=without)


@pytest.mark.parametrize(("is_descending", "numbers"), [(False, [2, 4, 1, 3, 5, 6]), (True, [1, 3, 2, 4, 5, 6])])
def test_equal_rows_keep_their_order_and_empty_ones_come_last_both_ways(
    is_descending: bool, numbers: list[int]
) -> None:
    rows: list[Pair] = [(1, "b"), (2, "a"), (3, "b"), (4, "a"), (5, None), (6, "")]
    assert [row[0] for row in Sorting(WORD, is_descending).applied(rows)] == numbers
    assert USUAL.applied(rows) == rows


def test_more_rows_than_are_sorted_in_memory_stand_in_the_usual_order() -> None:
    by_word, by_stored = Sorting(WORD), Sorting(STORED)
    assert by_word.within(MOST_SORTED) is by_word
    assert by_word.within(MOST_SORTED + 1).column is None
    assert by_stored.within(MOST_SORTED + 1) is by_stored


@pytest.mark.parametrize("number", [0, 1, PAGE_SIZE, PAGE_SIZE + 1, 2 * PAGE_SIZE, 2 * PAGE_SIZE + 7])
def test_pages_show_every_row_once_both_ways(number: int) -> None:
    rows = [(row, "") for row in range(number)]

    def pages(cursor: Cursor | None, way: str) -> Iterator[list[int]]:
        while cursor is not None:
            page = page_of(rows, lambda row: row[0], cursor=cursor)
            yield [row[0] for row in page.rows]
            cursor = getattr(page, way)

    forward = list(pages(FIRST, "next"))
    assert [row for page in forward for row in page] == list(range(number))
    if len(forward) > 1:
        backward = list(pages(Cursor(before=forward[-1][0]), "previous"))
        assert backward[::-1] == forward[:-1]


def test_a_key_that_names_no_row_is_the_first_page() -> None:
    rows = [(row, "") for row in range(PAGE_SIZE + 1)]
    for cursor in (Cursor(after=-1), Cursor(before="x"), Cursor(after="")):
        page = page_of(rows, lambda row: row[0], cursor=cursor)
        assert (page.rows[0][0], page.previous, page.next) == (0, None, Cursor(after=PAGE_SIZE - 1))


@pytest.mark.parametrize(
    ("address", "shown", "sort", "goes_down"),
    [
        ("", ["number", "word", "stored"], None, False),
        ("sort=word", ["number", "word", "stored"], "word", False),
        ("sort=-number&cols=word", ["number", "word"], "number", True),
        ("cols=stored&cols=word,stored", ["number", "word", "stored"], None, False),
        ("cols=stored", ["number", "stored"], None, False),
        ("cols=", ["number", "word", "stored"], None, False),
    ],
)
def test_an_address_chooses_columns_and_their_order(
    address: str, shown: list[str], sort: str | None, goes_down: bool
) -> None:
    found = asked(address)
    column = found.sorting.column
    assert [column.name for column in found.columns] == shown
    assert (column and column.name, found.sorting.is_descending, found.problems) == (sort, goes_down, [])


def test_a_column_that_is_empty_for_the_reader_is_left_out_and_may_be_asked_for() -> None:
    found = asked("cols=word,stored&sort=word", without=("word",))
    assert ([column.name for column in found.columns], found.problems) == (["number", "stored"], [])


@pytest.mark.parametrize(
    ("address", "said"), [("sort=x", "sort"), ("sort=-", "sort"), ("sort=--word", "sort"), ("cols=word,x", "cols")]
)
def test_an_unknown_head_or_column_is_told(address: str, said: str) -> None:
    (problem,) = asked(address).problems
    assert f"地址里的 {said} " in problem


def test_a_head_turns_the_order_round_and_keeps_the_filters() -> None:
    def heads(address: str, number: int = 1) -> dict[str, tuple[str, str]]:
        listed = shown_list(asked(address), number=number, previous=None, following=None)
        return {head.name: (head.query, head.aria_sort) for head in listed.heads}

    assert heads("q=a&after=5")["word"] == ("q=a&sort=word", "")
    assert heads("q=a&sort=word")["word"] == ("q=a&sort=-word", "ascending")
    assert heads("q=a&sort=-word&cols=word")["word"] == ("q=a&cols=word&sort=word", "descending")
    assert heads("q=a&sort=word", MOST_SORTED + 1)["word"] == ("", "")
    assert heads("sort=-stored", MOST_SORTED + 1)["stored"] == ("sort=stored", "descending")


def test_a_list_that_is_too_long_says_why_it_is_not_sorted() -> None:
    listed = shown_list(asked("sort=word"), number=MOST_SORTED + 1, previous=None, following=Cursor(after=7))
    assert f"超过 {MOST_SORTED} 条,不能按“词”排序" in listed.notice
    assert (listed.sorted_by, listed.usual, listed.next) == ("", "", "sort=word&after=7")
