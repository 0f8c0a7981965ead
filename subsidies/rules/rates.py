"""The monthly rate of a position under the parameters of a month, with what it is made of (domain rule 5; 二.1)."""

from dataclasses import dataclass
from decimal import Decimal

from foundation.rounding import rounded
from staffing.enums import Position
from subsidies.rules.parameters import Band, FixedSum, MonthParameters


@dataclass(frozen=True, slots=True)
class Rate:
    """Yuan a month, rounded once; `base` and `percent` are None where it is a flat sum."""

    amount: Decimal
    base: Decimal | None = None
    percent: Decimal | None = None


def tariff_rate(position: Position, parameters: MonthParameters) -> Rate:
    """The rate of assistants or community coordinators: a percentage of the minimum wage, or a flat sum."""
    standard = parameters.standard
    tariff = (
        standard.assistant_percent_or_fixed if position is Position.ASSISTANT else standard.community_percent_or_fixed
    )
    if isinstance(tariff, FixedSum):
        return Rate(tariff.amount)
    if parameters.minimum_wage is None:
        raise ValueError("a percentage of the minimum wage needs a minimum wage")
    return _share(parameters.minimum_wage.amount, tariff.percent)


def band_rate(band: Band, village_percent: Decimal | None) -> Rate:
    """The rate of village coordinators in a band: a percentage of the secretary's pay, or a flat sum."""
    if band.amount is not None:
        return Rate(band.amount)
    if band.secretary_pay is None or village_percent is None:
        raise ValueError("a band without a flat sum needs the secretary's pay and a percentage")
    return _share(band.secretary_pay, village_percent)


def _share(base: Decimal, percent: Decimal) -> Rate:
    return Rate(rounded(base * percent / 100), base, percent)
