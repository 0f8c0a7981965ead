"""The parameters of a month are kept as JSON and read again as what they were."""

import dataclasses
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidies.rules.parameters import (
    Band,
    CalendarDay,
    FixedSum,
    MinimumWage,
    MonthParameters,
    PercentOfMinimumWage,
    Standard,
    WholeIfOnDay,
)
from subsidies.rules.stored_parameters import as_json, from_json
from tests.subsidies.rules.builders import standard
from tests.subsidies.rules.strategies import standards

JUNE, WAGE = date(2009, 6, 1), MinimumWage(date(2008, 9, 1), Decimal("850.00"), "浙政发〔2008〕56 号")
_wages = st.sampled_from([None, WAGE, MinimumWage(date(2010, 4, 1), Decimal("980.00"), "")])


def kept(parameters: MonthParameters) -> MonthParameters:
    return from_json(json.loads(json.dumps(as_json(parameters))))


def fields_of(parameters: MonthParameters) -> dict[str, Any]:
    """What is in them: a standard is equal to nothing but itself."""
    rules = parameters.standard
    return {
        "wage": parameters.minimum_wage,
        **{field.name: getattr(rules, field.name) for field in dataclasses.fields(rules)},
    }


@given(standards(JUNE, has_blocks=True), _wages)
def test_what_was_kept_is_read_again(rules: Standard, wage: MinimumWage | None) -> None:
    parameters = MonthParameters(rules, wage)
    assert fields_of(kept(parameters)) == fields_of(parameters)


@pytest.mark.parametrize(
    "changed",
    [
        {"assistant_percent_or_fixed": FixedSum(Decimal("1500.00"))},
        {
            "assistant_percent_or_fixed": PercentOfMinimumWage(Decimal("150.25")),
            "community_percent_or_fixed": FixedSum(Decimal("0.01")),
        },
        {"proration": WholeIfOnDay(15)},
        {"proration": CalendarDay()},
        {"bands": (Band(0, None, Decimal("200.00")), Band(101, Decimal("600.00"), None))},
        {"village_percent": None},
        {"wage_floor": None, "checks_from": None},
        {"wage_floor": Decimal("1300.00"), "checks_from": date(2009, 6, 1), "cap_at_cost": True},
    ],
)
@pytest.mark.parametrize("wage", [None, WAGE])
def test_every_kind_of_parameter_is_kept(changed: dict[str, Any], wage: MinimumWage | None) -> None:
    parameters = MonthParameters(standard(**changed), wage)
    assert fields_of(kept(parameters)) == fields_of(parameters)


def test_amounts_keep_their_decimals() -> None:
    """Words are made of them: 40 is not 40.0."""
    for text in ("40", "40.0", "0.5", "1E+2"):
        rules = standard(village_percent=Decimal(text))
        assert str(kept(MonthParameters(rules, None)).standard.village_percent) == text
