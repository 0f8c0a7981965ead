"""Geometry of the charts that the server draws: numbers in, whole units of an SVG view box out. Pure.

Templates draw what stands here and compute nothing; what a bar means is said beside it in words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a bar from `start`, `length` long; nothing is drawn where the length is 0."""

    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Gauge:
    """A bar of places: the filled, then the vacant up to the norm, then those beyond; `norm` is where the norm is."""

    width: int
    filled: Span
    vacant: Span
    over: Span
    norm: int


def gauge(*, norm: int, filled: int, vacant: int, over: int, most: int, width: int = 96) -> Gauge:
    """A gauge on a scale where `most` places are the whole width."""
    scale = Scale(most, width)
    end = scale.at(filled)
    vacant_end = scale.at(filled + vacant)
    return Gauge(
        width=width,
        filled=Span(0, end),
        vacant=Span(end, vacant_end - end),
        over=Span(vacant_end, scale.at(filled + vacant + over) - vacant_end),
        norm=scale.at(norm),
    )


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers from 0 to `most` onto 0 to `length`, rounded half up."""

    most: int
    length: int

    def at(self, number: int) -> int:
        return (2 * number * self.length + self.most) // (2 * self.most) if self.most else 0


def most_of(numbers: Iterable[int]) -> int:
    """The end of a scale that holds all of them."""
    return max(numbers, default=0)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a chart: pieces from the base line upwards in the order they were given, and one downwards.

    `middle` is where its labels stand, `top` the upper edge, `label` the base line of the words above it.
    """

    x: int
    width: int
    middle: int
    up: tuple[Span, ...]
    down: Span
    top: int
    label: int


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """Columns side by side on one scale; spans are counted from the upper edge downwards, as SVG does.

    `base` is the line they stand on, `label` the base line of the words below them.
    """

    width: int
    height: int
    base: int
    label: int
    columns: tuple[Column, ...]


def column_chart(
    columns: Sequence[tuple[Sequence[int], int]],
    *,
    pitch: int = 62,
    length: int = 150,
    above: int = 18,
    below: int = 50,
) -> ColumnChart:
    """A column for each (numbers upwards, number downwards), none of them negative, over `length` in all.

    `above` and `below` are left for labels.
    """
    highest = most_of(sum(up) for up, _ in columns)
    scale = Scale(highest + most_of(down for _, down in columns), length)
    base = above + scale.at(highest)
    return ColumnChart(
        width=pitch * len(columns),
        height=above + length + below,
        base=base,
        label=above + length + 16,
        columns=tuple(_column(index * pitch, pitch, base, scale, *column) for index, column in enumerate(columns)),
    )


def _column(x: int, pitch: int, base: int, scale: Scale, up: Sequence[int], down: int) -> Column:
    pieces = []
    reached, top = 0, base
    for number in up:
        reached += number
        edge = base - scale.at(reached)
        pieces.append(Span(edge, top - edge))
        top = edge
    return Column(
        x=x + pitch // 5,
        width=pitch - 2 * (pitch // 5),
        middle=x + pitch // 2,
        up=tuple(pieces),
        down=Span(base, scale.at(down)),
        top=top,
        label=top - 5,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """Where a lying bar and the words beside it stand: the bar's upper edge, the base line of the words."""

    bar: int
    words: int


def lines(count: int, *, pitch: int = 22, bar: int = 12, above: int = 0) -> list[Line]:
    """Lines below each other, `pitch` apart, for bars `bar` high."""
    tops = (above + index * pitch for index in range(count))
    return [Line(bar=top + (pitch - bar) // 2, words=top + pitch * 3 // 4) for top in tops]
