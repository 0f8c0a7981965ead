"""What the templates of a list need besides its rows: heads with their links, links of pages, words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from foundation.lists.address import COLUMNS, SORT, ListAddress
from foundation.lists.columns import Column, Row
from foundation.lists.paging import Cursor
from foundation.lists.sorting import MOST_SORTED, Sorting, is_sortable


@dataclass(frozen=True, slots=True)
class Head:
    """A head cell; `query` sorts by it, the other way round where the list is sorted by it; empty where it cannot."""

    name: str
    label: str
    aria_sort: str
    query: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A column that can be shown or left out."""

    name: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ShownList:
    """`shows`: names of the columns that are shown -> True. Queries are empty where there is nothing to lead to.

    `kept` are the fields that a form with the filters hands on, `others` those that the choice of `choices` does; of
    the columns these always have the fixed ones. `all_columns` shows every column again.
    """

    heads: Sequence[Head]
    shows: Mapping[str, bool]
    kept: Sequence[tuple[str, str]] = ()
    others: Sequence[tuple[str, str]] = ()
    choices: Sequence[Choice] = ()
    all_columns: str = ""
    query: str = ""
    first: str = ""
    previous: str = ""
    next: str = ""
    sorted_by: str = ""
    usual: str = ""
    notice: str = ""


def shown_list(
    address: ListAddress[Row], *, number: int, previous: Cursor | None, following: Cursor | None
) -> ShownList:
    """Of a list with so many rows on all its pages."""
    sorting = address.sorting.within(number)
    query = address.query.urlencode(safe=",")
    return ShownList(
        heads=[_head(address, column, sorting, number) for column in address.columns],
        shows={column.name: True for column in address.columns},
        kept=[(name, str(address.query[name])) for name in (SORT, COLUMNS) if name in address.query],
        others=_others(address),
        choices=[
            Choice(column.name, column.head, column in address.columns)
            for column in address.offered
            if not column.is_fixed
        ],
        all_columns=address.but(COLUMNS) if address.are_chosen else "",
        query=query,
        first=query if previous else "",
        previous=address.page(previous) if previous else "",
        next=address.page(following) if following else "",
        sorted_by=_in_words(sorting),
        usual=address.but(SORT),
        notice=_notice(address.sorting, sorting),
    )


def plain_list(columns: Sequence[Column[Row]], *, without: Collection[str] = ()) -> ShownList:
    """Of one page that is neither sorted nor gone on from."""
    shown = [column for column in columns if column.name not in without]
    return ShownList(
        heads=[Head(column.name, column.head, "", "") for column in shown],
        shows={column.name: True for column in shown},
    )


def _head(address: ListAddress[Row], column: Column[Row], sorting: Sorting[Row], number: int) -> Head:
    if not is_sortable(column, number):
        return Head(column.name, column.head, "", "")
    is_sorted = sorting.column is not None and sorting.column.name == column.name
    goes_down = is_sorted and not sorting.is_descending
    direction = ("descending" if sorting.is_descending else "ascending") if is_sorted else ""
    query = address.but(**{SORT: f"-{column.name}" if goes_down else column.name})
    return Head(column.name, column.head, direction, query)


def _others(address: ListAddress[Row]) -> list[tuple[str, str]]:
    asked = [(name, str(value)) for name, values in address.query.lists() if name != COLUMNS for value in values]
    return [*asked, *((COLUMNS, column.name) for column in address.offered if column.is_fixed)]


def _in_words(sorting: Sorting[Row]) -> str:
    """按“姓名”从大到小; empty for the usual order."""
    if sorting.column is None:
        return ""
    return f"按“{sorting.column.head}”{'降序' if sorting.is_descending else '升序'}排列"


def _notice(asked: Sorting[Row], sorting: Sorting[Row]) -> str:
    if asked.column is None or sorting.column is not None:
        return ""
    return f"超过 {MOST_SORTED} 条,不能按“{asked.column.head}”排序,现在是原来的顺序;请先用筛选缩小范围。"
