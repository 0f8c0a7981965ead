"""Whose people a roster without a column for the township is about: told by its titles, or by who may import it."""

from collections.abc import Iterator
from dataclasses import replace

from foundation.excel.header import head_of
from foundation.excel.heads import normal_name
from foundation.excel.mapping import HeadMapping
from foundation.excel.problems import Problem
from foundation.excel.table import Table
from staffing.imports.roster_layout import COLUMNS, TOWNSHIP
from townships.models import Township
from townships.places import Places, comparable


def with_township(
    table: Table, mapping: HeadMapping, places: Places, *, only_township: int | None
) -> tuple[HeadMapping, list[Problem]]:
    """The mapping with a default for the township where the file has no column for it and none was said.

    A problem where the titles name another township than the one that alone may be imported.
    """
    head = head_of(table, COLUMNS, mapping)
    if head is None or TOWNSHIP in head.known or TOWNSHIP in mapping.defaults:
        return mapping, []
    in_titles = list(_named_in(table, head.rows[0], places))
    own = None if only_township is None else places.townships[only_township]
    if own is not None:
        others = [row for row in in_titles if row.pk != own.pk]
        if others and own not in in_titles:
            message = f"标题写的是{others[0].name},不是您所在的{own.name}"
            return mapping, [Problem(None, TOWNSHIP, message, f"您只能导入{own.name}的人员,请核对是不是选错了文件")]
        in_titles = [own]
    if len(in_titles) != 1:
        return mapping, []
    return replace(mapping, defaults={TOWNSHIP: in_titles[0].name, **mapping.defaults}), []


def _named_in(table: Table, head_row: int, places: Places) -> Iterator[Township]:
    """The townships whose whole name stands in a title; of 西店 and 西店镇 the longer one."""
    titles = " ".join(
        comparable(normal_name(cell))
        for number, cells in table.numbered()
        if number < head_row
        for cell in cells
        if isinstance(cell, str)
    )
    found = [row for row in places.townships.values() if comparable(row.name) in titles]
    for row in found:
        if not any(row.name != other.name and row.name in other.name for other in found):
            yield row
