"""Amounts of money: Decimal yuan, rounded half up in one place, summed after rounding. Pure."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def rounded(amount: Decimal) -> Decimal:
    """`amount` in yuan, half up to the fen."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of rounded amounts, with two decimals even when there are none."""
    return sum(amounts, ZERO)


def to_fen(amount: Decimal) -> int:
    """Whole fen of an amount in yuan; ValueError when it has fractions of a fen."""
    fen = amount.scaleb(2)
    if fen != fen.to_integral_value():
        raise ValueError(f"{amount} has more than two decimals")
    return int(fen)


def from_fen(fen: int) -> Decimal:
    """Yuan with two decimals."""
    return Decimal(fen).scaleb(-2)
