"""Money is exact, rounded half up once, and never a float."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from foundation.money import MoneyField, from_fen, rounded, to_fen, total
from subsidies.models import MinimumWage
from townships.models import PolicyDocument


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("0.005", "0.01"), ("0.0049", "0.00"), ("1.115", "1.12"), ("-0.005", "-0.01"), ("1242", "1242.00")],
)
def test_half_a_fen_goes_up(amount: str, expected: str) -> None:
    assert str(rounded(Decimal(amount))) == expected


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_fen_and_yuan_are_the_same_amount(fen: int) -> None:
    assert to_fen(from_fen(fen)) == fen


def test_a_fraction_of_a_fen_is_refused() -> None:
    with pytest.raises(ValueError, match="two decimals"):
        to_fen(Decimal("0.001"))


def test_a_total_has_two_decimals_even_of_nothing() -> None:
    assert str(total([])) == "0.00"
    assert str(total([Decimal("0.10")] * 3)) == "0.30"


@pytest.mark.parametrize(("value", "code"), [(1.5, "float"), ("一千", "invalid"), ("1.005", "decimals")])
def test_a_field_refuses_what_is_no_amount(value: object, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        MoneyField().get_prep_value(value)
    assert refusal.value.code == code


@pytest.mark.both
@pytest.mark.django_db
def test_the_database_keeps_whole_fen_and_sums_exactly() -> None:
    document = PolicyDocument.objects.create(key="a", title="意见")
    for month in (1, 2, 3):
        MinimumWage.objects.create(effective_from=f"2009-0{month}-01", amount="0.10", document=document)
    assert MinimumWage.objects.aggregate(sum=Sum("amount"))["sum"] == Decimal("0.30")
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT amount FROM subsidies_minimumwage")
        assert cursor.fetchall() == [(10,)]
