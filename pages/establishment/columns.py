"""The columns of each position on the page of the establishment and on its sheet."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from staffing.enums import Position
from subsidies.posts.establishment import PositionPlaces


class Column(NamedTuple):
    """`name` is what the page marks it by; a column that `adds_up` has a sum over townships."""

    name: str
    head: str
    number: Callable[[PositionPlaces], int | None]
    adds_up: bool = True


class Cell(NamedTuple):
    column: Column
    number: int | None


_NORM = Column("norm", "应配", lambda row: row.staffing.norm)
_PLACES = Column("places", "名额", lambda row: row.places)
_EXTRA = Column("extra", "其中增配", lambda row: row.extra)
_FILLED = Column("filled", "已配", lambda row: row.staffing.filled)
_VACANT = Column("vacant", "缺员", lambda row: row.staffing.vacant)
_DAYS = Column("days", "缺员天数", lambda row: row.longest, adds_up=False)
_OVER = Column("over", "超配", lambda row: row.staffing.over)

# Platform staff have a norm and no places, and nobody of them is over; places are granted for assistants.
COLUMNS: Mapping[Position, Sequence[Column]] = {
    Position.PLATFORM_STAFF: (_NORM, _FILLED, _VACANT, _DAYS),
    Position.ASSISTANT: (_PLACES, _EXTRA, _FILLED, _VACANT, _DAYS, _OVER),
    Position.COMMUNITY_COORDINATOR: (_PLACES, _FILLED, _VACANT, _DAYS, _OVER),
    Position.VILLAGE_COORDINATOR: (_PLACES, _FILLED, _VACANT, _DAYS, _OVER),
}


def cells_of(positions: Iterable[PositionPlaces]) -> Iterator[Cell]:
    """The cells of one row, position by position."""
    for places in positions:
        for column in COLUMNS[places.position]:
            yield Cell(column, column.number(places))
