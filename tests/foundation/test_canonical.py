"""Equal values have the same bytes, different ones never."""

import math
from collections import OrderedDict
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.canonical import canonical
from staffing.enums import Position

SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.binary()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12)


def spelled(value: object) -> object:
    """The value with the type of everything in it: 1 and True are equal, and so are a mapping in any order."""
    if isinstance(value, list):
        return [spelled(item) for item in value]
    if isinstance(value, dict):
        return {key: spelled(item) for key, item in value.items()}
    return type(value).__name__, value


@given(VALUES, VALUES)
def test_the_bytes_are_the_same_where_the_values_are_and_nowhere_else(one: object, other: object) -> None:
    assert (canonical(one) == canonical(other)) is (spelled(one) == spelled(other))


@given(st.dictionaries(st.text(), SCALARS))
def test_the_order_of_a_mapping_is_not_in_them(mapping: dict[str, object]) -> None:
    assert canonical(OrderedDict(reversed(mapping.items()))) == canonical(mapping)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["12", "3"], ["1", "23"]),
        (["a", ["b"]], [["a"], "b"]),
        ([1, [], 2], [1, [2]]),
        (None, ""),
        (0, False),
        (1, 1.0),
        (None, math.inf),
        ("b'x'", b"x"),
    ],
)
def test_what_looks_alike_is_told_apart(one: object, other: object) -> None:
    assert canonical(one) != canonical(other)


def test_the_form_is_that_of_messagepack() -> None:
    """Written down, so that no release of a library changes what was sealed without a test that says so."""
    assert canonical(("行", 1, -1, 128, 70_000, 2**40, None, True, {"乙": 2, "甲": []})).hex() == (
        "99a3e8a18c01ffcc80ce00011170cf0000010000000000c0c382a3e4b99902a3e794b290"
    )


@pytest.mark.parametrize("value", [2**64, "\ud800"])
def test_numbers_and_text_without_a_form_are_refused(value: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # what it says is the library's
        canonical([value])


@pytest.mark.parametrize(
    ("value", "text"), [(date(2009, 6, 1), "2009-06-01"), (Decimal("1.00"), "1.00"), (Position.ASSISTANT, "assistant")]
)
def test_a_date_an_amount_and_a_member_pass_as_their_text(value: object, text: str) -> None:
    assert canonical(value) == canonical(text)


@pytest.mark.parametrize("value", [object(), {1: 2}])
def test_what_has_no_such_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(value)
