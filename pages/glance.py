"""The county or a township at a glance: what the months cost, how places are filled, how old those on post are."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from foundation.charts import Column, ColumnChart, Gauge, Line, Scale, Span, column_chart, gauge, lines, most_of
from foundation.dates import Month
from foundation.money import to_fen, total
from staffing.enums import Position
from staffing.labels import position_name
from subsidies.enums import RunState
from subsidies.known_runs import KnownRuns
from subsidies.models import AllocationQuerySet, SubsidyRun
from subsidies.posts.on_post import CountyOnDay
from subsidies.posts.places import Staffing, TownshipPlaces
from subsidies.posts.places import added_up as places_added_up
from subsidies.posts.workforce import AGE_LABELS, on_post, people_by_age
from subsidies.revisions.figures import Amounts, amounts_by_run

MONTHS_SHOWN = 12
# Sizes of the charts, in units of their view boxes: the height of a line; lengths of bars, labels and panels.
PITCH = 22
BAR_WIDTH = 300
AGE_LABEL_WIDTH, AGE_PITCH, AGE_BAR_WIDTH = 84, 124, 84
# The pieces of a month's column: three upwards, one downwards.
SERIES = ("regular", "back_pay", "adjustment", "clawback")


@dataclass(frozen=True, slots=True)
class PlacesBar:
    """One bar of the chart of places: a township, or a position where there is one township only."""

    label: str
    code: str
    staffing: Staffing
    gauge: Gauge
    line: Line


@dataclass(frozen=True, slots=True)
class PlacesChart:
    """Places filled against norm; no bars where no standard is in force."""

    bars: Sequence[PlacesBar]
    together: Staffing
    by_township: bool
    height: int


def places_chart(townships: Sequence[TownshipPlaces]) -> PlacesChart:
    """A bar a township; of a single township a bar a position."""
    by_township = len(townships) > 1
    rows: list[tuple[str, str, Staffing]] = (
        [(row.name, row.code, row.together) for row in townships if row.staffing]
        if by_township
        else [
            (position_name(position), row.code, staffing)
            for row in townships
            for position, staffing in row.staffing.items()
        ]
    )
    staffing = [row for _, _, row in rows]
    most = most_of(row.filled + row.vacant + row.over for row in staffing)
    return PlacesChart(
        bars=[
            PlacesBar(label, code, row, _gauge(row, most), line)
            for (label, code, row), line in zip(rows, lines(len(rows), pitch=PITCH), strict=True)
        ],
        together=places_added_up(staffing),
        by_township=by_township,
        height=PITCH * len(rows),
    )


def _gauge(row: Staffing, most: int) -> Gauge:
    return gauge(norm=row.norm, filled=row.filled, vacant=row.vacant, over=row.over, most=most, width=BAR_WIDTH)


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """All runs of one month together; `runs` are in their order."""

    month: Month
    runs: Sequence[SubsidyRun]
    figures: Amounts

    @property
    def is_approved(self) -> bool:
        return all(run.is_approved for run in self.runs)


@dataclass(frozen=True, slots=True)
class MonthColumn:
    """A month with its column, in pieces that are named by SERIES; those of no length are left out.

    `shows_year`: the axis names the year here.
    """

    month: MonthFigures
    column: Column
    pieces: Sequence[tuple[str, Span]]
    shows_year: bool


@dataclass(frozen=True, slots=True)
class Months:
    """The newest run with what it pays, and a column for each of the newest months, oldest first.

    `difference` is what it pays more than the approved runs of the month before. `series` are the kinds of amounts
    that occur, in the order of the legend.
    """

    run: SubsidyRun
    figures: Amounts
    before: SubsidyRun | None
    difference: Decimal
    columns: Sequence[MonthColumn]
    chart: ColumnChart

    @property
    def series(self) -> list[str]:
        seen = {name for column in self.columns for name, _ in column.pieces}
        return [name for name in SERIES if name in seen]


def months_at_a_glance(runs: KnownRuns, allocations: AllocationQuerySet) -> Months | None:
    """What the months cost over the given allocations; None while nothing is calculated. `runs` are all there are."""
    live = [run for run in runs.rows if run.state != RunState.VOIDED]
    firsts = set(sorted({run.month for run in live})[-MONTHS_SHOWN:])
    recent = [run for run in live if run.month in firsts]
    amounts = amounts_by_run(recent, allocations)
    shown = [run for run in recent if run.pk in amounts]
    if not shown:
        return None
    newest = shown[-1]
    months = _by_month(shown, amounts)
    chart = column_chart([_parts(month.figures) for month in months])
    approved_before = (amounts[run.pk].total for run in shown if run.period == newest.period - 1 and run.is_approved)
    return Months(
        run=newest,
        figures=amounts[newest.pk],
        before=runs.compared_with(newest),
        difference=amounts[newest.pk].total - total(approved_before),
        columns=[
            _month_column(month, column, shows_year=month is months[0] or month.month.number == 1)
            for month, column in zip(months, chart.columns, strict=True)
        ],
        chart=chart,
    )


def _by_month(runs: Iterable[SubsidyRun], amounts: Mapping[int, Amounts]) -> list[MonthFigures]:
    months = []
    for month, of_month in groupby(runs, key=lambda run: run.period):
        together = list(of_month)
        months.append(MonthFigures(month, together, sum((amounts[run.pk] for run in together), Amounts())))
    return months


def _month_column(month: MonthFigures, column: Column, *, shows_year: bool) -> MonthColumn:
    pieces = zip(SERIES, (*column.up, column.down), strict=True)
    return MonthColumn(month, column, [(name, span) for name, span in pieces if span.length], shows_year)


def _parts(figures: Amounts) -> tuple[tuple[int, ...], int]:
    """What stands on the base line, in the order of SERIES; and what hangs under it."""
    upwards = (figures.regular, figures.back_pay, figures.adjustment)
    downwards = (figures.clawback, *upwards)
    return tuple(max(0, to_fen(amount)) for amount in upwards), sum(max(0, -to_fen(amount)) for amount in downwards)


@dataclass(frozen=True, slots=True)
class AgeBar:
    """So many people of one position and age band; the bar begins at `x`, its number stands at `words`."""

    number: int
    x: int
    length: int
    words: int


@dataclass(frozen=True, slots=True)
class AgeBand:
    """One age band: a bar for each of the chart's positions."""

    label: str
    line: Line
    bars: Sequence[AgeBar]


@dataclass(frozen=True, slots=True)
class AgePosition:
    """A position of the chart, with where its bars begin and how many people it has."""

    position: Position
    x: int
    total: int


@dataclass(frozen=True, slots=True)
class Ages:
    """People on post by age band and position; a person counts once in a position."""

    positions: Sequence[AgePosition]
    bands: Sequence[AgeBand]
    width: int
    height: int


def ages(county: CountyOnDay, townships: Collection[int]) -> Ages:
    """The ages, in completed years, of those on post in the given townships on the county's day."""
    return ages_chart(people_by_age(on_post(county, townships), county.day))


def ages_chart(counted: Mapping[Position, Counter[int]]) -> Ages:
    """Of people by position and age band."""
    shown = [index for index in range(len(AGE_LABELS)) if any(numbers[index] for numbers in counted.values())]
    positions = [
        AgePosition(position, AGE_LABEL_WIDTH + index * AGE_PITCH, numbers.total())
        for index, (position, numbers) in enumerate(counted.items())
    ]
    scales = {position: Scale(most_of(numbers.values()), AGE_BAR_WIDTH) for position, numbers in counted.items()}

    def bar(place: AgePosition, index: int) -> AgeBar:
        number = counted[place.position][index]
        length = scales[place.position].at(number)
        return AgeBar(number, place.x, length, place.x + length + 6)

    return Ages(
        positions=positions,
        bands=[
            AgeBand(AGE_LABELS[index], line, [bar(place, index) for place in positions])
            for index, line in zip(shown, lines(len(shown), pitch=PITCH, above=PITCH), strict=True)
        ],
        width=AGE_LABEL_WIDTH + AGE_PITCH * len(positions),
        height=PITCH * (len(shown) + 1),
    )
