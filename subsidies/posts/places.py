"""Places of every township on one day: norm, filled, vacant, over, by position (一.1–一.3)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from staffing.enums import Position
from staffing.positions import POSITIONS_OF_KIND
from subsidies.enums import Standing
from subsidies.posts.known_county import known_county
from subsidies.posts.on_post import CountyOnDay, Serving, county_on
from subsidies.rules.facts import TownshipFact, UnitFact
from subsidies.rules.parameters import Standard
from subsidies.rules.quotas import assistant_places, class_on
from townships.enums import TownshipClass, UnitKind
from townships.models import TownshipQuerySet


@dataclass(frozen=True, slots=True)
class Staffing:
    """How far places are filled; adding two gives the figures of both.

    `norm` 应配; `filled` 已配; `vacant` 缺员; `over` 超配, beyond the places; `unplaced`, on post without a place for
    another reason: a second post of one person, a unit without such a post, not full-time. The norm of platform staff
    is a minimum: more may be filled, nobody is over, and they fill nobody else's vacancy.
    """

    norm: int = 0
    filled: int = 0
    vacant: int = 0
    over: int = 0
    unplaced: int = 0

    @property
    def on_post(self) -> int:
        return self.filled + self.over + self.unplaced

    def __add__(self, other: "Staffing") -> "Staffing":
        return Staffing(*(getattr(self, row.name) + getattr(other, row.name) for row in fields(self)))


@dataclass(frozen=True, slots=True, eq=False)
class TownshipPlaces:
    """One township on the day. Places of assistants are `base` plus `extra` granted, capped by the standard.

    `staffing` has every position; it is empty where no standard is in force. `units` counts the open ones.
    """

    id: int
    code: str
    name: str
    township_class: TownshipClass | None
    base: int
    extra: int
    units: Mapping[UnitKind, int]
    staffing: Mapping[Position, Staffing]

    @property
    def together(self) -> Staffing:
        return added_up(self.staffing.values())


def places_on(day: date, townships: TownshipQuerySet) -> list[TownshipPlaces]:
    """The places of the given townships on `day`, by code, in a fixed number of queries."""
    county = county_on(day, known_county(since=day, until=day))
    return township_places(county, townships.values_list("pk", flat=True))


def township_places(county: CountyOnDay, townships: Iterable[int]) -> list[TownshipPlaces]:
    """The same of a county that is known: competition is over all of it, whatever townships are asked for."""
    wanted = set(townships)
    units: dict[int, list[UnitFact]] = defaultdict(list)
    for unit in county.units.values():
        if unit.is_open_on(county.day):
            units[unit.township].append(unit)
    serving: dict[int, list[Serving]] = defaultdict(list)
    for served in county.serving:
        serving[served.posting.township].append(served)
    return [
        _places(county, township, units[township.id], serving[township.id])
        for township in county.townships
        if township.id in wanted
    ]


def added_up(staffing: Iterable[Staffing]) -> Staffing:
    """Several positions or townships together."""
    return sum(staffing, Staffing())


def staffing_by_position(townships: Iterable[TownshipPlaces]) -> dict[Position, Staffing]:
    """Several townships together, position by position; empty where no standard is in force."""
    together: dict[Position, Staffing] = {}
    for township in townships:
        for position, staffing in township.staffing.items():
            together[position] = together.get(position, Staffing()) + staffing
    return together


def _places(
    county: CountyOnDay, township: TownshipFact, units: Sequence[UnitFact], serving: Iterable[Serving]
) -> TownshipPlaces:
    township_class = class_on(township.classes, county.day)
    norms, base = _norms(county, township, units)
    found = {position: Counter[Standing]() for position in Position}
    for served in serving:
        found[served.posting.position][served.standing] += 1
    return TownshipPlaces(
        id=township.id,
        code=township.code,
        name=township.name,
        township_class=township_class,
        base=base,
        extra=norms.get(Position.ASSISTANT, 0) - base,
        units=Counter(unit.kind for unit in units),
        staffing={position: _staffing(norm, found[position]) for position, norm in norms.items()},
    )


def _staffing(norm: int, standings: Mapping[Standing, int]) -> Staffing:
    filled = standings[Standing.HOLDS_PLACE]
    return Staffing(
        norm=norm,
        filled=filled,
        vacant=max(0, norm - filled),
        over=standings[Standing.OVER_QUOTA],
        unplaced=standings[Standing.DUPLICATE] + standings[Standing.WITHOUT_POST] + standings[Standing.PART_TIME],
    )


def _norms(county: CountyOnDay, township: TownshipFact, units: Iterable[UnitFact]) -> tuple[dict[Position, int], int]:
    """The norm of every position, and how many of the assistants' places are base; nothing without a standard."""
    if county.standard is None:
        return {}, 0
    standard: Standard = county.standard
    township_class = class_on(township.classes, county.day)
    of_units = Counter(POSITIONS_OF_KIND[unit.kind] for unit in units)
    assistants = assistant_places(
        county.day,
        classes=township.classes,
        grants=township.grants,
        base=standard.assistant_base,
        extra_max=standard.assistant_extra_max,
    )
    norms = {
        Position.PLATFORM_STAFF: standard.platform_minimum[township_class] if township_class else 0,
        Position.ASSISTANT: assistants,
        Position.COMMUNITY_COORDINATOR: of_units[Position.COMMUNITY_COORDINATOR],
        Position.VILLAGE_COORDINATOR: of_units[Position.VILLAGE_COORDINATOR],
    }
    return norms, standard.assistant_base[township_class] if township_class else 0
