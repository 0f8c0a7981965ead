"""Geometry of the charts that the server draws: numbers in, whole units of an SVG view box out. Pure.

Templates draw what stands here and compute nothing; what a bar means is said beside it in words.
"""

from collections.abc import Iterable
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
