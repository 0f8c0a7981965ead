"""Which column of a file is which, as somebody said it: the next file with the same head is read alike."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from foundation.excel.heads import Column, Head, normal_name

_PLACE = re.compile(r"(?:\(第\d+列\)|^第\d+列)$")


@dataclass(frozen=True)
class HeadMapping:
    """`columns` has for the name of a head, as `names_of` tells it, the column that it is, empty: none.

    Heads that are not named there go by what they are known as. `defaults` are what every row says for a column that
    the file lacks; a blank one lets the column be absent. `head_rows` are the numbers of the rows of the head, `sheet`
    the name of the sheet; where they are empty both are found.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    head_rows: tuple[int, ...] = ()
    sheet: str = ""

    def applied(self, head: Head) -> Head:
        """The head with the columns that were said."""
        named = zip(names_of(head), head.names, strict=True)
        return replace(head, names=[self.columns.get(name, known) for name, known in named])

    def expected(self, columns: Sequence[Column]) -> list[Column]:
        """The columns that a file may have, also by the heads that were said; none required that has a default."""
        said = [(_PLACE.sub("", head), name) for head, name in self.columns.items() if name]
        return [
            replace(
                row,
                required=row.required and row.name not in self.defaults,
                aliases=(*row.aliases, *(head for head, name in said if name == row.name and head)),
            )
            for row in columns
        ]


def mapping_of(said: Mapping[str, Any], columns: Sequence[Column]) -> HeadMapping:
    """What a file says of these columns; ValueError, a Chinese sentence, where it says nothing of the kind."""
    if unknown := sorted(set(said) - {"columns", "defaults", "head_rows", "sheet"}):
        raise ValueError(f"不认识的内容:{'、'.join(unknown)};只有 columns、defaults、head_rows、sheet。")
    heads, defaults = (_texts(said.get(key, {}), key) for key in ("columns", "defaults"))
    known = [column.name for column in columns]
    if strange := sorted({name for name in (*heads.values(), *defaults) if name} - set(known)):
        raise ValueError(f"没有这样的列:{'、'.join(strange)};可用的列:{'、'.join(known)}。")
    rows, sheet = said.get("head_rows", []), said.get("sheet", "")
    if not isinstance(rows, list) or not all(type(row) is int and row > 0 for row in rows):
        raise ValueError("head_rows 须是表头各行的行号,如 [2, 3]。")
    if not isinstance(sheet, str):
        raise ValueError("sheet 须是工作表的名称。")
    return HeadMapping({normal_name(name): column for name, column in heads.items()}, defaults, tuple(rows), sheet)


def _texts(said: object, key: str) -> dict[str, str]:
    if not isinstance(said, dict) or not all(isinstance(text, str) for text in said.values()):
        raise ValueError(f"{key} 须是成对的文字。")
    return said


def names_of(head: Head) -> list[str]:
    """A name for each column of a head: its words, with its place where they are missing or said twice."""
    words = [normal_name(shown) for shown in head.shown]
    often = Counter(words)
    return [
        word if word and often[word] == 1 else f"{word}(第{place}列)" if word else f"第{place}列"
        for place, word in enumerate(words, 1)
    ]
