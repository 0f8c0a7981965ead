"""What the address of a list asks for: which columns, sorted by which head; `sort=-name` is downwards, `cols=a,b`."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic

from django.http import QueryDict

from foundation.lists.columns import Column, Row
from foundation.lists.paging import Cursor
from foundation.lists.sorting import Sorting

SORT, COLUMNS, AFTER, BEFORE = "sort", "cols", "after", "before"
_SORT_ANEW = "请点表头重新排序,或从菜单重新打开这一页。"
_CHOOSE_ANEW = "请重新选择要显示的列。"


@dataclass(frozen=True, slots=True)
class ListAddress(Generic[Row]):
    """`offered` are the columns there are, `columns` those that are shown, both in the order of the list.

    `problems` say what the address asks for and the list does not have. `query` is the whole of what was asked, the
    filters too, without the place of the page and what the list does not have.
    """

    offered: Sequence[Column[Row]]
    columns: Sequence[Column[Row]]
    sorting: Sorting[Row]
    problems: Sequence[str]
    query: QueryDict

    @property
    def are_chosen(self) -> bool:
        """Whether columns were chosen."""
        return COLUMNS in self.query

    def but(self, *left_out: str, **asked: str) -> str:
        """The query with some of it left out and some asked anew."""
        query = self.query.copy()
        for name in left_out:
            query.pop(name, None)
        for name, value in asked.items():
            query[name] = value
        return query.urlencode(safe=",")

    def page(self, cursor: Cursor) -> str:
        """The query of another page."""
        name, key = (AFTER, cursor.after) if cursor.after is not None else (BEFORE, cursor.before)
        return self.but(**{name: str(key)})


def list_address(
    asked: QueryDict, columns: Sequence[Column[Row]], *, without: Collection[str] = ()
) -> ListAddress[Row]:
    """`without` names columns that are empty for this reader: not shown, and asking for one is no mistake."""
    query = asked.copy()
    for name in (AFTER, BEFORE):
        query.pop(name, None)
    named = {column.name: column for column in columns}
    wanted = [name for text in query.getlist(COLUMNS) for name in text.split(",") if name]
    sort = query.get(SORT, "")
    sorted_by = named.get(sort.removeprefix("-"))
    known = [name for name in named if name in wanted]
    for name, said in ((COLUMNS, ",".join(known)), (SORT, sort if sorted_by else "")):
        query.pop(name, None)
        if said:
            query[name] = said
    offered = [column for column in columns if column.name not in without]
    return ListAddress(
        offered=offered,
        columns=[column for column in offered if not known or column.is_fixed or column.name in known],
        sorting=Sorting(sorted_by, is_descending=sorted_by is not None and sort.startswith("-")),
        problems=list(_problems(named, sort, wanted)),
        query=query,
    )


def _problems(named: Collection[str], sort: str, wanted: Sequence[str]) -> Iterator[str]:
    if sort and sort.removeprefix("-") not in named:
        yield f"地址里的 sort 不是这张表的列;{_SORT_ANEW}"
    if any(name not in named for name in wanted):
        yield f"地址里的 cols 有这张表没有的列;{_CHOOSE_ANEW}"
