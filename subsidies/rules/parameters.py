"""The dated parameters of the rules, as values: what a standard and a minimum wage say (一.1, 一.2, 二.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from staffing.enums import Check, Severity, SuspensionKind
from subsidies.rules.retirement import Ages
from townships.enums import TownshipClass


@dataclass(frozen=True, slots=True)
class PercentOfMinimumWage:
    """A rate as a percentage of the county's minimum wage, e.g. 180."""

    percent: Decimal


@dataclass(frozen=True, slots=True)
class FixedSum:
    """A rate as a flat sum in yuan a month."""

    amount: Decimal


Tariff = PercentOfMinimumWage | FixedSum


@dataclass(frozen=True, slots=True)
class Band:
    """Villages from this number of households on: the village secretary's monthly pay, or a flat sum."""

    from_households: int
    secretary_pay: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """Proration by calendar days: rate x counted days / days of the month."""


@dataclass(frozen=True, slots=True)
class WholeIfOnDay:
    """The whole rate when this day of the month (or the last one, if shorter) is counted, nothing otherwise."""

    day: int


Proration = CalendarDay | WholeIfOnDay


@dataclass(frozen=True, slots=True)
class MinimumWage:
    effective_from: date
    amount: Decimal
    document: str


@dataclass(frozen=True, slots=True, eq=False)
class Standard:
    """One version of the standard; amounts in yuan, bands rising from 0 households."""

    effective_from: date
    document: str
    assistant_percent_or_fixed: Tariff
    community_percent_or_fixed: Tariff
    bands: tuple[Band, ...]
    village_percent: Decimal | None
    proration: Proration
    assistant_base: Mapping[TownshipClass, int]
    assistant_extra_max: int
    platform_minimum: Mapping[TownshipClass, int]
    wage_floor: Decimal | None = None
    contract_min_months: int = 36
    contract_ending_days: int = 90
    checks: Mapping[Check, Severity] = field(default_factory=dict)
    checks_from: date | None = None
    cap_at_cost: bool = False
    counting_suspensions: frozenset[SuspensionKind] = frozenset()

    def severity(self, check: Check) -> Severity:
        return self.checks.get(check, Severity.HINT)

    def band_of(self, households: int) -> Band:
        """The highest band whose lower bound is not above the count: both bounds include their number (二.1)."""
        return next(band for band in reversed(self.bands) if band.from_households <= households)

    def band_label(self, band: Band) -> str:
        """The band in words, e.g. 101–200 户."""
        above = [other.from_households for other in self.bands if other.from_households > band.from_households]
        if not above:
            return f"{band.from_households} 户以上"
        if band.from_households == 0:
            return f"{min(above) - 1} 户以下"
        return f"{band.from_households}–{min(above) - 1} 户"

    @property
    def needs_minimum_wage(self) -> bool:
        return any(
            isinstance(tariff, PercentOfMinimumWage)
            for tariff in (self.assistant_percent_or_fixed, self.community_percent_or_fixed)
        )


@dataclass(frozen=True, slots=True, eq=False)
class MonthParameters:
    """What is in force on the first day of a month; `retirement` decides on no amount, and is kept with none."""

    standard: Standard
    minimum_wage: MinimumWage | None
    retirement: Ages = field(default_factory=dict)
