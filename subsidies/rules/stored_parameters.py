"""The parameters of a month as plain JSON and back, so that a kept figure can be worked out again from them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from staffing.enums import Check, Severity, SuspensionKind
from subsidies.rules.parameters import (
    Band,
    CalendarDay,
    FixedSum,
    MinimumWage,
    MonthParameters,
    PercentOfMinimumWage,
    Standard,
    Tariff,
    WholeIfOnDay,
)
from townships.enums import TownshipClass

Stored = Mapping[str, Any]  # what JSON can say


def as_json(parameters: MonthParameters) -> dict[str, Any]:
    """Amounts and percentages as text, dates as YYYY-MM-DD."""
    standard, wage = parameters.standard, parameters.minimum_wage
    return {
        "standard_from": str(standard.effective_from),
        "standard_document": standard.document,
        "minimum_wage": str(wage.amount) if wage else None,
        "minimum_wage_from": str(wage.effective_from) if wage else None,
        "minimum_wage_document": wage.document if wage else None,
        "assistant": _tariff_as_json(standard.assistant_percent_or_fixed),
        "community": _tariff_as_json(standard.community_percent_or_fixed),
        "bands": [[band.from_households, _text(band.secretary_pay), _text(band.amount)] for band in standard.bands],
        "village_percent": _text(standard.village_percent),
        "proration_day": standard.proration.day if isinstance(standard.proration, WholeIfOnDay) else None,
        "assistant_base": {str(key): number for key, number in sorted(standard.assistant_base.items())},
        "assistant_extra_max": standard.assistant_extra_max,
        "platform_minimum": {str(key): number for key, number in sorted(standard.platform_minimum.items())},
        "wage_floor": _text(standard.wage_floor),
        "contract_min_months": standard.contract_min_months,
        "contract_ending_days": standard.contract_ending_days,
        "checks": {str(check): str(severity) for check, severity in sorted(standard.checks.items())},
        "checks_from": str(standard.checks_from) if standard.checks_from else None,
        "cap_at_cost": standard.cap_at_cost,
        "counting_suspensions": sorted(standard.counting_suspensions),
    }


def from_json(stored: Stored) -> MonthParameters:
    """The parameters that `as_json` wrote; KeyError or ValueError for anything else."""
    wage = None
    if stored["minimum_wage"] is not None:
        wage = MinimumWage(
            date.fromisoformat(stored["minimum_wage_from"]),
            Decimal(stored["minimum_wage"]),
            stored["minimum_wage_document"],
        )
    day = stored["proration_day"]
    standard = Standard(
        effective_from=date.fromisoformat(stored["standard_from"]),
        document=stored["standard_document"],
        assistant_percent_or_fixed=_tariff(stored["assistant"]),
        community_percent_or_fixed=_tariff(stored["community"]),
        bands=tuple(Band(bound, _amount(pay), _amount(amount)) for bound, pay, amount in stored["bands"]),
        village_percent=_amount(stored["village_percent"]),
        proration=CalendarDay() if day is None else WholeIfOnDay(day),
        assistant_base={TownshipClass(key): number for key, number in stored["assistant_base"].items()},
        assistant_extra_max=stored["assistant_extra_max"],
        platform_minimum={TownshipClass(key): number for key, number in stored["platform_minimum"].items()},
        wage_floor=_amount(stored["wage_floor"]),
        contract_min_months=stored["contract_min_months"],
        contract_ending_days=stored["contract_ending_days"],
        checks={Check(check): Severity(severity) for check, severity in stored["checks"].items()},
        checks_from=date.fromisoformat(stored["checks_from"]) if stored["checks_from"] else None,
        cap_at_cost=stored["cap_at_cost"],
        counting_suspensions=frozenset(SuspensionKind(kind) for kind in stored["counting_suspensions"]),
    )
    return MonthParameters(standard, wage)


def _tariff_as_json(tariff: Tariff) -> dict[str, str]:
    if isinstance(tariff, FixedSum):
        return {"fixed": str(tariff.amount)}
    return {"percent": str(tariff.percent)}


def _tariff(stored: Stored) -> Tariff:
    if "fixed" in stored:
        return FixedSum(Decimal(stored["fixed"]))
    return PercentOfMinimumWage(Decimal(stored["percent"]))


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
