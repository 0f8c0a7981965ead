"""Villages and communities on one day: who serves there, the households in force and the rate they lead to (二.1)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from staffing.enums import Position
from staffing.positions import POSITIONS_OF_KIND
from subsidies.posts.on_post import CountyOnDay, Serving
from subsidies.rules.facts import CountFact, TownshipFact, UnitFact
from subsidies.rules.parameters import MonthParameters
from subsidies.rules.rates import band_rate, tariff_rate
from townships.enums import UnitKind


@dataclass(frozen=True, slots=True)
class UnitRate:
    """The monthly rate of a unit's coordinator; the band is empty where the rate does not depend on households."""

    band: str
    amount: Decimal


@dataclass(frozen=True, slots=True, eq=False)
class UnitOnDay:
    """A unit with who serves there on the day, in the order of precedence.

    `count` is the approved number of households in force.
    """

    fact: UnitFact
    township_code: str
    township_name: str
    is_open: bool
    position: Position | None
    serving: Sequence[Serving]
    count: CountFact | None
    rate: UnitRate | None

    @property
    def waiting(self) -> int:
        """How many further counts are entered and not approved."""
        return self.fact.waiting

    @property
    def is_vacant(self) -> bool:
        """The unit has a post that nobody holds."""
        return self.is_open and self.position is not None and not any(row.holds_place for row in self.serving)

    @property
    def lacks_count(self) -> bool:
        """Its coordinator cannot be paid: the rate depends on households, and no approved count is in force."""
        return self.is_open and self.position is Position.VILLAGE_COORDINATOR and self.count is None


def units_on(county: CountyOnDay, townships: Collection[int]) -> list[UnitOnDay]:
    """The units of the given townships, closed ones too, by code."""
    wanted = {township.id: township for township in county.townships if township.id in townships}
    serving: dict[int, list[Serving]] = defaultdict(list)
    for served in sorted(county.serving, key=lambda row: (row.posting.started_on, row.posting.id)):
        if served.posting.unit is not None:
            serving[served.posting.unit].append(served)
    return [
        _unit(county, unit, wanted[unit.township], serving[unit.id])
        for unit in county.units.values()
        if unit.township in wanted
    ]


def kinds_of(units: Iterable[UnitOnDay]) -> list[tuple[UnitKind, int]]:
    """How many open ones there are of each kind that occurs, in the order of the kinds."""
    counted = Counter(unit.fact.kind for unit in units if unit.is_open)
    return [(kind, counted[kind]) for kind in UnitKind if counted[kind]]


def unit_rate(kind: UnitKind, households: int | None, parameters: MonthParameters | None) -> UnitRate | None:
    """What a whole month at such a unit pays; None without a post, a standard or a needed count."""
    position = POSITIONS_OF_KIND[kind]
    if position is None or parameters is None:
        return None
    if position is not Position.VILLAGE_COORDINATOR:
        return UnitRate("", tariff_rate(position, parameters).amount)
    if households is None:
        return None
    band = parameters.standard.band_of(households)
    amount = band_rate(band, parameters.standard.village_percent).amount
    return UnitRate(parameters.standard.band_label(band), amount)


def _unit(county: CountyOnDay, unit: UnitFact, township: TownshipFact, serving: Sequence[Serving]) -> UnitOnDay:
    count = unit.counts[-1] if unit.counts else None
    return UnitOnDay(
        fact=unit,
        township_code=township.code,
        township_name=township.name,
        is_open=unit.is_open_on(county.day),
        position=POSITIONS_OF_KIND[unit.kind],
        serving=serving,
        count=count,
        rate=unit_rate(unit.kind, count.households if count else None, county.parameters),
    )
