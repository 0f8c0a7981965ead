"""How many places a township has: norms by class, grants by the day (一.1, 一.2). Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from townships.enums import TownshipClass


@dataclass(frozen=True, slots=True)
class DatedClass:
    """The class of a township from a day on."""

    effective_from: date
    township_class: TownshipClass


@dataclass(frozen=True, slots=True)
class Grant:
    """Extra assistants between two inclusive days; no end means until further notice."""

    extra: int
    effective_from: date
    ended_on: date | None

    def in_force_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.ended_on is None or day <= self.ended_on)


def class_on(classes: Sequence[DatedClass], day: date) -> TownshipClass | None:
    """The class in force on `day`; `classes` rise by date; None before the first one."""
    found = None
    for dated in classes:
        if dated.effective_from > day:
            break
        found = dated.township_class
    return found


def assistant_places(
    day: date,
    *,
    classes: Sequence[DatedClass],
    grants: Iterable[Grant],
    base: Mapping[TownshipClass, int],
    extra_max: int,
) -> int:
    """Subsidised places for assistants on `day`: the base of the class and the granted extra, capped (一.2).

    A township that has no status on that day has no place.
    """
    township_class = class_on(classes, day)
    if township_class is None:
        return 0
    extra = sum(grant.extra for grant in grants if grant.in_force_on(day))
    return base[township_class] + min(extra, extra_max)
