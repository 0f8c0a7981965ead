"""What the page of the establishment shows beside its figures: bars, the chart of ages, whose they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from foundation.charts import Gauge, gauge, most_of
from pages.days import DayChoice, day_choice
from pages.establishment.columns import COLUMNS, Cell, Column, cells_of
from pages.glance import Ages, ages_chart
from subsidies.posts.establishment import (
    Establishment,
    PositionPlaces,
    TownshipEstablishment,
    VacantPlace,
    establishment_on,
)
from subsidies.posts.places import Staffing
from townships.models import Township, TownshipQuerySet

# So many vacant places are named on the page; the sheet names all.
MOST_VACANT = 50


@dataclass(frozen=True, slots=True)
class PositionRow:
    """One position of all townships shown, with its bar and its columns in the table of townships."""

    places: PositionPlaces
    bar: Gauge
    columns: Sequence[Column]


@dataclass(frozen=True, slots=True)
class TownshipRow:
    """One township with the bar of all its positions, and the numbers of each."""

    township: TownshipEstablishment
    bar: Gauge
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True, eq=False)
class EstablishmentPage:
    """`whose`: the name of the only township, empty for the county. Without several townships there are no rows of
    townships, since they would say what `positions` say. `ages` is None on a day for which ages are not told."""

    choice: DayChoice
    establishment: Establishment
    whose: str
    township: Township | None
    positions: Sequence[PositionRow]
    townships: Sequence[TownshipRow]
    together: Gauge
    sums: Sequence[Cell]
    vacant: Sequence[VacantPlace]
    ages: Ages | None

    @property
    def places(self) -> int:
        """Subsidised ones, of all positions."""
        return sum(row.places.places for row in self.positions)

    @property
    def extra(self) -> int:
        return sum(row.places.extra for row in self.positions)

    @property
    def is_part(self) -> bool:
        return len(self.vacant) < len(self.establishment.vacant)


def establishment_page(
    visible: TownshipQuerySet, on: date | None, township: Township | None, today: date
) -> EstablishmentPage:
    """Of one of the visible townships, or of all; on the day that was asked for, or the usual one."""
    usual = day_choice(None, today)
    choice = usual if on is None else day_choice(on, today)
    wanted = visible if township is None else visible.filter(pk=township.pk)
    found = establishment_on(choice.day, wanted, tells_ages=choice.day == usual.day)
    rows = found.townships if len(found.townships) > 1 else []
    most = most_of(_length(row.places.together) for row in rows)
    only = found.townships[0].places if len(found.townships) == 1 else None
    return EstablishmentPage(
        choice=choice,
        establishment=found,
        whose=only.name if only else "",
        township=township,
        positions=[
            PositionRow(row, _gauge(row.staffing, _length(row.staffing)), COLUMNS[row.position])
            for row in found.positions
        ],
        townships=[TownshipRow(row, _gauge(row.places.together, most), [*cells_of(row.positions)]) for row in rows],
        together=_gauge(found.together, _length(found.together)),
        sums=[*cells_of(found.positions)],
        vacant=found.vacant[:MOST_VACANT],
        ages=None if found.ages is None else ages_chart(found.ages),
    )


def _length(row: Staffing) -> int:
    return row.filled + row.vacant + row.over


def _gauge(row: Staffing, most: int) -> Gauge:
    return gauge(norm=row.norm, filled=row.filled, vacant=row.vacant, over=row.over, most=most)
