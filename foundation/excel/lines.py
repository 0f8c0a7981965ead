"""The lines above and below the table of a sheet: title, banner, notes, unit, footer and signs."""

from collections.abc import Iterator
from dataclasses import dataclass

from foundation.excel.sheet import Align, Sheet


@dataclass(frozen=True, slots=True)
class Words:
    text: str
    align: Align = "left"
    size: int = 10
    bold: bool = False


Line = dict[int, Words]
"""Words by column index; those on the left run over the empty cells beside them."""


def lines_above(sheet: Sheet) -> Iterator[Line]:
    """Title, banner, notes; the unit stands at the right end of the last note."""
    yield {0: Words(sheet.title, "center", 16, True)}
    if sheet.banner:
        yield {0: Words(sheet.banner, "center", 12, True)}
    notes: list[Line] = [{0: Words(note)} for note in sheet.notes]
    if sheet.unit:
        notes = notes or [{}]
        notes[-1][len(sheet.columns) - 1] = Words(sheet.unit, "right")
    yield from notes


def lines_below(sheet: Sheet) -> Iterator[Line]:
    """Footer lines, then the signs spread over the width."""
    for text in sheet.footer:
        yield {0: Words(text)}
    if sheet.signs:
        yield {}
        yield {index * len(sheet.columns) // len(sheet.signs): Words(sign) for index, sign in enumerate(sheet.signs)}
