"""Amounts in Chinese capitals, against the vectors of the county."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from foundation.rmb import in_capitals

VECTORS = Path(__file__).with_name("rmb_uppercase_vectors.csv")
with VECTORS.open(encoding="utf-8", newline="") as file:
    ROWS = [(row["amount"], row["upper"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("amount", "upper"), ROWS)
def test_every_vector(amount: str, upper: str) -> None:
    if upper == "ERROR":
        with pytest.raises(ValueError, match="more than two decimals"):
            in_capitals(Decimal(amount))
    else:
        assert in_capitals(Decimal(amount)) == upper


@pytest.mark.parametrize(
    ("amount", "upper"),
    [
        ("-0.00", "零元整"),
        ("10.05", "壹拾元零伍分"),
        ("10.50", "壹拾元伍角整"),
        ("100005000", "壹亿零伍仟元整"),
        ("200000000", "贰亿元整"),
        ("10010010.01", "壹仟零壹万零壹拾元零壹分"),
        ("1234500000000", "壹万贰仟叁佰肆拾伍亿元整"),
        ("9999999999999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_zeros_and_large_groups(amount: str, upper: str) -> None:
    assert in_capitals(Decimal(amount)) == upper


@pytest.mark.parametrize("amount", ["1.0000000000000000000000000000001", "NaN", "Infinity", "1E16"])
def test_what_cannot_be_written_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match=r"decimals|capitals"):
        in_capitals(Decimal(amount))
