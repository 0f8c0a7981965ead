"""Bars lie within their view box, side by side, in proportion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.charts import Span, gauge, most_of


def test_a_full_bar_is_as_long_as_the_scale() -> None:
    bar = gauge(norm=5, filled=5, vacant=0, over=0, most=5, width=100)
    assert (bar.filled, bar.vacant.length, bar.over.length, bar.norm) == (Span(0, 100), 0, 0, 100)


def test_vacant_places_follow_the_filled_ones_up_to_the_norm() -> None:
    bar = gauge(norm=5, filled=3, vacant=2, over=0, most=10, width=100)
    assert (bar.filled, bar.vacant, bar.norm) == (Span(0, 30), Span(30, 20), 50)


def test_those_over_quota_stand_beyond_the_norm() -> None:
    bar = gauge(norm=3, filled=3, vacant=0, over=1, most=4, width=100)
    assert (bar.filled, bar.over, bar.norm) == (Span(0, 75), Span(75, 25), 75)


@pytest.mark.parametrize("width", [96, 7])
@given(norm=st.integers(0, 60), filled=st.integers(0, 60), over=st.integers(0, 9), others=st.lists(st.integers(0, 99)))
def test_pieces_touch_and_stay_within_the_width(
    width: int, norm: int, filled: int, over: int, others: list[int]
) -> None:
    vacant = max(0, norm - filled)
    bar = gauge(
        norm=norm,
        filled=filled,
        vacant=vacant,
        over=over,
        most=most_of([filled + vacant + over, *others]),
        width=width,
    )
    assert bar.vacant.start == bar.filled.length
    assert bar.over.start == bar.vacant.start + bar.vacant.length
    assert 0 <= bar.norm <= bar.over.start + bar.over.length <= width


def test_where_there_is_nothing_nothing_is_drawn() -> None:
    bar = gauge(norm=0, filled=0, vacant=0, over=0, most=most_of([]), width=96)
    assert (bar.filled.length, bar.vacant.length, bar.over.length, bar.norm) == (0, 0, 0, 0)
