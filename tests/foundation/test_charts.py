"""Bars lie within their view box, side by side, in proportion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.charts import Span, column_chart, gauge, lines, most_of


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


def test_pieces_of_a_column_stand_on_each_other_and_one_hangs_below() -> None:
    chart = column_chart([((60, 30), 10), ((90, 0), 0)], pitch=50, length=100, above=10, below=20)
    assert (chart.width, chart.height, chart.base) == (100, 130, 100)
    first, second = chart.columns
    assert first.up == (Span(40, 60), Span(10, 30))
    assert (first.down, first.top) == (Span(100, 10), 10)
    assert (second.up[0], second.down) == (Span(10, 90), Span(100, 0))
    assert (first.x, first.width, first.middle, second.x) == (10, 30, 25, 60)


@given(columns=st.lists(st.tuples(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), st.integers(0, 10**9))))
def test_columns_stay_within_the_chart(columns: list[tuple[tuple[int, int], int]]) -> None:
    chart = column_chart(columns)
    for column in chart.columns:
        assert 0 <= column.label <= column.top <= chart.base
        assert sum(piece.length for piece in column.up) == chart.base - column.top
        assert column.down.start + column.down.length <= chart.label
        assert 0 <= column.x <= column.middle <= column.x + column.width <= chart.width


def test_lines_stand_below_each_other() -> None:
    first, second = lines(2, pitch=20, bar=10, above=5)
    assert (first.bar, first.words, second.bar, second.words) == (10, 20, 30, 40)
