"""A calculated month as JSON: the contract of `calculate --json`."""

from typing import Any

from subsidies.calculation.calculated import CalculatedMonth, CalculatedTownship


def month_as_json(calculated: CalculatedMonth) -> dict[str, Any]:
    """Amounts as text with two decimals, codes as division codes, reasons and positions as identifiers.

    Of earlier months only the lines on which something changes.
    """
    return {
        "month": str(calculated.month),
        "total": str(calculated.total),
        "townships": [_township(township, calculated) for township in calculated.townships],
    }


def _township(township: CalculatedTownship, calculated: CalculatedMonth) -> dict[str, Any]:
    return {
        "code": township.fact.code,
        "name": township.fact.name,
        "total": str(township.total),
        "lines": [
            {
                "name": entry.posting.person_name,
                "position": entry.posting.position.value,
                "unit": None if entry.posting.unit is None else calculated.units[entry.posting.unit].code,
                "for_month": str(entry.month),
                "rate": None if entry.due is None or entry.due.result.rate is None else str(entry.due.result.rate),
                "counted_days": 0 if entry.due is None else entry.due.days.counted.bit_count(),
                "month_days": entry.month.days,
                "amount": str(entry.amount),
                "reason": entry.reason,
            }
            for entry in township.entries
            if entry.month == calculated.month or entry.changes
        ],
    }
